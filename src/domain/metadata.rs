//! What a permit system says about a permit beside its PDF: parsed once, valid ever after.
//!
//! The schema is the external contract's. Unknown members are refused: a
//! misspelt `valid_untill` must not become a permit without an end. A holder's
//! NIK has no place here, and members named after it are refused (UU PDP: what is
//! not held cannot leak).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::{Date, format_description::FormatItem, macros::format_description};

use super::permit_type::{PermitTypeCode, PermitTypeCodeError};
use crate::kernel::pdf::placement::Placement;

const MAX_TEXT: usize = 200;
const MAX_FIELDS: usize = 64;
const MAX_FIELD_TEXT: usize = 2_000;
const MAX_QR_PAGES: usize = 64;
const DATE: &[FormatItem<'static>] = format_description!("[year]-[month]-[day]");

/// The metadata of one document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Metadata {
    /// The kind of permit.
    pub permit_type: PermitTypeCode,
    /// The permit's own number, as printed on it.
    pub number: String,
    /// Counts the documents that bear this number, from one.
    pub version: u32,
    /// Who holds the permit.
    pub holder: Holder,
    /// The date printed on it.
    #[serde(with = "optional_date")]
    pub issued_on: Option<Date>,
    /// The last day on which the permit is in force.
    #[serde(with = "optional_date")]
    pub valid_until: Option<Date>,
    /// Who shall sign: a person's id or NIP.
    pub signatory: Option<String>,
    /// Where the signature block goes.
    pub placement: Option<Placement>,
    /// Further pages that carry the QR code, counted from one.
    pub qr_pages: Vec<u32>,
    /// The permit type's own data elements.
    pub fields: BTreeMap<String, FieldValue>,
}

/// The holder of a permit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holder {
    /// The name in full.
    pub name: String,
    /// A natural person or a business.
    pub kind: HolderKind,
}

/// What kind of holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HolderKind {
    /// A natural person.
    Person,
    /// A business.
    Business,
}

/// A data element's value: text, a whole number or yes/no.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FieldValue {
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// Text.
    Text(String),
}

/// Why metadata is refused: which member, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("metadata: {member}: {reason}")]
pub struct MetadataError {
    /// The member, dotted: `holder.name`.
    pub member: String,
    /// What is wrong with it.
    pub reason: String,
}

impl MetadataError {
    fn new(member: &str, reason: impl Into<String>) -> Self {
        Self {
            member: member.to_owned(),
            reason: reason.into(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    permit_type: String,
    number: String,
    version: Option<u32>,
    holder: Holder,
    issued_on: Option<String>,
    valid_until: Option<String>,
    signatory: Option<String>,
    placement: Option<serde_json::Value>,
    #[serde(default)]
    qr_pages: Vec<u32>,
    #[serde(default)]
    fields: BTreeMap<String, FieldValue>,
}

impl Metadata {
    /// Reads the JSON that a client sends.
    ///
    /// # Errors
    /// The first member that is missing, unknown or out of its bounds.
    pub fn parse(json: &[u8]) -> Result<Self, MetadataError> {
        let raw: Raw = serde_json::from_slice(json)
            .map_err(|error| MetadataError::new("(document)", error.to_string()))?;
        let issued_on = date("issued_on", raw.issued_on)?;
        let valid_until = date("valid_until", raw.valid_until)?;
        if let (Some(from), Some(until)) = (issued_on, valid_until)
            && until < from
        {
            return Err(MetadataError::new("valid_until", "lies before issued_on"));
        }
        let name = text("holder.name", raw.holder.name)?;
        Ok(Self {
            permit_type: raw
                .permit_type
                .parse()
                .map_err(|error: PermitTypeCodeError| {
                    MetadataError::new("permit_type", error.to_string())
                })?,
            number: text("number", raw.number)?,
            version: version(raw.version)?,
            holder: Holder { name, ..raw.holder },
            issued_on,
            valid_until,
            signatory: raw
                .signatory
                .map(|who| text("signatory", who))
                .transpose()?,
            placement: raw.placement.map(placement).transpose()?,
            qr_pages: qr_pages(raw.qr_pages)?,
            fields: fields(raw.fields)?,
        })
    }
}

fn text(member: &str, value: String) -> Result<String, MetadataError> {
    if value.trim().is_empty() {
        return Err(MetadataError::new(member, "is empty"));
    }
    if value.chars().count() > MAX_TEXT {
        return Err(MetadataError::new(
            member,
            format!("is longer than {MAX_TEXT} characters"),
        ));
    }
    if value.chars().any(char::is_control) {
        return Err(MetadataError::new(member, "contains a control character"));
    }
    Ok(value)
}

fn version(value: Option<u32>) -> Result<u32, MetadataError> {
    match value {
        None => Ok(1),
        Some(0) => Err(MetadataError::new("version", "counts from 1")),
        Some(version) => Ok(version),
    }
}

fn date(member: &str, value: Option<String>) -> Result<Option<Date>, MetadataError> {
    value
        .map(|text| Date::parse(&text, DATE))
        .transpose()
        .map_err(|_| MetadataError::new(member, "is not a date of the form 2026-11-22"))
}

fn placement(json: serde_json::Value) -> Result<Placement, MetadataError> {
    let placement = serde_json::from_value(json)
        .map_err(|error| MetadataError::new("placement", error.to_string()))?;
    match &placement {
        Placement::Rect { page: 0, .. } => {
            return Err(MetadataError::new("placement.page", "counts from 1"));
        }
        Placement::Rect {
            rect: [x, y, width, height],
            ..
        } => {
            let is_place = x.is_finite() && y.is_finite() && is_extent([*width, *height]);
            if !is_place {
                return Err(MetadataError::new(
                    "placement.rect",
                    "is not a place on a page",
                ));
            }
        }
        Placement::Tag(tag) if !is_extent([tag.width, tag.height]) => {
            return Err(MetadataError::new(
                "placement",
                "has a size that no page has",
            ));
        }
        Placement::Field(name) => drop(text("placement.field", name.clone())?),
        Placement::Tag(_) | Placement::Invisible => {}
    }
    Ok(placement)
}

/// 14 400 points are the largest page that PDF knows.
fn is_extent(size: [f64; 2]) -> bool {
    size.iter()
        .all(|side| side.is_finite() && *side > 0.0 && *side <= 14_400.0)
}

fn qr_pages(pages: Vec<u32>) -> Result<Vec<u32>, MetadataError> {
    if pages.len() > MAX_QR_PAGES {
        return Err(MetadataError::new(
            "qr_pages",
            format!("names more than {MAX_QR_PAGES} pages"),
        ));
    }
    if pages.contains(&0) {
        return Err(MetadataError::new("qr_pages", "counts from 1"));
    }
    let mut sorted = pages;
    sorted.sort_unstable();
    sorted.dedup();
    Ok(sorted)
}

fn fields(
    fields: BTreeMap<String, FieldValue>,
) -> Result<BTreeMap<String, FieldValue>, MetadataError> {
    if fields.len() > MAX_FIELDS {
        return Err(MetadataError::new(
            "fields",
            format!("has more than {MAX_FIELDS} members"),
        ));
    }
    for (name, value) in &fields {
        let member = format!("fields.{name}");
        text(&member, name.clone())?;
        if matches!(
            name.to_ascii_lowercase().as_str(),
            "nik" | "no_ktp" | "nomor_ktp"
        ) {
            return Err(MetadataError::new(
                &member,
                "a NIK is not accepted here: leave it out",
            ));
        }
        if let FieldValue::Text(text) = value
            && text.len() > MAX_FIELD_TEXT
        {
            return Err(MetadataError::new(
                &member,
                format!("is longer than {MAX_FIELD_TEXT} octets"),
            ));
        }
    }
    Ok(fields)
}

mod optional_date {
    //! Dates in JSON as `2026-11-22`.
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
    use time::Date;

    pub(super) fn serialize<S: Serializer>(
        date: &Option<Date>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        date.map(|date| date.to_string()).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Date>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| Date::parse(&text, super::DATE))
            .transpose()
            .map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use time::macros::date;

    use super::*;

    fn full() -> Value {
        json!({
            "permit_type": "SIPB", "number": "503/0142/SIPB/2026", "version": 2,
            "holder": {"name": "Siti Rahmawati", "kind": "person"},
            "issued_on": "2026-11-22", "valid_until": "2031-11-21", "signatory": "19750619 199503 1 003",
            "placement": {"page": 1, "rect": [300, 80, 220, 90]}, "qr_pages": [3, 2, 3],
            "fields": {"address": "Jl. Pajajaran 1", "beds": 12, "own_building": true}
        })
    }

    fn with(member: &str, value: Value) -> Result<Metadata, MetadataError> {
        let mut metadata = full();
        metadata[member] = value;
        Metadata::parse(metadata.to_string().as_bytes())
    }

    #[test]
    fn everything_said_is_kept_and_reads_back() {
        let metadata = Metadata::parse(full().to_string().as_bytes()).unwrap();
        assert_eq!(metadata.version, 2);
        assert_eq!(metadata.valid_until, Some(date!(2031 - 11 - 21)));
        assert_eq!(metadata.qr_pages, [2, 3]);
        let stored = serde_json::to_string(&metadata).unwrap();
        assert_eq!(serde_json::from_str::<Metadata>(&stored).unwrap(), metadata);
    }

    #[test]
    fn the_least_is_enough() {
        let json =
            br#"{"permit_type":"SIPB","number":"1","holder":{"name":"CV Maju","kind":"business"}}"#;
        let metadata = Metadata::parse(json).unwrap();
        assert_eq!((metadata.version, metadata.placement), (1, None));
    }

    #[test]
    fn a_block_has_a_place_that_a_page_can_have() {
        let placement = |value| with("placement", value).map(|metadata| metadata.placement);
        assert!(placement(json!({"tag": "#", "width": 220, "height": 90})).is_ok());
        assert_eq!(
            placement(json!({"field": "TTD"})),
            Ok(Some(Placement::Field("TTD".into())))
        );
        for wrong in [
            json!({}),
            json!({"page": 1}),
            json!({"page": 0, "rect": [1, 1, 1, 1]}),
            json!({"page": 1, "rect": [1, 1, 0, 1]}),
            json!({"page": 1, "rect": [1, 1, 1, -1]}),
            json!({"page": 1, "rect": [1, 1, 1, 20_000]}),
            json!({"page": 1, "rect": [1, 1, 1, 1], "tag": "#"}),
            json!({"tag": "##"}),
            json!({"tag": "#", "width": -1, "height": 1}),
            json!({"field": ""}),
            json!({"pages": 1}),
        ] {
            let error = placement(wrong.clone()).unwrap_err();
            assert!(error.member.starts_with("placement"), "{wrong}");
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        let member = |name: &str, value| with(name, value).unwrap_err().member;
        assert_eq!(member("permit_type", json!("a b")), "permit_type");
        assert_eq!(member("number", json!("  ")), "number");
        assert_eq!(member("number", json!("a\u{0}")), "number");
        assert_eq!(member("number", json!("9".repeat(201))), "number");
        assert_eq!(member("version", json!(0)), "version");
        assert_eq!(
            member("holder", json!({"name": "", "kind": "person"})),
            "holder.name"
        );
        assert_eq!(member("issued_on", json!("22-11-2026")), "issued_on");
        assert_eq!(member("valid_until", json!("2026-11-21")), "valid_until");
        assert_eq!(member("qr_pages", json!([0])), "qr_pages");
        assert_eq!(member("fields", json!({"NIK": "3271"})), "fields.NIK");
        assert_eq!(
            member("fields", json!({"a": "x".repeat(2_001)})),
            "fields.a"
        );
    }

    #[test]
    fn what_is_not_this_schema_is_refused() {
        for (member, value) in [
            ("valid_untill", json!("2031-11-21")),
            (
                "holder",
                json!({"name": "A", "kind": "person", "nik": "3271"}),
            ),
            ("holder", json!({"name": "A", "kind": "company"})),
            ("fields", json!({"nested": {"a": 1}})),
        ] {
            assert!(with(member, value).is_err(), "{member}");
        }
        assert!(Metadata::parse(b"").is_err());
        assert!(Metadata::parse(b"[]").is_err());
    }
}

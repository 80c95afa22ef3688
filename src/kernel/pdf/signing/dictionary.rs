//! The signature dictionary (ISO 32000-2, 12.8.1, table 255), written by hand:
//! a ByteRange of fixed width and a hole of a given size, whose places are
//! known when they are written. Nothing is searched for afterwards.
//!
//! Entries are those of the PAdES baseline (EN 319 142-1, 6.3): the claimed time
//! stands in `/M`; `/Cert` is absent. The bytes in the hole are not made here.

use std::ops::Range;

use time::OffsetDateTime;

use crate::kernel::pdf::strings::{write_name, write_text};

/// Digits for each offset of a ByteRange: files up to 10 GB.
const OFFSET_WIDTH: usize = 10;

/// The permissions that a certification signature leaves (ISO 32000-2, table 257).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(into = "u8", try_from = "u8")]
pub enum DocMdp {
    /// P=1: no changes.
    NoChanges,
    /// P=2: filling in forms and signing.
    FormFilling,
    /// P=3: annotations too.
    Annotations,
}

impl From<DocMdp> for u8 {
    fn from(level: DocMdp) -> Self {
        match level {
            DocMdp::NoChanges => 1,
            DocMdp::FormFilling => 2,
            DocMdp::Annotations => 3,
        }
    }
}

/// A number that is not 1, 2 or 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a DocMDP level is 1, 2 or 3, not {0}")]
pub struct UnknownDocMdp(pub u8);

impl TryFrom<u8> for DocMdp {
    type Error = UnknownDocMdp;

    fn try_from(level: u8) -> Result<Self, UnknownDocMdp> {
        match level {
            1 => Ok(Self::NoChanges),
            2 => Ok(Self::FormFilling),
            3 => Ok(Self::Annotations),
            other => Err(UnknownDocMdp(other)),
        }
    }
}

/// What the person who signs says, and says about himself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claims {
    /// `/Name`: the name of the signatory.
    pub name: Option<String>,
    /// `/Reason`
    pub reason: Option<String>,
    /// `/Location`
    pub location: Option<String>,
}

/// A signature dictionary that is about to be written.
pub(super) enum Entries<'a> {
    /// `/Type /Sig`, `/SubFilter /ETSI.CAdES.detached`.
    Signature {
        claims: &'a Claims,
        /// `/M`, the claimed signing time.
        m: OffsetDateTime,
        /// DocMDP, where this signature certifies.
        certify: Option<DocMdp>,
        /// The raw `/Lock` dictionary of the field, where it has one.
        lock: Option<&'a [u8]>,
    },
    /// `/Type /DocTimeStamp`, `/SubFilter /ETSI.RFC3161`.
    DocumentTimestamp,
}

/// A written dictionary; places are offsets in `bytes`.
pub(super) struct Written {
    pub(super) bytes: Vec<u8>,
    /// The blanks between `[` and `]` of `/ByteRange`.
    pub(super) byte_range: Range<usize>,
    /// From `<` to `>` of `/Contents`, both included.
    pub(super) contents: Range<usize>,
}

/// Writes a dictionary with `hole` bytes of room for the signature value.
pub(super) fn write(entries: &Entries<'_>, hole: usize) -> Written {
    let mut bytes = Vec::with_capacity(2 * hole + 512);
    bytes.extend_from_slice(match entries {
        Entries::Signature { .. } => {
            b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached".as_slice()
        }
        Entries::DocumentTimestamp => {
            b"<</Type/DocTimeStamp/Filter/Adobe.PPKLite/SubFilter/ETSI.RFC3161".as_slice()
        }
    });
    bytes.extend_from_slice(b"/ByteRange[");
    let byte_range = blanks(&mut bytes, 4 * (OFFSET_WIDTH + 1), b' ');
    bytes.extend_from_slice(b"]/Contents");
    let start = bytes.len();
    bytes.push(b'<');
    blanks(&mut bytes, 2 * hole, b'0');
    bytes.push(b'>');
    let contents = start..bytes.len();
    if let Entries::Signature {
        claims,
        m,
        certify,
        lock,
    } = entries
    {
        write_claims(&mut bytes, claims, *m);
        write_references(&mut bytes, *certify, *lock);
    }
    bytes.extend_from_slice(b">>");
    Written {
        bytes,
        byte_range,
        contents,
    }
}

fn blanks(bytes: &mut Vec<u8>, count: usize, blank: u8) -> Range<usize> {
    let start = bytes.len();
    bytes.resize(start + count, blank);
    start..bytes.len()
}

fn write_claims(bytes: &mut Vec<u8>, claims: &Claims, m: OffsetDateTime) {
    bytes.extend_from_slice(format!("/M({})", date(m)).as_bytes());
    let texts = [
        ("Name", &claims.name),
        ("Reason", &claims.reason),
        ("Location", &claims.location),
    ];
    for (key, text) in texts {
        if let Some(text) = text {
            bytes.extend(write_name(key));
            bytes.extend(write_text(text));
        }
    }
}

/// `/Reference`: the transform methods of a certification (12.8.2.2) and of a
/// field that locks others when it is signed (12.8.2.4).
fn write_references(bytes: &mut Vec<u8>, certify: Option<DocMdp>, lock: Option<&[u8]>) {
    if certify.is_none() && lock.is_none() {
        return;
    }
    bytes.extend_from_slice(b"/Reference[");
    if let Some(level) = certify {
        let level = u8::from(level);
        bytes.extend_from_slice(
            format!(
                "<</Type/SigRef/TransformMethod/DocMDP/TransformParams\
                 <</Type/TransformParams/V/1.2/P {level}>>>>"
            )
            .as_bytes(),
        );
    }
    if let Some(fields) = lock {
        bytes.extend_from_slice(
            b"<</Type/SigRef/TransformMethod/FieldMDP/TransformParams<</Type/TransformParams/V/1.2",
        );
        bytes.extend_from_slice(fields);
        bytes.extend_from_slice(b">>>>");
    }
    bytes.push(b']');
}

/// A date in UTC (7.9.4): `D:20261122021400Z`.
fn date(m: OffsetDateTime) -> String {
    let m = m.to_offset(time::UtcOffset::UTC);
    format!(
        "D:{:04}{:02}{:02}{:02}{:02}{:02}Z",
        m.year(),
        u8::from(m.month()),
        m.day(),
        m.hour(),
        m.minute(),
        m.second()
    )
}

/// Writes the four numbers of a ByteRange into its blanks.
///
/// `None` where a number does not fit its place.
pub(super) fn fill_byte_range(place: &mut [u8], byte_range: [usize; 4]) -> Option<()> {
    let text = byte_range.map(|number| number.to_string()).join(" ");
    place.fill(b' ');
    place
        .get_mut(..text.len())?
        .copy_from_slice(text.as_bytes());
    Some(())
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    fn sample(certify: Option<DocMdp>) -> Written {
        let claims = Claims {
            name: Some("Siti (Plt.)".into()),
            ..Claims::default()
        };
        let m = datetime!(2026-11-22 09:14:00 +7);
        write(
            &Entries::Signature {
                claims: &claims,
                m,
                certify,
                lock: None,
            },
            16,
        )
    }

    #[test]
    fn places_are_where_they_are_said_to_be() {
        let written = sample(Some(DocMdp::FormFilling));
        let text = String::from_utf8(written.bytes.clone()).unwrap();
        assert_eq!(
            &text[written.contents.clone()],
            format!("<{}>", "0".repeat(32))
        );
        assert!(text[..written.byte_range.start].ends_with("/ByteRange["));
        assert!(text[written.byte_range.end..].starts_with("]/Contents<"));
        assert!(text.contains("/M(D:20261122021400Z)"));
        assert!(text.contains("/P 2"));
    }

    #[test]
    fn without_certification_there_is_no_reference() {
        let written = sample(None);
        assert!(!String::from_utf8_lossy(&written.bytes).contains("/Reference"));
    }

    #[test]
    fn numbers_that_do_not_fit_are_refused() {
        let mut place = [b'x'; 12];
        assert_eq!(fill_byte_range(&mut place, [0, 10, 20, 30]), Some(()));
        assert_eq!(&place, b"0 10 20 30  ");
        assert_eq!(fill_byte_range(&mut place, [0, 1000, 2000, 3000]), None);
    }
}

//! How a placement is written in JSON (the API's metadata) and TOML (permit types).

use serde::{Deserialize, Serialize};

use super::{Anchor, Occurrence, Placement, Tag};

/// The shape of a placement in JSON and TOML: `{"page": 1, "rect": [x, y, w, h]}`,
/// `{"tag": "#", "width": w, "height": h}`, `{"field": "name"}` or `{"invisible": true}`.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    #[serde(skip_serializing_if = "Option::is_none")]
    invisible: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rect: Option<[f64; 4]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tag: Option<char>,
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    anchor: Option<Anchor>,
    #[serde(skip_serializing_if = "Option::is_none")]
    occurrence: Option<Occurrence>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
}

/// The size of a block at a tag when none is given: room for the wide layout.
const TAG_SIZE: (f64, f64) = (246.0, 122.0);

impl TryFrom<Written> for Placement {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        const SHAPE: &str =
            "a placement is page and rect, or tag (with width and height), or field";
        let of_tag = written.width.is_some()
            || written.height.is_some()
            || written.anchor.is_some()
            || written.occurrence.is_some();
        let Written {
            invisible,
            page,
            rect,
            tag,
            field,
            ..
        } = written;
        match (page, rect, tag, field, invisible) {
            (page, Some(rect), None, None, None) if !of_tag => Ok(Self::Rect {
                page: page.unwrap_or(1),
                rect,
            }),
            (None, None, Some(character), None, None) => Ok(Self::Tag(Tag {
                character,
                width: written.width.unwrap_or(TAG_SIZE.0),
                height: written.height.unwrap_or(TAG_SIZE.1),
                anchor: written.anchor.unwrap_or_default(),
                occurrence: written.occurrence.unwrap_or_default(),
            })),
            (None, None, None, Some(name), None) if !of_tag => Ok(Self::Field(name)),
            (None, None, None, None, Some(true)) if !of_tag => Ok(Self::Invisible),
            _ => Err(SHAPE),
        }
    }
}

impl From<Placement> for Written {
    fn from(placement: Placement) -> Self {
        let none = Self::default();
        match placement {
            Placement::Invisible => Self {
                invisible: Some(true),
                ..none
            },
            Placement::Rect { page, rect } => Self {
                page: Some(page),
                rect: Some(rect),
                ..none
            },
            Placement::Tag(tag) => Self {
                tag: Some(tag.character),
                width: Some(tag.width),
                height: Some(tag.height),
                anchor: Some(tag.anchor),
                occurrence: Some(tag.occurrence),
                ..none
            },
            Placement::Field(name) => Self {
                field: Some(name),
                ..none
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placements_survive_the_way_to_json_and_back() {
        for text in [
            r#"{"page":2,"rect":[300.0,80.5,246.0,122.0]}"#,
            r##"{"tag":"#","width":160.0,"height":90.0,"anchor":"center","occurrence":"last"}"##,
            r#"{"field":"Kepala Dinas"}"#,
            r#"{"invisible":true}"#,
        ] {
            let placement: Placement = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&placement).unwrap(), text);
        }
        let short: Placement = serde_json::from_str(r#"{"tag":"$"}"#).unwrap();
        assert!(matches!(short, Placement::Tag(Tag { character: '$', .. })));
    }

    #[test]
    fn mixtures_and_unknown_words_are_refused() {
        for text in [
            "{}",
            r#"{"page":1}"#,
            r#"{"invisible":false}"#,
            r##"{"page":1,"rect":[0,0,9,9],"tag":"#"}"##,
            r#"{"rect":[0,0,9,9],"width":5}"#,
            r#"{"field":"a","page":1}"#,
            r###"{"tag":"##"}"###,
            r#"{"rect":[0,0,9]}"#,
            r#"{"rect":[0,0,9,9],"colour":1}"#,
        ] {
            assert!(serde_json::from_str::<Placement>(text).is_err(), "{text}");
        }
    }
}

//! What a sheet's template is made of.

use serde::Deserialize;

/// One item of a sheet, set below the one before.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "lowercase", tag = "kind")]
pub(super) enum Item {
    /// A paragraph.
    Text {
        text: String,
        #[serde(default)]
        style: Style,
    },
    /// Rows of label, colon and value.
    Pairs {
        rows: Vec<(String, String)>,
        label_width: f64,
        #[serde(default)]
        style: Style,
    },
    /// Paragraphs with hanging numbers.
    Numbered {
        items: Vec<String>,
        #[serde(default)]
        style: Style,
    },
    /// A line across the page.
    Rule {
        thickness: f64,
        #[serde(default)]
        before: f64,
    },
    /// Room left for something else, such as the signature block.
    Place {
        name: String,
        width: f64,
        height: f64,
        #[serde(default)]
        indent: f64,
        #[serde(default)]
        before: f64,
    },
}

/// How text is set.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Style {
    pub(super) bold: bool,
    pub(super) size: f64,
    pub(super) align: Align,
    /// From the left margin.
    pub(super) indent: f64,
    /// The column's width; 0 is up to the right margin.
    pub(super) width: f64,
    /// Space above.
    pub(super) before: f64,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            bold: false,
            size: 10.0,
            align: Align::Left,
            indent: 0.0,
            width: 0.0,
            before: 0.0,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Align {
    Left,
    Center,
}

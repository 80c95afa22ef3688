//! Sheets: PDF files that we draw ourselves from a layout that is data, such as
//! the demonstration's permit, receipts and verification sheets.
//!
//! The output is PDF/A-2b (ISO 19005-2): fonts embedded, ICC-based gray only (so no
//! output intent is needed), XMP metadata, no transparency, the same bytes for the
//! same input. It is not tagged (level A) and knows no images.
//!
//! A template is a list of items set from top to bottom; `{key}` in a text is
//! replaced from the data. A key without data is an error: a permit with a hole in it
//! must not be made.

mod file;
mod item;
mod set;

use std::collections::BTreeMap;

use serde::Deserialize;

pub use file::NewFile;
use item::Item;

use super::font::{Face, FontError};

/// Why a sheet cannot be drawn.
#[derive(Debug, thiserror::Error, PartialEq)]
pub enum SheetError {
    /// The template is wrong.
    #[error("the sheet's template is wrong: {0}")]
    Template(String),
    /// A placeholder has no value.
    #[error("the sheet needs {{{0}}}, which the data does not give")]
    MissingValue(String),
    /// A word is wider than its column, or an item is higher than a page.
    #[error("the sheet has no room for {0:?}")]
    NoRoom(String),
    /// A font is unusable, or lacks a character.
    #[error(transparent)]
    Font(#[from] FontError),
}

/// A layout with its fonts.
#[derive(Debug)]
pub struct Sheet {
    layout: Layout,
    regular: Face,
    bold: Face,
}

/// The template file's shape.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Layout {
    /// The document's title, for its metadata.
    title: String,
    page: Page,
    item: Vec<Item>,
    /// Set upwards from the bottom margin of the last page.
    #[serde(default)]
    foot: Vec<Item>,
    /// Values for placeholders that the caller does not give.
    #[serde(default)]
    data: BTreeMap<String, String>,
}

/// Page size and margins in points.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    width: f64,
    height: f64,
    margin_x: f64,
    margin_y: f64,
    leading: f64,
}

/// A drawn sheet.
#[derive(Debug)]
pub struct Drawn {
    /// The PDF file.
    pub bytes: Vec<u8>,
    /// Where the template left room: name to page (from 1) and rectangle (x, y, width,
    /// height in points from the page's lower left).
    pub places: BTreeMap<String, (u32, [f64; 4])>,
}

impl Sheet {
    /// Reads a template; `regular` and `bold` are TrueType files.
    pub fn parse(template: &str, regular: &[u8], bold: &[u8]) -> Result<Self, SheetError> {
        let layout: Layout =
            toml::from_str(template).map_err(|error| SheetError::Template(error.to_string()))?;
        let page = layout.page;
        let sizes = [page.width, page.height];
        let margins = [page.margin_x, page.margin_y];
        if !sizes.iter().all(|size| (100.0..=3000.0).contains(size))
            || !margins.iter().all(|margin| (0.0..=200.0).contains(margin))
            || !(1.0..=3.0).contains(&page.leading)
            || 2.0 * page.margin_x >= page.width
            || 2.0 * page.margin_y >= page.height
        {
            let reason = "a page is 100 to 3000 points, its margins 0 to 200, its leading 1 to 3";
            return Err(SheetError::Template(reason.into()));
        }
        Ok(Self {
            layout,
            regular: Face::parse(regular.to_vec())?,
            bold: Face::parse(bold.to_vec())?,
        })
    }

    /// Draws the sheet with `data`, which goes before the template's own values.
    pub fn draw(&self, data: &BTreeMap<String, String>) -> Result<Drawn, SheetError> {
        set::draw(self, data)
    }

    /// `text` with its placeholders replaced. Values are not searched again.
    fn fill(&self, text: &str, data: &BTreeMap<String, String>) -> Result<String, SheetError> {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (key, after) = after
                .split_once('}')
                .ok_or_else(|| SheetError::Template(format!("{text:?} has no closing brace")))?;
            let value = data.get(key).or_else(|| self.layout.data.get(key));
            let value = value.ok_or_else(|| SheetError::MissingValue(key.to_owned()))?;
            filled.push_str(before);
            filled.push_str(value);
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled)
    }
}

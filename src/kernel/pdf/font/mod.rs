//! Fonts for what we draw: metrics for setting text, and subsets embedded as
//! composite fonts (ISO 32000-2, 9.7) so that PDF/A holds.
//!
//! Text is set one glyph per character, left to right: no shaping, no kerning,
//! no other direction. A character that the font lacks is refused by name and never
//! drawn as an empty box.

mod subset;
mod wrap;

use std::collections::HashMap;

pub use subset::{EmbeddedFont, Subset};
pub use wrap::{Breaking, widest_word, wrap};

/// Why a font cannot be used, or not for this text.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum FontError {
    /// Not an OpenType font with TrueType outlines.
    #[error("the font cannot be read: {0}")]
    Unreadable(String),
    /// The font's own licence bits forbid embedding a subset.
    #[error("the font forbids embedding a subset")]
    EmbeddingForbidden,
    /// The font has no glyph for this character.
    #[error("the font {font} has no glyph for {character:?} (U+{code:04X})", code = u32::from(*.character))]
    MissingGlyph {
        /// The font's PostScript name.
        font: String,
        /// The character asked for.
        character: char,
    },
    /// The subset could not be made.
    #[error("the font cannot be subset: {0}")]
    Subset(String),
}

/// A glyph as text setting needs it.
#[derive(Debug, Clone, Copy)]
struct Glyph {
    id: u16,
    /// In thousandths of the font size.
    advance: f64,
}

/// A font: its file and the metrics that text setting uses.
#[derive(Debug)]
pub struct Face {
    data: Vec<u8>,
    name: String,
    glyphs: HashMap<char, Glyph>,
    metrics: Metrics,
}

/// Font-wide metrics in thousandths of the font size.
#[derive(Debug, Clone, Copy)]
pub(super) struct Metrics {
    pub(super) ascent: f64,
    pub(super) descent: f64,
    pub(super) cap_height: f64,
    pub(super) bounding_box: [f64; 4],
    pub(super) italic_angle: f64,
    pub(super) weight: u16,
}

impl Face {
    /// Reads a TrueType font.
    pub fn parse(data: Vec<u8>) -> Result<Self, FontError> {
        let face = ttf_parser::Face::parse(&data, 0)
            .map_err(|error| FontError::Unreadable(error.to_string()))?;
        if face.tables().glyf.is_none() {
            return Err(FontError::Unreadable("it has no TrueType outlines".into()));
        }
        let restricted = face.permissions() == Some(ttf_parser::Permissions::Restricted);
        if restricted || !face.is_subsetting_allowed() {
            return Err(FontError::EmbeddingForbidden);
        }
        let (name, glyphs, metrics) = (post_script_name(&face)?, glyphs(&face), metrics(&face));
        Ok(Self {
            data,
            name,
            glyphs,
            metrics,
        })
    }

    /// The PostScript name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How wide `text` is at `size`, in points.
    pub fn width(&self, text: &str, size: f64) -> Result<f64, FontError> {
        let mut thousandths = 0.0;
        for character in text.chars() {
            thousandths += self.glyph(character)?.advance;
        }
        Ok(thousandths * size / 1000.0)
    }

    /// The height of the capitals at `size`, in points.
    #[must_use]
    pub fn cap_height(&self, size: f64) -> f64 {
        self.metrics.cap_height * size / 1000.0
    }

    fn glyph(&self, character: char) -> Result<Glyph, FontError> {
        let missing = || FontError::MissingGlyph {
            font: self.name.clone(),
            character,
        };
        self.glyphs.get(&character).copied().ok_or_else(missing)
    }
}

fn post_script_name(face: &ttf_parser::Face<'_>) -> Result<String, FontError> {
    let name = face
        .names()
        .into_iter()
        .filter(|name| name.name_id == ttf_parser::name_id::POST_SCRIPT_NAME)
        .find_map(|name| name.to_string())
        .unwrap_or_default();
    // Written into the PDF as a name: only what needs no escape there.
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if name.is_empty() || !name.chars().all(plain) {
        return Err(FontError::Unreadable("it has no PostScript name".into()));
    }
    Ok(name)
}

fn glyphs(face: &ttf_parser::Face<'_>) -> HashMap<char, Glyph> {
    let scale = 1000.0 / f64::from(face.units_per_em());
    let mut glyphs = HashMap::new();
    let tables = face.tables().cmap.map(|cmap| cmap.subtables);
    for table in tables.into_iter().flatten().filter(|t| t.is_unicode()) {
        table.codepoints(|code| {
            let found = char::from_u32(code).and_then(|c| Some((c, table.glyph_index(code)?)));
            if let Some((character, id)) = found
                && id.0 != 0
            {
                let advance = f64::from(face.glyph_hor_advance(id).unwrap_or(0)) * scale;
                glyphs.insert(character, Glyph { id: id.0, advance });
            }
        });
    }
    glyphs
}

fn metrics(face: &ttf_parser::Face<'_>) -> Metrics {
    let scale = 1000.0 / f64::from(face.units_per_em());
    let bounds = face.global_bounding_box();
    let cap_height = face.capital_height().unwrap_or(face.ascender());
    Metrics {
        ascent: f64::from(face.ascender()) * scale,
        descent: f64::from(face.descender()) * scale,
        cap_height: f64::from(cap_height) * scale,
        bounding_box: [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max]
            .map(|value| f64::from(value) * scale),
        italic_angle: f64::from(face.italic_angle()),
        weight: face.weight().to_number(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn regular() -> Face {
        Face::parse(include_bytes!("../../../../pdf-templates/fonts/NotoSans-Regular.ttf").to_vec())
            .unwrap()
    }

    #[test]
    fn widths_are_those_of_the_font() {
        let face = regular();
        assert_eq!(face.name(), "NotoSans-Regular");
        // Noto Sans: N 760, I 339, P 605, full stop 268 of 1000.
        assert_eq!(face.width("NIP.", 10.0).unwrap(), 19.72);
        assert_eq!(face.width("", 10.0).unwrap(), 0.0);
    }

    #[test]
    fn indonesian_names_and_typographic_signs_are_covered() {
        let text = "Ir. H. Raden Ayu Siti Nurhaliza-Widjojoʼ, S.H., M.Si. é ö ñ – “ ” … m² №";
        assert!(regular().width(&text.replace('ʼ', "’"), 8.0).is_ok());
    }

    #[test]
    fn a_character_that_the_font_lacks_is_named() {
        let error = regular().width("Nama محمد", 8.0).unwrap_err();
        let text = error.to_string();
        assert!(text.contains("'م'") && text.contains("U+0645"), "{text}");
    }

    #[test]
    fn what_is_not_a_font_is_refused() {
        for data in [&b""[..], b"not a font", &[0; 4096]] {
            assert!(matches!(
                Face::parse(data.to_vec()),
                Err(FontError::Unreadable(_))
            ));
        }
    }
}

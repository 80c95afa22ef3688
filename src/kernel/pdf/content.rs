//! Writes content streams (ISO 32000-2, 8 and 9.4): the few operators that the
//! signature block, QR codes and sheets need.
//!
//! Colour is a gray with its own ICC profile, never a device colour: PDF/A allows
//! device colours only where the file's output intent covers them, and ICC-based
//! ones always (ISO 19005-1, 6.2.3.2; ISO 19005-2, 6.2.4.2). CalGray would do too,
//! but poppler tints its white. No transparency, no images, no other colours.

use std::fmt::Write;

use super::ObjectId;
use super::sink::ObjectSink;

const PROFILE: &[u8] = include_bytes!("../../../pdf-templates/gray.icc");

/// The colour space of [`Content`]'s grays, once it is in a file.
#[derive(Debug, Clone, Copy)]
pub struct Gray(ObjectId);

impl Gray {
    /// Writes the profile.
    pub fn put(sink: &mut impl ObjectSink) -> Self {
        let id = sink.reserve();
        sink.put_stream(id, b"/N 1", PROFILE);
        Self(id)
    }

    /// The entry that the resources of a content stream need.
    #[must_use]
    pub fn resource(self) -> String {
        format!("/ColorSpace<</G[/ICCBased {}]>>", self.0.reference())
    }
}

/// A content stream under construction.
#[derive(Debug, Default)]
pub struct Content {
    text: String,
}

impl Content {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The gray to fill with: 0 black, 1 white. The resources must hold
    /// [`Gray::resource`].
    pub fn gray(&mut self, level: f64) {
        self.op("/G cs ", &[level], "sc");
    }

    /// A filled rectangle.
    pub fn rectangle(&mut self, x: f64, y: f64, width: f64, height: f64) {
        self.op("", &[x, y, width, height], "re f");
    }

    /// Filled rectangles (x, y, width, height) as one path.
    pub fn rectangles(&mut self, rectangles: &[[f64; 4]]) {
        for rectangle in rectangles {
            self.op("", rectangle, "re");
        }
        self.text.push_str("f\n");
    }

    /// One line of text at its baseline's start; `glyphs` is the hexadecimal string of
    /// the font's character codes.
    pub fn text(&mut self, font: &str, size: f64, x: f64, y: f64, glyphs: &str) {
        let _ = write!(self.text, "BT/{font} ");
        self.op("", &[size], "Tf");
        self.op("", &[x, y], "Td");
        let _ = writeln!(self.text, "<{glyphs}>Tj ET");
    }

    /// Paints the form `name`, scaled and moved.
    pub fn form(&mut self, name: &str, scale: f64, x: f64, y: f64) {
        self.op("q ", &[scale, 0.0, 0.0, scale, x, y], "cm");
        let _ = writeln!(self.text, "/{name} Do Q");
    }

    /// The stream's bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    fn op(&mut self, before: &str, operands: &[f64], operator: &str) {
        self.text.push_str(before);
        for operand in operands {
            self.text.push_str(&number(*operand));
            self.text.push(' ');
        }
        self.text.push_str(operator);
        self.text.push('\n');
    }
}

/// A real as PDF writes it: no exponent, four decimals at most (a twentieth of a
/// micrometre), no trailing zeros. What is not finite becomes 0.
#[must_use]
pub fn number(value: f64) -> String {
    if !value.is_finite() {
        return "0".to_owned();
    }
    let text = format!("{value:.4}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" {
        "0".to_owned()
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_never_exponential() {
        let cases = [
            (0.0, "0"),
            (-0.00001, "0"),
            (10.0, "10"),
            (595.275590551, "595.2756"),
            (-0.5, "-0.5"),
            (1e9, "1000000000"),
            (f64::NAN, "0"),
            (f64::INFINITY, "0"),
        ];
        for (value, text) in cases {
            assert_eq!(number(value), text);
        }
    }
}

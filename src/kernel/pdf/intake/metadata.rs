//! The claim of PDF/A in a document's XMP metadata (ISO 19005-1, 6.7.11).
//!
//! The claim is read by its usual prefix `pdfaid`, as an element or an attribute.
//! Whether it is true is not checked here.

use super::super::error::{Fault, PdfError};
use super::super::object::Dictionary;
use super::super::reader::Pdf;
use std::fmt;

/// A part of ISO 19005 and a level of conformance to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PdfA {
    /// The part: 1 to 4.
    pub part: u8,
    /// The level: A, B, U, E or F; part 4 may have none.
    pub conformance: Option<char>,
}

impl fmt::Display for PdfA {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PDF/A-{}", self.part)?;
        let level = self.conformance.map(|level| level.to_ascii_lowercase());
        level.map_or(Ok(()), |level| write!(f, "{level}"))
    }
}

/// Reads the claim, where there is one.
pub(super) fn pdf_a<'p>(
    pdf: &'p Pdf<'p>,
    catalog: &Dictionary<'p>,
) -> Result<Option<PdfA>, PdfError> {
    let metadata = pdf.get(catalog, "Metadata")?;
    let Some(stream) = metadata.as_stream() else {
        return Ok(None);
    };
    match pdf.stream_data(stream) {
        Ok(data) => Ok(claim(&String::from_utf8_lossy(&data))),
        Err(error) if matches!(error.fault, Fault::TooComplex { .. }) => Err(error),
        Err(_) => Ok(None),
    }
}

fn claim(xmp: &str) -> Option<PdfA> {
    let part = value(xmp, "pdfaid:part")?.to_digit(10)?;
    Some(PdfA {
        part: u8::try_from(part).ok()?,
        conformance: value(xmp, "pdfaid:conformance"),
    })
}

/// The one character that is the value of an element or an attribute.
fn value(xmp: &str, name: &str) -> Option<char> {
    let (_, rest) = xmp.split_once(name)?;
    let rest = rest.trim_start();
    let rest = match rest.strip_prefix('>') {
        Some(content) => content,
        None => rest
            .strip_prefix('=')?
            .trim_start()
            .strip_prefix(['"', '\''])?,
    };
    rest.trim_start()
        .chars()
        .next()
        .filter(char::is_ascii_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_and_attributes() {
        let element = "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>";
        let claimed = claim(element).unwrap();
        assert_eq!(claimed.to_string(), "PDF/A-2b");
        let attribute = "<rdf:Description pdfaid:part='3' pdfaid:conformance=\"A\"/>";
        assert_eq!(claim(attribute).unwrap().to_string(), "PDF/A-3a");
        assert_eq!(
            claim("<pdfaid:part>4</pdfaid:part>").unwrap().to_string(),
            "PDF/A-4"
        );
        assert_eq!(claim("<x/>"), None);
    }
}

//! Signatures that the form does not list: what is left where an update dropped
//! a field (reference I7), or repaired readers would find one.

use super::super::error::PdfError;
use super::super::object::Span;
use super::super::reader::Pdf;
use super::field::SignatureField;

const KEY: &[u8] = b"/ByteRange";

/// The offsets of every `/ByteRange` in the bytes that is not in the dictionary
/// of one of the signatures given.
pub fn orphan_byte_ranges(
    pdf: &Pdf<'_>,
    listed: &[SignatureField<'_>],
) -> Result<Vec<usize>, PdfError> {
    let mut known: Vec<Span> = Vec::new();
    for field in listed {
        if let Some(signature) = &field.signature {
            known.extend(pdf.file_span(signature.id)?);
        }
    }
    let inside = |offset: &usize| {
        known
            .iter()
            .any(|span| (span.start..span.end).contains(offset))
    };
    let mut found = occurrences(pdf.bytes());
    found.retain(|offset| !inside(offset));
    Ok(found)
}

fn occurrences(bytes: &[u8]) -> Vec<usize> {
    let mut found = Vec::new();
    let mut rest = bytes;
    while let Some(slash) = rest.iter().position(|byte| *byte == b'/') {
        rest = rest.get(slash..).unwrap_or_default();
        if rest.starts_with(KEY) {
            found.push(bytes.len() - rest.len());
        }
        rest = rest.get(1..).unwrap_or_default();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_occurrences() {
        assert_eq!(occurrences(b"/ByteRange //ByteRange/Byte"), [0, 12]);
    }
}

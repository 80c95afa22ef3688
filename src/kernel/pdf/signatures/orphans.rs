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

/// Block by block: whether a block holds the key's first two bytes is asked without a
/// branch for each byte, and few blocks do.
fn occurrences(bytes: &[u8]) -> Vec<usize> {
    const BLOCK: usize = 64;
    let mut found = Vec::new();
    let next = bytes.get(1..).unwrap_or_default();
    let blocks = bytes.chunks(BLOCK).zip(next.chunks(BLOCK));
    for (index, (block, next)) in blocks.enumerate() {
        let pairs = block.iter().zip(next);
        if !pairs.fold(false, |any, (one, two)| {
            any | ((*one == b'/') & (*two == b'B'))
        }) {
            continue;
        }
        let offsets = (0..block.len()).map(|within| index * BLOCK + within);
        let begins = |offset: &usize| bytes.get(*offset..).is_some_and(|at| at.starts_with(KEY));
        found.extend(offsets.filter(begins));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_occurrences() {
        assert_eq!(occurrences(b"/ByteRange //ByteRange/Byte"), [0, 12]);
        for before in 50..70 {
            let bytes = [&vec![b' '; before][..], b"/ByteRange/Byte"].concat();
            assert_eq!(occurrences(&bytes), [before]);
        }
    }
}

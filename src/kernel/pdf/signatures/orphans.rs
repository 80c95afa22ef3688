//! Signatures that the form does not list: what is left where an update dropped
//! a field (reference I7), or repaired readers would find one.

use super::super::object::Span;
use super::super::reader::Pdf;
use super::field::SignatureField;

const KEY: &[u8] = b"/ByteRange";

/// The offsets of every `/ByteRange` in the bytes that is not in the dictionary
/// of one of the signatures given.
#[must_use]
pub fn orphan_byte_ranges(pdf: &Pdf<'_>, listed: &[SignatureField<'_>]) -> Vec<usize> {
    let signatures = listed.iter().filter_map(|field| field.signature.as_ref());
    let known: Vec<Span> = signatures.filter_map(|signature| signature.span).collect();
    let inside = |offset: &usize| {
        known
            .iter()
            .any(|span| (span.start..span.end).contains(offset))
    };
    let mut found = occurrences(pdf.bytes());
    found.retain(|offset| !inside(offset));
    found
}

/// How many bytes are looked at in one go, without a branch for each.
const BLOCK: usize = 64;

/// Block by block: few have the key's first two bytes, the second perhaps in the next.
fn occurrences(bytes: &[u8]) -> Vec<usize> {
    let mut found = Vec::new();
    for start in (0..bytes.len()).step_by(BLOCK) {
        let block = bytes.get(start..).unwrap_or_default();
        let window = block.first_chunk::<{ BLOCK + 1 }>();
        if window.is_none_or(may_begin) {
            let offsets = start..(start + BLOCK).min(bytes.len());
            found.extend(offsets.filter(|offset| {
                let rest = bytes.get(*offset..);
                rest.is_some_and(|rest| rest.starts_with(KEY))
            }));
        }
    }
    found
}

fn may_begin(window: &[u8; BLOCK + 1]) -> bool {
    let ([block @ .., _], [_, next @ ..]) = (window, window);
    let pairs = block.iter().zip(next);
    pairs.fold(0, |any, (one, two)| {
        any | (u8::from(*one == b'/') & u8::from(*two == b'B'))
    }) != 0
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

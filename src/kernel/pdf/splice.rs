//! Changes to a copy of an object's bytes that leave every other byte as it was.
//!
//! Re-serialising an object that was read may change what it means (a MediaBox of
//! 595.275590551 through a 32-bit float) and so break a signature. Here a value
//! is replaced or inserted between bytes that are copied.

use super::error::PdfError;
use super::object::{Dictionary, Object, Span};
use super::parser::Parser;

/// The nesting allowed in what is spliced into.
const DEPTH: usize = 64;

/// A copy of a dictionary's or stream's bytes with a key set to a value. Where
/// the key is there its value is replaced, else the entry is added at the end.
pub fn set(raw: &[u8], key: &str, value: &[u8]) -> Result<Vec<u8>, PdfError> {
    let dictionary = dictionary(raw)?;
    if let Some(entry) = dictionary.entry(key) {
        return Ok(replace(raw, entry.value_span, &[b" ", value]));
    }
    let close = dictionary.span.end.saturating_sub(2);
    let place = Span {
        start: close,
        end: close,
    };
    let name = super::strings::write_name(key);
    Ok(replace(raw, place, &[&name, b" ", value]))
}

/// A copy of an array's bytes with an item appended.
pub fn append(raw: &[u8], item: &[u8]) -> Result<Vec<u8>, PdfError> {
    let Object::Array(array) = Parser::new(raw, 0, DEPTH).object()? else {
        return Err(PdfError::syntax(0, "an array is expected"));
    };
    let close = array.span.end.saturating_sub(1);
    let place = Span {
        start: close,
        end: close,
    };
    Ok(replace(raw, place, &[b" ", item]))
}

/// Parses the dictionary that the bytes of an object begin with.
pub(crate) fn dictionary(raw: &[u8]) -> Result<Dictionary<'_>, PdfError> {
    match Parser::new(raw, 0, DEPTH).object()? {
        Object::Dictionary(dictionary) => Ok(dictionary),
        _ => Err(PdfError::syntax(0, "a dictionary is expected")),
    }
}

/// A copy with a span replaced by parts.
fn replace(raw: &[u8], span: Span, parts: &[&[u8]]) -> Vec<u8> {
    let added: usize = parts.iter().map(|part| part.len()).sum();
    let mut out = Vec::with_capacity(raw.len() + added);
    out.extend_from_slice(raw.get(..span.start).unwrap_or_default());
    for part in parts {
        out.extend_from_slice(part);
    }
    out.extend_from_slice(raw.get(span.end..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_bytes_stay() {
        let raw = b"<</MediaBox[0 0 595.275590551 841.88976378]% a note\n/A(x)/Rotate 90>>";
        let added = set(raw, "Annots", b"[5 0 R]").unwrap();
        let text = String::from_utf8(added).unwrap();
        assert_eq!(
            text,
            "<</MediaBox[0 0 595.275590551 841.88976378]% a note\n/A(x)/Rotate 90/Annots [5 0 R]>>"
        );
        let replaced = set(raw, "A", b"7 0 R").unwrap();
        assert!(
            String::from_utf8(replaced)
                .unwrap()
                .contains("/A 7 0 R/Rotate 90>>")
        );
    }

    #[test]
    fn streams_keep_their_data() {
        let raw = b"<</Length 2>>stream\n>>\nendstream";
        let set = set(raw, "A", b"1").unwrap();
        assert_eq!(set, b"<</Length 2/A 1>>stream\n>>\nendstream");
    }

    #[test]
    fn arrays_grow_at_the_end() {
        assert_eq!(
            append(b"[1 0 R[2]]", b"3 0 R").unwrap(),
            b"[1 0 R[2] 3 0 R]"
        );
        assert_eq!(append(b"[]", b"3 0 R").unwrap(), b"[ 3 0 R]");
        assert!(append(b"<<>>", b"3").is_err());
        assert!(set(b"[]", "A", b"1").is_err());
    }
}

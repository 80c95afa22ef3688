//! Strings: decoding what a file has, encoding what we add (ISO 32000-2, 7.3.4, 7.9.2).
//!
//! PDFDocEncoding is read as Latin-1: the two differ in a few typographic signs
//! (Annex D.3), which only appear in messages here.

use std::borrow::Cow;

/// Decodes the bytes between a string's delimiters.
pub(crate) fn decode(raw: &[u8], hexadecimal: bool) -> Cow<'_, [u8]> {
    if hexadecimal {
        Cow::Owned(decode_hex(raw))
    } else if raw.iter().any(|byte| matches!(byte, b'\\' | b'\r')) {
        Cow::Owned(decode_literal(raw))
    } else {
        Cow::Borrowed(raw)
    }
}

/// Decodes hexadecimal digits; white space is skipped, a missing last digit is 0 (7.3.4.3).
fn decode_hex(raw: &[u8]) -> Vec<u8> {
    if raw.len().is_multiple_of(2) && is_hex(raw) {
        return decode_pure_hex(raw);
    }
    let mut digits = raw.to_vec();
    digits.retain(u8::is_ascii_hexdigit);
    if !digits.len().is_multiple_of(2) {
        digits.push(b'0');
    }
    decode_pure_hex(&digits)
}

/// Decodes an even number of digits. Signature values are long: no branches.
fn decode_pure_hex(digits: &[u8]) -> Vec<u8> {
    // The low four bits are the value of 0 to 9; those of A and a are 1.
    let value = |digit: u8| (digit & 0xF) + 9 * (digit >> 6);
    let pair = |pair: &[u8]| match pair {
        [high, low] => value(*high) << 4 | value(*low),
        _ => 0,
    };
    digits.chunks_exact(2).map(pair).collect()
}

/// Whether there are hexadecimal digits and nothing else.
pub(crate) fn is_hex(bytes: &[u8]) -> bool {
    let rest = bytes.get(hex_run(bytes)..).unwrap_or_default();
    rest.iter().all(u8::is_ascii_hexdigit)
}

/// Whether there is nothing but zeros, block by block: what fills a hole is long.
pub(crate) fn all_zero(bytes: &[u8]) -> bool {
    const BLOCK: usize = 64;
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    let zero = |block: &[u8]| block.iter().fold(0, |any, byte| any | byte) == 0;
    blocks.iter().all(|block| zero(block)) && zero(rest)
}

/// How many bytes at the beginning are hexadecimal digits, in whole blocks: signature
/// values are long, and without a branch for each byte the processor takes many at once.
pub(crate) fn hex_run(bytes: &[u8]) -> usize {
    const BLOCK: usize = 64;
    let pure = |block: &&[u8]| {
        let digits = block.iter().map(u8::is_ascii_hexdigit);
        digits.fold(true, |all, digit| all & digit)
    };
    bytes.chunks_exact(BLOCK).take_while(pure).count() * BLOCK
}

/// The value of a hexadecimal digit.
pub(crate) fn hex_value(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

/// Resolves the escapes of a literal string (7.3.4.2).
fn decode_literal(raw: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        match byte {
            b'\\' => rest = decode_escape(tail, &mut bytes),
            // An end-of-line in a string is one line feed, however it was written.
            b'\r' => {
                bytes.push(b'\n');
                rest = tail.strip_prefix(b"\n").unwrap_or(tail);
            }
            other => bytes.push(other),
        }
    }
    bytes
}

/// Resolves one escape after its backslash and returns what follows it.
fn decode_escape<'a>(rest: &'a [u8], bytes: &mut Vec<u8>) -> &'a [u8] {
    let Some((&byte, tail)) = rest.split_first() else {
        return rest;
    };
    match byte {
        b'n' => bytes.push(b'\n'),
        b'r' => bytes.push(b'\r'),
        b't' => bytes.push(b'\t'),
        b'b' => bytes.push(8),
        b'f' => bytes.push(12),
        b'0'..=b'7' => return decode_octal(rest, bytes),
        b'\r' => return tail.strip_prefix(b"\n").unwrap_or(tail),
        b'\n' => {}
        other => bytes.push(other),
    }
    tail
}

/// Resolves one to three octal digits; a high-order overflow is ignored.
fn decode_octal<'a>(rest: &'a [u8], bytes: &mut Vec<u8>) -> &'a [u8] {
    let digits = rest
        .iter()
        .take(3)
        .take_while(|byte| matches!(byte, b'0'..=b'7'))
        .count();
    let (octal, tail) = rest.split_at_checked(digits).unwrap_or((rest, &[]));
    let value = octal
        .iter()
        .fold(0_u16, |value, digit| value * 8 + u16::from(digit - b'0'));
    bytes.push(value.to_le_bytes()[0]);
    tail
}

/// Reads a text string (7.9.2.2).
pub(crate) fn text(bytes: &[u8]) -> String {
    if let Some(utf16) = bytes.strip_prefix(&[0xFE, 0xFF]) {
        let units = utf16.chunks_exact(2).filter_map(|pair| match pair {
            [high, low] => Some(u16::from_be_bytes([*high, *low])),
            _ => None,
        });
        return char::decode_utf16(units)
            .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect();
    }
    if let Some(utf8) = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]) {
        return String::from_utf8_lossy(utf8).into_owned();
    }
    bytes.iter().copied().map(char::from).collect()
}

/// Writes a text string: literal where it is plain ASCII, else UTF-16BE with its
/// byte order mark in hexadecimal (7.9.2.2).
#[must_use]
pub fn write_text(text: &str) -> Vec<u8> {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return write_literal(text.as_bytes());
    }
    let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
    let bytes: Vec<u8> = units.flat_map(u16::to_be_bytes).collect();
    write_hex(&bytes)
}

/// Writes a literal string of printable ASCII with its delimiters escaped.
fn write_literal(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + 2);
    out.push(b'(');
    for byte in bytes {
        if matches!(byte, b'(' | b')' | b'\\') {
            out.push(b'\\');
        }
        out.push(*byte);
    }
    out.push(b')');
    out
}

/// Writes a hexadecimal string with its delimiters.
#[must_use]
pub fn write_hex(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() * 2 + 2);
    out.push(b'<');
    push_hex(&mut out, bytes);
    out.push(b'>');
    out
}

/// Appends bytes as upper-case hexadecimal digits.
pub(crate) fn push_hex(out: &mut Vec<u8>, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let digit = |value: u8| DIGITS.get(usize::from(value)).copied().unwrap_or(b'0');
    out.extend(
        bytes
            .iter()
            .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]),
    );
}

/// Writes a name with every byte escaped that 7.3.5 does not let stand.
#[must_use]
pub fn write_name(name: &str) -> Vec<u8> {
    let mut out = vec![b'/'];
    for byte in name.bytes() {
        let plain = byte.is_ascii_graphic() && !super::lexer::is_delimiter(byte) && byte != b'#';
        if plain {
            out.push(byte);
        } else {
            out.push(b'#');
            push_hex(&mut out, &[byte]);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_of_literal_strings() {
        let raw = br"a\(b\)\n\101\53x\7\
z\q";
        assert_eq!(&*decode(raw, false), b"a(b)\nA+x\x07zq");
        assert_eq!(&*decode(b"a\r\nb\rc", false), b"a\nb\nc");
    }

    #[test]
    fn digits_and_zeros_are_told_in_blocks_and_beside_them() {
        for byte in 0..=u8::MAX {
            let bytes = [vec![b'f'; 40], vec![byte], vec![b'0'; 40]].concat();
            assert_eq!(is_hex(&bytes), byte.is_ascii_hexdigit(), "{byte}");
        }
        for length in [0, 1, 63, 64, 65, 200] {
            assert!(all_zero(&vec![0; length]));
            for at in 0..length {
                let mut bytes = vec![0; length];
                bytes[at] = 0x80;
                assert!(!all_zero(&bytes), "{at} of {length}");
            }
        }
    }

    #[test]
    fn hexadecimal_with_space_and_odd_length() {
        assert_eq!(&*decode(b"48 65\n6C7", true), b"Hel\x70");
    }

    #[test]
    fn text_round_trip() {
        for sample in ["Kepala Dinas (Plt.)", "Ngurah – Bali \u{1F600}", "a\\b"] {
            let written = write_text(sample);
            let raw = &written[1..written.len() - 1];
            assert_eq!(text(&decode(raw, written[0] == b'<')), sample);
        }
    }

    #[test]
    fn names_are_escaped() {
        assert_eq!(write_name("a b#(c"), b"/a#20b#23#28c");
    }
}

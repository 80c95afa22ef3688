//! ASCIIHexDecode and ASCII85Decode (ISO 32000-2, 7.4.2 and 7.4.3).

use super::super::error::{Fault, PdfError};
use super::super::lexer::is_whitespace;
use super::super::strings::hex_value;
use super::Budget;

/// Decodes hexadecimal digits up to `>`.
pub(super) fn decode_hex(data: &[u8]) -> Result<Vec<u8>, PdfError> {
    let mut out = Vec::with_capacity(data.len() / 2 + 1);
    let mut high = None;
    for byte in data.iter().copied().take_while(|byte| *byte != b'>') {
        if is_whitespace(byte) {
            continue;
        }
        let digit = hex_value(byte).ok_or(Fault::Filter("not a hexadecimal digit"))?;
        match high.take() {
            None => high = Some(digit << 4),
            Some(first) => out.push(first | digit),
        }
    }
    out.extend(high);
    Ok(out)
}

/// Decodes base 85 up to `~>`. `z` stands for four zero bytes, so the result may
/// be longer than the data: it counts against the budget.
pub(super) fn decode_85(data: &[u8], budget: &Budget) -> Result<Vec<u8>, PdfError> {
    let mut out = Vec::with_capacity(data.len());
    let mut group = Vec::with_capacity(5);
    for byte in data.iter().copied().take_while(|byte| *byte != b'~') {
        match byte {
            b'z' if group.is_empty() => out.extend_from_slice(&[0; 4]),
            b'!'..=b'u' => group.push(byte - b'!'),
            _ if is_whitespace(byte) => {}
            _ => return Err(Fault::Filter("not a base-85 digit").into()),
        }
        if group.len() == 5 {
            out.extend_from_slice(&group_value(&group)?);
            group.clear();
        }
        if out.len() > budget.left() {
            return Err(budget.exceeded());
        }
    }
    if !group.is_empty() {
        out.extend_from_slice(&last_group(&mut group)?);
    }
    budget.spend(out.len());
    Ok(out)
}

fn group_value(digits: &[u8]) -> Result<[u8; 4], Fault> {
    let value = digits
        .iter()
        .fold(0_u64, |value, digit| value * 85 + u64::from(*digit));
    u32::try_from(value)
        .map(u32::to_be_bytes)
        .map_err(|_| Fault::Filter("a base-85 group is too large"))
}

/// A last group of n digits gives n - 1 bytes.
fn last_group(digits: &mut Vec<u8>) -> Result<Vec<u8>, Fault> {
    let bytes = digits.len() - 1;
    digits.resize(5, 84);
    let mut value = group_value(digits)?.to_vec();
    value.truncate(bytes);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_85() {
        let budget = Budget::new("bytes", 100);
        let text = decode_85(b"87cUR D]i,\"Ebo7&z~>", &budget).unwrap();
        assert_eq!(text.get(..10), Some(&b"Hello Worl"[..]));
        assert!(text.ends_with(&[0; 4]));
        assert!(decode_85(b"zzzzz~>", &Budget::new("bytes", 8)).is_err());
        assert!(decode_85(b"uuuuu~>", &budget).is_err());
    }

    #[test]
    fn hexadecimal() {
        assert_eq!(decode_hex(b"48 656C6c7>zz").unwrap(), b"Hell\x70");
        assert!(decode_hex(b"4x>").is_err());
    }
}

//! DER (X.690 10, 11), written inside out: each function gives one element as bytes.
//!
//! The order of a SET OF is made here; the order of a SEQUENCE and the defaults
//! to leave out are the caller's.

use const_oid::ObjectIdentifier;

use super::Tag;

/// Identifier, shortest definite length, contents.
pub fn tlv(tag: Tag, content: &[u8]) -> Vec<u8> {
    let mut out = header(tag, content.len());
    out.extend_from_slice(content);
    out
}

/// A SEQUENCE of encoded elements.
pub fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    concat(Tag::SEQUENCE, parts)
}

/// A SEQUENCE OF encoded elements.
pub fn sequence_of<T: AsRef<[u8]>>(parts: &[T]) -> Vec<u8> {
    concat(Tag::SEQUENCE, parts)
}

/// A SET OF encoded elements, in the order of DER (X.690 11.6), repetitions dropped.
pub fn set_of(parts: Vec<Vec<u8>>) -> Vec<u8> {
    implicit_set_of(Tag::SET, parts)
}

/// A SET OF under an implicit tag.
pub fn implicit_set_of(tag: Tag, mut parts: Vec<Vec<u8>>) -> Vec<u8> {
    // No element of a SET OF is a prefix of another, so the plain order is that of X.690 11.6.
    parts.sort_unstable();
    parts.dedup();
    concat(tag, &parts)
}

/// Encoded elements under `[number]`, explicit.
pub fn explicit(number: u8, parts: &[&[u8]]) -> Vec<u8> {
    concat(Tag::context(number), parts)
}

/// An OBJECT IDENTIFIER.
pub fn oid(oid: &ObjectIdentifier) -> Vec<u8> {
    tlv(Tag::OID, oid.as_bytes())
}

/// An OCTET STRING.
pub fn octet_string(content: &[u8]) -> Vec<u8> {
    tlv(Tag::OCTET_STRING, content)
}

/// A BIT STRING of whole octets.
pub fn bit_string(content: &[u8]) -> Vec<u8> {
    concat(Tag::BIT_STRING, &[&[0], content])
}

/// A BIT STRING of named bits, bit 0 lowest, trailing zeros left out (X.690 11.2.2).
pub fn named_bits(tag: Tag, bits: u32) -> Vec<u8> {
    let octets = bits.reverse_bits().to_be_bytes();
    let used = 32u32.saturating_sub(bits.leading_zeros());
    let length = used.div_ceil(8);
    let unused = length.saturating_mul(8).saturating_sub(used);
    let mut content = vec![unused.to_le_bytes()[0]];
    content.extend(octets.iter().zip(0..length).map(|(octet, _)| *octet));
    tlv(tag, &content)
}

/// An INTEGER from the big-endian octets of a number that is not negative.
pub fn unsigned(octets: &[u8]) -> Vec<u8> {
    tlv(Tag::INTEGER, &unsigned_content(octets))
}

/// The content octets of such an INTEGER: shortest, with the sign bit clear.
pub fn unsigned_content(octets: &[u8]) -> Vec<u8> {
    let start = octets.iter().take_while(|octet| **octet == 0).count();
    let significant = octets.get(start..).unwrap_or_default();
    match significant {
        [first, ..] if *first <= 0x7f => significant.to_vec(),
        _ => [&[0], significant].concat(),
    }
}

/// A small INTEGER.
pub fn small(value: u32) -> Vec<u8> {
    unsigned(&value.to_be_bytes())
}

/// The content of an INTEGER as another certificate or message carried it.
pub fn integer_verbatim(content: &[u8]) -> Vec<u8> {
    tlv(Tag::INTEGER, content)
}

/// An ENUMERATED below 128.
pub fn enumerated(value: u8) -> Vec<u8> {
    tlv(Tag::ENUMERATED, &[value])
}

/// BOOLEAN TRUE.
pub const TRUE: [u8; 3] = [0x01, 0x01, 0xff];

/// NULL.
pub const NULL: [u8; 2] = [0x05, 0x00];

fn concat<T: AsRef<[u8]>>(tag: Tag, parts: &[T]) -> Vec<u8> {
    let length = parts.iter().map(|part| part.as_ref().len()).sum();
    let mut out = header(tag, length);
    for part in parts {
        out.extend_from_slice(part.as_ref());
    }
    out
}

/// A vector that starts with identifier and length and has room for the contents.
fn header(tag: Tag, length: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(length.saturating_add(6));
    out.push(tag.0);
    let octets = length.to_be_bytes();
    match length {
        0..=0x7f => out.extend(octets.last()),
        _ => {
            let significant = || octets.iter().skip_while(|octet| **octet == 0);
            let count = significant().fold(0x80u8, |count, _| count.saturating_add(1));
            out.push(count);
            out.extend(significant());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::asn1::Element;

    #[test]
    fn lengths_are_shortest() {
        assert_eq!(tlv(Tag::OCTET_STRING, &[0; 127])[..2], [4, 127]);
        assert_eq!(tlv(Tag::OCTET_STRING, &[0; 128])[..3], [4, 0x81, 128]);
        assert_eq!(tlv(Tag::OCTET_STRING, &[0; 256])[..4], [4, 0x82, 1, 0]);
    }

    #[test]
    fn integers_are_positive_and_shortest() {
        assert_eq!(unsigned(&[]), [2, 1, 0]);
        assert_eq!(unsigned(&[0, 0]), [2, 1, 0]);
        assert_eq!(unsigned(&[0, 0x80]), [2, 2, 0, 0x80]);
        assert_eq!(small(65_537), [2, 3, 1, 0, 1]);
    }

    #[test]
    fn sets_are_sorted_and_without_repetition() {
        let set = set_of(vec![small(3), small(1), small(3)]);
        assert_eq!(set, [0x31, 6, 2, 1, 1, 2, 1, 3]);
    }

    #[test]
    fn named_bits_read_back() {
        for bits in [0, 1, 0b11, 1 << 8, 0b110_0000, 1 << 31] {
            let der = named_bits(Tag::BIT_STRING, bits);
            assert_eq!(Element::parse(&der).unwrap().named_bits(), Ok(bits));
        }
        assert_eq!(named_bits(Tag::BIT_STRING, 0b11), [3, 2, 6, 0xc0]);
    }
}

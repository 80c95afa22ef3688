//! Values of the universal types (X.690 8.2 to 8.23), read from one element.

use std::borrow::Cow;

use const_oid::ObjectIdentifier;
use time::OffsetDateTime;

use super::{Asn1Error, Element, Reader, Tag, time as asn1_time};

impl<'a> Element<'a> {
    /// An OBJECT IDENTIFIER of 3 to 39 octets; every one in use is.
    pub fn oid(&self) -> Result<ObjectIdentifier, Asn1Error> {
        self.must_be(Tag::OID)?;
        let malformed = Asn1Error::Value("OBJECT IDENTIFIER");
        // The library reads past the padding that X.690 8.19.2 forbids.
        if !self.is_well_formed_oid() {
            return Err(malformed);
        }
        ObjectIdentifier::from_bytes(self.content()).map_err(|_| malformed)
    }

    /// Whether the content is that of an OBJECT IDENTIFIER, of any length (X.690 8.19.2): each
    /// subidentifier ends, and none begins with 0x80.
    pub fn is_well_formed_oid(&self) -> bool {
        let content = self.content();
        let begins = |at: &usize| {
            at.checked_sub(1)
                .and_then(|one| content.get(one))
                .is_none_or(|octet| octet & 0x80 == 0)
        };
        let padded = (0..content.len())
            .filter(begins)
            .any(|at| content.get(at) == Some(&0x80));
        self.tag() == Tag::OID && content.last().is_some_and(|last| last & 0x80 == 0) && !padded
    }

    /// A BOOLEAN (BER: anything but zero is true).
    pub fn boolean(&self) -> Result<bool, Asn1Error> {
        match self.content() {
            [octet] => Ok(*octet != 0),
            _ => Err(Asn1Error::Value("BOOLEAN")),
        }
    }

    /// The content of an INTEGER, two's complement, at least one octet.
    pub fn integer(&self) -> Result<&'a [u8], Asn1Error> {
        self.must_be(Tag::INTEGER)?;
        if self.content().is_empty() {
            return Err(Asn1Error::Value("INTEGER"));
        }
        Ok(self.content())
    }

    /// A small INTEGER or ENUMERATED that is not negative (also under an implicit tag).
    pub fn small(&self) -> Result<u32, Asn1Error> {
        let content = match self.content() {
            [] => return Err(Asn1Error::Value("INTEGER")),
            [first, ..] if *first > 0x7f => return Err(Asn1Error::Value("INTEGER")),
            content => content,
        };
        let mut value = 0u32;
        for octet in content {
            value = value
                .checked_mul(256)
                .and_then(|value| value.checked_add(u32::from(*octet)))
                .ok_or(Asn1Error::Value("INTEGER"))?;
        }
        Ok(value)
    }

    /// The octets of an OCTET STRING, joined where BER sent segments.
    pub fn octets(&self) -> Result<Cow<'a, [u8]>, Asn1Error> {
        if !self.tag().is_constructed() {
            return Ok(Cow::Borrowed(self.content()));
        }
        let mut joined = Vec::new();
        self.join_segments(&mut joined)?;
        Ok(Cow::Owned(joined))
    }

    /// The octets of a BIT STRING without unused bits (signatures, keys).
    pub fn bit_octets(&self) -> Result<&'a [u8], Asn1Error> {
        match self.content() {
            [0, octets @ ..] if !self.tag().is_constructed() => Ok(octets),
            _ => Err(Asn1Error::Value("BIT STRING")),
        }
    }

    /// The named bits of a BIT STRING of at most 32 bits, bit 0 lowest (also under an implicit tag).
    pub fn named_bits(&self) -> Result<u32, Asn1Error> {
        let Some((unused, octets)) = self.content().split_first() else {
            return Err(Asn1Error::Value("BIT STRING"));
        };
        if *unused > 7 || octets.len() > 4 || (octets.is_empty() && *unused != 0) {
            return Err(Asn1Error::Value("BIT STRING"));
        }
        Ok(octets
            .iter()
            .zip([0u32, 8, 16, 24])
            .fold(0, |bits, (octet, shift)| {
                bits | (u32::from(octet.reverse_bits()) << shift)
            }))
    }

    /// A UTCTime or GeneralizedTime.
    pub fn time(&self) -> Result<OffsetDateTime, Asn1Error> {
        match self.tag() {
            Tag::UTC_TIME => asn1_time::parse_utc(self.content()),
            Tag::GENERALIZED_TIME => asn1_time::parse_generalized(self.content()),
            found => Err(Asn1Error::UnexpectedTag {
                expected: Tag::GENERALIZED_TIME,
                found,
            }),
        }
    }

    /// Text of any string type; what is not text is replaced.
    pub fn text(&self) -> String {
        match self.tag() {
            Tag::BMP_STRING => {
                let units = self.content().chunks_exact(2).map(|pair| match pair {
                    [high, low] => u16::from_be_bytes([*high, *low]),
                    _ => 0xfffd,
                });
                char::decode_utf16(units)
                    .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
                    .collect()
            }
            Tag::TELETEX_STRING => self
                .content()
                .iter()
                .map(|octet| char::from(*octet))
                .collect(),
            _ => String::from_utf8_lossy(self.content()).into_owned(),
        }
    }

    fn must_be(&self, expected: Tag) -> Result<(), Asn1Error> {
        if self.tag() == expected {
            return Ok(());
        }
        Err(Asn1Error::UnexpectedTag {
            expected,
            found: self.tag(),
        })
    }

    /// Recursion is bounded: each level is an element of the walker, which counts depth.
    fn join_segments(&self, joined: &mut Vec<u8>) -> Result<(), Asn1Error> {
        let mut segments = self.reader()?;
        while !segments.is_empty() {
            let segment = segments.expect(Tag::OCTET_STRING)?;
            if segment.tag().is_constructed() {
                segment.join_segments(joined)?;
            } else {
                joined.extend_from_slice(segment.content());
            }
        }
        Ok(())
    }
}

impl Reader<'_> {
    /// The next element as an OBJECT IDENTIFIER.
    pub fn oid(&mut self) -> Result<ObjectIdentifier, Asn1Error> {
        self.expect(Tag::OID)?.oid()
    }

    /// The next element as a small INTEGER that is not negative.
    pub fn small(&mut self) -> Result<u32, Asn1Error> {
        self.expect(Tag::INTEGER)?.small()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn element(bytes: &[u8]) -> Element<'_> {
        Element::parse(bytes).unwrap()
    }

    #[test]
    fn an_identifier_has_one_encoding() {
        let oid = |content: &[u8]| {
            element(&[&[6, content.len() as u8], content].concat())
                .oid()
                .is_ok()
        };
        assert!(oid(&[0x2a, 3, 4]) && oid(&[0x2a, 0x83, 0x80, 1]));
        assert!(!oid(&[0x2a, 0x80, 3, 4]) && !oid(&[0x2a, 3, 0x84]) && !oid(&[]));
    }

    #[test]
    fn joins_segmented_octet_strings() {
        let segmented = element(&[0x24, 0x07, 0x04, 0x01, 1, 0x04, 0x02, 2, 3]);
        assert_eq!(*segmented.octets().unwrap(), [1, 2, 3]);
        let whole = element(&[0x04, 0x02, 2, 3]);
        assert!(matches!(whole.octets().unwrap(), Cow::Borrowed([2, 3])));
        assert!(element(&[0x24, 0x03, 0x02, 0x01, 1]).octets().is_err());
    }

    #[test]
    fn named_bits_count_from_the_left() {
        // keyUsage: digitalSignature (0), nonRepudiation (1)
        assert_eq!(element(&[0x03, 0x02, 0x06, 0xc0]).named_bits(), Ok(0b11));
        assert_eq!(
            element(&[0x03, 0x03, 0x07, 0x00, 0x80]).named_bits(),
            Ok(1 << 8)
        );
        assert!(element(&[0x03, 0x01, 0x03]).named_bits().is_err());
        assert!(element(&[0x03, 0x00]).named_bits().is_err());
    }

    #[test]
    fn small_integers_are_bounded_and_positive() {
        assert_eq!(element(&[0x02, 0x02, 0x01, 0x00]).small(), Ok(256));
        assert!(element(&[0x02, 0x01, 0xff]).small().is_err());
        assert!(element(&[0x02, 0x05, 1, 0, 0, 0, 0]).small().is_err());
    }
}

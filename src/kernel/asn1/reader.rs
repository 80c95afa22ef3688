//! The walker (X.690 8.1): elements of a BER or DER encoding, one after another.
//!
//! Nothing is allocated and nothing is skipped: every element carries its raw
//! bytes. Indefinite lengths and other BER liberties are read; [`is_der`] says
//! afterwards whether any was used. Values are in [`super::values`].

use super::{Asn1Error, MAX_DEPTH, Tag};

const HIGH_TAG_NUMBER: u8 = 0x1f;
const END_OF_CONTENTS: Tag = Tag(0x00);

/// One element, as it stands in the input.
#[derive(Debug, Clone, Copy)]
pub struct Element<'a> {
    tag: Tag,
    raw: &'a [u8],
    content: &'a [u8],
    depth_left: u8,
}

/// A run of elements.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    rest: &'a [u8],
    depth_left: u8,
}

/// The parts of an identifier and length (X.690 8.1.2, 8.1.3).
struct Header<'a> {
    tag: Tag,
    /// None: indefinite.
    length: Option<usize>,
    /// Whether the length is in its shortest form.
    minimal: bool,
    body: &'a [u8],
}

impl<'a> Reader<'a> {
    /// A reader over a whole input.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self {
            rest: bytes,
            depth_left: MAX_DEPTH,
        }
    }

    /// The bytes not read yet.
    pub const fn remaining(&self) -> &'a [u8] {
        self.rest
    }

    /// Whether every element was read.
    pub const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// Refuses bytes that nobody asked for.
    pub const fn finish(&self) -> Result<(), Asn1Error> {
        if self.is_empty() {
            Ok(())
        } else {
            Err(Asn1Error::TrailingData)
        }
    }

    /// The tag of the next element.
    pub fn peek(&self) -> Option<Tag> {
        self.rest.first().map(|octet| Tag(*octet))
    }

    /// The next element, whatever it is.
    pub fn element(&mut self) -> Result<Element<'a>, Asn1Error> {
        let element = read_element(self.rest, self.depth_left)?;
        self.rest = self
            .rest
            .get(element.raw.len()..)
            .ok_or(Asn1Error::Truncated)?;
        Ok(element)
    }

    /// The next element, which must be a `tag`. A string type may come in segments (BER).
    pub fn expect(&mut self, tag: Tag) -> Result<Element<'a>, Asn1Error> {
        let found = self.peek().ok_or(Asn1Error::Truncated)?;
        if found == tag || (is_string(tag) && found == tag.constructed()) {
            self.element()
        } else {
            Err(Asn1Error::UnexpectedTag {
                expected: tag,
                found,
            })
        }
    }

    /// The next element where it is a `tag`.
    pub fn optional(&mut self, tag: Tag) -> Result<Option<Element<'a>>, Asn1Error> {
        match self.peek() {
            Some(found) if found == tag => self.element().map(Some),
            _ => Ok(None),
        }
    }

    /// The elements of the next SEQUENCE.
    pub fn sequence(&mut self) -> Result<Self, Asn1Error> {
        self.expect(Tag::SEQUENCE)?.reader()
    }

    /// The elements of the next SET.
    pub fn set(&mut self) -> Result<Self, Asn1Error> {
        self.expect(Tag::SET)?.reader()
    }

    /// The content of an explicit `[number]`, where there is one.
    pub fn explicit(&mut self, number: u8) -> Result<Option<Self>, Asn1Error> {
        self.optional(Tag::context(number))?
            .map(|element| element.reader())
            .transpose()
    }

    /// Every remaining element, at most `limit` of them.
    pub fn elements(
        &mut self,
        limit: usize,
        what: &'static str,
    ) -> Result<Vec<Element<'a>>, Asn1Error> {
        let mut found = Vec::new();
        while !self.is_empty() {
            if found.len() == limit {
                return Err(Asn1Error::TooMany(what));
            }
            found.push(self.element()?);
        }
        Ok(found)
    }
}

impl<'a> Element<'a> {
    /// The one element that the input holds, and nothing after it.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Asn1Error> {
        let (element, rest) = Self::parse_prefix(bytes)?;
        if rest.is_empty() {
            Ok(element)
        } else {
            Err(Asn1Error::TrailingData)
        }
    }

    /// The element that the input starts with, and the bytes after it.
    pub fn parse_prefix(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), Asn1Error> {
        let mut reader = Reader::new(bytes);
        let element = reader.element()?;
        Ok((element, reader.remaining()))
    }

    /// The identifier octet.
    pub const fn tag(&self) -> Tag {
        self.tag
    }

    /// Identifier, length and contents, as encoded.
    pub const fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// The contents octets (without an end-of-contents).
    pub const fn content(&self) -> &'a [u8] {
        self.content
    }

    /// The elements inside a constructed element.
    pub const fn reader(&self) -> Result<Reader<'a>, Asn1Error> {
        if !self.tag.is_constructed() {
            return Err(Asn1Error::NotConstructed(self.tag));
        }
        Ok(Reader {
            rest: self.content,
            depth_left: self.depth_left,
        })
    }
}

/// Whether an element is DER as far as form goes: definite, shortest lengths and
/// no segmented strings. The order within SET OF is for who knows the type.
pub fn is_der(raw: &[u8]) -> bool {
    all_definite(raw, MAX_DEPTH)
}

fn all_definite(mut rest: &[u8], depth_left: u8) -> bool {
    while !rest.is_empty() {
        let Ok(header) = read_header(rest) else {
            return false;
        };
        let Some((content, after)) = header
            .length
            .and_then(|length| header.body.split_at_checked(length))
        else {
            return false;
        };
        let segmented = header.tag.is_constructed() && is_string(Tag(header.tag.0 & !0x20));
        if !header.minimal || segmented {
            return false;
        }
        if header.tag.is_constructed()
            && (depth_left == 0 || !all_definite(content, depth_left.saturating_sub(1)))
        {
            return false;
        }
        rest = after;
    }
    true
}

const fn is_string(tag: Tag) -> bool {
    matches!(tag, Tag::OCTET_STRING | Tag::BIT_STRING)
}

fn read_element(input: &[u8], depth_left: u8) -> Result<Element<'_>, Asn1Error> {
    let depth_left = depth_left.checked_sub(1).ok_or(Asn1Error::Depth)?;
    let header = read_header(input)?;
    let header_length = input.len().saturating_sub(header.body.len());
    let (content_length, trailer) = match header.length {
        Some(length) => (length, 0),
        None => (indefinite_length(&header, depth_left)?, 2),
    };
    let raw_length = header_length
        .checked_add(content_length)
        .and_then(|length| length.checked_add(trailer))
        .ok_or(Asn1Error::Length)?;
    Ok(Element {
        tag: header.tag,
        raw: input.get(..raw_length).ok_or(Asn1Error::Truncated)?,
        content: header
            .body
            .get(..content_length)
            .ok_or(Asn1Error::Truncated)?,
        depth_left,
    })
}

fn read_header(input: &[u8]) -> Result<Header<'_>, Asn1Error> {
    let (&identifier, rest) = input.split_first().ok_or(Asn1Error::Truncated)?;
    if identifier & HIGH_TAG_NUMBER == HIGH_TAG_NUMBER {
        return Err(Asn1Error::HighTagNumber);
    }
    let (&first, body) = rest.split_first().ok_or(Asn1Error::Truncated)?;
    let tag = Tag(identifier);
    match first {
        0..=0x7f => Ok(Header {
            tag,
            length: Some(usize::from(first)),
            minimal: true,
            body,
        }),
        0x80 if tag.is_constructed() => Ok(Header {
            tag,
            length: None,
            minimal: false,
            body,
        }),
        0x80 => Err(Asn1Error::IndefinitePrimitive),
        0xff => Err(Asn1Error::Length),
        _ => long_length(tag, usize::from(first & 0x7f), body),
    }
}

/// The long form (X.690 8.1.3.5): `count` octets, big-endian.
fn long_length(tag: Tag, count: usize, body: &[u8]) -> Result<Header<'_>, Asn1Error> {
    let (octets, body) = body.split_at_checked(count).ok_or(Asn1Error::Truncated)?;
    let mut length = 0usize;
    for octet in octets {
        length = length
            .checked_mul(256)
            .and_then(|length| length.checked_add(usize::from(*octet)))
            .ok_or(Asn1Error::Length)?;
    }
    let minimal = length > 0x7f && octets.first() != Some(&0);
    Ok(Header {
        tag,
        length: Some(length),
        minimal,
        body,
    })
}

/// How long the contents are before their end-of-contents (X.690 8.1.5).
fn indefinite_length(header: &Header<'_>, depth_left: u8) -> Result<usize, Asn1Error> {
    let mut rest = header.body;
    loop {
        match rest {
            [0, 0, ..] => return Ok(header.body.len().saturating_sub(rest.len())),
            _ => {
                let inner = read_element(rest, depth_left)?;
                if inner.tag == END_OF_CONTENTS {
                    return Err(Asn1Error::Value("end-of-contents"));
                }
                rest = rest.get(inner.raw.len()..).ok_or(Asn1Error::Truncated)?;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_definite_elements_in_order() {
        let mut reader = Reader::new(&[0x30, 0x03, 0x02, 0x01, 0x05, 0x05, 0x00]);
        let mut inner = reader.sequence().unwrap();
        assert_eq!(inner.expect(Tag::INTEGER).unwrap().content(), [5]);
        inner.finish().unwrap();
        assert_eq!(reader.finish(), Err(Asn1Error::TrailingData));
        reader.expect(Tag::NULL).unwrap();
        reader.finish().unwrap();
    }

    #[test]
    fn reads_indefinite_lengths_and_flags_them() {
        let ber = [
            0x30, 0x80, 0x24, 0x80, 0x04, 0x01, 0xaa, 0x00, 0x00, 0x00, 0x00, 0xff,
        ];
        let (element, rest) = Element::parse_prefix(&ber).unwrap();
        assert_eq!(element.raw().len(), 11);
        assert_eq!(element.content().len(), 7);
        assert_eq!(rest, [0xff]);
        assert!(!is_der(element.raw()));
        assert!(is_der(&[0x30, 0x03, 0x02, 0x01, 0x05]));
    }

    #[test]
    fn refuses_lengths_that_lie() {
        for (bytes, error) in [
            (&[0x30, 0x05, 0x02][..], Asn1Error::Truncated),
            (&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff], Asn1Error::Truncated),
            (&[0x30, 0x89, 1, 0, 0, 0, 0, 0, 0, 0, 0], Asn1Error::Length),
            (&[0x30, 0xff], Asn1Error::Length),
            (&[0x04, 0x80, 0, 0], Asn1Error::IndefinitePrimitive),
            (&[0x30, 0x80, 0x02, 0x01, 0x05], Asn1Error::Truncated),
            (&[0x1f, 0x85, 0x01, 0x00], Asn1Error::HighTagNumber),
            (&[], Asn1Error::Truncated),
        ] {
            assert_eq!(Element::parse(bytes).unwrap_err(), error, "{bytes:02x?}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        let definite = (0..100).fold(Vec::new(), |inner, _| {
            crate::kernel::asn1::write::sequence(&[&inner])
        });
        let indefinite = [0x30, 0x80].repeat(10_000);
        assert_eq!(Element::parse(&indefinite).unwrap_err(), Asn1Error::Depth);
        assert!(!is_der(&definite));
        assert!(!is_der(&indefinite));
    }

    #[test]
    fn a_length_that_is_not_the_shortest_is_not_der() {
        assert!(!is_der(&[0x04, 0x81, 0x01, 0xaa]));
        assert!(!is_der(&[0x04, 0x82, 0x00, 0x01, 0xaa]));
    }
}

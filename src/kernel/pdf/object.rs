//! The objects of ISO 32000-2, 7.3, borrowed from the bytes they were read from.
//!
//! Every member of an array or dictionary knows its span, so that a change can
//! be spliced in without touching the bytes around it. Numbers keep their raw
//! text: nothing here passes through a float. Nothing here serialises an object
//! that was read; see [`super::splice`] for how a copy is changed.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;

/// The number and generation of an indirect object (7.3.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ObjectId {
    /// The object number, from 1.
    pub number: u32,
    /// The generation, 0 unless the number was freed and used again.
    pub generation: u16,
}

impl ObjectId {
    /// The object with this number and generation 0.
    #[must_use]
    pub const fn new(number: u32) -> Self {
        Self {
            number,
            generation: 0,
        }
    }

    /// The indirect reference to this object: `12 0 R`.
    #[must_use]
    pub fn reference(self) -> String {
        format!("{self} R")
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.number, self.generation)
    }
}

/// A half-open range of offsets in the buffer an object was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// The offset of the first byte.
    pub start: usize,
    /// The offset after the last byte.
    pub end: usize,
}

impl Span {
    /// The bytes of `buffer` in this span; empty where the span lies outside.
    #[must_use]
    pub fn of(self, buffer: &[u8]) -> &[u8] {
        buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// The number of bytes.
    #[must_use]
    pub fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Whether the span has no bytes.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }
}

/// A name with `#xx` escapes decoded (7.3.5).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name<'a>(pub(crate) Cow<'a, [u8]>);

impl Name<'_> {
    /// The decoded bytes, without the solidus.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The name as text, for messages and for names known to be ASCII.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.0)
    }
}

impl PartialEq<str> for Name<'_> {
    fn eq(&self, other: &str) -> bool {
        *self.0 == *other.as_bytes()
    }
}

impl PartialEq<&str> for Name<'_> {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}

impl fmt::Debug for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/{}", self.text())
    }
}

/// A string (7.3.4), kept as it was written.
#[derive(Clone, PartialEq, Eq)]
pub struct PdfString<'a> {
    /// The bytes between the delimiters.
    pub(crate) raw: &'a [u8],
    /// Written `<...>` rather than `(...)`.
    pub(crate) hexadecimal: bool,
}

impl<'a> PdfString<'a> {
    /// The bytes between the delimiters, as they stand in the file.
    #[must_use]
    pub fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// Whether it was written as `<...>`.
    #[must_use]
    pub fn is_hexadecimal(&self) -> bool {
        self.hexadecimal
    }

    /// The bytes that the string stands for.
    #[must_use]
    pub fn bytes(&self) -> Cow<'a, [u8]> {
        super::strings::decode(self.raw, self.hexadecimal)
    }

    /// The string as a text string (7.9.2.2): UTF-16BE or UTF-8 by its byte order
    /// mark, else PDFDocEncoding.
    #[must_use]
    pub fn text(&self) -> String {
        super::strings::text(&self.bytes())
    }
}

impl fmt::Debug for PdfString<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({})", String::from_utf8_lossy(self.raw))
    }
}

/// A real number (7.3.3), or an integer beyond 64 bits, as its raw text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Real<'a>(pub(crate) &'a [u8]);

impl<'a> Real<'a> {
    /// The text as it stands in the file.
    #[must_use]
    pub fn raw(self) -> &'a [u8] {
        self.0
    }

    /// The nearest double; for geometry, never to be written back.
    #[must_use]
    pub fn value(self) -> f64 {
        let text = std::str::from_utf8(self.0).unwrap_or_default();
        text.parse().unwrap_or_default()
    }
}

impl fmt::Debug for Real<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(self.0))
    }
}

/// An object of any of the basic types (7.3).
#[derive(Clone, Debug, PartialEq)]
pub enum Object<'a> {
    /// `null`, and any reference to an object that does not exist.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Real(Real<'a>),
    /// A string.
    String(PdfString<'a>),
    /// A name.
    Name(Name<'a>),
    /// An array.
    Array(Array<'a>),
    /// A dictionary.
    Dictionary(Dictionary<'a>),
    /// A stream; always an indirect object.
    Stream(Stream<'a>),
    /// An indirect reference.
    Reference(ObjectId),
}

impl<'a> Object<'a> {
    /// Whether this is `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The whole number, where it is one.
    #[must_use]
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Self::Integer(value) => Some(*value),
            _ => None,
        }
    }

    /// The number of either kind, for geometry.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "coordinates are far below 2^53; the value is never written back"
    )]
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Self::Integer(value) => Some(*value as f64),
            Self::Real(real) => Some(real.value()),
            _ => None,
        }
    }

    /// The truth value, where it is one.
    #[must_use]
    pub fn as_boolean(&self) -> Option<bool> {
        match self {
            Self::Boolean(value) => Some(*value),
            _ => None,
        }
    }

    /// The name, where it is one.
    #[must_use]
    pub fn as_name(&self) -> Option<&Name<'a>> {
        match self {
            Self::Name(name) => Some(name),
            _ => None,
        }
    }

    /// The string, where it is one.
    #[must_use]
    pub fn as_string(&self) -> Option<&PdfString<'a>> {
        match self {
            Self::String(string) => Some(string),
            _ => None,
        }
    }

    /// The array, where it is one.
    #[must_use]
    pub fn as_array(&self) -> Option<&Array<'a>> {
        match self {
            Self::Array(array) => Some(array),
            _ => None,
        }
    }

    /// The dictionary: the object itself, or that of a stream.
    #[must_use]
    pub fn as_dictionary(&self) -> Option<&Dictionary<'a>> {
        match self {
            Self::Dictionary(dictionary) => Some(dictionary),
            Self::Stream(stream) => Some(&stream.dictionary),
            _ => None,
        }
    }

    /// The stream, where it is one.
    #[must_use]
    pub fn as_stream(&self) -> Option<&Stream<'a>> {
        match self {
            Self::Stream(stream) => Some(stream),
            _ => None,
        }
    }

    /// The object referred to, where it is a reference.
    #[must_use]
    pub fn as_reference(&self) -> Option<ObjectId> {
        match self {
            Self::Reference(id) => Some(*id),
            _ => None,
        }
    }
}

/// A member of an array with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Item<'a> {
    /// The member.
    pub value: Object<'a>,
    /// Its bytes.
    pub span: Span,
}

/// An array (7.3.6).
#[derive(Clone, Debug, PartialEq)]
pub struct Array<'a> {
    /// The members in order.
    pub items: Vec<Item<'a>>,
    /// From `[` to `]`.
    pub span: Span,
}

impl<'a> Array<'a> {
    /// The members without their places.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Object<'a>> + ExactSizeIterator {
        self.items.iter().map(|item| &item.value)
    }

    /// The member at an index.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&Object<'a>> {
        self.items.get(index).map(|item| &item.value)
    }

    /// The number of members.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are no members.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

/// A key of a dictionary with its value and their places.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry<'a> {
    /// The key.
    pub key: Name<'a>,
    /// The bytes of the key, with the solidus.
    pub key_span: Span,
    /// The value.
    pub value: Object<'a>,
    /// The bytes of the value.
    pub value_span: Span,
}

/// A dictionary without duplicate keys (7.3.7).
#[derive(Clone, Debug, PartialEq)]
pub struct Dictionary<'a> {
    /// The entries in the order of the file.
    pub entries: Vec<Entry<'a>>,
    /// From `<<` to `>>`.
    pub span: Span,
}

impl<'a> Dictionary<'a> {
    /// The value of a key. A `null` value is the same as none (7.3.7).
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Object<'a>> {
        let entry = self.entry(key)?;
        (!entry.value.is_null()).then_some(&entry.value)
    }

    /// The entry of a key, with its places.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry<'a>> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// Whether the key has the name `value`, written directly.
    #[must_use]
    pub fn has_name(&self, key: &str, value: &str) -> bool {
        self.get(key)
            .and_then(Object::as_name)
            .is_some_and(|name| *name == value)
    }
}

/// A stream (7.3.8): its dictionary and its encoded bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Stream<'a> {
    /// The stream dictionary.
    pub dictionary: Dictionary<'a>,
    /// The bytes between `stream` and `endstream`, as encoded.
    pub data: &'a [u8],
    /// Where they stand in the file.
    pub data_span: Span,
}

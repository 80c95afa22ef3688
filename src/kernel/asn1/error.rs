//! What can be wrong with an encoding.

use super::Tag;

/// Why bytes are not the ASN.1 that was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Asn1Error {
    /// The input ends inside an element.
    #[error("the encoding is cut off")]
    Truncated,
    /// Another element stands where one was expected.
    #[error("expected {expected}, found {found}")]
    UnexpectedTag {
        /// What the structure asks for.
        expected: Tag,
        /// What is there.
        found: Tag,
    },
    /// A length that cannot be: reserved form, or longer than this machine counts.
    #[error("an impossible length")]
    Length,
    /// An indefinite length on a primitive element (X.690 8.1.3.2).
    #[error("an indefinite length on a primitive element")]
    IndefinitePrimitive,
    /// Elements nest deeper than [`super::MAX_DEPTH`].
    #[error("elements nest too deep")]
    Depth,
    /// A tag number of 31 or more: none of our structures has one.
    #[error("a multi-byte tag")]
    HighTagNumber,
    /// Bytes remain where the structure ends.
    #[error("bytes after the end of the structure")]
    TrailingData,
    /// A primitive element where a constructed one is needed.
    #[error("{0} must be constructed")]
    NotConstructed(Tag),
    /// The content does not fit the type.
    #[error("not a valid {0}")]
    Value(&'static str),
    /// More elements than this system reads.
    #[error("too many {0}")]
    TooMany(&'static str),
}

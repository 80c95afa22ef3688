//! ASN.1 (X.690): a tolerant walker for reading and a small DER writer.
//!
//! Two rules decide its shape. What others signed is read as it stands: the
//! walker hands out the raw bytes of every element, accepts BER and tells so,
//! and never re-encodes. What we write is DER made of verbatim pieces, so a
//! certificate or a name that passes through us keeps every byte.
//!
//! It knows no schema: the rooms above say which element they expect.

mod error;
pub mod oids;
mod reader;
mod tag;
pub mod time;
mod values;
pub mod write;

pub use const_oid::ObjectIdentifier;
pub use error::Asn1Error;
pub use reader::{Element, Reader, is_der};
pub use tag::Tag;

/// How deep elements may nest: the limit of a parse in this system.
pub const MAX_DEPTH: u8 = 64;

//! Cryptographic Message Syntax (RFC 5652) with the attributes of CAdES (EN 319 122-1).
//!
//! Signing has two halves, because a key may be elsewhere and an approval names the
//! digest: [`SignedAttributes`] are made and stored first, their
//! [`digest`](SignedAttributes::digest) goes to the key, and [`SignedDataBuilder`]
//! puts the value in its place. Reading starts at [`SignedData::parse`].
//!
//! Nothing here decides whether a signature is good: each check is a function that
//! says what it found, and the validation room draws the conclusion.

mod attribute;
mod build;
mod ess;
mod signed_attributes;
mod signed_data;
mod signer_info;

pub use attribute::{Attribute, AttributeError, Attributes};
pub use build::SignedDataBuilder;
pub use ess::{EssCertId, EssError};
pub use signed_attributes::SignedAttributes;
pub use signed_data::{CmsError, SignedData};
pub use signer_info::{SignerIdentifier, SignerInfo, SignerInfoError};

//! Signing revisions: a signature or document timestamp with a hole for its
//! value, and the Document Security Store. Each is one incremental update; no
//! byte of the file before it changes.

mod dictionary;
mod dss;
mod extensions;
mod form;
mod permissions;
mod prepare;
mod prepared;
mod widget;

pub use dictionary::{Claims, DocMdp, UnknownDocMdp};
pub use dss::{ValidationData, VriKey, append_dss};
pub use permissions::{Forbidden, doc_mdp};
pub use prepare::{
    FieldTarget, FurtherField, PrepareError, SealedRevision, SignatureRequest,
    prepare_document_timestamp, prepare_signature, seal_document_timestamp,
};
pub use prepared::{HoleTooSmall, NoHole, Prepared};
pub use widget::Widget;

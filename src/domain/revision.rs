//! Released revisions: every file of a document that ever left the service as
//! issued, found by its SHA-256.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::ids::DocumentId;
use crate::kernel::hash::Sha256;

/// One released file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// The document.
    pub document: DocumentId,
    /// Counts the document's revisions from zero; zero is the *Original*.
    pub ordinal: u32,
    /// The file: its SHA-256, which is also the blob's name.
    pub sha256: Sha256,
    /// Its length in octets.
    pub size: u64,
    /// When it was released.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}

//! Files by their SHA-256.

use async_trait::async_trait;
use time::OffsetDateTime;

use crate::kernel::hash::Sha256;

/// Write-once files, named by their content.
#[async_trait]
pub trait Blobs: Send + Sync {
    /// Stores some bytes, without another copy of them. When it returns they are durable under their hash;
    /// storing them again changes nothing.
    async fn put(&self, bytes: Vec<u8>) -> Result<Sha256, BlobError>;

    /// The bytes of that hash; they were checked against it.
    async fn read(&self, sha256: &Sha256) -> Result<Vec<u8>, BlobError>;

    /// Every file whose hash begins with this octet.
    async fn list(&self, first: u8) -> Result<Vec<StoredBlob>, BlobError>;

    /// Removes a file, unless it was stored once more since it was listed: who stored
    /// it is about to name it. Tells whether it was removed.
    async fn remove(&self, blob: &StoredBlob) -> Result<bool, BlobError>;
}

/// A file as it was found in a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredBlob {
    /// Its name.
    pub sha256: Sha256,
    /// Tells this storing of it from a later one of the same content.
    pub stored: u64,
    /// When it was stored, as the store's own clock says.
    pub at: OffsetDateTime,
}

/// Why a file was not stored or read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BlobError {
    /// No such file.
    #[error("there is no file {0}")]
    Missing(Sha256),
    /// The file's content is no longer that of its name.
    #[error("the file {expected} is damaged: it hashes to {actual}")]
    Damaged {
        /// Its name.
        expected: Sha256,
        /// What it hashes to.
        actual: Sha256,
    },
    /// The disk is full; nothing was stored.
    #[error("the disk is full")]
    Full,
    /// The file system failed.
    #[error("the file store failed: {0}")]
    Failed(String),
}

//! The keys of the people who sign, opened by them for one approval.

use async_trait::async_trait;

use super::secret::UnlockSecret;
use super::store_error::StoreError;
use crate::kernel::sign::Signer;
use crate::kernel::x509::Certificate;

/// A key opened for one approval. It closes when it is dropped.
pub struct OpenedKey {
    /// What signs.
    pub signer: Box<dyn Signer>,
    /// The certificate of the key.
    pub certificate: Certificate,
}

/// Opens signatories' keys.
#[async_trait]
pub trait SignatoryKeys: Send + Sync {
    /// Opens the key of a signatory.
    ///
    /// # Errors
    /// [`UnlockError::WrongSecret`] and the rest.
    async fn unlock(
        &self,
        signatory: &str,
        secret: &UnlockSecret,
    ) -> Result<OpenedKey, UnlockError>;
}

/// Why a key did not open.
#[derive(Debug, thiserror::Error)]
pub enum UnlockError {
    /// The secret is not the one that seals the key.
    #[error("the passphrase does not open this key")]
    WrongSecret,
    /// The key is sealed under something else; nothing was tried.
    #[error("this key is opened by a {0}")]
    OpenedOtherwise(&'static str),
    /// There is no key for this signatory.
    #[error("{0} has no key here")]
    NoKey(String),
    /// The store or the token failed.
    #[error("the key store failed: {0}")]
    KeyStore(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

//! Who makes a signatory's key when he enrols, and has it certified.

use async_trait::async_trait;

use super::key_records::{KeyCopy, KeyRecord};
use super::secret::UnlockSecret;
use crate::domain::accounts::Person;

/// A key that was made, sealed and certified; in use once it is stored.
#[derive(Debug, Clone)]
pub struct MadeKey {
    /// The key.
    pub record: KeyRecord,
    /// The copy under a passkey, where one seals it.
    pub copy: Option<KeyCopy>,
}

/// Why no key was made.
#[derive(Debug, thiserror::Error)]
pub enum KeyMakerError {
    /// The issuing key is not here: an administrator opens it.
    #[error("the key is certified by an administrator: `absah user enrol`")]
    ByAdministrator,
    /// The authority failed.
    #[error("{0}")]
    Failed(String),
}

/// Makes signatories' keys.
#[async_trait]
pub trait KeyMaker: Send + Sync {
    /// Whether it makes any: the issuing key is at hand.
    fn makes(&self) -> bool;

    /// Makes a key for a person, sealed under what he gave, with its certificate.
    ///
    /// # Errors
    /// [`KeyMakerError`].
    async fn make(&self, person: &Person, secret: &UnlockSecret) -> Result<MadeKey, KeyMakerError>;
}

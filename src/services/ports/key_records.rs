//! Signatories' keys and certificates, as stored: sealed, or known to a device.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::store_error::StoreError;
use crate::domain::credentials::CredentialId;
use crate::domain::ids::PersonId;
use crate::kernel::hash::Sha256;
use crate::kernel::sign::SignatureAlgorithm;

/// A signatory's key and its certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRecord {
    /// Whose it is.
    pub person: PersonId,
    /// The certificate, DER.
    pub certificate: Vec<u8>,
    /// The certificates above it, the anchor last, DER.
    pub chain: Vec<Vec<u8>>,
    /// How it signs: fixed when it is enrolled, since what is approved depends on it.
    pub algorithm: SignatureAlgorithm,
    /// Which kind of key: the name that `keys` gives it.
    pub kind: String,
    /// The sealed key, or how the device knows it.
    pub sealed: Vec<u8>,
    /// When it was enrolled.
    pub at: OffsetDateTime,
}

impl KeyRecord {
    /// The SHA-256 of the certificate.
    #[must_use]
    pub fn fingerprint(&self) -> Sha256 {
        Sha256::of(&self.certificate)
    }
}

/// A signatory's key once more, sealed under one of his passkeys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyCopy {
    /// The SHA-256 of the key's certificate.
    pub certificate: Sha256,
    /// Under which passkey.
    pub credential: CredentialId,
    /// The sealed key.
    pub sealed: Vec<u8>,
    /// When it was sealed.
    pub at: OffsetDateTime,
}

/// The stored keys. Written through [`super::Ledger`].
#[async_trait]
pub trait KeyRecords: Send + Sync {
    /// The person's key that is in use.
    ///
    /// # Errors
    /// The store's.
    async fn key_in_use(&self, person: &PersonId) -> Result<Option<KeyRecord>, StoreError>;

    /// The key of a certificate, in use or not.
    ///
    /// # Errors
    /// The store's.
    async fn key_of_certificate(
        &self,
        certificate: &Sha256,
    ) -> Result<Option<KeyRecord>, StoreError>;

    /// The copy of a certificate's key that is sealed under a passkey.
    ///
    /// # Errors
    /// The store's.
    async fn key_copy(
        &self,
        certificate: &Sha256,
        credential: &CredentialId,
    ) -> Result<Option<Vec<u8>>, StoreError>;
}

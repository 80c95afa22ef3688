//! The register of certificates that our authority issued.
//!
//! The order that makes every certificate accountable (as in Boulder): the serial
//! number and a copy signed with a throwaway key are stored *before* the real key
//! signs ([`Certificates::reserve`]), the certificate after
//! ([`Certificates::complete`]). A certificate whose second step was lost can still be
//! revoked, and is on the CRL when it is.
//!
//! Every change here is an act: an implementation appends its event
//! (`certificate.intended`, `.issued`, `.revoked`, `.released`, `crl.published`) in
//! the same transaction, with the record's own fields as payload.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::StoreError;
use crate::kernel::x509::RevocationReason;

/// Which certificate: the issuer's key and the serial number under it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CertificateId {
    /// The issuer's subject key identifier, in lower hex.
    pub issuer: String,
    /// The serial number, in lower hex, two digits for each octet of the INTEGER.
    pub serial: String,
}

/// What is about to be signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuanceIntent {
    /// Which.
    pub id: CertificateId,
    /// The kind of certificate: the profile's name.
    pub profile: String,
    /// The subject, RFC 4514.
    pub subject: String,
    /// Validity.
    pub not_before: OffsetDateTime,
    /// Validity.
    pub not_after: OffsetDateTime,
    /// The same to-be-signed bytes under a throwaway key, DER: what was linted.
    pub linted: Vec<u8>,
    /// When.
    pub at: OffsetDateTime,
}

/// A row of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateRecord {
    /// What was to be signed.
    pub intent: IssuanceIntent,
    /// The certificate, DER; `None` if only the intent was stored.
    pub certificate: Option<Vec<u8>>,
    /// Whether it stands.
    pub status: CertificateStatus,
}

/// Whether a certificate stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum CertificateStatus {
    /// Not revoked.
    Good,
    /// Revoked, for good or, with `certificateHold`, for now.
    Revoked(Revocation),
}

/// A revocation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revocation {
    /// When it was revoked.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// Why.
    pub reason: RevocationReason,
    /// Since when the key is not to be trusted, if earlier (RFC 5280 section 5.3.2).
    #[serde(with = "time::serde::rfc3339::option")]
    pub invalid_since: Option<OffsetDateTime>,
}

/// A CRL as published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedCrl {
    /// cRLNumber
    pub number: u64,
    /// thisUpdate
    pub this_update: OffsetDateTime,
    /// nextUpdate
    pub next_update: OffsetDateTime,
    /// DER
    pub crl: Vec<u8>,
}

/// Which rows to list; empty fields do not restrict.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CertificateQuery {
    /// Of this issuer.
    pub issuer: Option<String>,
    /// Of this kind.
    pub profile: Option<String>,
    /// Only those revoked (or on hold).
    pub revoked: bool,
}

/// The register.
#[async_trait]
pub trait Certificates: Send + Sync {
    /// Stores what is about to be signed.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if the serial number is taken.
    async fn reserve(&self, intent: &IssuanceIntent) -> Result<(), StoreError>;

    /// Stores what was signed.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] without a reservation, or with another certificate there.
    async fn complete(
        &self,
        id: &CertificateId,
        certificate: &[u8],
        at: OffsetDateTime,
    ) -> Result<(), StoreError>;

    /// One row.
    ///
    /// # Errors
    /// The store's.
    async fn find(&self, id: &CertificateId) -> Result<Option<CertificateRecord>, StoreError>;

    /// Rows, oldest first.
    ///
    /// # Errors
    /// The store's.
    async fn list(&self, query: &CertificateQuery) -> Result<Vec<CertificateRecord>, StoreError>;

    /// Revokes. A certificate on hold may be revoked for good; it keeps the earlier time.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if there is no such certificate or it is revoked for good.
    async fn revoke(&self, id: &CertificateId, revocation: &Revocation) -> Result<(), StoreError>;

    /// Releases from hold.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if it is not on hold.
    async fn release(&self, id: &CertificateId, at: OffsetDateTime) -> Result<(), StoreError>;

    /// The next cRLNumber of an issuer, from 1; each is given out once.
    ///
    /// # Errors
    /// The store's.
    async fn next_crl_number(&self, issuer: &str) -> Result<u64, StoreError>;

    /// Stores a CRL. The newest by number is what [`Certificates::current_crl`] gives.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if the number is stored already.
    async fn publish_crl(&self, issuer: &str, crl: &PublishedCrl) -> Result<(), StoreError>;

    /// The newest CRL of an issuer.
    ///
    /// # Errors
    /// The store's.
    async fn current_crl(&self, issuer: &str) -> Result<Option<PublishedCrl>, StoreError>;
}

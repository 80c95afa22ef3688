//! Where proof comes from that nobody revoked the certificates of a chain.

use async_trait::async_trait;
use time::OffsetDateTime;

use crate::kernel::x509::Certificate;

/// Proof, in DER.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RevocationEvidence {
    /// OCSP responses.
    pub ocsps: Vec<Vec<u8>>,
    /// CRLs.
    pub crls: Vec<Vec<u8>>,
}

/// A source of revocation data.
#[async_trait]
pub trait RevocationData: Send + Sync {
    /// Proof for every certificate of a chain but its anchor (leaf first, anchor last).
    ///
    /// `fresh_since` binds the leaf: its proof has thisUpdate at or after it (the time of the
    /// signature timestamp). One proof serves many signatures.
    ///
    /// # Errors
    /// What could not be proved; also that a certificate *is* revoked.
    async fn collect(
        &self,
        chain: &[Certificate],
        fresh_since: OffsetDateTime,
    ) -> Result<RevocationEvidence, RevocationDataError>;
}

/// Why there is no proof.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RevocationDataError {
    /// A certificate of the chain is revoked: there is nothing to wait for.
    #[error("{subject} is revoked ({reason})")]
    Revoked {
        /// Whose certificate.
        subject: String,
        /// Why.
        reason: String,
    },
    /// Nobody we can ask answers for this issuer.
    #[error("there is no source of revocation data for certificates of {issuer}")]
    NoSource {
        /// The issuer.
        issuer: String,
    },
    /// A source failed; later it may not.
    #[error("revocation data is not available: {0}")]
    Unavailable(String),
}

//! Where proof comes from that nobody revoked the certificates of a chain.

use async_trait::async_trait;
use time::OffsetDateTime;

use crate::kernel::validation::MissingStatus;
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

    /// What can be had about certificates of files, within some seconds, for a validation to
    /// judge: good, bad and stale alike. What cannot be had is left out, for whatever reason.
    /// A source that asks nobody has nothing.
    async fn statuses(&self, _missing: &[MissingStatus]) -> RevocationEvidence {
        RevocationEvidence::default()
    }
}

impl RevocationEvidence {
    /// Whether it is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.ocsps.is_empty() && self.crls.is_empty()
    }

    /// Adds what another has and this one has not.
    pub fn add(&mut self, other: Self) {
        for (own, more) in [(&mut self.ocsps, other.ocsps), (&mut self.crls, other.crls)] {
            for one in more {
                if !own.contains(&one) {
                    own.push(one);
                }
            }
        }
    }

    /// How many bytes it has.
    #[must_use]
    pub fn length(&self) -> usize {
        self.ocsps.iter().chain(&self.crls).map(Vec::len).sum()
    }
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

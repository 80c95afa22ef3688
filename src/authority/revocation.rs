//! Revocation (RFC 5280 section 5.3): which reasons an operator may give, hold and
//! release, and the date since when a key is not to be trusted.

use std::sync::Arc;

use time::OffsetDateTime;

use crate::kernel::x509::RevocationReason;
use crate::services::ports::{
    CertificateId, CertificateStatus, Certificates, Clock, Revocation, StoreError,
};

/// Revokes and releases certificates in the register.
///
/// What it does is seen at once by the OCSP responder, and in the next CRL, which is
/// due at once.
pub struct Revocations {
    register: Arc<dyn Certificates>,
    clock: Arc<dyn Clock>,
}

/// Why nothing was revoked or released.
#[derive(Debug, thiserror::Error)]
pub enum RevokeError {
    /// There is no such certificate, not even an intent.
    #[error("there is no certificate {0} in the register")]
    Unknown(String),
    /// It is revoked for good.
    #[error("certificate {serial} is revoked since {since} ({reason})")]
    AlreadyRevoked {
        /// Which.
        serial: String,
        /// Since when.
        since: OffsetDateTime,
        /// Why.
        reason: RevocationReason,
    },
    /// It is not on hold.
    #[error("certificate {0} is not on hold")]
    NotOnHold(String),
    /// Not a reason for a certificate in the register: `removeFromCRL` is for delta
    /// CRLs, `aACompromise` for attribute certificates.
    #[error("{0} is not a reason to revoke a certificate")]
    Reason(RevocationReason),
    /// The key cannot have been lost after now.
    #[error("the invalidity date {0} lies in the future")]
    InvalidityDate(OffsetDateTime),
    /// The register failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Revocations {
    /// Works on this register.
    #[must_use]
    pub fn new(register: Arc<dyn Certificates>, clock: Arc<dyn Clock>) -> Self {
        Self { register, clock }
    }

    /// Revokes; with `certificateHold`, until released. A certificate on hold may be revoked for
    /// good. A certificate of which only the intent was stored may be revoked too.
    ///
    /// # Errors
    /// Why not.
    pub async fn revoke(
        &self,
        id: &CertificateId,
        reason: RevocationReason,
        invalid_since: Option<OffsetDateTime>,
    ) -> Result<Revocation, RevokeError> {
        use RevocationReason::{AaCompromise, CertificateHold, RemoveFromCrl};
        let at = self.clock.now();
        if matches!(reason, RemoveFromCrl | AaCompromise) {
            return Err(RevokeError::Reason(reason));
        }
        if let Some(date) = invalid_since.filter(|date| *date > at) {
            return Err(RevokeError::InvalidityDate(date));
        }
        if let Some(known) = self.status(id).await?
            && (known.reason != CertificateHold || reason == CertificateHold)
        {
            return Err(RevokeError::AlreadyRevoked {
                serial: id.serial.clone(),
                since: known.at,
                reason: known.reason,
            });
        }
        let revocation = Revocation {
            at,
            reason,
            invalid_since,
        };
        self.register.revoke(id, &revocation).await?;
        Ok(revocation)
    }

    /// Releases from hold.
    ///
    /// # Errors
    /// Why not.
    pub async fn release(&self, id: &CertificateId) -> Result<(), RevokeError> {
        match self.status(id).await? {
            Some(known) if known.reason == RevocationReason::CertificateHold => {
                Ok(self.register.release(id, self.clock.now()).await?)
            }
            _ => Err(RevokeError::NotOnHold(id.serial.clone())),
        }
    }

    async fn status(&self, id: &CertificateId) -> Result<Option<Revocation>, RevokeError> {
        match self.register.find(id).await?.map(|row| row.status) {
            None => Err(RevokeError::Unknown(id.serial.clone())),
            Some(CertificateStatus::Good) => Ok(None),
            Some(CertificateStatus::Revoked(known)) => Ok(Some(known)),
        }
    }
}

//! The CRL publisher (RFC 5280 section 5): full CRLs, numbers that only rise, the next one
//! there before the last one ends.
//!
//! Publishing needs the CA's key, which the running service does not hold (the demonstration's
//! does): [`CrlPublisher::due`] tells when the operator, or a timer of his, must open it.
//! Revoked certificates stay listed after they expire: signatures outlive certificates.
//! No delta CRLs, no partitions: an office has hundreds of certificates, not millions.

use std::sync::Arc;

use time::{Duration, OffsetDateTime};

use super::issuance::Issuer;
use crate::kernel::sign::SignError;
use crate::kernel::x509::crl::{self, Crl, CrlBuilder, CrlError};
use crate::kernel::x509::{Certificate, RevocationReason};
use crate::services::ports::{
    CertificateQuery, CertificateRecord, CertificateStatus, Certificates, Clock, PublishedCrl,
    Revocation, StoreError,
};

/// How often a CA publishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CrlPolicy {
    /// thisUpdate to nextUpdate.
    pub validity: Duration,
    /// How long before nextUpdate the next one is due.
    pub overlap: Duration,
}

impl CrlPolicy {
    /// An issuing CA: a week, renewed when half of it is over, so that a failed run
    /// leaves days to mend it.
    pub const ISSUING: Self = Self {
        validity: Duration::days(7),
        overlap: Duration::hours(84),
    };

    /// An offline root: a year, renewed in a ceremony two months before.
    pub const ROOT: Self = Self {
        validity: Duration::days(365),
        overlap: Duration::days(60),
    };
}

/// When the next CRL must be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Now: there is none, it ends soon, or it does not say what the register says.
    Now,
    /// At this time, unless something is revoked earlier.
    At(OffsetDateTime),
}

/// Why there is no CRL.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The certificate is not a CA's, or has no key identifier.
    #[error("{0} does not publish CRLs")]
    NotAnIssuer(String),
    /// The key did not sign.
    #[error("the CA's key did not sign: {0}")]
    Sign(#[from] SignError),
    /// What was signed does not verify under the CA's certificate, or does not read back.
    #[error("the CRL that was made is not good: {0}")]
    NotGood(#[from] CrlError),
    /// The register failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A row whose serial number is not hexadecimal.
    #[error("the register has a serial number that is not hexadecimal: {0}")]
    Serial(String),
}

/// Publishes the CRLs of the CAs in a register.
pub struct CrlPublisher {
    register: Arc<dyn Certificates>,
    clock: Arc<dyn Clock>,
}

impl CrlPublisher {
    /// Publishes from this register.
    #[must_use]
    pub fn new(register: Arc<dyn Certificates>, clock: Arc<dyn Clock>) -> Self {
        Self { register, clock }
    }

    /// When the next CRL of a CA must be made.
    ///
    /// # Errors
    /// The register's.
    pub async fn due(&self, issuer: &Certificate, policy: CrlPolicy) -> Result<Due, PublishError> {
        let key = issuer_key(issuer)?;
        let Some(current) = self.register.current_crl(&key).await? else {
            return Ok(Due::Now);
        };
        let renewal = current.next_update - policy.overlap;
        let listed = listed(&Crl::parse(&current.crl)?);
        if renewal <= self.clock.now() || listed != wanted(&self.revoked(&key).await?)? {
            return Ok(Due::Now);
        }
        Ok(Due::At(renewal))
    }

    /// Makes and publishes the next CRL of a CA whose key is open.
    ///
    /// # Errors
    /// Why not; then the last one stands.
    pub async fn publish(
        &self,
        issuer: Issuer<'_>,
        policy: CrlPolicy,
    ) -> Result<PublishedCrl, PublishError> {
        let key = issuer_key(issuer.certificate)?;
        // The number is taken before the register is read, so of two that publish at the
        // same time the higher number never lists less.
        let number = self.register.next_crl_number(&key).await?;
        let rows = self.revoked(&key).await?;
        let revocations: Vec<_> = rows.iter().map(entry).collect::<Result<_, _>>()?;
        let this_update = self.clock.now();
        let builder = CrlBuilder {
            issuer: issuer.certificate,
            number: &number.to_be_bytes(),
            this_update,
            next_update: this_update + policy.validity,
            revocations: &revocations,
            // Nothing that was revoked ever leaves the list.
            lists_expired_since: Some(issuer.certificate.not_before()),
        };
        let der = builder.sign(issuer.signer)?;
        let read = Crl::parse(&der)?;
        read.verify(issuer.certificate)?;
        let published = PublishedCrl {
            number,
            this_update: read.this_update(),
            next_update: read.next_update().unwrap_or(this_update),
            crl: der,
        };
        self.register.publish_crl(&key, &published).await?;
        Ok(published)
    }

    /// [`CrlPublisher::publish`], if it is due.
    ///
    /// # Errors
    /// Those of both.
    pub async fn publish_if_due(
        &self,
        issuer: Issuer<'_>,
        policy: CrlPolicy,
    ) -> Result<Option<PublishedCrl>, PublishError> {
        match self.due(issuer.certificate, policy).await? {
            Due::Now => self.publish(issuer, policy).await.map(Some),
            Due::At(_) => Ok(None),
        }
    }

    async fn revoked(&self, issuer: &str) -> Result<Vec<CertificateRecord>, StoreError> {
        let query = CertificateQuery {
            issuer: Some(issuer.to_owned()),
            revoked: true,
            ..CertificateQuery::default()
        };
        self.register.list(&query).await
    }
}

fn issuer_key(issuer: &Certificate) -> Result<String, PublishError> {
    match issuer.subject_key_identifier() {
        Some(key) if issuer.is_ca() => Ok(hex::encode(key)),
        _ => Err(PublishError::NotAnIssuer(issuer.subject().text())),
    }
}

fn entry(row: &CertificateRecord) -> Result<crl::Revocation, PublishError> {
    let text = &row.intent.id.serial;
    let serial = hex::decode(text).map_err(|_| PublishError::Serial(text.clone()))?;
    match &row.status {
        CertificateStatus::Revoked(Revocation {
            at,
            reason,
            invalid_since,
        }) => Ok(crl::Revocation {
            serial,
            at: *at,
            reason: *reason,
            invalidity_date: *invalid_since,
        }),
        // The query asks for revoked rows only.
        CertificateStatus::Good => Err(PublishError::Serial(text.clone())),
    }
}

/// What a CRL lists, for comparison with the register.
fn listed(crl: &Crl) -> Vec<(Vec<u8>, RevocationReason)> {
    let entries = crl.entries().iter();
    sorted(entries.map(|one| {
        (
            one.serial.clone(),
            one.reason.unwrap_or(RevocationReason::Unspecified),
        )
    }))
}

fn wanted(rows: &[CertificateRecord]) -> Result<Vec<(Vec<u8>, RevocationReason)>, PublishError> {
    let entries: Vec<_> = rows.iter().map(entry).collect::<Result<_, _>>()?;
    Ok(sorted(
        entries.into_iter().map(|one| (one.serial, one.reason)),
    ))
}

fn sorted(
    entries: impl Iterator<Item = (Vec<u8>, RevocationReason)>,
) -> Vec<(Vec<u8>, RevocationReason)> {
    let mut all: Vec<_> = entries.collect();
    all.sort_by(|one, other| one.0.cmp(&other.0));
    all
}

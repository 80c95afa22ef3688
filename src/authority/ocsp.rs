//! The OCSP responder (RFC 6960, nonce per RFC 8954, GET per RFC 5019): request bytes in,
//! response bytes out.
//!
//! It answers from the register, signed by a delegated responder, for the certificates of one
//! issuing CA. A certificate never issued is `unknown`, and so is one of which
//! only the intent is stored, unless that was revoked: "good" is said only of what was handed out.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use time::{Duration, OffsetDateTime};

use crate::kernel::sign::{SignError, Signer};
use crate::kernel::x509::Certificate;
use crate::kernel::x509::ocsp::{
    self, CertId, CertStatus, OcspRequest, ResponseBuilder, ResponseStatus, SingleAnswer,
    unsuccessful,
};
use crate::services::ports::{CertificateId, CertificateStatus, Certificates, Clock, StoreError};

/// How long an answer may be used. Short: a phone that asks again an hour after a
/// revocation must hear of it.
const VALIDITY: Duration = Duration::HOUR;

/// A request for sixteen certificates with a nonce has under 2 KB.
const LONGEST_REQUEST: usize = 8 * 1024;

/// What a responder needs.
pub struct ResponderParts {
    /// Its certificate.
    pub certificate: Certificate,
    /// Its key.
    pub signer: Arc<dyn Signer>,
    /// The CA it answers for, which issued its certificate.
    pub issuer: Certificate,
    /// The register.
    pub register: Arc<dyn Certificates>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// The responder.
pub struct Responder(ResponderParts);

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("malformed request")]
    Malformed,
    #[error("a certificate of another issuer")]
    Unauthorized,
    #[error("the responder's certificate is not valid now")]
    Expired,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Sign(#[from] SignError),
}

impl Responder {
    /// Takes up the service.
    #[must_use]
    pub fn new(parts: ResponderParts) -> Self {
        Self(parts)
    }

    /// Its certificate.
    #[must_use]
    pub fn certificate(&self) -> &Certificate {
        &self.0.certificate
    }

    /// The CA it answers for.
    #[must_use]
    pub fn issuer(&self) -> &Certificate {
        &self.0.issuer
    }

    /// Answers a request. There is always an answer; the unsuccessful ones carry no signature.
    pub async fn respond(&self, request: &[u8]) -> Vec<u8> {
        match self.answer(request).await {
            Ok(response) => response,
            Err(failure) => {
                tracing::warn!(%failure, "no OCSP answer");
                unsuccessful(failure.status())
            }
        }
    }

    /// Answers a GET request: what follows the responder's address, percent-decoded once.
    pub async fn respond_to_get(&self, path: &str) -> Vec<u8> {
        match STANDARD.decode(path.trim_start_matches('/')) {
            Ok(request) => self.respond(&request).await,
            Err(_) => unsuccessful(ResponseStatus::MalformedRequest),
        }
    }

    async fn answer(&self, request: &[u8]) -> Result<Vec<u8>, Failure> {
        if request.len() > LONGEST_REQUEST {
            return Err(Failure::Malformed);
        }
        let request = OcspRequest::parse(request).map_err(|_| Failure::Malformed)?;
        let Self(parts) = self;
        let now = whole_second(parts.clock.now());
        if !parts.certificate.is_valid_at(now) {
            return Err(Failure::Expired);
        }
        let mut answers = Vec::with_capacity(request.cert_ids.len());
        for cert_id in request.cert_ids {
            if !cert_id.is_issued_by(&parts.issuer) {
                return Err(Failure::Unauthorized);
            }
            let (status, invalid_since) = self.status(&cert_id).await?;
            // The register forgets no certificate when it ends.
            let cutoff = ocsp::archive_cutoff(parts.issuer.not_before());
            let invalid_since = invalid_since.map(ocsp::invalidity_date);
            answers.push(SingleAnswer {
                status,
                cert_id,
                this_update: now,
                next_update: Some(now + VALIDITY),
                extensions: invalid_since.into_iter().chain([cutoff]).collect(),
            });
        }
        let builder = ResponseBuilder {
            responder: &parts.certificate,
            certificates: std::slice::from_ref(&parts.certificate),
            produced_at: now,
            answers: &answers,
            nonce: request.nonce.as_deref(),
        };
        Ok(builder.sign(parts.signer.as_ref())?)
    }

    /// The status, and since when the key is not to be trusted.
    async fn status(
        &self,
        cert_id: &CertId,
    ) -> Result<(CertStatus, Option<OffsetDateTime>), StoreError> {
        let Self(parts) = self;
        let id = CertificateId {
            issuer: hex::encode(parts.issuer.subject_key_identifier().unwrap_or_default()),
            serial: hex::encode(&cert_id.serial),
        };
        let Some(row) = parts.register.find(&id).await? else {
            return Ok((CertStatus::Unknown, None));
        };
        Ok(match row.status {
            CertificateStatus::Revoked(revocation) => {
                let status = CertStatus::Revoked {
                    at: revocation.at,
                    reason: Some(revocation.reason),
                };
                (status, revocation.invalid_since)
            }
            CertificateStatus::Good if row.certificate.is_some() => (CertStatus::Good, None),
            CertificateStatus::Good => (CertStatus::Unknown, None),
        })
    }
}

impl Failure {
    fn status(&self) -> ResponseStatus {
        match self {
            Self::Malformed => ResponseStatus::MalformedRequest,
            Self::Unauthorized => ResponseStatus::Unauthorized,
            Self::Store(_) => ResponseStatus::TryLater,
            Self::Expired | Self::Sign(_) => ResponseStatus::InternalError,
        }
    }
}

fn whole_second(at: OffsetDateTime) -> OffsetDateTime {
    at.replace_nanosecond(0).unwrap_or(at)
}

//! Revocation data for our own certificates, in process.
//!
//! For each certificate of a chain: the OCSP answer of our responder where the issuing CA
//! certified it, the root's published CRL where the root did. Foreign issuers are
//! not answered for: that is a client's work.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use time::{Duration, OffsetDateTime};

use super::current::Current;
use super::ocsp::Responder;
use crate::kernel::hash::HashAlgorithm;
use crate::kernel::x509::Certificate;
use crate::kernel::x509::crl::Crl;
use crate::kernel::x509::ocsp::{CertId, CertStatus, OcspRequest, OcspResponse, SingleResponse};
use crate::services::ports::{
    Certificates, Clock, RevocationData, RevocationDataError, RevocationEvidence,
};

/// An answer is handed out again for this long, if it is fresh enough for who asks.
const REUSE: Duration = Duration::seconds(30);

/// How long to wait for a clock that is behind a timestamp's time.
const PATIENCE: std::time::Duration = std::time::Duration::from_millis(500);
const WAITS: usize = 5;

/// Our authority as a source of revocation data.
pub struct LocalRevocationData {
    responder: Arc<Current<Responder>>,
    register: Arc<dyn Certificates>,
    clock: Arc<dyn Clock>,
    answers: Mutex<HashMap<Vec<u8>, Answer>>,
}

#[derive(Clone)]
struct Answer {
    this_update: OffsetDateTime,
    response: Vec<u8>,
}

impl LocalRevocationData {
    /// Answers through this responder and from this register.
    #[must_use]
    pub fn new(
        responder: Arc<Responder>,
        register: Arc<dyn Certificates>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self::following(Arc::new(Current::new(responder)), register, clock)
    }

    /// Answers through whichever responder is in use.
    pub(super) fn following(
        responder: Arc<Current<Responder>>,
        register: Arc<dyn Certificates>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let answers = Mutex::new(HashMap::new());
        Self {
            responder,
            register,
            clock,
            answers,
        }
    }

    async fn by_ocsp(
        &self,
        certificate: &Certificate,
        fresh_since: OffsetDateTime,
    ) -> Result<Vec<u8>, RevocationDataError> {
        self.wait_for(fresh_since).await?;
        if let Some(known) = self.known(certificate, fresh_since) {
            return Ok(known);
        }
        let responder = self.responder.now();
        let issuer = responder.issuer();
        let request = OcspRequest {
            cert_ids: vec![CertId::new(
                HashAlgorithm::Sha1,
                issuer,
                certificate.serial(),
            )],
            nonce: None,
        };
        let response = responder.respond(&request.der()).await;
        let this_update = judge(certificate, issuer, &response)?;
        let answer = Answer {
            this_update,
            response: response.clone(),
        };
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.retain(|_, answer| self.clock.now() - answer.this_update <= REUSE);
        answers.insert(certificate.serial().to_vec(), answer);
        Ok(response)
    }

    fn known(&self, certificate: &Certificate, fresh_since: OffsetDateTime) -> Option<Vec<u8>> {
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = answers.get(certificate.serial())?;
        let age = self.clock.now() - answer.this_update;
        let usable = answer.this_update >= fresh_since && age <= REUSE;
        usable.then(|| answer.response.clone())
    }

    async fn wait_for(&self, moment: OffsetDateTime) -> Result<(), RevocationDataError> {
        if reach(self.clock.as_ref(), moment).await {
            return Ok(());
        }
        let text = format!("the clock is behind the timestamp's {moment}");
        Err(RevocationDataError::Unavailable(text))
    }

    /// The published CRL of a CA that is offline: current, signed, and without this certificate.
    async fn by_crl(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
    ) -> Result<Vec<u8>, RevocationDataError> {
        let unavailable = |text: String| RevocationDataError::Unavailable(text);
        let name = issuer.subject().text();
        let key = hex::encode(issuer.subject_key_identifier().unwrap_or_default());
        let current = self.register.current_crl(&key).await;
        let current = current.map_err(|error| unavailable(error.to_string()))?;
        let Some(current) = current else {
            return Err(RevocationDataError::NoSource { issuer: name });
        };
        if current.next_update <= self.clock.now() {
            let ended = current.next_update;
            return Err(unavailable(format!(
                "the CRL of {name} ended {ended}: publish the next one"
            )));
        }
        let crl = Crl::parse(&current.crl).map_err(|error| unavailable(error.to_string()))?;
        crl.verify(issuer)
            .map_err(|error| unavailable(error.to_string()))?;
        match crl.entry(certificate.serial()) {
            None => Ok(current.crl),
            Some(entry) => Err(RevocationDataError::Revoked {
                subject: certificate.subject().text(),
                reason: entry
                    .reason
                    .map_or("unspecified", |reason| reason.name())
                    .to_owned(),
            }),
        }
    }
}

/// Waits until an answer made now, whose times have whole seconds, is not older
/// than the timestamp: a foreign TSA's clock may be ahead of ours, and has fractions.
/// Tells whether that came.
pub(crate) async fn reach(clock: &dyn Clock, moment: OffsetDateTime) -> bool {
    for _ in 0..WAITS {
        let now = clock.now();
        if now.replace_nanosecond(0).unwrap_or(now) >= moment {
            return true;
        }
        tokio::time::sleep(PATIENCE).await;
    }
    false
}

#[async_trait]
impl RevocationData for LocalRevocationData {
    async fn collect(
        &self,
        chain: &[Certificate],
        fresh_since: OffsetDateTime,
    ) -> Result<RevocationEvidence, RevocationDataError> {
        let mut evidence = RevocationEvidence::default();
        let issuers = chain.iter().skip(1);
        let ours = self.responder.now();
        for (certificate, issuer) in chain.iter().zip(issuers) {
            if issuer.spki_der() == ours.issuer().spki_der() {
                evidence
                    .ocsps
                    .push(self.by_ocsp(certificate, fresh_since).await?);
            } else {
                evidence.crls.push(self.by_crl(certificate, issuer).await?);
            }
        }
        Ok(evidence)
    }
}

/// Our own answer is read and verified like anybody's.
fn judge(
    certificate: &Certificate,
    issuer: &Certificate,
    response: &[u8],
) -> Result<OffsetDateTime, RevocationDataError> {
    let unavailable = |text: &str| RevocationDataError::Unavailable(text.to_owned());
    let parsed = OcspResponse::parse(response).map_err(|error| unavailable(&error.to_string()))?;
    let basic = parsed
        .basic
        .ok_or_else(|| unavailable("the OCSP responder did not answer"))?;
    let single: &SingleResponse = basic
        .response_for(certificate, issuer)
        .ok_or_else(|| unavailable("the OCSP answer is for another certificate"))?;
    match single.status {
        CertStatus::Good => Ok(single.this_update),
        CertStatus::Revoked { reason, .. } => Err(RevocationDataError::Revoked {
            subject: certificate.subject().text(),
            reason: reason
                .map_or("unspecified", |reason| reason.name())
                .to_owned(),
        }),
        CertStatus::Unknown => Err(unavailable("the register does not have the certificate")),
    }
}

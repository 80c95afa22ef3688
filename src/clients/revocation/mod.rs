//! Revocation data of other authorities: OCSP by AIA, CRLs by distribution point, for
//! chains of our own configured certificates, and for those that a validation has verified
//! and lacks the status of (RFC 6960, RFC 5019, RFC 5280 4.2.1.13).
//!
//! The rules of whoever fetches what a certificate names: the chain leads to a
//! configured anchor first; the host is allowed; a private address only where the policy
//! lists the host; the address that was judged is the one connected to; no redirects, no
//! proxy, a time limit, a cap on the answer. Every failure is one and the same error;
//! what happened stands in the log.

mod address;
mod by_anchor;
mod fetch;
mod judge;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use time::OffsetDateTime;

use crate::authority::local_revocation::reach;
use crate::kernel::hash::{HashAlgorithm, Sha256};
use crate::kernel::validation::{
    Anchors, CertificateInput, MissingStatus, Policy, Role, validate_certificate,
};
use crate::kernel::x509::Certificate;
use crate::kernel::x509::crl::Crl;
use crate::kernel::x509::ocsp::{CertId, OcspRequest, OcspResponse};
use crate::kernel::x509::paths::{CertificatePath, Purpose, build};
use crate::services::ports::{Clock, RevocationData, RevocationDataError, RevocationEvidence};

pub use address::HostPolicy;
pub use by_anchor::ByAnchor;
pub use fetch::FetchError;
use fetch::{Fetcher, LONGEST_CRL};
use judge::{Judgement, Kind, Proof};

/// How many proofs are kept.
const CACHED: usize = 1024;

/// How many addresses of one kind are asked about one certificate.
const MOST_ADDRESSES: usize = 3;

/// Fetches, checks and keeps revocation data.
pub struct OnlineRevocation {
    anchors: Vec<Certificate>,
    clock: Arc<dyn Clock>,
    fetcher: Fetcher,
    cache: Mutex<HashMap<Sha256, Proof>>,
}

impl OnlineRevocation {
    /// For chains to these anchors, from hosts that the policy allows, each within
    /// `patience` (three seconds are enough).
    ///
    /// # Errors
    /// The HTTP client cannot be made.
    pub fn new(
        anchors: Vec<Certificate>,
        policy: HostPolicy,
        patience: Duration,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, FetchError> {
        Ok(Self {
            anchors,
            clock,
            fetcher: Fetcher::new(policy, patience)?,
            cache: Mutex::default(),
        })
    }

    /// The chain as far as it is verified: nothing is fetched for another.
    fn verified(
        &self,
        chain: &[Certificate],
        now: OffsetDateTime,
    ) -> Result<CertificatePath, RevocationDataError> {
        let (target, rest) = chain
            .split_first()
            .ok_or_else(|| RevocationDataError::Unavailable("the chain is empty".to_owned()))?;
        build(target, rest, &self.anchors, now, Purpose::Any).map_err(|error| {
            RevocationDataError::Unavailable(format!("the chain is not verified: {error}"))
        })
    }

    async fn proof(
        &self,
        link: Link<'_>,
        now: OffsetDateTime,
    ) -> Result<Proof, RevocationDataError> {
        if let Some(kept) = self.kept(link, now) {
            return Ok(kept);
        }
        match self.ask(link, now, &mut Vec::new()).await {
            Judgement::Good(proof) => {
                self.keep(link, &proof);
                Ok(*proof)
            }
            Judgement::Revoked(reason) => Err(RevocationDataError::Revoked {
                subject: link.certificate.subject().text(),
                reason: reason.name().to_owned(),
            }),
            Judgement::Nothing => Err(link.nothing()),
        }
    }

    /// Whatever the sources of certificates say, for a validation to judge: good, bad and
    /// stale alike. What cannot be had is left out; the log has the reason.
    pub async fn gather(&self, missing: &[MissingStatus]) -> RevocationEvidence {
        let now = self.clock.now();
        let mut answers = Vec::new();
        for one in missing {
            let link = Link {
                certificate: one.certificate(),
                issuer: one.issuer(),
                fresh_since: None,
            };
            if let Some(kept) = self.kept(link, now) {
                answers.push(kept.kind);
                continue;
            }
            if let Judgement::Good(proof) = self.ask(link, now, &mut answers).await {
                self.keep(link, &proof);
            }
        }
        evidence(answers)
    }

    /// Asks the responders of a certificate, then for its lists. Every answer that can be
    /// read is added to `answers`.
    async fn ask(&self, link: Link<'_>, now: OffsetDateTime, answers: &mut Vec<Kind>) -> Judgement {
        match self.by_ocsp(link, now, answers).await {
            Judgement::Nothing => self.by_crl(link, now, answers).await,
            judged => judged,
        }
    }

    async fn by_ocsp(
        &self,
        link: Link<'_>,
        now: OffsetDateTime,
        answers: &mut Vec<Kind>,
    ) -> Judgement {
        // SHA-1 names the certificate, as RFC 5019 2.1.1 asks of requests to any responder.
        let cert_id = CertId::new(HashAlgorithm::Sha1, link.issuer, link.certificate.serial());
        let request = OcspRequest {
            cert_ids: vec![cert_id],
            nonce: None,
        };
        for url in link.certificate.ocsp_urls().iter().take(MOST_ADDRESSES) {
            let Some(answer) = self.fetcher.ask_ocsp(url, request.der()).await else {
                continue;
            };
            let Some(basic) = OcspResponse::parse(&answer).ok().and_then(|one| one.basic) else {
                continue;
            };
            let judged = judge::ocsp(&basic, &answer, link, now);
            answers.push(Kind::Ocsp(answer));
            if !matches!(judged, Judgement::Nothing) {
                return judged;
            }
        }
        Judgement::Nothing
    }

    async fn by_crl(
        &self,
        link: Link<'_>,
        now: OffsetDateTime,
        answers: &mut Vec<Kind>,
    ) -> Judgement {
        for url in link.certificate.crl_urls().into_iter().take(MOST_ADDRESSES) {
            let Some(file) = self.fetcher.get(url, LONGEST_CRL).await else {
                continue;
            };
            let read = Crl::from_pem_or_der(&file).ok();
            let Some(crl) = read.and_then(|list| list.first().cloned()) else {
                continue;
            };
            let judged = judge::crl(&crl, link, now);
            answers.push(Kind::Crl(crl));
            if !matches!(judged, Judgement::Nothing) {
                return judged;
            }
        }
        Judgement::Nothing
    }

    fn kept(&self, link: Link<'_>, now: OffsetDateTime) -> Option<Proof> {
        let cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = cache.get(&link.certificate.fingerprint())?;
        (kept.is_current(now) && link.is_fresh(kept.this_update)).then(|| kept.clone())
    }

    fn keep(&self, link: Link<'_>, proof: &Proof) {
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        if cache.len() >= CACHED {
            cache.clear();
        }
        cache.insert(link.certificate.fingerprint(), proof.clone());
    }
}

#[async_trait]
impl RevocationData for OnlineRevocation {
    async fn collect(
        &self,
        chain: &[Certificate],
        fresh_since: OffsetDateTime,
    ) -> Result<RevocationEvidence, RevocationDataError> {
        // Answers have whole seconds. One that is asked for in the second of the timestamp
        // would be older than it.
        reach(self.clock.as_ref(), fresh_since).await;
        let now = self.clock.now();
        let path = self.verified(chain, now)?;
        let mut fresh_since = Some(fresh_since);
        let mut proofs = Vec::new();
        for (certificate, issuer) in path.links() {
            let link = Link {
                certificate,
                issuer,
                // It binds the leaf alone.
                fresh_since: fresh_since.take(),
            };
            proofs.push(self.proof(link, now).await?);
        }
        as_a_verifier_will(&path, &self.anchors, &proofs, now)?;
        Ok(evidence(proofs.into_iter().map(|proof| proof.kind)))
    }
}

/// A certificate of a chain and who issued it.
#[derive(Debug, Clone, Copy)]
struct Link<'a> {
    certificate: &'a Certificate,
    issuer: &'a Certificate,
    fresh_since: Option<OffsetDateTime>,
}

impl Link<'_> {
    fn is_fresh(self, this_update: OffsetDateTime) -> bool {
        self.fresh_since.is_none_or(|since| this_update >= since)
    }

    fn nothing(self) -> RevocationDataError {
        let names_none =
            self.certificate.ocsp_urls().is_empty() && self.certificate.crl_urls().is_empty();
        if names_none {
            let issuer = self.issuer.subject().text();
            return RevocationDataError::NoSource { issuer };
        }
        let subject = self.certificate.subject();
        RevocationDataError::Unavailable(format!("nothing current and fresh about {subject}"))
    }
}

/// What was collected must convince the code that will verify the signature.
fn as_a_verifier_will(
    path: &CertificatePath,
    anchors: &[Certificate],
    proofs: &[Proof],
    now: OffsetDateTime,
) -> Result<(), RevocationDataError> {
    let Some((target, untrusted)) = path.certificates().split_first() else {
        return Ok(());
    };
    let found = evidence(proofs.iter().map(|proof| proof.kind.clone()));
    // A source whose clock is a little ahead has proofs from the future.
    let newest = proofs.iter().map(|proof| proof.this_update).max();
    let policy = Policy::strict().map_err(|error| unconvincing(&error))?;
    let report = validate_certificate(&CertificateInput {
        target,
        role: Role::Any,
        anchors: &Anchors::for_all(anchors.to_vec()),
        untrusted,
        crls: &found.crls,
        ocsps: &found.ocsps,
        at: newest.map_or(now, |newest| newest.max(now)),
        policy: &policy,
        check_revocation: true,
    });
    match report.findings.first() {
        Some(reason) if !report.valid => Err(unconvincing(&reason.english())),
        _ => Ok(()),
    }
}

fn unconvincing(reason: &dyn std::fmt::Display) -> RevocationDataError {
    RevocationDataError::Unavailable(reason.to_string())
}

fn evidence(answers: impl IntoIterator<Item = Kind>) -> RevocationEvidence {
    let mut evidence = RevocationEvidence::default();
    for answer in answers {
        let (list, der) = match answer {
            Kind::Ocsp(der) => (&mut evidence.ocsps, der),
            Kind::Crl(crl) => (&mut evidence.crls, crl.der().to_vec()),
        };
        if !list.contains(&der) {
            list.push(der);
        }
    }
    evidence
}

//! Revocation data of other authorities: OCSP by AIA, CRLs by distribution point, for
//! chains of our own configured certificates (RFC 6960, RFC 5019, RFC 5280 4.2.1.13).
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
use crate::kernel::x509::Certificate;
use crate::kernel::x509::crl::Crl;
use crate::kernel::x509::ocsp::{CertId, OcspRequest, OcspResponse};
use crate::kernel::x509::paths::{CertificatePath, PathInput, Purpose, build, validate};
use crate::services::ports::{Clock, RevocationData, RevocationDataError, RevocationEvidence};

pub use address::HostPolicy;
pub use by_anchor::ByAnchor;
pub use fetch::FetchError;
use fetch::{Fetcher, LONGEST_CRL};
use judge::{Judgement, Proof};

/// How many proofs are kept.
const CACHED: usize = 1024;

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
        let found = match self.by_ocsp(link, now).await {
            Judgement::Nothing => self.by_crl(link, now).await,
            judged => judged,
        };
        match found {
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

    async fn by_ocsp(&self, link: Link<'_>, now: OffsetDateTime) -> Judgement {
        // SHA-1 names the certificate, as RFC 5019 2.1.1 asks of requests to any responder.
        let cert_id = CertId::new(HashAlgorithm::Sha1, link.issuer, link.certificate.serial());
        let request = OcspRequest {
            cert_ids: vec![cert_id],
            nonce: None,
        };
        for url in link.certificate.ocsp_urls() {
            let Some(answer) = self.fetcher.ask_ocsp(url, request.der()).await else {
                continue;
            };
            let basic = OcspResponse::parse(&answer).ok().and_then(|one| one.basic);
            let judged = basic.map(|basic| judge::ocsp(&basic, &answer, link, now));
            if let Some(judged @ (Judgement::Good(_) | Judgement::Revoked(_))) = judged {
                return judged;
            }
        }
        Judgement::Nothing
    }

    async fn by_crl(&self, link: Link<'_>, now: OffsetDateTime) -> Judgement {
        for url in link.certificate.crl_urls() {
            let Some(file) = self.fetcher.get(url, LONGEST_CRL).await else {
                continue;
            };
            let crl = Crl::from_pem_or_der(&file)
                .ok()
                .and_then(|list| list.first().cloned());
            let judged = crl.map(|crl| judge::crl(&crl, link, now));
            if let Some(judged @ (Judgement::Good(_) | Judgement::Revoked(_))) = judged {
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
        Ok(evidence(proofs))
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
    let ocsps: Vec<_> = proofs.iter().filter_map(Proof::ocsp).collect();
    let crls: Vec<_> = proofs.iter().filter_map(Proof::crl).collect();
    // A source whose clock is a little ahead has proofs from the future.
    let newest = proofs.iter().map(|proof| proof.this_update).max();
    let input = PathInput {
        target,
        untrusted,
        anchors,
        crls: &crls,
        ocsps: &ocsps,
        at: newest.map_or(now, |newest| newest.max(now)),
        purpose: Purpose::Any,
        check_revocation: true,
        allow_weak: false,
        policies: &[],
        explicit_policy: false,
        inhibit_mapping: false,
        inhibit_any: false,
    };
    match validate(&input).path {
        Ok(_) => Ok(()),
        Err(error) => Err(RevocationDataError::Unavailable(error.to_string())),
    }
}

fn evidence(proofs: Vec<Proof>) -> RevocationEvidence {
    let mut evidence = RevocationEvidence::default();
    for proof in proofs {
        let (list, der) = match proof.kind {
            judge::Kind::Ocsp { der, .. } => (&mut evidence.ocsps, der),
            judge::Kind::Crl(crl) => (&mut evidence.crls, crl.der().to_vec()),
        };
        if !list.contains(&der) {
            list.push(der);
        }
    }
    evidence
}

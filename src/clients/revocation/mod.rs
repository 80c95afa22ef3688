//! Revocation data of other authorities: OCSP by AIA, CRLs by distribution point, for
//! chains of our own configured certificates, and for those that a validation has verified
//! and lacks the status of (RFC 6960, RFC 5019, RFC 5280 4.2.1.13).
//!
//! The rules of whoever fetches what a certificate names: the chain leads to a
//! configured anchor first; the host is allowed; a private address only where the policy
//! lists the host; the address that was judged is the one connected to; no redirects, no
//! proxy, a time limit, a cap on the answer. Every failure is one and the same error;
//! what happened stands in the log.
//!
//! What an answer is worth is judged by the validation room alone.

mod address;
mod by_anchor;
mod fetch;
mod kept;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use time::OffsetDateTime;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};

use crate::authority::local_revocation::reach;
use crate::kernel::hash::HashAlgorithm;
use crate::kernel::validation::{
    Anchors, CertificateInput, MissingStatus, Policy, Role, Standing, standing,
    validate_certificate,
};
use crate::kernel::x509::Certificate;
use crate::kernel::x509::crl::Crl;
use crate::kernel::x509::ocsp::{CertId, OcspRequest, OcspResponse};
use crate::kernel::x509::paths::{CertificatePath, Purpose, build};
use crate::services::ports::{Clock, RevocationData, RevocationDataError, RevocationEvidence};

pub use address::{HostPolicy, Lookup, SystemLookup};
pub use by_anchor::ByAnchor;
pub use fetch::FetchError;
use fetch::{Fetcher, LONGEST_CRL};
use kept::{Answer, Kept};

/// How many addresses of one kind are asked about one certificate.
const MOST_ADDRESSES: usize = 3;

/// How long all that one file lacks may take to come.
const PATIENCE_WITH_A_FILE: Duration = Duration::from_secs(10);

/// For how many files others are asked at once.
const FILES_AT_ONCE: usize = 8;

/// Fetches, checks and keeps revocation data.
pub struct OnlineRevocation {
    anchors: Vec<Certificate>,
    policy: Arc<Policy>,
    clock: Arc<dyn Clock>,
    fetcher: Fetcher,
    kept: Kept,
    files: Semaphore,
}

/// Whom to ask, and how.
#[derive(Debug, Clone)]
pub struct Asking {
    /// The hosts.
    pub hosts: HostPolicy,
    /// How long each gets (three seconds are enough).
    pub patience: Duration,
    /// What an answer is judged by.
    pub policy: Arc<Policy>,
    /// Where their addresses come from.
    pub lookup: Arc<dyn Lookup>,
}

impl Asking {
    /// By the system's resolver.
    #[must_use]
    pub fn new(hosts: HostPolicy, patience: Duration, policy: Arc<Policy>) -> Self {
        Self {
            hosts,
            patience,
            policy,
            lookup: Arc::new(SystemLookup),
        }
    }
}

impl OnlineRevocation {
    /// For chains to these anchors.
    ///
    /// # Errors
    /// The HTTP client cannot be made.
    pub fn new(
        anchors: Vec<Certificate>,
        asking: Asking,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, FetchError> {
        Ok(Self {
            anchors,
            clock,
            policy: Arc::clone(&asking.policy),
            fetcher: Fetcher::new(asking)?,
            kept: Kept::default(),
            files: Semaphore::new(FILES_AT_ONCE),
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

    /// Proof that the first certificate of a path stands, and `thisUpdate` of it.
    async fn proof(
        &self,
        asked: Asked<'_>,
    ) -> Result<(RevocationEvidence, OffsetDateTime), RevocationDataError> {
        let kept = self
            .kept
            .answer(&asked.certificate.fingerprint(), asked.now);
        let kept = kept.and_then(|kept| kept.good(asked.fresh_since));
        if let Some((kept, this_update)) = kept {
            return Ok((kept.evidence, this_update));
        }
        let answer = self.ask(asked).await;
        if let Standing::Revoked { reason } = answer.standing {
            return Err(RevocationDataError::Revoked {
                subject: asked.certificate.subject().text(),
                reason: reason.name().to_owned(),
            });
        }
        let good = answer.good(asked.fresh_since);
        let (answer, this_update) = good.ok_or_else(|| asked.nothing())?;
        Ok((answer.evidence, this_update))
    }

    /// Asks the responders of a certificate, then for its lists, until one answer settles how
    /// it stands; if none does alone, all may together. The answer is kept.
    async fn ask(&self, asked: Asked<'_>) -> Answer {
        let mut all = RevocationEvidence::default();
        let answer = match self.settled_alone(asked, &mut all).await {
            Some(answer) => answer,
            None => self.judged(all, asked),
        };
        let of = asked.certificate.fingerprint();
        self.kept.keep(of, &answer, asked.now);
        answer
    }

    /// The first answer that settles it. Every answer that can be read is added to `all`.
    async fn settled_alone(
        &self,
        asked: Asked<'_>,
        all: &mut RevocationEvidence,
    ) -> Option<Answer> {
        let certificate = asked.certificate;
        for url in certificate.ocsp_urls().iter().take(MOST_ADDRESSES) {
            let mut one = RevocationEvidence::default();
            one.ocsps.extend(self.ocsp(url, asked).await);
            if let Some(answer) = self.settles(one, asked, all) {
                return Some(answer);
            }
        }
        for url in certificate.crl_urls().into_iter().take(MOST_ADDRESSES) {
            let mut one = RevocationEvidence::default();
            one.crls.extend(self.crl(url).await);
            if let Some(answer) = self.settles(one, asked, all) {
                return Some(answer);
            }
        }
        None
    }

    fn settles(
        &self,
        one: RevocationEvidence,
        asked: Asked<'_>,
        all: &mut RevocationEvidence,
    ) -> Option<Answer> {
        if one.is_empty() {
            return None;
        }
        all.add(one.clone());
        let answer = self.judged(one, asked);
        let settled = match answer.standing {
            Standing::Good { this_update, .. } => this_update >= asked.fresh_since,
            Standing::Revoked { .. } => true,
            Standing::Open => false,
        };
        settled.then_some(answer)
    }

    fn judged(&self, evidence: RevocationEvidence, asked: Asked<'_>) -> Answer {
        let RevocationEvidence { ocsps, crls } = &evidence;
        let standing = standing(asked.path, ocsps, crls, asked.now, &self.policy);
        Answer { evidence, standing }
    }

    /// What a responder answers, if it can be read.
    async fn ocsp(&self, url: &str, asked: Asked<'_>) -> Option<Vec<u8>> {
        // SHA-1 names the certificate, as RFC 5019 2.1.1 asks of requests to any responder.
        let serial = asked.certificate.serial();
        let request = OcspRequest {
            cert_ids: vec![CertId::new(HashAlgorithm::Sha1, asked.issuer, serial)],
            nonce: None,
        };
        let answer = self.fetcher.ask_ocsp(url, request.der()).await?;
        let read = OcspResponse::parse(&answer).ok().and_then(|one| one.basic);
        read.map(|_| answer)
    }

    /// The list at an address, in DER, if it can be read.
    async fn crl(&self, url: &str) -> Option<Vec<u8>> {
        let file = self.fetcher.get(url, LONGEST_CRL).await?;
        let read = Crl::from_pem_or_der(&file).ok()?;
        read.first().map(|crl| crl.der().to_vec())
    }

    /// What is asked, within the time, about what one file lacks.
    async fn gathered(&self, missing: &[MissingStatus], until: Instant) -> RevocationEvidence {
        let mut all = RevocationEvidence::default();
        for one in missing {
            let Some(asked) = Asked::first_of(one.path(), self.clock.now()) else {
                continue;
            };
            let kept = self
                .kept
                .answer(&asked.certificate.fingerprint(), asked.now);
            let answer = match kept {
                Some(kept) => kept,
                None => match timeout_at(until, self.ask(asked)).await {
                    Ok(answer) => answer,
                    Err(_) => return all,
                },
            };
            all.add(answer.evidence);
        }
        all
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
        let (mut all, mut newest) = (RevocationEvidence::default(), now);
        for place in 0..path.links().len() {
            let link = path.upwards(place);
            let Some(mut asked) = link.as_ref().and_then(|link| Asked::first_of(link, now)) else {
                continue;
            };
            if place == 0 {
                // It binds the leaf alone.
                asked.fresh_since = fresh_since;
            }
            let (evidence, this_update) = self.proof(asked).await?;
            all.add(evidence);
            // A source whose clock is a little ahead has proofs from the future.
            newest = newest.max(this_update);
        }
        self.convinces(&path, &all, newest)?;
        Ok(all)
    }

    async fn statuses(&self, missing: &[MissingStatus]) -> RevocationEvidence {
        let until = Instant::now() + PATIENCE_WITH_A_FILE;
        match timeout_at(until, self.files.acquire()).await {
            Ok(Ok(_turn)) => self.gathered(missing, until).await,
            _ => RevocationEvidence::default(),
        }
    }
}

impl OnlineRevocation {
    /// What was collected must convince the code that will verify the signature.
    fn convinces(
        &self,
        path: &CertificatePath,
        found: &RevocationEvidence,
        at: OffsetDateTime,
    ) -> Result<(), RevocationDataError> {
        let Some((target, untrusted)) = path.certificates().split_first() else {
            return Ok(());
        };
        let report = validate_certificate(&CertificateInput {
            target,
            role: Role::Any,
            anchors: &Anchors::for_all(self.anchors.clone()),
            untrusted,
            crls: &found.crls,
            ocsps: &found.ocsps,
            at,
            policy: &self.policy,
            check_revocation: true,
        });
        match report.findings.first() {
            Some(reason) if !report.valid => {
                Err(RevocationDataError::Unavailable(reason.english()))
            }
            _ => Ok(()),
        }
    }
}

/// A certificate that is asked about: the first of a verified path.
#[derive(Debug, Clone, Copy)]
struct Asked<'a> {
    path: &'a CertificatePath,
    certificate: &'a Certificate,
    issuer: &'a Certificate,
    now: OffsetDateTime,
    /// What says that it stands is not older.
    fresh_since: OffsetDateTime,
}

impl<'a> Asked<'a> {
    fn first_of(path: &'a CertificatePath, now: OffsetDateTime) -> Option<Self> {
        let (certificate, issuer) = path.links().next()?;
        Some(Self {
            path,
            certificate,
            issuer,
            now,
            fresh_since: OffsetDateTime::UNIX_EPOCH,
        })
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

//! Foreign time-stamping authorities by URL (RFC 3161 over HTTP, section 3.4), in
//! order of preference.
//!
//! A token is used only after everything the caller can check was checked: status, imprint,
//! nonce, policy, one signer with the critical purpose (`kernel::tsp`), that its time lies
//! around our own, and, where anchors are given, that its chain ends at one. Whether the
//! TSA was revoked is asked with the revocation data of each document.
//!
//! One that fails rests for a while ([`breaker`]), so that a dead TSA costs one
//! timeout and not one for each document. When all rest, the answer is immediate: the
//! document waits, visibly; nothing steps down.

pub mod breaker;
mod exchange;
mod kept;

use std::sync::Arc;

use async_trait::async_trait;
use const_oid::ObjectIdentifier;
use time::OffsetDateTime;

use crate::kernel::hash::HashAlgorithm;
use crate::kernel::tsp::{MessageImprint, TimeStampReq, TimeStampToken, TspError, check_response};
use crate::kernel::x509::Certificate;
use crate::kernel::x509::paths::{self, PathError, Purpose};
use crate::services::ports::{Clock, Entropy, TimestampError, Timestamps};

use breaker::Breaker;
pub use exchange::ExchangeError;
pub use kept::KeptTimestamps;

/// How far a TSA's time may lie from ours. Ours may be a second off, and its too; the
/// rest is for a clock of ours that is not disciplined.
const TIME_TOLERANCE: time::Duration = time::Duration::seconds(10);

/// The size of hole a foreign token is given, unless the configuration knows better.
const USUAL_LONGEST_TOKEN: usize = 16 * 1024;

/// One TSA.
#[derive(Debug, Clone)]
pub struct TsaAddress {
    /// Where.
    pub url: reqwest::Url,
    /// The policy to ask for; `None` takes what it gives.
    pub policy: Option<ObjectIdentifier>,
}

/// A list of TSAs as one source of tokens.
pub struct ForeignTimestamps {
    authorities: Vec<(TsaAddress, Breaker)>,
    http: reqwest::Client,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    longest_token: usize,
    trust: Option<Trust>,
}

/// Whom TSAs must be certified by.
struct Trust {
    anchors: Vec<Certificate>,
    intermediates: Vec<Certificate>,
}

/// Why one TSA gave no usable token.
#[derive(Debug, thiserror::Error)]
pub enum TsaFailure {
    /// It failed a moment ago and is left alone.
    #[error("resting after a failure")]
    Resting,
    /// HTTP, the network, a timeout.
    #[error(transparent)]
    Exchange(#[from] ExchangeError),
    /// It refused, or its token does not answer the request.
    #[error(transparent)]
    Token(#[from] TspError),
    /// Its time is not the time.
    #[error("its time {theirs} is not between {from} and {to}")]
    Time {
        /// What it says.
        theirs: OffsetDateTime,
        /// When we asked, with tolerance.
        from: OffsetDateTime,
        /// When it answered, with tolerance.
        to: OffsetDateTime,
    },
    /// Its certificate leads to no anchor.
    #[error("its certificate is not trusted: {0}")]
    Untrusted(#[from] PathError),
    /// Its token does not carry its certificate.
    #[error("its token does not carry its certificate")]
    NoCertificate,
    /// A token larger than the hole left for it.
    #[error("its token has {found} octets, at most {most} fit")]
    TooLong {
        /// The token.
        found: usize,
        /// The hole.
        most: usize,
    },
}

impl ForeignTimestamps {
    /// Takes up a list, the preferred one first.
    ///
    /// # Errors
    /// The TLS library cannot start.
    pub fn new(
        authorities: Vec<TsaAddress>,
        patience: std::time::Duration,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, ExchangeError> {
        let authorities = authorities
            .into_iter()
            .map(|address| (address, Breaker::new()));
        Ok(Self {
            authorities: authorities.collect(),
            http: exchange::client(patience)?,
            clock,
            entropy,
            longest_token: USUAL_LONGEST_TOKEN,
            trust: None,
        })
    }

    /// The same, taking tokens only of a TSA whose chain ends at one of the anchors: one that
    /// nobody would believe later is passed by now.
    #[must_use]
    pub fn trusting(self, anchors: Vec<Certificate>, intermediates: Vec<Certificate>) -> Self {
        let trust = Trust {
            anchors,
            intermediates,
        };
        Self {
            trust: Some(trust),
            ..self
        }
    }

    /// The same with another size of hole.
    #[must_use]
    pub fn with_longest_token(self, longest_token: usize) -> Self {
        Self {
            longest_token,
            ..self
        }
    }

    async fn ask(
        &self,
        address: &TsaAddress,
        imprint: MessageImprint,
    ) -> Result<Vec<u8>, TsaFailure> {
        let mut nonce = [0; 8];
        let filled = self.entropy.fill(&mut nonce);
        filled.map_err(|error| ExchangeError::Local(error.to_string()))?;
        // Positive and of fixed length.
        let [first, ..] = &mut nonce;
        *first = (*first & 0x3f) | 0x40;
        let mut request = TimeStampReq::new(imprint, Some(nonce.to_vec()));
        request.policy = address.policy;
        let from = self.clock.now() - TIME_TOLERANCE;
        let response = exchange::post(&self.http, &address.url, request.der()).await?;
        let to = self.clock.now() + TIME_TOLERANCE;
        let token = check_response(&request, &response)?;
        self.check(&token, from, to)?;
        Ok(token.der().to_vec())
    }

    fn check(
        &self,
        token: &TimeStampToken,
        from: OffsetDateTime,
        to: OffsetDateTime,
    ) -> Result<(), TsaFailure> {
        let (theirs, found) = (token.tst.gen_time, token.der().len());
        if theirs < from || theirs > to {
            return Err(TsaFailure::Time { theirs, from, to });
        }
        if found > self.longest_token {
            return Err(TsaFailure::TooLong {
                found,
                most: self.longest_token,
            });
        }
        match &self.trust {
            Some(trust) => trust.check(token),
            None => Ok(()),
        }
    }
}

impl Trust {
    fn check(&self, token: &TimeStampToken) -> Result<(), TsaFailure> {
        let carried = &token.signed_data.certificates;
        let others = [carried.as_slice(), &self.intermediates].concat();
        let certificate = token
            .find_certificate(&others)
            .ok_or(TsaFailure::NoCertificate)?;
        let at = token.tst.gen_time;
        paths::build(certificate, &others, &self.anchors, at, Purpose::Tsa)?;
        Ok(())
    }
}

#[async_trait]
impl Timestamps for ForeignTimestamps {
    async fn timestamp(
        &self,
        hash: HashAlgorithm,
        digest: &[u8],
    ) -> Result<Vec<u8>, TimestampError> {
        let mut failures = Vec::new();
        for (address, breaker) in &self.authorities {
            let imprint = MessageImprint {
                hash,
                digest: digest.to_vec(),
            };
            let answer = match breaker.permit() {
                Some(attempt) => attempt.settle(self.ask(address, imprint).await),
                None => Err(TsaFailure::Resting),
            };
            match answer {
                Ok(token) => return Ok(token),
                Err(failure) => {
                    // The host only: an address may carry a password.
                    let host = address.url.host_str().unwrap_or_default();
                    tracing::warn!(tsa = host, %failure, "no timestamp");
                    failures.push(format!("{host}: {failure}"));
                }
            }
        }
        Err(TimestampError::NoneAnswered(failures))
    }

    fn longest_token(&self) -> usize {
        self.longest_token
    }
}

//! The time-stamping authority (RFC 3161, RFC 5816, ETSI EN 319 422).
//!
//! Bytes in, bytes out; HTTP is elsewhere. Three things hold whatever happens:
//!
//! - **Times never go back.** A time is whole seconds, rounded down, and issued only after the
//!   second is durable as this instance's mark ([`TimeMarks`]). A clock behind the mark,
//!   or more than a second behind another instance's, is refused, not waited for.
//!   Whole seconds also let revocation data, which has no fractions (RFC 6960), be as fresh
//!   as the timestamp the moment it is made. The declared accuracy covers the rounding.
//! - **Serial numbers are unique** across restarts and replicas without asking anybody:
//!   four octets derived from the instance's name, which tell who issued a token, and
//!   128 random bits. A counter would need a durable write for each token.
//! - **No sure time, no token**: [`ClockHealth`] decides, `timeNotAvailable` is the answer.

use std::sync::Arc;

use const_oid::ObjectIdentifier;
use time::{Duration, OffsetDateTime};
use tokio::sync::Mutex;

use crate::kernel::hash::{HashAlgorithm, Sha256};
use crate::kernel::sign::Signer;
use crate::kernel::tsp::{self, Accuracy, Grant, PkiFailureInfo, TimeStampReq};
use crate::kernel::x509::Certificate;
use crate::services::ports::{ClockHealth, Entropy, TimeMarks};

/// A request has an imprint, a nonce and a policy: a few hundred octets.
const LONGEST_REQUEST: usize = 8 * 1024;

/// What a TSA needs.
pub struct TsaParts {
    /// Its certificate.
    pub certificate: Certificate,
    /// The certificates between it and the anchor, in that order.
    pub chain: Vec<Certificate>,
    /// Its key.
    pub signer: Arc<dyn Signer>,
    /// The time.
    pub clock: Arc<dyn ClockHealth>,
    /// What was issued before.
    pub marks: Arc<dyn TimeMarks>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// This instance's name, unlike any other's of the same TSA.
    pub instance: String,
    /// The policy it stamps under.
    pub policy: ObjectIdentifier,
}

/// The time-stamping authority.
pub struct Tsa {
    parts: TsaParts,
    prefix: [u8; 4],
    mark: Mutex<Mark>,
}

/// How far this instance has spoken.
#[derive(Clone, Copy)]
enum Mark {
    /// Not read since the start.
    Unread,
    /// Durable: nothing before it is issued.
    At(OffsetDateTime),
}

/// Why there is no token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Refusal {
    #[error("{0}")]
    Request(#[from] tsp::RequestError),
    #[error("the request is too long")]
    TooLong,
    #[error("another policy than {0} is asked for")]
    Policy(ObjectIdentifier),
    #[error("the time source is not available")]
    Time(String),
    #[error("the authority cannot sign now")]
    System(String),
}

impl Tsa {
    /// Takes up the service.
    #[must_use]
    pub fn new(parts: TsaParts) -> Self {
        let name = Sha256::of(parts.instance.as_bytes());
        let [first, second, third, fourth, ..] = *name.as_bytes();
        // Positive and of fixed length: 20 octets, the most RFC 3161 asks clients to take.
        let prefix = [(first & 0x3f) | 0x40, second, third, fourth];
        let mark = Mutex::new(Mark::Unread);
        Self {
            parts,
            prefix,
            mark,
        }
    }

    /// Its certificate.
    #[must_use]
    pub fn certificate(&self) -> &Certificate {
        &self.parts.certificate
    }

    /// The hash functions it takes.
    #[must_use]
    pub fn hashes() -> [HashAlgorithm; 3] {
        [
            HashAlgorithm::Sha256,
            HashAlgorithm::Sha384,
            HashAlgorithm::Sha512,
        ]
    }

    /// No token of this TSA is longer: its certificates, and room for all else.
    #[must_use]
    pub fn longest_token(&self) -> usize {
        let certificates = std::iter::once(&self.parts.certificate).chain(&self.parts.chain);
        certificates.map(|one| one.der().len()).sum::<usize>() + 2048
    }

    /// Answers a request. There is always an answer: a refusal is one.
    pub async fn respond(&self, request: &[u8]) -> Vec<u8> {
        match self.grant(request).await {
            Ok(response) => response,
            Err(refusal) => {
                tracing::warn!(?refusal, "no timestamp");
                tsp::rejection(refusal.failure(), &refusal.to_string())
            }
        }
    }

    async fn grant(&self, request: &[u8]) -> Result<Vec<u8>, Refusal> {
        if request.len() > LONGEST_REQUEST {
            return Err(Refusal::TooLong);
        }
        let request = TimeStampReq::parse(request)?;
        if request
            .policy
            .is_some_and(|asked| asked != self.parts.policy)
        {
            return Err(Refusal::Policy(self.parts.policy));
        }
        let serial = self.serial()?;
        let gen_time = self.next_time().await?;
        let grant = Grant {
            policy: self.parts.policy,
            serial: &serial,
            gen_time,
            accuracy: Some(Accuracy {
                seconds: 1,
                millis: 0,
                micros: 0,
            }),
        };
        let TsaParts {
            certificate,
            chain,
            signer,
            ..
        } = &self.parts;
        tsp::issue(&request, &grant, certificate, chain, signer.as_ref())
            .map_err(|error| Refusal::System(error.to_string()))
    }

    /// The time to put into a token: durable before it is used.
    async fn next_time(&self) -> Result<OffsetDateTime, Refusal> {
        let mut mark = self.mark.lock().await;
        let known = match *mark {
            Mark::At(known) => known,
            Mark::Unread => self.earlier_mark().await?,
        };
        let now = self
            .parts
            .clock
            .sure_time()
            .map_err(|unsure| Refusal::Time(unsure.to_string()))?;
        let second = now
            .replace_nanosecond(0)
            .map_err(|error| Refusal::Time(error.to_string()))?;
        if second < known {
            return Err(Refusal::Time(format!(
                "the clock says {second}, {known} was issued"
            )));
        }
        if !self.parts.certificate.is_valid_at(second) {
            return Err(Refusal::System(
                "the TSA's certificate is not valid now".into(),
            ));
        }
        if matches!(*mark, Mark::Unread) || second > known {
            let raised = self.parts.marks.raise(&self.parts.instance, second).await;
            raised.map_err(Refusal::store)?;
            *mark = Mark::At(second);
        }
        Ok(second)
    }

    /// What this instance issued before the restart, and the others as far as two
    /// good clocks may differ.
    async fn earlier_mark(&self) -> Result<OffsetDateTime, Refusal> {
        let marks = self.parts.marks.marks().await.map_err(Refusal::store)?;
        let floors = marks.into_iter().map(|(instance, at)| {
            if instance == self.parts.instance {
                at
            } else {
                at - Duration::SECOND
            }
        });
        Ok(floors.max().unwrap_or(OffsetDateTime::UNIX_EPOCH))
    }

    fn serial(&self) -> Result<[u8; 20], Refusal> {
        let mut serial = [0; 20];
        let (prefix, random) = serial.split_at_mut(self.prefix.len());
        prefix.copy_from_slice(&self.prefix);
        let filled = self.parts.entropy.fill(random);
        filled.map_err(|error| Refusal::System(error.to_string()))?;
        Ok(serial)
    }
}

impl Refusal {
    fn store(error: impl std::fmt::Display) -> Self {
        Self::System(error.to_string())
    }

    fn failure(&self) -> PkiFailureInfo {
        match self {
            Self::Request(error) => error.failure(),
            Self::TooLong => PkiFailureInfo::BadDataFormat,
            Self::Policy(_) => PkiFailureInfo::UnacceptedPolicy,
            Self::Time(_) => PkiFailureInfo::TimeNotAvailable,
            Self::System(_) => PkiFailureInfo::SystemFailure,
        }
    }
}

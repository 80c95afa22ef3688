//! The office: everything that the services work with, put together once.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use time::{Date, Duration, OffsetDateTime};

use super::error::ServiceError;
use super::finish::Untold;
use super::ports::{
    Blobs, Clock, Drawings, Entropy, Examiner, KeyRecord, RevocationData, SignatoryKeys, Store,
    Timestamps,
};
use crate::domain::zone::Zone;
use crate::kernel;
use crate::kernel::code::DocumentCode;
use crate::kernel::hash::HashAlgorithm;
use crate::kernel::pdf::Limits;
use crate::kernel::pdf::appearance::{BlockPrinter, Certifier};
use crate::kernel::validation::Anchors;
use crate::kernel::x509::Certificate;

/// The world, as ports.
#[derive(Clone)]
pub struct Ports {
    /// The register.
    pub store: Arc<dyn Store>,
    /// The files.
    pub blobs: Arc<dyn Blobs>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// Where timestamps come from.
    pub timestamps: Arc<dyn Timestamps>,
    /// Where revocation data comes from.
    pub revocation: Arc<dyn RevocationData>,
    /// What opens the signatories' keys.
    pub keys: Arc<dyn SignatoryKeys>,
    /// Who examines files from unknown hands.
    pub examiner: Arc<dyn Examiner>,
    /// Where pictures of pages are kept for a while.
    pub drawings: Arc<dyn Drawings>,
}

/// What the office laid down for itself.
#[derive(Clone)]
pub struct Policy {
    /// The office's name, as verdicts and pages say it.
    pub office: String,
    /// Where it signs: `/Location`.
    pub location: Option<String>,
    /// What QR codes point at, without a slash at the end.
    pub public_url: String,
    /// Which day it is.
    pub zone: Zone,
    /// Who certifies the signatories' keys.
    pub certifier: Certifier,
    /// Where certification paths end: what issued files are checked against.
    pub anchors: Anchors,
    /// The anchors that are recognised certification providers' (PSrE).
    pub psre: Vec<Certificate>,
    /// Issuing certificates that signatures do not carry.
    pub intermediates: Vec<Certificate>,
    /// The hash function of timestamps.
    pub hash: HashAlgorithm,
    /// What a validation of our own files accepts.
    pub validation: kernel::validation::Policy,
    /// What a submitted file may cost.
    pub limits: Limits,
    /// Whether others are asked for the status of certificates that files shown here lack.
    pub asks_about_files: bool,
    /// How long an approval can be given after it was asked for.
    pub approval_lifetime: Duration,
    /// How long a call holds its idempotency key if it never ends.
    pub claim_lifetime: Duration,
}

/// What the system does. Clones share it.
#[derive(Clone)]
pub struct Services {
    inner: Arc<Inner>,
}

struct Inner {
    ports: Ports,
    policy: Policy,
    printer: BlockPrinter,
    due: tokio::sync::Notify,
    untold: Mutex<Untold>,
    approving: super::approve::Approving,
    guesses: super::approve::Guesses,
    given_up: super::once::GivenUp,
    garbage: super::garbage::Marks,
}

impl Services {
    /// Puts the office together.
    #[must_use]
    pub fn new(ports: Ports, policy: Policy, printer: BlockPrinter) -> Self {
        let inner = Inner {
            ports,
            policy,
            printer,
            due: tokio::sync::Notify::new(),
            untold: Mutex::default(),
            approving: super::approve::Approving::default(),
            guesses: super::approve::Guesses::default(),
            given_up: super::once::GivenUp::default(),
            garbage: super::garbage::Marks::default(),
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// What the office laid down.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.inner.policy
    }

    pub(super) fn ports(&self) -> &Ports {
        &self.inner.ports
    }

    pub(super) fn store(&self) -> &dyn Store {
        &*self.inner.ports.store
    }

    pub(super) fn blobs(&self) -> &dyn Blobs {
        &*self.inner.ports.blobs
    }

    pub(super) fn printer(&self) -> &BlockPrinter {
        &self.inner.printer
    }

    pub(super) fn approving(&self) -> &super::approve::Approving {
        &self.inner.approving
    }

    pub(super) fn guesses(&self) -> &super::approve::Guesses {
        &self.inner.guesses
    }

    pub(super) fn given_up(&self) -> &super::once::GivenUp {
        &self.inner.given_up
    }

    pub(super) fn garbage(&self) -> &super::garbage::Marks {
        &self.inner.garbage
    }

    /// Rings for the worker that finishes signatures.
    pub(super) fn due(&self) -> &tokio::sync::Notify {
        &self.inner.due
    }

    /// What the worker could not tell the store.
    pub(super) fn untold(&self) -> MutexGuard<'_, Untold> {
        self.inner
            .untold
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> OffsetDateTime {
        self.inner.ports.clock.now()
    }

    /// Which day it is at the office.
    #[must_use]
    pub fn today(&self) -> Date {
        self.inner.policy.zone.date(self.now())
    }

    /// What a document's QR code says: its page.
    #[must_use]
    pub fn code_url(&self, code: DocumentCode) -> String {
        format!("{}/v/{}", self.inner.policy.public_url, code.compact())
    }

    /// Who certified a key: a PSrE where its chain ends at the anchor of one, else our
    /// authority.
    pub(super) fn certifier_of(&self, key: &KeyRecord) -> Certifier {
        let policy = self.policy();
        let issuer = Certificate::parse(&key.certificate).map(|one| one.issuer().clone());
        match (key.chain.last(), issuer) {
            (Some(last), Ok(issuer)) if policy.psre.iter().any(|one| one.der() == last) => {
                let issuer = issuer.common_name().unwrap_or_else(|| issuer.text());
                Certifier::Psre { issuer }
            }
            _ => policy.certifier.clone(),
        }
    }

    pub(super) fn random<const N: usize>(&self) -> Result<[u8; N], ServiceError> {
        let mut bytes = [0; N];
        self.inner.ports.entropy.fill(&mut bytes)?;
        Ok(bytes)
    }
}

impl std::fmt::Debug for Services {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Services")
            .field("office", &self.inner.policy.office)
            .finish_non_exhaustive()
    }
}

//! Revocation status information (EN 319 102-1, 5.2.5, 5.2.6; RFC 6960;
//! RFC 5280, 6.3): what OCSP responses and CRLs say of one certificate.
//!
//! Signatures and authority are checked once and do not depend on time; what
//! the statements mean at a time is asked afterwards.

mod crl;
mod ocsp;

use std::collections::HashMap;
use std::sync::Arc;

use time::{Duration, OffsetDateTime};

use super::evidence::Evidence;
use super::policy::{Policy, Until};
use super::report::RevocationSource;
use crate::kernel::hash::Sha256;
use crate::kernel::sign::SignatureAlgorithm;
use crate::kernel::x509::{Certificate, RevocationReason};

/// Whether a statement says that a certificate stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Good,
    Revoked {
        at: OffsetDateTime,
        reason: Option<RevocationReason>,
    },
}

/// One authentic statement about a certificate's status.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    pub(super) source: RevocationSource,
    /// The object it stands in, for proofs of existence.
    pub(super) object: Sha256,
    pub(super) this_update: OffsetDateTime,
    pub(super) next_update: Option<OffsetDateTime>,
    pub(super) state: State,
    /// Who signed it, where that is not the issuer itself.
    pub(super) delegate: Option<Certificate>,
    pub(super) algorithm: SignatureAlgorithm,
    pub(super) key_bits: u32,
}

impl Statement {
    /// Whether it is fresh enough for a time (EN 319 102-1, 5.2.5).
    pub(super) fn is_fresh(&self, at: OffsetDateTime, policy: &Policy) -> bool {
        at <= self.fresh_until(policy)
    }

    /// The last time that it is fresh enough for.
    pub(super) fn fresh_until(&self, policy: &Policy) -> OffsetDateTime {
        let by_own_word = match self.next_update {
            Some(next) => next - self.this_update,
            None => Duration::hours(policy.revocation.without_next_update_hours.into()),
        };
        let most = match policy.revocation.max_age_hours {
            Some(hours) => Duration::hours(hours.into()),
            None => by_own_word,
        };
        self.this_update
            .checked_add(most)
            .unwrap_or(self.this_update)
    }

    /// Up to when its signature is strong enough.
    pub(super) fn strong_until(&self, policy: &Policy) -> Until {
        policy.signature_until(self.algorithm, self.key_bits)
    }

    /// Since when the certificate is revoked, if it is for good.
    pub(super) fn revoked_for_good(&self) -> Option<OffsetDateTime> {
        match self.state {
            State::Revoked { at, reason } if reason != Some(RevocationReason::CertificateHold) => {
                Some(at)
            }
            _ => None,
        }
    }
}

/// What is said of one certificate, and what was not believed.
#[derive(Debug, Default)]
pub(super) struct Statements {
    pub(super) usable: Vec<Statement>,
    pub(super) refused: Vec<String>,
}

impl Statements {
    /// The statement that counts: a revocation for good, the earliest, before
    /// all others; else the newest, one that says "revoked" before one that
    /// does not.
    pub(super) fn decisive(&self) -> Option<&Statement> {
        Self::decide(self.usable.iter())
    }

    /// The same among the statements that `keep` keeps.
    pub(super) fn decisive_of(&self, keep: impl Fn(&Statement) -> bool) -> Option<&Statement> {
        Self::decide(self.usable.iter().filter(|one| keep(one)))
    }

    fn decide<'s>(
        statements: impl Iterator<Item = &'s Statement> + Clone,
    ) -> Option<&'s Statement> {
        let revoked = statements
            .clone()
            .filter(|one| one.revoked_for_good().is_some())
            .min_by_key(|one| one.revoked_for_good());
        revoked.or_else(|| statements.max_by_key(|one| (one.this_update, one.state != State::Good)))
    }
}

/// Reads statements, and remembers what was read.
#[derive(Debug, Default)]
pub(super) struct Registry {
    known: HashMap<(Sha256, Sha256), Arc<Statements>>,
    verified_crls: HashMap<(Sha256, Sha256), Option<String>>,
}

/// How many certificates may stand between a status and the issuer: a
/// responder, and who speaks for the responder.
const DEPTH: usize = 2;

impl Registry {
    /// What is said of a certificate by, or on behalf of, its issuer.
    pub(super) fn statements(
        &mut self,
        evidence: &Evidence,
        certificate: &Certificate,
        issuer: &Certificate,
    ) -> Arc<Statements> {
        self.at_depth(evidence, certificate, issuer, 0)
    }

    /// What was read before.
    pub(super) fn known(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
    ) -> Option<Arc<Statements>> {
        let key = (certificate.fingerprint(), issuer.fingerprint());
        self.known.get(&key).cloned()
    }

    fn at_depth(
        &mut self,
        evidence: &Evidence,
        certificate: &Certificate,
        issuer: &Certificate,
        depth: usize,
    ) -> Arc<Statements> {
        let key = (certificate.fingerprint(), issuer.fingerprint());
        if let Some(known) = self.known.get(&key) {
            return Arc::clone(known);
        }
        // While its own status is being read, a certificate has none: no
        // responder vouches for itself.
        self.known.insert(key, Arc::default());
        let mut found = Statements::default();
        self.read_ocsps(evidence, certificate, issuer, depth, &mut found);
        self.read_crls(evidence, certificate, issuer, &mut found);
        let found = Arc::new(found);
        self.known.insert(key, Arc::clone(&found));
        found
    }
}

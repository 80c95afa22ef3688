//! A statement about a certificate's status, and which of several counts.

use std::sync::Arc;

use time::{Duration, OffsetDateTime};

use crate::kernel::hash::Sha256;
use crate::kernel::sign::SignatureAlgorithm;
use crate::kernel::validation::policy::{Policy, Until};
use crate::kernel::validation::report::RevocationSource;
use crate::kernel::x509::{Certificate, RevocationReason};

/// Whether a statement says that a certificate stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum State {
    Good,
    Revoked {
        at: OffsetDateTime,
        reason: Option<RevocationReason>,
    },
}

impl State {
    /// Whether it is revoked at a time.
    pub(super) fn revoked_by(self, time: OffsetDateTime) -> bool {
        matches!(self, Self::Revoked { at, .. } if at <= time)
    }
}

/// One authentic statement about a certificate's status.
#[derive(Clone, Debug)]
pub(in super::super) struct Statement {
    pub(in super::super) source: RevocationSource,
    /// The objects it stands in: an OCSP response, or the lists that cover every
    /// reason together.
    pub(in super::super) signed: Vec<Signed>,
    pub(in super::super) this_update: OffsetDateTime,
    pub(in super::super) next_update: Option<OffsetDateTime>,
    pub(in super::super) state: State,
    /// Who vouches for it besides the issuer itself.
    pub(in super::super) delegates: Vec<Delegate>,
}

/// An object, known by its hash for proofs of existence, and how it is signed.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Signed {
    pub(in super::super) object: Sha256,
    /// Nothing where only OpenSSL knows it.
    pub(in super::super) algorithm: Option<SignatureAlgorithm>,
    pub(in super::super) key_bits: u32,
}

impl Signed {
    /// Up to when its signature is strong enough.
    pub(in super::super) fn strong_until(&self, policy: &Policy) -> Until {
        match self.algorithm {
            Some(algorithm) => policy.signature_until(algorithm, self.key_bits),
            None if policy.allows_weak() => Until::Open,
            None => Until::Never,
        }
    }
}

/// A certificate that vouches for a statement: a responder's, or one on the path
/// of a CRL's signer.
#[derive(Clone, Debug)]
pub(in super::super) struct Delegate {
    pub(in super::super) certificate: Certificate,
    /// When it vouched, by its own word.
    pub(in super::super) signed_at: OffsetDateTime,
    /// What is said of it; nothing where its issuer says that nobody need ask.
    pub(in super::super) status: Option<Arc<Statements>>,
}

/// Why who vouches does not count.
#[derive(Clone, Debug)]
pub(in super::super) enum Unsound {
    /// Its certificate had ended before the statement is proven to have existed.
    Expired(String),
    /// Its certificate does not stand.
    Status(String),
}

impl Delegate {
    /// Whether its word counts where the statement is proven to have existed at a
    /// time: what it said before its certificate ended or was revoked.
    pub(in super::super) fn check(
        &self,
        existed: OffsetDateTime,
        policy: &Policy,
    ) -> Result<(), Unsound> {
        let name = || self.certificate.subject().to_string();
        if existed > self.certificate.not_after() {
            return Err(Unsound::Expired(name()));
        }
        let Some(status) = &self.status else {
            return Ok(());
        };
        let stands = status.decisive().is_some_and(|one| match one.state {
            State::Revoked { at, .. } => existed < at,
            State::Good => one.is_fresh(self.signed_at, policy),
        });
        stands.then_some(()).ok_or_else(|| Unsound::Status(name()))
    }
}

impl Statement {
    /// Whether it is fresh enough for a time (EN 319 102-1, 5.2.5).
    pub(in super::super) fn is_fresh(&self, at: OffsetDateTime, policy: &Policy) -> bool {
        at <= self.fresh_until(policy)
    }

    /// The last time that it is fresh enough for.
    pub(in super::super) fn fresh_until(&self, policy: &Policy) -> OffsetDateTime {
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

    /// Up to when its signatures are all strong enough.
    pub(in super::super) fn strong_until(&self, policy: &Policy) -> Until {
        let ends = self.signed.iter().map(|one| one.strong_until(policy));
        ends.min().unwrap_or(Until::Never)
    }

    /// Since when the certificate is revoked, if it is for good.
    pub(in super::super) fn revoked_for_good(&self) -> Option<OffsetDateTime> {
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
pub(in super::super) struct Statements {
    pub(in super::super) usable: Vec<Statement>,
    pub(in super::super) refused: Vec<String>,
}

impl Statements {
    /// The statement that counts: a revocation for good, the earliest, before
    /// all others; else the newest, one that says "revoked" before one that
    /// does not.
    pub(in super::super) fn decisive(&self) -> Option<&Statement> {
        Self::decide(self.usable.iter())
    }

    /// The same among the statements that `keep` keeps.
    pub(in super::super) fn decisive_of(
        &self,
        keep: impl Fn(&Statement) -> bool,
    ) -> Option<&Statement> {
        let kept: Vec<&Statement> = self.usable.iter().filter(|one| keep(one)).collect();
        Self::decide(kept.into_iter())
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

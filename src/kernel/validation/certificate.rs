//! X.509 certificate validation (EN 319 102-1, 5.2.6) at a time, by the shell
//! model: every certificate of the chain valid and unrevoked at that time.

use std::ops::Range;
use std::sync::Arc;

use time::OffsetDateTime;

use super::chains::{Chains, NoChain};
use super::evidence::Evidence;
use super::input::{Role, ValidationInput};
use super::missing::MissingStatus;
use super::policy::{SignerKeyUsage, Until};
use super::problems::Problem;
use super::proofs::Proofs;
use super::revocation::{Link, Registry, Sources, State, Statement, Statements, Unsound};
use crate::kernel::hash::Beginnings;
use crate::kernel::x509::paths::{self, CertificatePath};
use crate::kernel::x509::{Certificate, KeyUsage, RevocationReason};

/// What a validation knows and has found out so far.
pub(super) struct Engine<'i> {
    pub(super) input: &'i ValidationInput<'i>,
    pub(super) hashes: &'i Beginnings<'i>,
    pub(super) evidence: Evidence,
    pub(super) proofs: Proofs,
    /// Status information that may decide what is open.
    pub(super) missing: Vec<MissingStatus>,
    /// Whether nothing is to be said of revocation.
    pub(super) ignores_revocation: bool,
    chains: Chains<'i>,
    registry: Registry,
}

/// A certificate at a time, by one chain.
pub(super) struct Judgement {
    pub(super) chain: Option<Arc<CertificatePath>>,
    /// The statement about the leaf that counted.
    pub(super) status: Option<Statement>,
    pub(super) problems: Vec<Problem>,
    /// Which of the problems belong to each link of the chain.
    pub(super) links: Vec<Range<usize>>,
    /// Revocation data that was not believed.
    pub(super) refused: Vec<String>,
    /// Certificates without revocation data, where the policy lets that pass.
    pub(super) unchecked: Vec<String>,
}

impl<'i> Engine<'i> {
    pub(super) fn new(input: &'i ValidationInput<'i>, hashes: &'i Beginnings<'i>) -> Self {
        Self {
            input,
            hashes,
            evidence: Evidence::new(input),
            proofs: Proofs::new(input.at),
            missing: Vec::new(),
            ignores_revocation: false,
            chains: Chains::new(input),
            registry: Registry::default(),
        }
    }

    /// What is said of a certificate's status.
    pub(super) fn statements(&mut self, link: Link<'_>) -> Arc<Statements> {
        let sources = Sources {
            evidence: &self.evidence,
            anchors: self.input.anchors,
            now: self.input.at,
            tolerance: self.input.policy.revocation.clock_tolerance(),
            allow_weak: self.input.policy.allows_weak(),
        };
        self.registry.statements(sources, link)
    }

    /// The chain of a certificate that the last judgement rests on.
    pub(super) fn known_chain(
        &self,
        leaf: &Certificate,
        role: Role,
    ) -> Option<Arc<CertificatePath>> {
        self.chains.chosen(leaf, role)
    }

    /// What was said of a certificate that was judged before.
    pub(super) fn known_statements(&self, link: Link<'_>) -> Option<Arc<Statements>> {
        self.registry.known(link)
    }

    /// Judges a certificate in a role at a time, by each of its chains until one
    /// satisfies `weigh`; if none does, by the one that comes closest. `weigh` gives what
    /// it makes of a judgement, and how bad it is: 0 satisfies.
    pub(super) fn judge_by<T>(
        &mut self,
        certificate: &Certificate,
        role: Role,
        at: OffsetDateTime,
        mut weigh: impl FnMut(&mut Self, &mut Judgement) -> (T, u8),
    ) -> (Judgement, T) {
        let mut judgement = self.judge_at(certificate, role, at, 0);
        let (mut outcome, mut badness) = weigh(self, &mut judgement);
        let mut chosen = 0;
        for place in 1.. {
            if badness == 0 || judgement.chain.is_none() {
                break;
            }
            let mut other = self.judge_at(certificate, role, at, place);
            if other.chain.is_none() {
                break;
            }
            let (found, bad) = weigh(self, &mut other);
            if bad < badness {
                (judgement, outcome, badness, chosen) = (other, found, bad, place);
            }
        }
        self.chains.choose(certificate, role, chosen);
        (judgement, outcome)
    }

    /// Judges a certificate by the chain at a place.
    fn judge_at(
        &mut self,
        certificate: &Certificate,
        role: Role,
        at: OffsetDateTime,
        place: usize,
    ) -> Judgement {
        let mut judgement = Judgement {
            chain: None,
            status: None,
            problems: Vec::new(),
            links: Vec::new(),
            refused: Vec::new(),
            unchecked: Vec::new(),
        };
        if let Some(reason) = self.misfit(certificate, role) {
            judgement.problems.push(Problem::Constraints(reason));
        }
        let chain = match self.chains.find(&self.evidence, certificate, role, place) {
            Ok(Some(chain)) => chain,
            Ok(None) => return judgement,
            Err(failure) => {
                judgement.problems.push(no_chain(failure, certificate));
                return judgement;
            }
        };
        if let Some(anchor) = chain.anchor() {
            if !anchor.is_valid_at(at) {
                judgement.problems.push(Problem::AnchorOutOfBounds {
                    not_after: anchor.not_after(),
                    name: anchor.subject().to_string(),
                });
            }
            for (index, (certificate, issuer)) in chain.links().enumerate() {
                let link = Link {
                    certificate,
                    issuer,
                    anchor,
                };
                let first = judgement.problems.len();
                self.judge_link(index, link, at, &mut judgement);
                judgement.links.push(first..judgement.problems.len());
            }
        }
        judgement.chain = Some(chain);
        judgement
    }

    fn judge_link(
        &mut self,
        index: usize,
        link: Link<'_>,
        at: OffsetDateTime,
        judgement: &mut Judgement,
    ) {
        let statements = if self.ignores_revocation {
            Arc::default()
        } else {
            self.statements(link)
        };
        let decisive = self.decisive(&statements, at);
        let problems = &mut judgement.problems;
        problems.extend(self.out_of_bounds(index, link.certificate, decisive, at));
        problems.extend(self.weak_link(link.certificate, link.issuer, at));
        let name = link.certificate.subject().to_string();
        match decisive {
            Some(statement) => problems.extend(self.judge_status(index, statement, &name, at)),
            None if self.ignores_revocation => {}
            // 5.2.6.4: nobody can revoke what lives for hours.
            None if link.certificate.has_assured_validity() => {}
            None if self.input.policy.revocation.required => {
                let reasons = statements.refused.join("; ");
                let detail = if reasons.is_empty() {
                    name
                } else {
                    format!("{name} ({reasons})")
                };
                problems.push(Problem::NoRevocationData { index, detail });
            }
            None => judgement.unchecked.push(name),
        }
        judgement.refused.extend(statements.refused.iter().cloned());
        if index == 0 {
            judgement.status = decisive.cloned();
        }
    }

    /// The statement that counts at a time: one whose signers count, if there is any.
    pub(super) fn decisive<'s>(
        &self,
        statements: &'s Statements,
        at: OffsetDateTime,
    ) -> Option<&'s Statement> {
        let sound = statements.decisive_of(|one| self.unsound(one, at).is_none());
        sound.or_else(|| statements.decisive())
    }

    /// Why who vouches for a statement does not count at a time.
    fn unsound(&self, statement: &Statement, at: OffsetDateTime) -> Option<Unsound> {
        let existed = at.min(self.existed(statement));
        let mut delegates = statement.delegates.iter();
        delegates.find_map(|one| one.check(existed, self.input.policy).err())
    }

    /// Since when all of a statement is proven to have been there.
    pub(super) fn existed(&self, statement: &Statement) -> OffsetDateTime {
        let times = statement.signed.iter();
        let times = times.map(|one| self.proofs.earliest(&one.object));
        times.max().unwrap_or(self.input.at)
    }

    fn out_of_bounds(
        &self,
        index: usize,
        certificate: &Certificate,
        decisive: Option<&Statement>,
        at: OffsetDateTime,
    ) -> Option<Problem> {
        let end = certificate.not_after();
        (!certificate.is_valid_at(at)).then(|| Problem::OutOfBounds {
            index,
            not_before: certificate.not_before(),
            not_after: end,
            // 5.2.6.4, note 8: it was told after the end, or is assured by the authority.
            not_revoked: decisive.map_or(certificate.has_assured_validity(), |one| {
                one.state == State::Good
                    && (one.this_update >= end || one.is_fresh(end, self.input.policy))
            }),
            name: certificate.subject().to_string(),
        })
    }

    /// What a statement means at a time.
    pub(super) fn judge_status(
        &self,
        index: usize,
        statement: &Statement,
        name: &str,
        at: OffsetDateTime,
    ) -> Vec<Problem> {
        let policy = self.input.policy;
        let mut problems = Vec::new();
        let name = name.to_owned();
        match statement.state {
            State::Revoked { at: since, reason } if since <= at => {
                let at = since;
                problems.push(match reason {
                    Some(RevocationReason::CertificateHold) => Problem::OnHold { index, at, name },
                    reason => Problem::Revoked {
                        index,
                        at,
                        reason,
                        name,
                    },
                });
            }
            // Not revoked yet, or not at all.
            _ if !statement.is_fresh(at, policy) => problems.push(Problem::Stale {
                index,
                this_update: statement.this_update,
                fresh_until: statement.fresh_until(policy),
                name,
            }),
            _ => {}
        }
        match self.unsound(statement, at) {
            Some(Unsound::Expired(name)) => {
                problems.push(Problem::ResponderOutOfBounds { index, name });
            }
            Some(Unsound::Status(detail)) => {
                problems.push(Problem::NoRevocationData { index, detail });
            }
            None => {}
        }
        problems.extend(self.weak_statement(statement, at));
        problems
    }

    fn weak_statement(
        &self,
        statement: &Statement,
        at: OffsetDateTime,
    ) -> impl Iterator<Item = Problem> {
        let policy = self.input.policy;
        statement.signed.iter().filter_map(move |one| {
            let until = one.strong_until(policy);
            let algorithm = one.algorithm.map(|known| known.to_string());
            (!until.covers(at)).then(|| Problem::Weak {
                object: one.object,
                until,
                what: format!("{} ({} bits)", algorithm.unwrap_or_default(), one.key_bits),
                key: false,
            })
        })
    }

    /// How the issuer signed a certificate, at a time.
    fn weak_link(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        at: OffsetDateTime,
    ) -> Option<Problem> {
        let (until, what) = self.strength_of(certificate, issuer);
        (!until.covers(at)).then(|| Problem::Weak {
            object: certificate.fingerprint(),
            until,
            what,
            key: false,
        })
    }

    /// Up to when a certificate's own signature is strong enough.
    pub(super) fn strength_of(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
    ) -> (Until, String) {
        if self.input.policy.allows_weak() {
            return (Until::Open, String::new());
        }
        let algorithm = certificate.signature_algorithm();
        let key = issuer.public_key();
        match (algorithm, key) {
            (Ok(algorithm), Ok(key)) => {
                let limit = self.input.policy.signature_limit(algorithm, key.bits());
                let (bits, name) = (key.bits(), certificate.subject());
                let what = format!("{algorithm} ({bits} bits), {name} [{}]", limit.source);
                (limit.until, what)
            }
            (Err(error), _) => (Until::Never, error.to_string()),
            (_, Err(error)) => (Until::Never, error.to_string()),
        }
    }

    /// Why a certificate is not one for a role, if it is not.
    fn misfit(&self, certificate: &Certificate, role: Role) -> Option<String> {
        match role {
            Role::Any => None,
            _ if certificate.is_ca() => Some("it is a certificate of an authority".to_owned()),
            Role::Signer => self.signer_misfit(certificate),
            // RFC 3161 2.3 is checked with the token.
            Role::Tsa => None,
        }
    }

    fn signer_misfit(&self, certificate: &Certificate) -> Option<String> {
        let policy = &self.input.policy.signer;
        let bit = |usage: &SignerKeyUsage| match usage {
            SignerKeyUsage::DigitalSignature => KeyUsage::DIGITAL_SIGNATURE,
            SignerKeyUsage::NonRepudiation => KeyUsage::NON_REPUDIATION,
        };
        let may_sign = certificate
            .key_usage()
            .is_none_or(|usage| policy.key_usage.iter().any(|one| usage.has(bit(one))));
        if !may_sign {
            return Some("its key usage allows no signatures".to_owned());
        }
        let allowed = policy.extended_key_usage.as_deref();
        let allowed = allowed.unwrap_or(&paths::SIGNING_PURPOSES);
        let fits = certificate
            .extended_key_usage()
            .is_none_or(|usage| allowed.iter().any(|purpose| usage.has(purpose)));
        (!fits).then(|| "its extended key usage is another one".to_owned())
    }
}

fn no_chain(failure: NoChain, certificate: &Certificate) -> Problem {
    match failure {
        NoChain::NotFound(detail) => Problem::ChainNotFound(detail),
        NoChain::Invalid(detail) => Problem::ChainInvalid(detail),
        NoChain::Purpose(detail) => Problem::Constraints(detail),
        NoChain::Weak(what) => Problem::Weak {
            object: certificate.fingerprint(),
            until: Until::Never,
            what,
            key: false,
        },
    }
}

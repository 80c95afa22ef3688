//! X.509 certificate validation (EN 319 102-1, 5.2.6) at a time, by the shell
//! model: every certificate of the chain valid and unrevoked at that time.

use std::ops::Range;
use std::sync::Arc;

use time::OffsetDateTime;

use super::chains::{Chains, NoChain};
use super::evidence::Evidence;
use super::input::{Role, ValidationInput};
use super::policy::{SignerKeyUsage, Until};
use super::problems::Problem;
use super::proofs::Proofs;
use super::revocation::{Registry, State, Statement, Statements};
use crate::kernel::x509::paths::CertificatePath;
use crate::kernel::x509::{Certificate, KeyUsage, RevocationReason};

/// What a validation knows and has found out so far.
pub(super) struct Engine<'i> {
    pub(super) input: &'i ValidationInput<'i>,
    pub(super) evidence: Evidence,
    pub(super) proofs: Proofs,
    chains: Chains<'i>,
    registry: Registry,
}

/// A certificate at a time.
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
    pub(super) fn new(input: &'i ValidationInput<'i>) -> Self {
        Self {
            input,
            evidence: Evidence::new(input),
            proofs: Proofs::new(input.at),
            chains: Chains::new(input.anchors, input.at),
            registry: Registry::default(),
        }
    }

    /// What is said of a certificate's status.
    pub(super) fn statements(
        &mut self,
        certificate: &Certificate,
        issuer: &Certificate,
    ) -> Arc<Statements> {
        self.registry
            .statements(&self.evidence, certificate, issuer)
    }

    /// The chain of a certificate that was judged before.
    pub(super) fn known_chain(
        &self,
        leaf: &Certificate,
        role: Role,
    ) -> Option<Arc<CertificatePath>> {
        self.chains.known(leaf, role)
    }

    /// What was said of a certificate that was judged before.
    pub(super) fn known_statements(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
    ) -> Option<Arc<Statements>> {
        self.registry.known(certificate, issuer)
    }

    /// Judges a certificate in a role at a time.
    pub(super) fn judge(
        &mut self,
        certificate: &Certificate,
        role: Role,
        at: OffsetDateTime,
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
        let chain = match self.chains.find(&self.evidence, certificate, role) {
            Ok(chain) => chain,
            Err(failure) => {
                judgement.problems.push(match failure {
                    NoChain::NotFound(detail) => Problem::ChainNotFound(detail),
                    NoChain::Invalid(detail) => Problem::ChainInvalid(detail),
                    NoChain::Purpose(detail) => Problem::Constraints(detail),
                    NoChain::Weak(what) => Problem::Weak {
                        object: certificate.fingerprint(),
                        until: Until::Never,
                        what,
                        key: false,
                    },
                });
                return judgement;
            }
        };
        for (index, (certificate, issuer)) in chain.links().enumerate() {
            let first = judgement.problems.len();
            self.judge_link(index, certificate, issuer, at, &mut judgement);
            judgement.links.push(first..judgement.problems.len());
        }
        judgement.chain = Some(chain);
        judgement
    }

    fn judge_link(
        &mut self,
        index: usize,
        certificate: &Certificate,
        issuer: &Certificate,
        at: OffsetDateTime,
        judgement: &mut Judgement,
    ) {
        let name = certificate.subject().to_string();
        let statements = self.statements(certificate, issuer);
        let decisive = statements.decisive();
        if !certificate.is_valid_at(at) {
            judgement.problems.push(Problem::OutOfBounds {
                index,
                not_before: certificate.not_before(),
                not_after: certificate.not_after(),
                not_revoked: decisive.is_some_and(|one| {
                    one.state == State::Good
                        && (one.this_update >= certificate.not_after()
                            || one.is_fresh(certificate.not_after(), self.input.policy))
                }),
                name: name.clone(),
            });
        }
        judgement
            .problems
            .extend(self.weak_link(certificate, issuer, at));
        match decisive {
            Some(statement) => {
                let found = self.judge_status(index, statement, &name, at);
                judgement.problems.extend(found);
            }
            None if self.input.policy.revocation.required => {
                let reasons = statements.refused.join("; ");
                let detail = if reasons.is_empty() {
                    name
                } else {
                    format!("{name} ({reasons})")
                };
                judgement
                    .problems
                    .push(Problem::NoRevocationData { detail });
            }
            None => judgement.unchecked.push(name),
        }
        judgement.refused.extend(statements.refused.iter().cloned());
        if index == 0 {
            judgement.status = decisive.cloned();
        }
    }

    /// What a statement means at a time.
    fn judge_status(
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
            State::Good if !statement.is_fresh(at, policy) => problems.push(Problem::Stale {
                this_update: statement.this_update,
                fresh_until: statement.fresh_until(policy),
                name,
            }),
            _ => {}
        }
        // Who vouches must be valid now, or have vouched while valid, proven.
        let existed = at.min(self.proofs.earliest(&statement.object));
        let late = |one: &&Certificate| existed > one.not_after();
        if let Some(delegate) = statement.delegate.as_ref().filter(late) {
            let name = delegate.subject().to_string();
            problems.push(Problem::ResponderOutOfBounds { name });
        }
        let until = statement.strong_until(policy);
        if !until.covers(at) {
            problems.push(Problem::Weak {
                object: statement.object,
                until,
                what: format!("{} ({} bits)", statement.algorithm, statement.key_bits),
                key: false,
            });
        }
        problems
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
        let algorithm = certificate.signature_algorithm();
        let key = issuer.public_key();
        match (algorithm, key) {
            (Ok(algorithm), Ok(key)) => (
                self.input.policy.signature_until(algorithm, key.bits()),
                format!(
                    "{algorithm} ({} bits), {}",
                    key.bits(),
                    certificate.subject()
                ),
            ),
            (Err(error), _) => (Until::Never, error.to_string()),
            (_, Err(error)) => (Until::Never, error.to_string()),
        }
    }

    /// Why a certificate is not one for a role, if it is not.
    fn misfit(&self, certificate: &Certificate, role: Role) -> Option<String> {
        if certificate.is_ca() {
            return Some("it is a certificate of an authority".to_owned());
        }
        match role {
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
        let fits = certificate.extended_key_usage().is_none_or(|usage| {
            let mut purposes = usage.purposes.iter().map(ToString::to_string);
            purposes.any(|purpose| policy.extended_key_usage.contains(&purpose))
        });
        (!fits).then(|| "its extended key usage is another one".to_owned())
    }
}

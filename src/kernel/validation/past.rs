//! Proofs of existence against problems: validation at the best signature time
//! (EN 319 102-1, 5.5.4) and past signature validation with its sliding control
//! time (5.6.2).

use time::OffsetDateTime;

use super::certificate::{Engine, Judgement};
use super::finding::{Finding, FindingCode};
use super::indication::{Conclusion, SubIndication};
use super::input::Role;
use super::policy::Until;
use super::problems::{Problem, stamp, weightiest};
use super::revocation::{Link, State};
use crate::kernel::hash::Sha256;
use crate::kernel::x509::Certificate;
use crate::kernel::x509::paths::CertificatePath;

/// What becomes of a signature once proofs of existence are weighed.
pub(super) struct Outcome {
    pub(super) conclusion: Conclusion,
    pub(super) findings: Vec<Finding>,
}

impl Engine<'_> {
    /// Validates the certificate of a signature: by the first of its chains by which the
    /// signature holds now or held in the past. `own` are problems of the signature itself.
    pub(super) fn assess(
        &mut self,
        object: &Sha256,
        leaf: &Certificate,
        role: Role,
        own: &[Problem],
        not_before: Option<OffsetDateTime>,
    ) -> (Judgement, Outcome) {
        let now = self.input.at;
        let (judgement, outcome) = self.judge_by(leaf, role, now, |engine, judgement| {
            judgement.problems.extend_from_slice(own);
            let outcome = engine.weigh(object, leaf, judgement, not_before);
            let badness = match outcome.conclusion {
                Conclusion::Passed => 0,
                _ => judgement.badness(),
            };
            (outcome, badness)
        });
        if !outcome.conclusion.is_passed() {
            self.note_missing(&judgement);
        }
        (judgement, outcome)
    }

    /// Weighs the problems of a signature against the time at which it is proven
    /// to have existed, and against the time after which it was made.
    fn weigh(
        &mut self,
        object: &Sha256,
        leaf: &Certificate,
        judgement: &Judgement,
        not_before: Option<OffsetDateTime>,
    ) -> Outcome {
        let existed = self.proofs.earliest(object);
        if let Some(outcome) = bounds(leaf, judgement, existed, not_before) {
            return outcome;
        }
        let mut open = Vec::new();
        let mut findings = Vec::new();
        for problem in &judgement.problems {
            match self.resolved(problem, existed) {
                Some(finding) => findings.extend(finding),
                None => open.push(problem.clone()),
            }
        }
        if open.is_empty() {
            let conclusion = Conclusion::Passed;
            return Outcome {
                conclusion,
                findings,
            };
        }
        if self.held_in_the_past(judgement, leaf, existed) {
            return Outcome {
                conclusion: Conclusion::Passed,
                findings: judgement.problems.iter().filter_map(since).collect(),
            };
        }
        undecided(&open, object, not_before)
    }

    /// Whether a proof of existence at `existed` resolves a problem of the leaf
    /// while its authorities stand (5.5.4). The inner value is what to tell.
    #[expect(clippy::option_option, reason = "resolved, with or without a finding")]
    fn resolved(&self, problem: &Problem, existed: OffsetDateTime) -> Option<Option<Finding>> {
        let resolves = match problem {
            Problem::OutOfBounds {
                index: 0,
                not_before,
                not_after,
                ..
            } => (*not_before..=*not_after).contains(&existed),
            Problem::Revoked { index: 0, at, .. } | Problem::OnHold { index: 0, at, .. } => {
                existed < *at
            }
            Problem::AnchorOutOfBounds { not_after, .. } => existed <= *not_after,
            Problem::Stale { fresh_until, .. } => existed <= *fresh_until,
            Problem::Weak { object, until, .. } => until.covers(self.proofs.earliest(object)),
            _ => false,
        };
        resolves.then(|| since(problem))
    }

    /// Past signature validation (5.6.2.4): the chain held at a control time at
    /// or after which the signature is proven to have existed.
    fn held_in_the_past(
        &mut self,
        judgement: &Judgement,
        leaf: &Certificate,
        existed: OffsetDateTime,
    ) -> bool {
        let Some(chain) = judgement.chain.clone() else {
            return false;
        };
        let eligible = judgement.problems.iter().all(|problem| match problem {
            Problem::Revoked { .. }
            | Problem::OutOfBounds { .. }
            | Problem::OnHold { .. }
            | Problem::Stale { .. }
            | Problem::AnchorOutOfBounds { .. }
            | Problem::ResponderOutOfBounds { .. } => true,
            Problem::Weak { object, until, .. } => until.covers(self.proofs.earliest(object)),
            _ => false,
        });
        eligible
            && overlap(&chain)
            && leaf.is_valid_at(existed)
            && self
                .control_time(&chain)
                .is_some_and(|control| existed <= control)
    }

    /// The validation time sliding process (5.6.2.2): from the anchor down, the
    /// latest time at which the chain is known to have held. Nothing, where a
    /// proof of existence is missing.
    fn control_time(&mut self, chain: &CertificatePath) -> Option<OffsetDateTime> {
        let anchor = chain.anchor()?;
        // Trust in an anchor ends with it: its sunset date (5.6.2.2.4, step 1).
        let mut control = self.input.at.min(anchor.not_after());
        for (certificate, issuer) in chain.links().rev() {
            if self.proofs.earliest(&certificate.fingerprint()) > control {
                return None;
            }
            let link = Link {
                certificate,
                issuer,
                anchor,
            };
            control = self.slide(control, link)?;
            control = control.min(certificate.not_after());
            let (until, _) = self.strength_of(certificate, issuer);
            control = limited(control, until);
        }
        Some(control)
    }

    fn slide(&mut self, control: OffsetDateTime, link: Link<'_>) -> Option<OffsetDateTime> {
        let (policy, now) = (self.input.policy, self.input.at);
        let statements = self.statements(link);
        let known = statements.decisive_of(|one| {
            let existed = self.existed(one);
            let vouched = || {
                let mut delegates = one.delegates.iter();
                delegates.all(|one| one.check(existed, policy).is_ok())
            };
            // What was read at all is not dated after now by more than clocks differ.
            let issued = one.this_update.min(now);
            issued <= control && existed <= control && vouched()
        });
        let Some(known) = known else {
            return (!policy.revocation.required).then_some(control);
        };
        let slid = match known.state {
            State::Revoked { at, .. } => control.min(at),
            State::Good if known.is_fresh(control, policy) => control,
            State::Good => control.min(known.this_update),
        };
        Some(limited(slid, known.strong_until(policy)))
    }
}

/// What stays open (table 6). A content time-stamp may prove that a signature was made after
/// its own algorithm had ended: then it is not for want of a proof (5.3.4, step 6).
fn undecided(open: &[Problem], own: &Sha256, made_after: Option<OffsetDateTime>) -> Outcome {
    let reason = weightiest(open).map_or(SubIndication::NoPoe, |problem| match problem {
        Problem::Weak {
            object,
            until: Until::Time(end),
            ..
        } if object == own && made_after.is_some_and(|after| after >= *end) => {
            SubIndication::CryptoConstraintsFailure
        }
        problem => problem.sub_indication(),
    });
    Outcome {
        conclusion: Conclusion::of(reason),
        findings: open.iter().map(Problem::finding).collect(),
    }
}

impl Judgement {
    /// How far from valid: the weightier a problem, the farther.
    pub(super) fn badness(&self) -> u8 {
        let rank = weightiest(&self.problems).map_or(0, Problem::rank);
        u8::MAX.saturating_sub(rank)
    }
}

/// What is proven to lie outside the certificate's life (5.5.4): the signature
/// existed before the certificate, or was made after its end or revocation.
fn bounds(
    leaf: &Certificate,
    judgement: &Judgement,
    existed: OffsetDateTime,
    made_after: Option<OffsetDateTime>,
) -> Option<Outcome> {
    let failed = |reason, code, at| {
        Some(Outcome {
            conclusion: Conclusion::of(reason),
            findings: vec![Finding::new(code).detail(stamp(at)).leading_to(reason)],
        })
    };
    judgement.chain.as_ref()?;
    if existed < leaf.not_before() {
        let reason = SubIndication::NotYetValid;
        return failed(reason, FindingCode::SignedOutsideValidity, existed);
    }
    let made_after = made_after?;
    let revoked = judgement
        .status
        .as_ref()
        .and_then(|one| one.revoked_for_good());
    if revoked.is_some_and(|revoked| revoked <= made_after) {
        let reason = SubIndication::Revoked;
        return failed(reason, FindingCode::SignedAfterRevocation, made_after);
    }
    if made_after > leaf.not_after() {
        let reason = SubIndication::Expired;
        return failed(reason, FindingCode::SignedOutsideValidity, made_after);
    }
    None
}

/// Whether there is a time at which all certificates below the anchor were valid
/// (5.6.2.1, step 2).
fn overlap(chain: &CertificatePath) -> bool {
    let from = chain.links().map(|(one, _)| one.not_before()).max();
    let to = chain.links().map(|(one, _)| one.not_after()).min();
    from <= to
}

fn limited(control: OffsetDateTime, until: Until) -> OffsetDateTime {
    match until {
        Until::Open => control,
        Until::Time(end) => control.min(end),
        // Never strong: no time is early enough.
        Until::Never => OffsetDateTime::UNIX_EPOCH,
    }
}

/// What happened since a signature that holds was made.
fn since(problem: &Problem) -> Option<Finding> {
    match problem {
        Problem::OutOfBounds {
            index: 0,
            not_after,
            ..
        } => Some(Finding::new(FindingCode::CertificateExpiredSince).detail(stamp(*not_after))),
        Problem::Revoked { index: 0, at, .. } => {
            Some(Finding::new(FindingCode::RevokedLater).detail(stamp(*at)))
        }
        _ => None,
    }
}

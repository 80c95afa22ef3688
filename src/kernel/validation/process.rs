//! The validation process of a file (EN 319 102-1, 5.3, 5.5, 5.6.3): time-stamps
//! from the newest document time-stamp to the oldest, then those of signatures,
//! then the signatures, each with what is proven by then.

use time::{Duration, OffsetDateTime};

use super::certificate::{Engine, Judgement};
use super::changes;
use super::conclude::{self, Findings};
use super::dss;
use super::finding::{Finding, FindingCode, Severity};
use super::indication::{Conclusion, SubIndication};
use super::input::{Role, ValidationInput};
use super::material;
use super::missing::MissingStatus;
use super::past::Outcome;
use super::problems::stamp;
use super::report::{
    EvidenceObject, Modification, Report, SignatureKind, SignatureReport, TimestampKind,
};
use super::signed::{Body, Signed};
use super::structure::{self, Opened, Unreadable};
use super::timestamp::Stamp;
use super::verdict::Verdict;
use crate::kernel::hash::{Beginnings, Sha256};
use crate::kernel::pdf::difference::EdgeCache;
use crate::kernel::pdf::signatures::{self, orphan_byte_ranges};
use crate::kernel::pdf::{Pdf, PdfError, dates};

/// Validates a file.
///
/// Never fails: what cannot be read or decided is said in the report.
#[must_use]
pub fn validate(bytes: &[u8], input: &ValidationInput<'_>) -> Report {
    validate_and_ask(bytes, input).0
}

/// Validates a file, and says which status information would help to decide what is open.
#[must_use]
pub fn validate_and_ask(bytes: &[u8], input: &ValidationInput<'_>) -> (Report, Vec<MissingStatus>) {
    let hashes = Beginnings::new(bytes);
    let mut engine = Engine::new(input, &hashes);
    let (judged, readable) = match structure::open(bytes, &input.limits) {
        Ok(mut opened) => match signatures_of(&mut opened, &mut engine) {
            Ok(judged) => {
                let whole = judged
                    .findings
                    .iter()
                    .all(|one| one.code() != FindingCode::TrailingData);
                (judged, whole)
            }
            Err(error) => failed(structure::unreadable(bytes, &error)),
        },
        Err(unreadable) => failed(unreadable),
    };
    let verdict = match Verdict::of_signatures(&judged.signatures) {
        // What cannot be read may well be signed.
        Verdict::Unsigned if !readable => Verdict::Indeterminate,
        verdict => verdict,
    };
    let report = Report {
        verdict,
        sha256: hashes.sha256().to_string(),
        document: None,
        validation_time: input.at,
        policy: input.policy.name.clone(),
        signatures: judged.signatures,
        findings: judged.findings,
        evidence: judged.evidence,
    };
    (report, engine.missing)
}

/// What a file gave.
struct Judged {
    signatures: Vec<SignatureReport>,
    findings: Findings,
    evidence: Vec<EvidenceObject>,
}

fn failed(unreadable: Unreadable) -> (Judged, bool) {
    let judged = Judged {
        signatures: unreadable.signatures,
        findings: unreadable.findings,
        evidence: Vec::new(),
    };
    (judged, false)
}

fn signatures_of(opened: &mut Opened<'_>, engine: &mut Engine<'_>) -> Result<Judged, PdfError> {
    let pdf = &opened.pdf;
    let mut findings = std::mem::take(&mut opened.findings);
    let fields = signatures::signatures(pdf)?;
    if !orphan_byte_ranges(pdf, &fields).is_empty() {
        findings.push(FindingCode::SignatureRemoved.into());
    }
    let mut all: Vec<Signed<'_>> = fields
        .into_iter()
        .filter_map(|field| Signed::read(pdf, field))
        .collect();
    let modifications = modifications(pdf, &mut all, &mut opened.edges);
    collect(pdf, engine, &mut all)?;
    if engine.evidence.skipped > 0 {
        let skipped = Finding::new(FindingCode::CertificateSkipped);
        findings.push(skipped.detail(engine.evidence.skipped));
    }
    prove_by_documents(engine, &mut all);
    let disordered = last_disordered(&all);
    let outcomes: Vec<_> = all
        .iter_mut()
        .map(|signed| {
            let disordered = disordered.is_some_and(|end| signed.value_end() <= end);
            conclude_one(engine, signed, disordered)
        })
        .collect();
    let mut reports = Vec::with_capacity(all.len());
    for (index, outcome) in outcomes.into_iter().enumerate() {
        let modification = modifications.get(index).copied().flatten();
        if let Some(report) = conclude::report(pdf, engine, &all, index, outcome, modification) {
            reports.push(report);
        }
    }
    conclude::hold_against(&mut reports, &findings);
    Ok(Judged {
        signatures: reports,
        findings,
        evidence: material::collect(engine, &all),
    })
}

fn modifications(
    pdf: &Pdf<'_>,
    all: &mut [Signed<'_>],
    edges: &mut EdgeCache,
) -> Vec<Option<Modification>> {
    let mut found = Vec::with_capacity(all.len());
    for index in 0..all.len() {
        let rules = changes::rules(all, index);
        let one = all.get_mut(index);
        found.push(one.and_then(|one| {
            // Without a revision of its own there is nothing to compare.
            let sound = one.conclusion.is_passed();
            sound.then(|| changes::judge(pdf, one, &rules, edges))?
        }));
    }
    found
}

/// Fills the pool of certificates and revocation data, then examines each CMS.
fn collect(pdf: &Pdf<'_>, engine: &mut Engine<'_>, all: &mut [Signed<'_>]) -> Result<(), PdfError> {
    dss::collect(pdf, &mut engine.evidence)?;
    let parsed: Vec<_> = all.iter_mut().map(|signed| signed.parse(engine)).collect();
    for (signed, data) in all.iter_mut().zip(parsed) {
        if let Some(data) = data {
            signed.examine(engine, pdf.bytes(), data);
        }
    }
    Ok(())
}

/// 5.6.3, steps 2 to 4: document time-stamps, the newest first. Each that
/// validates proves all that the file held before it.
fn prove_by_documents(engine: &mut Engine<'_>, all: &mut [Signed<'_>]) {
    let mut newer: Option<OffsetDateTime> = None;
    for signed in all.iter_mut().rev() {
        let (Some(end), sound) = (signed.covered_end(), signed.conclusion.is_passed()) else {
            continue;
        };
        let Body::Timestamp(stamp) = &mut signed.body else {
            continue;
        };
        if !sound {
            continue;
        }
        stamp.validate(engine);
        order(stamp, newer);
        if stamp.conclusion.is_passed() {
            newer = Some(stamp.time);
            let held: Vec<Sha256> = engine.evidence.within(end).collect();
            let own = stamp.token.object;
            for object in held.into_iter().filter(|object| *object != own) {
                engine.proofs.prove(object, stamp.time);
            }
        }
    }
}

/// Whether a stated time is later than another. Many authorities state whole seconds, others
/// parts of them (RFC 3161, 2.4.2): within a second the two say nothing of their order.
fn is_later(one: OffsetDateTime, other: OffsetDateTime) -> bool {
    one.unix_timestamp() > other.unix_timestamp()
}

/// A time-stamp that a newer one covers is not later than that (5.5.4).
fn order(stamp: &mut Stamp, newer: Option<OffsetDateTime>) {
    if newer.is_some_and(|newer| is_later(stamp.time, newer)) {
        let reason = SubIndication::TimestampOrderFailure;
        stamp.conclusion = stamp.conclusion.and(Conclusion::of(reason));
        let finding = Finding::new(FindingCode::TimestampOrder);
        stamp.findings.push(finding.leading_to(reason));
    }
}

/// Up to where the document time-stamps that are not in their order cover the file.
fn last_disordered(all: &[Signed<'_>]) -> Option<usize> {
    let disordered = |signed: &&Signed<'_>| match &signed.body {
        Body::Timestamp(stamp) => stamp.is_out_of_order(),
        _ => false,
    };
    let ends = all
        .iter()
        .filter(disordered)
        .filter_map(Signed::covered_end);
    ends.max()
}

/// What became of one signature or document time-stamp.
pub(super) struct Concluded {
    pub(super) conclusion: Conclusion,
    pub(super) findings: Findings,
    pub(super) judgement: Option<Judgement>,
    /// What became of the problems of the chain once proofs were weighed.
    pub(super) weighed: Option<Conclusion>,
}

/// Concludes on one; `disordered`: document time-stamps over it contradict one another,
/// so that one of them lies (5.5.4).
fn conclude_one(engine: &mut Engine<'_>, signed: &mut Signed<'_>, disordered: bool) -> Concluded {
    let before = signed.conclusion;
    let mut concluded = match &mut signed.body {
        Body::Nothing => Concluded {
            conclusion: before,
            findings: Vec::new(),
            judgement: None,
            weighed: None,
        },
        Body::Timestamp(stamp) => Concluded {
            conclusion: before.and(stamp.conclusion),
            findings: stamp.findings.clone(),
            judgement: stamp.judgement.take(),
            weighed: Some(stamp.weighed),
        },
        Body::Signature { token, stamps } => {
            let covering = engine.proofs.proven(&token.object);
            let ordered = validate_stamps(engine, token.object, stamps, covering);
            let mut concluded = signature(engine, token, stamps);
            concluded.conclusion = before.and(concluded.conclusion).and(ordered.conclusion);
            concluded.findings.extend(ordered.findings);
            let claimed = signed.signature.m.as_deref().and_then(dates::parse);
            if let Some(detail) = delayed(engine, token, stamps, claimed) {
                let reason = SubIndication::SigConstraintsFailure;
                concluded.conclusion = concluded.conclusion.and(Conclusion::of(reason));
                let finding = Finding::new(FindingCode::TimestampLate).detail(detail);
                concluded.findings.push(finding.leading_to(reason));
            }
            if disordered {
                let reason = SubIndication::TimestampOrderFailure;
                concluded.conclusion = concluded.conclusion.and(Conclusion::of(reason));
                let finding = Finding::new(FindingCode::TimestampOrder).leading_to(reason);
                concluded.findings.push(finding);
            }
            concluded
        }
    };
    let mut findings = signed.findings.clone();
    findings.append(&mut concluded.findings);
    concluded.findings = findings;
    concluded
}

/// 5.5.4, step 5: whether a signature that is time-stamped was proven to exist too long after
/// the time that its signer claims; what to tell then. PAdES claims it in /M.
fn delayed(
    engine: &Engine<'_>,
    token: &super::token::Token,
    stamps: &[Stamp],
    claimed: Option<OffsetDateTime>,
) -> Option<String> {
    let hours = engine.input.policy.timestamp.max_delay_hours?;
    let stamped = |stamp: &Stamp| stamp.kind == TimestampKind::Signature;
    if !stamps.iter().any(stamped) {
        return None;
    }
    let Some(claimed) = claimed else {
        return Some("/M".to_owned());
    };
    let proven = engine.proofs.earliest(&token.object);
    let latest = claimed.saturating_add(Duration::hours(hours.into()));
    (latest <= proven).then(|| format!("{}, {}", stamp(claimed), stamp(proven)))
}

/// 5.5.4: the signature's own time-stamps. Those that validate prove that the
/// value existed; content time-stamps say after what it was made.
fn validate_stamps(
    engine: &mut Engine<'_>,
    object: Sha256,
    stamps: &mut [Stamp],
    covering: Option<OffsetDateTime>,
) -> Outcome {
    for stamp in stamps.iter_mut() {
        stamp.validate(engine);
        order(stamp, covering);
        if stamp.conclusion.is_passed() && stamp.kind == TimestampKind::Signature {
            engine.proofs.prove(object, stamp.time);
        }
    }
    let mut outcome = Outcome {
        conclusion: Conclusion::Passed,
        findings: Vec::new(),
    };
    let signed_by = times(stamps, TimestampKind::Signature).min();
    let content = times(stamps, TimestampKind::Content).max();
    if let (Some(content), Some(proven)) = (content, signed_by.or(covering))
        && is_later(content, proven)
    {
        outcome.conclusion = Conclusion::of(SubIndication::TimestampOrderFailure);
        outcome.findings.push(FindingCode::TimestampOrder.into());
    }
    for stamp in stamps.iter().filter(|stamp| !stamp.conclusion.is_passed()) {
        // One that is broken, and no other to rely on, is not passed over.
        let matters = stamp.is_broken() && signed_by.is_none();
        let weight = if matters {
            Severity::Error
        } else {
            Severity::Warning
        };
        if matters {
            let reason = SubIndication::SigConstraintsFailure;
            outcome.conclusion = outcome.conclusion.and(Conclusion::of(reason));
        }
        let details = stamp.findings.iter().cloned();
        let all = std::iter::once(FindingCode::TimestampInvalid.into()).chain(details);
        let weighed = all.map(|finding: Finding| finding.weighing(weight));
        outcome.findings.extend(weighed);
    }
    outcome
}

/// The times of the time-stamps of a kind that validate.
fn times(stamps: &[Stamp], kind: TimestampKind) -> impl Iterator<Item = OffsetDateTime> {
    stamps
        .iter()
        .filter(move |stamp| stamp.kind == kind && stamp.conclusion.is_passed())
        .map(|stamp| stamp.time)
}

/// 5.3 and 5.5: the signature itself.
fn signature(engine: &mut Engine<'_>, token: &super::token::Token, stamps: &[Stamp]) -> Concluded {
    let mut concluded = Concluded {
        conclusion: token.conclusion,
        findings: token.findings.clone(),
        judgement: None,
        weighed: None,
    };
    let Some(certificate) = &token.certificate else {
        return concluded;
    };
    let now = engine.input.at;
    let own = token.weaknesses(engine, now);
    let made_after = times(stamps, TimestampKind::Content).max();
    let object = &token.object;
    let (judgement, outcome) = engine.assess(object, certificate, Role::Signer, &own, made_after);
    concluded.conclusion = concluded.conclusion.and(outcome.conclusion);
    concluded.weighed = Some(outcome.conclusion);
    concluded.findings.extend(outcome.findings);
    if engine.proofs.proven(&token.object).is_none() {
        concluded.findings.push(FindingCode::TimeNotProven.into());
    }
    concluded.judgement = Some(judgement);
    concluded
}

/// Whether a document time-stamp that validates covers the first `end` bytes.
pub(super) fn covered_by_timestamp(all: &[Signed<'_>], end: usize) -> bool {
    all.iter().any(|signed| {
        let Body::Timestamp(stamp) = &signed.body else {
            return false;
        };
        let covers = signed.covered_end().is_some_and(|covered| covered >= end);
        signed.kind == SignatureKind::DocumentTimestamp
            && covers
            && signed.value_end() > end
            && signed.conclusion.is_passed()
            && stamp.conclusion.is_passed()
    })
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn whole_seconds_are_not_before_their_parts() {
        let whole = datetime!(2026-11-22 12:40:22 UTC);
        let part = datetime!(2026-11-22 12:40:22.028 UTC);
        assert!(!is_later(part, whole) && !is_later(whole, part));
        assert!(is_later(whole + Duration::SECOND, part));
        assert!(!is_later(part, whole + Duration::SECOND));
    }
}

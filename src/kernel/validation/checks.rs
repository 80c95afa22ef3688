//! The check tree of a signature (EN 319 102-1, 5.2 to 5.6), from what the building
//! blocks noticed. It decides nothing: each finding brings what it leads to.

use std::borrow::Cow;

use super::certificate::{Engine, Judgement};
use super::finding::{Finding, FindingCode, Severity};
use super::indication::Conclusion;
use super::input::Role;
use super::problems::Problem;
use super::process::Concluded;
use super::report::{CheckReport, TimestampKind};
use super::revocation::Link;
use super::signed::{Body, Signed};
use super::timestamp::Stamp;
use super::token::Token;
use crate::kernel::x509::Certificate;

/// A building block that looks at the signature itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Block {
    Format,
    Identification,
    Cryptography,
    Acceptance,
    Changes,
    /// Certificates and time, which have trees of their own.
    Other,
}

impl Block {
    /// The block's name and clause.
    const fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::Format => ("format-checking", "EN 319 102-1 5.2.2"),
            Self::Identification => ("signing-certificate", "EN 319 102-1 5.2.3"),
            Self::Cryptography => ("cryptographic-verification", "EN 319 102-1 5.2.7"),
            Self::Acceptance => ("signature-acceptance", "EN 319 102-1 5.2.8"),
            Self::Changes => ("changes-after-signing", "ISO 32000-2 12.8.2.2"),
            Self::Other => ("other", "EN 319 102-1 5.2"),
        }
    }

    /// Which block notices a thing.
    const fn of(code: FindingCode) -> Self {
        use FindingCode as C;
        match code {
            C::SubFilterUnsupported
            | C::ByteRangeInvalid
            | C::ContentsInvalid
            | C::CmsUnreadable
            | C::CmsNotDer
            | C::CmsSignerCount
            | C::CmsContentPresent
            | C::SignedAttributesNotDer
            | C::TimestampUnreadable => Self::Format,
            C::SigningCertificateNotFound | C::SigningCertificateMismatch => Self::Identification,
            C::DigestMismatch
            | C::SignatureValueInvalid
            | C::MessageDigestInvalid
            | C::TimestampImprint => Self::Cryptography,
            C::SignedAttributesMissing
            | C::ContentTypeInvalid
            | C::AlgorithmProtectionBroken
            | C::SigningCertificateAttributeMissing
            | C::SigningCertificateAttributeRepeated
            | C::SignaturePolicyUnknown
            | C::SignaturePolicyUnreadable
            | C::AlgorithmWeak
            | C::KeyWeak => Self::Acceptance,
            C::ChangedAfterSigning
            | C::DocMdpViolated
            | C::FieldMdpViolated
            | C::AnnotationsAdded
            | C::AppearanceChanged
            | C::ChangesUndecided => Self::Changes,
            _ => Self::Other,
        }
    }
}

/// The tree of the signature at an index.
pub(super) fn tree(
    engine: &Engine<'_>,
    all: &[Signed<'_>],
    index: usize,
    concluded: &Concluded,
) -> Vec<CheckReport> {
    let Some(signed) = all.get(index) else {
        return Vec::new();
    };
    let (token, stamps) = match &signed.body {
        Body::Nothing => (None, &[][..]),
        Body::Signature { token, stamps } => (Some(&**token), stamps.as_slice()),
        Body::Timestamp(stamp) => (Some(&stamp.token), &[][..]),
    };
    let own = match &signed.body {
        Body::Timestamp(stamp) => stamp.findings.as_slice(),
        Body::Signature { token, .. } => token.findings.as_slice(),
        Body::Nothing => &[],
    };
    let findings: Vec<&Finding> = signed.findings.iter().chain(own).collect();
    let mut tree = vec![block(Block::Format, &findings)];
    let Some(token) = token else {
        return tree;
    };
    let mut identified = block(Block::Identification, &findings);
    let certificate = token.certificate.as_ref();
    identified.subject = certificate.map(|one| one.subject().to_string());
    identified.evidence = certificate.iter().map(|one| id(one)).collect();
    tree.push(identified);
    let judgement = concluded.judgement.as_ref();
    tree.extend(judgement.map(|judgement| certificates(engine, judgement)));
    let mut verified = block(Block::Cryptography, &findings);
    verified.evidence.push(token.object.to_string());
    tree.push(verified);
    tree.push(acceptance(&findings, judgement));
    tree.extend(stamps.iter().map(|stamp| time_stamp(engine, stamp)));
    tree.extend(later_stamps(engine, all, signed));
    tree.extend(weighed(engine, token, concluded));
    tree.push(block(Block::Changes, &findings));
    tree
}

/// A block, from the findings that are its own.
fn block(block: Block, findings: &[&Finding]) -> CheckReport {
    let (name, clause) = block.name();
    let own = findings
        .iter()
        .copied()
        .filter(|one| Block::of(one.code()) == block);
    concluded(name, clause, own)
}

/// A check that findings conclude.
fn concluded<'f>(
    name: &'static str,
    clause: &'static str,
    findings: impl Iterator<Item = &'f Finding>,
) -> CheckReport {
    let mut conclusion = Conclusion::Passed;
    let mut codes: Vec<Cow<'static, str>> = Vec::new();
    for finding in findings {
        let Some(reason) = finding.reason() else {
            continue;
        };
        conclusion = conclusion.and(Conclusion::of(reason));
        let code = Cow::Borrowed(finding.code().text().code);
        if finding.severity() > Severity::Info && !codes.contains(&code) {
            codes.push(code);
        }
    }
    let mut check = CheckReport::new(name, clause, conclusion);
    check.findings = codes;
    check
}

/// 5.2.8: attributes, and the strength of the signature's own algorithms.
fn acceptance(findings: &[&Finding], judgement: Option<&Judgement>) -> CheckReport {
    let (name, clause) = Block::Acceptance.name();
    let strength: Vec<Finding> = judgement.map_or_else(Vec::new, |judgement| {
        let last = judgement.links.last().map_or(0, |range| range.end);
        let own = judgement.problems.iter().skip(last);
        own.filter(|one| matches!(one, Problem::Weak { .. }))
            .map(Problem::finding)
            .collect()
    });
    let attributes = findings
        .iter()
        .copied()
        .filter(|one| Block::of(one.code()) == Block::Acceptance);
    // What proofs leave open of the strength is said once.
    let known = attributes.filter(|one| !strength.contains(one));
    concluded(name, clause, known.chain(&strength))
}

/// 5.2.6: the chain at the time of the validation, before proofs are weighed.
fn certificates(engine: &Engine<'_>, judgement: &Judgement) -> CheckReport {
    let last = judgement
        .links
        .last()
        .map_or(judgement.problems.len(), |range| range.end);
    let problems: Vec<Finding> = judgement
        .problems
        .iter()
        .take(last)
        .map(Problem::finding)
        .collect();
    let mut check = concluded(
        "certificate-validation",
        "EN 319 102-1 5.2.6",
        problems.iter(),
    );
    check.time = Some(engine.input.at);
    let Some(chain) = &judgement.chain else {
        return check;
    };
    let Some(anchor) = chain.anchor() else {
        return check;
    };
    for ((certificate, issuer), range) in chain.links().zip(&judgement.links) {
        let problems = judgement.problems.get(range.clone()).unwrap_or_default();
        let place = Link {
            certificate,
            issuer,
            anchor,
        };
        check.checks.push(link(engine, place, problems));
    }
    let sunset = problems.iter();
    let sunset = sunset.filter(|one| one.code() == FindingCode::AnchorExpired);
    let mut trusted = concluded("trust-anchor", "RFC 5280 6.1", sunset);
    trusted.subject = Some(anchor.subject().to_string());
    trusted.evidence.push(id(anchor));
    check.checks.push(trusted);
    check
}

/// One certificate of the chain: its life, its status, how it is signed.
fn link(engine: &Engine<'_>, place: Link<'_>, problems: &[Problem]) -> CheckReport {
    let certificate = place.certificate;
    let findings: Vec<Finding> = problems.iter().map(Problem::finding).collect();
    let mut check = concluded("certificate", "RFC 5280 6.1.3", findings.iter());
    check.findings.clear();
    check.subject = Some(certificate.subject().to_string());
    check.evidence.push(id(certificate));
    let part = |name, clause, keep: fn(FindingCode) -> bool| {
        let own = findings.iter().filter(|one| keep(one.code()));
        concluded(name, clause, own)
    };
    let life = part("validity-period", "RFC 5280 6.1.3 (a)(2)", |code| {
        code == FindingCode::CertificateOutsideValidity
    });
    let mut status = part("revocation-status", "EN 319 102-1 5.2.5", is_status);
    let statements = engine.known_statements(place);
    if let Some(decisive) = statements.as_ref().and_then(|all| all.decisive()) {
        let objects = decisive.signed.iter().map(|one| one.object.to_string());
        status.evidence.extend(objects);
        status.time = Some(decisive.this_update);
    }
    let strength = part("algorithm-strength", "TS 119 312", |code| {
        matches!(code, FindingCode::AlgorithmWeak | FindingCode::KeyWeak)
    });
    check.checks = vec![life, status, strength];
    check
}

const fn is_status(code: FindingCode) -> bool {
    use FindingCode as C;
    matches!(
        code,
        C::RevocationMissing
            | C::RevocationStale
            | C::CertificateRevoked
            | C::AuthorityRevoked
            | C::CertificateOnHold
            | C::ResponderOutsideValidity
    )
}

/// 5.4: one time-stamp.
fn time_stamp(engine: &Engine<'_>, stamp: &Stamp) -> CheckReport {
    let name = match stamp.kind {
        TimestampKind::Signature => "signature-time-stamp",
        TimestampKind::Document => "document-time-stamp",
        TimestampKind::Content => "content-time-stamp",
    };
    let mut check = CheckReport::new(name, "EN 319 102-1 5.4", stamp.conclusion);
    check.findings = concluded(name, "", stamp.findings.iter()).findings;
    check.time = Some(stamp.time);
    check.evidence.push(stamp.token.object.to_string());
    let certificate = stamp.token.certificate.as_ref();
    check.subject = certificate.map(|one| one.subject().to_string());
    let chain = certificate.and_then(|one| engine.known_chain(one, Role::Tsa));
    let chain = chain.as_ref().map_or(&[][..], |chain| chain.certificates());
    check.evidence.extend(chain.iter().map(id));
    check
}

/// 5.6.3: the document time-stamps that cover this signature.
fn later_stamps(engine: &Engine<'_>, all: &[Signed<'_>], signed: &Signed<'_>) -> Vec<CheckReport> {
    let end = signed.value_end();
    let later = all.iter().filter_map(|other| match &other.body {
        Body::Timestamp(stamp) if other.value_end() != end && other.covered_end()? > end => {
            Some(stamp)
        }
        _ => None,
    });
    later.map(|stamp| time_stamp(engine, stamp)).collect()
}

/// 5.5.4 and 5.6.2: the problems against the time at which the signature is proven
/// to have existed.
fn weighed(engine: &Engine<'_>, token: &Token, concluded: &Concluded) -> Option<CheckReport> {
    let proven = engine.proofs.proven(&token.object);
    let problems = concluded.judgement.as_ref().map(|one| one.problems.len());
    let conclusion = concluded.weighed?;
    if proven.is_none() && problems == Some(0) {
        return None;
    }
    let clause = "EN 319 102-1 5.5.4, 5.6.2";
    let mut check = CheckReport::new("proofs-of-existence", clause, conclusion);
    check.time = proven;
    check.evidence.push(token.object.to_string());
    Some(check)
}

fn id(certificate: &Certificate) -> String {
    certificate.fingerprint().to_string()
}

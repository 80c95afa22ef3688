//! The report on one signature, from all that was found out about it.

use super::certificate::{Engine, Judgement};
use super::checks;
use super::finding::{Finding, FindingCode, Severity};
use super::indication::{Indication, SubIndication};
use super::level;
use super::process::Concluded;
use super::report::{
    CertificateReport, Modification, Revocation, RevocationState, SignatureKind, SignatureReport,
    SignedRevision, SignerReport, TimestampReport,
};
use super::revocation::{State, Statement};
use super::signed::{Body, Signed};
use super::token::Token;
use crate::kernel::hash::Sha256;
use crate::kernel::pdf::{Pdf, dates};
use crate::kernel::x509::Certificate;

/// What was noticed, in the order of the checks.
pub(super) type Findings = Vec<Finding>;

/// The report on the signature at an index.
pub(super) fn report(
    pdf: &Pdf<'_>,
    engine: &Engine<'_>,
    all: &[Signed<'_>],
    index: usize,
    concluded: Concluded,
    modification: Option<Modification>,
) -> Option<SignatureReport> {
    let signed = all.get(index)?;
    let mut report = described(pdf, signed);
    report.indication = concluded.conclusion.indication();
    report.sub_indication = concluded.conclusion.sub_indication();
    report.modification = modification;
    report.signed_revision = signed_revision(pdf, signed, modification);
    report.checks = checks::tree(engine, all, index, &concluded);
    report.findings = concluded.findings;
    let token = match &signed.body {
        Body::Signature { token, .. } => Some(&**token),
        Body::Timestamp(stamp) => Some(&stamp.token),
        Body::Nothing => None,
    };
    if let Some(token) = token {
        of_token(&mut report, engine, token);
    }
    report.timestamps = timestamps(all, signed);
    if let Some(judgement) = &concluded.judgement {
        of_judgement(&mut report, engine, judgement);
    }
    if let Body::Timestamp(stamp) = &signed.body {
        report.signing_time = Some(stamp.time);
        report.intact &= !stamp
            .findings
            .iter()
            .any(|finding| finding.code() == FindingCode::TimestampImprint);
        report.crypto_valid &= report.intact;
    }
    report.level = level::of(engine, all, signed, &report, concluded.judgement.as_ref());
    Some(report)
}

/// What the dictionary says.
fn described(pdf: &Pdf<'_>, signed: &Signed<'_>) -> SignatureReport {
    let signature = &signed.signature;
    let mut report = SignatureReport::empty(signed.kind);
    report.field = Some(signed.field.name.clone());
    report.sub_filter = signature.sub_filter.clone();
    report.covers_whole_file = signature.covers_whole_file(pdf);
    report.doc_mdp = signature.doc_mdp;
    report.signing_time = signature.m.as_deref().and_then(dates::parse);
    report.reason = signature.reason.clone();
    report.location = signature.location.clone();
    report
}

/// What was signed, for who is shown a file that was changed since.
fn signed_revision(
    pdf: &Pdf<'_>,
    signed: &Signed<'_>,
    modification: Option<Modification>,
) -> Option<SignedRevision> {
    let length = signed.covered_end()?;
    let revision = pdf.bytes().get(..length)?;
    let changed = modification > Some(Modification::Lta);
    let sha256 = changed.then(|| Sha256::of(revision).to_string());
    Some(SignedRevision { length, sha256 })
}

fn of_token(report: &mut SignatureReport, engine: &Engine<'_>, token: &Token) {
    report.intact = token.intact;
    report.crypto_valid = token.crypto_valid;
    report.signer = token.certificate.as_ref().map(signer);
    report.best_signature_time = engine.proofs.proven(&token.object);
    report.signature_value_sha256 = Some(token.object.to_string());
}

fn signer(certificate: &Certificate) -> SignerReport {
    let subject = certificate.subject();
    SignerReport {
        name: subject.common_name().unwrap_or_else(|| subject.to_string()),
        subject: subject.to_string(),
        issuer: certificate.issuer().to_string(),
        serial: certificate.serial_hex(),
    }
}

fn of_judgement(report: &mut SignatureReport, engine: &Engine<'_>, judgement: &Judgement) {
    let chain = judgement.chain.as_ref();
    report.trusted = chain.is_some();
    let certificates = chain.map_or(&[][..], |chain| chain.certificates());
    report.chain = certificates.iter().map(certificate).collect();
    if let Some(statement) = &judgement.status {
        report.revocation = revocation(statement, engine.input.at);
    }
    for refused in &judgement.refused {
        let finding = Finding::new(FindingCode::RevocationRefused).detail(refused);
        if !report.findings.contains(&finding) {
            report.findings.push(finding);
        }
    }
    for name in &judgement.unchecked {
        let finding = Finding::new(FindingCode::RevocationUnchecked).detail(name);
        report.findings.push(finding);
    }
}

/// A certificate for display.
pub(super) fn certificate(certificate: &Certificate) -> CertificateReport {
    CertificateReport {
        subject: certificate.subject().to_string(),
        sha256: certificate.fingerprint().to_string(),
        not_before: certificate.not_before(),
        not_after: certificate.not_after(),
    }
}

fn revocation(statement: &Statement, now: time::OffsetDateTime) -> Revocation {
    let mut revocation = Revocation {
        state: RevocationState::Good,
        reason: None,
        at: None,
        source: Some(statement.source),
        this_update: Some(statement.this_update),
    };
    if let State::Revoked { at, reason } = statement.state
        && at <= now
    {
        revocation.state = RevocationState::Revoked;
        revocation.at = Some(at);
        revocation.reason = reason;
    }
    revocation
}

/// The time-stamps that concern a signature: its own, and those of documents
/// that cover it.
fn timestamps(all: &[Signed<'_>], signed: &Signed<'_>) -> Vec<TimestampReport> {
    let own = match &signed.body {
        Body::Signature { stamps, .. } => stamps.as_slice(),
        Body::Timestamp(stamp) => std::slice::from_ref(&**stamp),
        Body::Nothing => &[],
    };
    let end = signed.value_end();
    let later = all.iter().filter_map(|other| match &other.body {
        Body::Timestamp(stamp) if other.value_end() != end && other.covered_end()? > end => {
            Some(stamp.report())
        }
        _ => None,
    });
    own.iter()
        .map(super::timestamp::Stamp::report)
        .chain(later)
        .collect()
}

/// What speaks against the file as a whole speaks against every signature that
/// would pass otherwise: it is never shown green.
pub(super) fn hold_against(reports: &mut [SignatureReport], findings: &[Finding]) {
    let spoiled = findings.iter().any(|finding| {
        finding.severity() == Severity::Error && finding.code() != FindingCode::SignatureRemoved
    });
    let trailing = findings
        .iter()
        .any(|finding| finding.code() == FindingCode::TrailingData);
    for report in reports.iter_mut() {
        report.covers_whole_file &= !trailing;
        let signature = report.kind == SignatureKind::Signature;
        if spoiled && signature && report.indication == Indication::TotalPassed {
            report.indication = Indication::Indeterminate;
            report.sub_indication = Some(SubIndication::SigConstraintsFailure);
        }
    }
}

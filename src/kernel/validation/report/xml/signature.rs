//! The report on one signature or document time-stamp (TS 119 102-2, 4.3).

use super::write::Xml;
use super::{Context, names};
use crate::kernel::hash::HashAlgorithm;
use crate::kernel::validation::Finding;
use crate::kernel::validation::report::{
    CheckReport, Covered, EvidenceObject, Report, RevocationState, SignatureKind, SignatureReport,
    TimestampKind, TimestampReport,
};

/// The content of a SignatureValidationReportType, in the order of its sequence.
pub(super) fn write(xml: &mut Xml, context: &Context<'_>, one: &SignatureReport, index: usize) {
    let value = context.value(one);
    let id = format!("S-{index}");
    xml.with("SignatureIdentifier", &[("id", &id)], |xml| {
        if let Some(value) = value {
            xml.base64("ds:SignatureValue", &value.value);
        }
        xml.text("HashOnly", "false");
        xml.text("DocHashOnly", "false");
        if let Some(field) = &one.field {
            xml.text("DAIdentifier", field);
        }
    });
    constraints(xml, context.report, &one.checks);
    times(xml, context, one);
    let digest = value.and_then(|value| value.digest.as_ref());
    if let Some((hash, digest)) = digest {
        xml.element("SignersDocument", |xml| {
            xml.digest("DigestAlgAndValue", *hash, digest);
        });
    }
    attributes(xml, context, one, value);
    if let Some(value) = value {
        signer(xml, context, value);
    }
    xml.element("SignatureValidationProcess", |xml| {
        xml.text("SignatureValidationProcessID", names::PROCESS);
    });
    status(xml, context, one, value);
    if one.kind == SignatureKind::Signature {
        verdict(xml, context.report);
    }
}

/// The verdict in plain words, which the standard leaves to whoever reads on.
pub(super) fn verdict(xml: &mut Xml, report: &Report) {
    xml.text("absah:Verdict", report.verdict.name());
}

/// 4.3.4: the policy, and each building block as one constraint.
fn constraints(xml: &mut Xml, report: &Report, checks: &[CheckReport]) {
    xml.element("ValidationConstraintsEvaluationReport", |xml| {
        xml.element("SignatureValidationPolicy", |xml| {
            xml.element("SignaturePolicyIdentifier", |xml| {
                xml.empty("XAdES:SignaturePolicyImplied", &[]);
            });
            xml.text("PolicyName", &report.policy);
        });
        for check in checks {
            xml.element("ValidationConstraint", |xml| {
                let name = format!("urn:absah:constraint:{}", check.check);
                xml.text("ValidationConstraintIdentifier", &name);
                xml.element("ConstraintStatus", |xml| {
                    xml.text("Status", names::APPLIED);
                });
                xml.element("ValidationStatus", |xml| {
                    xml.text("MainIndication", names::status(check.indication));
                    if let Some(reason) = check.sub_indication {
                        xml.text("SubIndication", &names::sub_indication(reason));
                    }
                });
            });
        }
    });
}

/// 4.3.5: when it was judged, and the best time of the signature.
fn times(xml: &mut Xml, context: &Context<'_>, one: &SignatureReport) {
    let now = context.report.validation_time;
    xml.element("ValidationTimeInfo", |xml| {
        xml.time("ValidationTime", now);
        xml.element("BestSignatureTime", |xml| {
            let best = one.best_signature_time.map_or(now, |best| best.min(now));
            xml.time("POETime", best);
            xml.text("TypeOfProof", names::PROVEN_BY_VALIDATION);
            let mut stamps = one.timestamps.iter();
            let proof = stamps.find(|stamp| stamp.time == one.best_signature_time);
            let proof = proof.and_then(|stamp| object_of(context, stamp));
            if let Some(proof) = proof.filter(|_| one.best_signature_time.is_some()) {
                xml.reference("POEObject", &names::id(proof));
            }
        });
    });
}

fn object_of<'r>(context: &Context<'r>, stamp: &TimestampReport) -> Option<&'r EvidenceObject> {
    context.named(stamp.signature_value_sha256.as_deref()?)
}

/// Annex A: the attributes, those of the signature dictionary included; all of it is
/// under the signature but the time-stamps.
fn attributes(
    xml: &mut Xml,
    context: &Context<'_>,
    one: &SignatureReport,
    value: Option<&EvidenceObject>,
) {
    let leaf = value.and_then(|value| value.about.first());
    let something = one.signing_time.is_some() || one.sub_filter.is_some() || leaf.is_some();
    if !something {
        return;
    }
    xml.element("SignatureAttributes", |xml| {
        if let Some(at) = one.signing_time {
            xml.with("SigningTime", &SIGNED, |xml| xml.time("Time", at));
        }
        if let Some(leaf) = leaf {
            xml.with("SigningCertificate", &SIGNED, |xml| {
                xml.element("CertID", |xml| {
                    xml.digest_parts(HashAlgorithm::Sha256, leaf.as_bytes());
                });
            });
        }
        if one.kind == SignatureKind::Signature {
            time_stamps(xml, context, one);
        }
        dictionary(xml, one);
        if let Some(value) = value {
            covered(xml, value);
        }
    });
}

const SIGNED: [(&str, &str); 1] = [("Signed", "true")];

fn time_stamps(xml: &mut Xml, context: &Context<'_>, one: &SignatureReport) {
    for stamp in &one.timestamps {
        let (Some(object), Some(at)) = (object_of(context, stamp), stamp.time) else {
            continue;
        };
        let (name, signed) = match stamp.kind {
            TimestampKind::Signature => ("SignatureTimeStamp", "false"),
            TimestampKind::Document => ("DocTimeStamp", "false"),
            TimestampKind::Content => ("AllDataObjectsTimeStamp", "true"),
        };
        xml.with(name, &[("Signed", signed)], |xml| {
            xml.reference("AttributeObject", &names::id(object));
            xml.time("TimeStampValue", at);
        });
    }
}

/// What the signer says in the signature dictionary.
fn dictionary(xml: &mut Xml, one: &SignatureReport) {
    let said = [
        ("SignatureProductionPlace", "AddressString", &one.location),
        ("Reason", "ReasonElement", &one.reason),
        ("SubFilter", "SubFilterElement", &one.sub_filter),
    ];
    for (name, inner, text) in said {
        if let Some(text) = text {
            xml.with(name, &SIGNED, |xml| xml.text(inner, text));
        }
    }
}

/// What the signature is over.
fn covered(xml: &mut Xml, value: &EvidenceObject) {
    if let Some((_, digest)) = &value.digest {
        xml.with("MessageDigest", &SIGNED, |xml| xml.base64("Digest", digest));
    }
    if let Covered::File([first, second]) = &value.covered {
        let numbers = [first.start, first.len(), second.start, second.len()];
        let numbers = numbers.map(|number| number.to_string()).join(" ");
        xml.text("ByteRange", &numbers);
    }
}

/// 4.3.8: who signed.
pub(super) fn signer(xml: &mut Xml, context: &Context<'_>, value: &EvidenceObject) {
    let leaf = value.about.first();
    if let Some(leaf) = leaf.and_then(|leaf| context.named(&leaf.to_string())) {
        xml.element("SignerInformation", |xml| {
            xml.reference("SignerCertificate", &names::id(leaf));
            xml.text("Signer", &leaf.name);
        });
    }
}

/// 4.3.11: the status, with what it rests on.
fn status(
    xml: &mut Xml,
    context: &Context<'_>,
    one: &SignatureReport,
    value: Option<&EvidenceObject>,
) {
    xml.element("SignatureValidationStatus", |xml| {
        let main = match one.kind {
            SignatureKind::Signature => names::indication(one.indication),
            SignatureKind::DocumentTimestamp => names::status_of(one.indication),
        };
        xml.text("MainIndication", main);
        if let Some(reason) = one.sub_indication {
            xml.text("SubIndication", &names::sub_indication(reason));
        }
        if let Some(value) = value {
            xml.element("AssociatedValidationReportData", |xml| {
                chain(xml, context, value);
                revocation(xml, context, one, value);
            });
        }
        let file = context.report.findings.iter();
        findings(xml, file.chain(&one.findings));
    });
}

/// The chain, in three elements and the order of their sequence.
pub(super) fn chain(xml: &mut Xml, context: &Context<'_>, value: &EvidenceObject) {
    let certificates = value.about.iter();
    let ids: Vec<String> = certificates
        .filter_map(|one| context.named(&one.to_string()))
        .map(names::id)
        .collect();
    // A lone certificate is one that no anchor vouches for, or an anchor itself.
    let (Some(leaf), true) = (ids.first(), ids.len() > 1) else {
        return;
    };
    let anchor = ids.last().filter(|anchor| *anchor != leaf);
    if let Some(anchor) = anchor {
        xml.reference("TrustAnchor", anchor);
    }
    xml.element("CertificateChain", |xml| {
        xml.reference("SigningCertificate", leaf);
        let between = ids.iter().skip(1).take(ids.len().saturating_sub(2));
        between.for_each(|id| xml.reference("IntermediateCertificate", id));
        if let Some(anchor) = anchor {
            xml.reference("TrustAnchor", anchor);
        }
    });
}

/// When and why the signer's certificate was revoked, and who says so.
fn revocation(xml: &mut Xml, context: &Context<'_>, one: &SignatureReport, value: &EvidenceObject) {
    let revocation = &one.revocation;
    let leaf = value.about.first();
    let leaf = leaf.and_then(|leaf| context.named(&leaf.to_string()));
    let (RevocationState::Revoked, Some(leaf), Some(at)) = (revocation.state, leaf, revocation.at)
    else {
        return;
    };
    xml.element("RevocationStatusInformation", |xml| {
        xml.reference("ValidationObjectId", &names::id(leaf));
        xml.time("RevocationTime", at);
        if let Some(reason) = revocation.reason {
            xml.text("RevocationReason", &names::revocation_reason(reason));
        }
        if let Some(object) = told_by(context, &one.checks) {
            xml.reference("RevocationObject", &names::id(object));
        }
    });
}

/// The object that the leaf's revocation status rests on.
fn told_by<'r>(context: &Context<'r>, checks: &[CheckReport]) -> Option<&'r EvidenceObject> {
    let chain = named(checks, "certificate-validation")?;
    let leaf = named(&chain.checks, "certificate")?;
    let status = named(&leaf.checks, "revocation-status")?;
    context.named(status.evidence.first()?)
}

fn named<'c>(checks: &'c [CheckReport], name: &str) -> Option<&'c CheckReport> {
    checks.iter().find(|one| one.check == name)
}

/// What was noticed, each by its code and its sentence.
pub(super) fn findings<'f>(xml: &mut Xml, findings: impl Iterator<Item = &'f Finding>) {
    let findings: Vec<&Finding> = findings.collect();
    if findings.is_empty() {
        return;
    }
    xml.element("AssociatedValidationReportData", |xml| {
        xml.element("AdditionalValidationReportData", |xml| {
            for finding in findings {
                xml.element("ReportData", |xml| {
                    let code = finding.code().text().code;
                    xml.text("Type", &format!("urn:absah:finding:{code}"));
                    xml.text("Value", &finding.english());
                });
            }
        });
    });
}

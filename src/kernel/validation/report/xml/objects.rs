//! The validation objects (TS 119 102-2, 4.4): certificates, revocation data and
//! time-stamps, the time-stamps with their own reports.

use super::write::Xml;
use super::{Context, names, signature};
use crate::kernel::hash::HashAlgorithm;
use crate::kernel::validation::report::evidence::WHOLE;
use crate::kernel::validation::report::{
    Covered, EvidenceKind, EvidenceObject, SignatureKind, TimestampReport,
};
use crate::kernel::x509::ocsp;

pub(super) fn write(xml: &mut Xml, context: &Context<'_>) {
    let objects: Vec<&EvidenceObject> = context
        .report
        .evidence
        .iter()
        .filter(|object| names::is_written(object))
        .collect();
    if objects.is_empty() {
        return;
    }
    xml.element("SignatureValidationObjects", |xml| {
        for object in objects {
            let id = names::id(object);
            xml.with("ValidationObject", &[("id", &id)], |xml| {
                one(xml, context, object);
            });
        }
    });
}

fn one(xml: &mut Xml, context: &Context<'_>, object: &EvidenceObject) {
    xml.text("ObjectType", names::object_type(object.kind));
    let encoded = match object.kind {
        EvidenceKind::Ocsp => ocsp::successful(&object.der),
        _ => object.der.clone(),
    };
    xml.element("ValidationObjectRepresentation", |xml| {
        let hash = HashAlgorithm::Sha256;
        if encoded.is_empty() {
            xml.digest("DigestAlgAndValue", hash, object.id.as_bytes());
        } else if encoded.len() <= WHOLE {
            xml.base64("base64", &encoded);
        } else {
            xml.digest("DigestAlgAndValue", hash, &hash.digest(&[&encoded]));
        }
    });
    xml.element("POE", |xml| {
        let at = object.proven.unwrap_or(context.report.validation_time);
        xml.time("POETime", at.min(context.report.validation_time));
        xml.text("TypeOfProof", names::PROVEN_BY_VALIDATION);
    });
    if object.kind == EvidenceKind::Timestamp {
        time_stamp(xml, context, object);
    }
}

/// A document time-stamp has a report of its own, one over a signature or its
/// content a line in the report of that.
fn time_stamp(xml: &mut Xml, context: &Context<'_>, object: &EvidenceObject) {
    let hex = object.id.to_string();
    let name = Some(hex.as_str());
    let signatures = &context.report.signatures;
    let own = signatures.iter().enumerate().find(|(_, one)| {
        one.kind == SignatureKind::DocumentTimestamp
            && one.signature_value_sha256.as_deref() == name
    });
    if let Some((index, own)) = own {
        xml.element("ValidationReport", |xml| {
            signature::write(xml, context, own, index);
        });
        return;
    }
    let mut lines = signatures.iter().flat_map(|one| &one.timestamps);
    if let Some(line) = lines.find(|line| line.signature_value_sha256.as_deref() == name) {
        xml.element("ValidationReport", |xml| {
            of_line(xml, context, object, line);
        });
    }
}

fn of_line(xml: &mut Xml, context: &Context<'_>, object: &EvidenceObject, line: &TimestampReport) {
    if let (Covered::Bytes(_), Some((hash, digest))) = (&object.covered, &object.digest) {
        xml.element("SignersDocument", |xml| {
            xml.digest("DigestAlgAndValue", *hash, digest);
        });
    }
    signature::signer(xml, context, object);
    xml.element("SignatureValidationStatus", |xml| {
        xml.text("MainIndication", names::status(line.indication));
        if let Some(reason) = line.sub_indication {
            xml.text("SubIndication", &names::sub_indication(reason));
        }
        xml.element("AssociatedValidationReportData", |xml| {
            signature::chain(xml, context, object);
        });
    });
}

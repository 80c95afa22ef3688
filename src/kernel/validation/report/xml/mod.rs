//! The report as XML (ETSI TS 119 102-2 V1.2.1, clauses 4 and 5, whose namespace
//! the other validators write).
//!
//! Signatures are reported each in an element of its own; time-stamps are
//! validation objects that carry their own reports (4.4.8). What the standard has
//! no word for (the verdict in plain words, a file without any signature) has URNs
//! of ours under `urn:absah:`. Not written: the report's own signature (4.6).

mod names;
mod objects;
mod signature;
mod write;

use super::{EvidenceObject, Report, SignatureKind, SignatureReport};
use crate::kernel::validation::verdict::Verdict;
use write::Xml;

/// The whole document.
pub(super) fn document(report: &Report) -> String {
    let context = Context { report };
    let mut xml = Xml::new();
    xml.root("ValidationReport", &names::NAMESPACES, |xml| {
        let mut any = false;
        for (index, signature) in report.signatures.iter().enumerate() {
            if signature.kind == SignatureKind::Signature {
                any = true;
                xml.element("SignatureValidationReport", |xml| {
                    signature::write(xml, &context, signature, index);
                });
            }
        }
        if !any {
            xml.element("SignatureValidationReport", |xml| without(xml, report));
        }
        objects::write(xml, &context);
    });
    xml.finish()
}

/// A file in which no signature was found, or which cannot be read.
fn without(xml: &mut Xml, report: &Report) {
    xml.element("SignatureValidationStatus", |xml| {
        let main = match report.verdict {
            Verdict::Unsigned => names::NO_SIGNATURE,
            _ => names::INDETERMINATE,
        };
        xml.text("MainIndication", main);
        signature::findings(xml, report.findings.iter());
    });
    signature::verdict(xml, report);
}

/// What every part looks things up in.
struct Context<'r> {
    report: &'r Report,
}

impl<'r> Context<'r> {
    /// The object that the report names in hex.
    fn named(&self, hex: &str) -> Option<&'r EvidenceObject> {
        let objects = self.report.evidence.iter();
        objects
            .filter(|object| names::is_written(object))
            .find(|object| object.id.to_string() == hex)
    }

    /// The signature itself.
    fn value(&self, signature: &SignatureReport) -> Option<&'r EvidenceObject> {
        let hex = signature.signature_value_sha256.as_deref()?;
        let objects = self.report.evidence.iter();
        objects
            .filter(|object| !object.value.is_empty())
            .find(|object| object.id.to_string() == hex)
    }
}

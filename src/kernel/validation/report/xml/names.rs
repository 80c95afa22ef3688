//! The URIs of TS 119 102-2 and of the algorithms it refers to.

use crate::kernel::hash::HashAlgorithm;
use crate::kernel::validation::indication::{Indication, Status, SubIndication};
use crate::kernel::validation::report::{EvidenceKind, EvidenceObject};
use crate::kernel::x509::RevocationReason;

/// The namespaces, as attributes of the root.
pub(super) const NAMESPACES: [(&str, &str); 4] = [
    ("xmlns", "http://uri.etsi.org/19102/v1.2.1#"),
    ("xmlns:ds", "http://www.w3.org/2000/09/xmldsig#"),
    ("xmlns:XAdES", "http://uri.etsi.org/01903/v1.3.2#"),
    ("xmlns:absah", "urn:absah:report:1"),
];

pub(super) const INDETERMINATE: &str = "urn:etsi:019102:mainindication:indeterminate";
/// Of ours: the standard reports on signatures alone.
pub(super) const NO_SIGNATURE: &str = "urn:absah:mainindication:no-signature-found";
pub(super) const APPLIED: &str = "urn:etsi:019102:constraintStatus:applied";
pub(super) const PROVEN_BY_VALIDATION: &str = "urn:etsi:019102:poetype:validation";
/// EN 319 102-1, 5.6.3: the process that is always followed.
pub(super) const PROCESS: &str = "urn:etsi:019102:validationprocess:LTA";

pub(super) const fn indication(indication: Indication) -> &'static str {
    match indication {
        Indication::TotalPassed => "urn:etsi:019102:mainindication:total-passed",
        Indication::TotalFailed => "urn:etsi:019102:mainindication:total-failed",
        Indication::Indeterminate => INDETERMINATE,
    }
}

pub(super) const fn status(status: Status) -> &'static str {
    match status {
        Status::Passed => "urn:etsi:019102:mainindication:passed",
        Status::Failed => "urn:etsi:019102:mainindication:failed",
        Status::Indeterminate => INDETERMINATE,
    }
}

/// The status of a time-stamp, which a building block concludes.
pub(super) const fn status_of(indication: Indication) -> &'static str {
    status(match indication {
        Indication::TotalPassed => Status::Passed,
        Indication::TotalFailed => Status::Failed,
        Indication::Indeterminate => Status::Indeterminate,
    })
}

pub(super) fn sub_indication(reason: SubIndication) -> String {
    let name = serde_json::to_value(reason).unwrap_or_default();
    format!(
        "urn:etsi:019102:subindication:{}",
        name.as_str().unwrap_or_default()
    )
}

pub(super) fn revocation_reason(reason: RevocationReason) -> String {
    format!("urn:etsi:019102:revocationReason:{}", reason.name())
}

pub(super) const fn digest(hash: HashAlgorithm) -> &'static str {
    match hash {
        HashAlgorithm::Sha1 => "http://www.w3.org/2000/09/xmldsig#sha1",
        HashAlgorithm::Sha224 => "http://www.w3.org/2001/04/xmldsig-more#sha224",
        HashAlgorithm::Sha256 => "http://www.w3.org/2001/04/xmlenc#sha256",
        HashAlgorithm::Sha384 => "http://www.w3.org/2001/04/xmldsig-more#sha384",
        HashAlgorithm::Sha512 => "http://www.w3.org/2001/04/xmlenc#sha512",
    }
}

/// Whether an object is listed: signatures have reports instead.
pub(super) fn is_written(object: &EvidenceObject) -> bool {
    object.kind != EvidenceKind::Signature
}

pub(super) const fn object_type(kind: EvidenceKind) -> &'static str {
    match kind {
        EvidenceKind::Certificate => "urn:etsi:019102:validationObject:certificate",
        EvidenceKind::Crl => "urn:etsi:019102:validationObject:CRL",
        EvidenceKind::Ocsp => "urn:etsi:019102:validationObject:OCSPResponse",
        EvidenceKind::Timestamp => "urn:etsi:019102:validationObject:timestamp",
        EvidenceKind::Signature => "urn:etsi:019102:validationObject:signedData",
    }
}

/// The identifier of an object within the document (xs:ID takes no digit first).
pub(super) fn id(object: &EvidenceObject) -> String {
    let letter = match object.kind {
        EvidenceKind::Certificate => 'C',
        EvidenceKind::Crl => 'R',
        EvidenceKind::Ocsp => 'O',
        EvidenceKind::Timestamp => 'T',
        EvidenceKind::Signature => 'V',
    };
    format!("{letter}-{}", object.id)
}

//! The report on one certificate: what `absah cert verify --json` prints.
//!
//! RFC 5280 and RFC 6960 are done by [`crate::kernel::x509::paths`]; here the
//! outcome gets the words of EN 319 102-1.

use serde::Serialize;

use super::finding::{Finding, FindingCode};
use super::indication::{Conclusion, Status, SubIndication};
use crate::kernel::x509::Certificate;
use crate::kernel::x509::paths::{self, PathError, PathErrorKind, PathInput};

/// What a validation of one certificate found.
#[derive(Clone, Debug, Serialize)]
pub struct PathReport {
    /// Whether it is valid.
    pub valid: bool,
    /// The outcome.
    pub indication: Status,
    /// The reason, if not passed.
    pub sub_indication: Option<SubIndication>,
    /// The subjects of the path, the certificate first, the anchor last.
    pub path: Vec<String>,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

/// Validates a certificate.
#[must_use]
pub fn validate_certificate(input: &PathInput<'_>) -> PathReport {
    let subject = |certificate: &Certificate| certificate.subject().to_string();
    match paths::validate(input).path {
        Ok(path) => PathReport {
            valid: true,
            indication: Status::Passed,
            sub_indication: None,
            path: path.certificates().iter().map(subject).collect(),
            findings: Vec::new(),
        },
        Err(error) => {
            let (reason, code) = words(&error, input.target);
            PathReport {
                valid: false,
                indication: Conclusion::of(reason).status(),
                sub_indication: Some(reason),
                path: Vec::new(),
                findings: vec![Finding::new(code).detail(error)],
            }
        }
    }
}

/// The sub-indication and the finding of an error.
fn words(error: &PathError, target: &Certificate) -> (SubIndication, FindingCode) {
    use FindingCode as C;
    use PathErrorKind as K;
    use SubIndication as S;
    let is_target = error.certificate.as_ref().is_none_or(|one| one == target);
    match error.kind {
        K::NoChain => (S::NoCertificateChainFound, C::ChainNotFound),
        K::NotYetValid | K::Expired => (S::OutOfBoundsNoPoe, C::CertificateOutsideValidity),
        K::Revoked if is_target => (S::RevokedNoPoe, C::CertificateRevoked),
        K::Revoked => (S::RevokedCaNoPoe, C::AuthorityRevoked),
        K::NoRevocationData(_) => (S::CertificateChainGeneralFailure, C::RevocationMissing),
        K::KeyUsage | K::ExtendedKeyUsage | K::CaAsEndEntity => {
            (S::ChainConstraintsFailure, C::ChainConstraints)
        }
        K::Weak => (S::CryptoConstraintsFailureNoPoe, C::AlgorithmWeak),
        _ => (S::CertificateChainGeneralFailure, C::ChainInvalid),
    }
}

//! RFC 5280 6 as a whole: path, policies and revocation of every certificate on it.

use time::OffsetDateTime;

use super::openssl::{Policies, Revocation, Verification};
use super::{CertificatePath, PathError, Purpose, StatusProof, revocation};
use crate::kernel::asn1::ObjectIdentifier;
use crate::kernel::x509::Certificate;
use crate::kernel::x509::crl::Crl;
use crate::kernel::x509::ocsp::BasicResponse;

/// What is validated, with what, and how.
#[derive(Debug, Clone)]
pub struct PathInput<'a> {
    /// The certificate in question.
    pub target: &'a Certificate,
    /// Certificates that may be on the path, or sign revocation data.
    pub untrusted: &'a [Certificate],
    /// The trust anchors.
    pub anchors: &'a [Certificate],
    /// CRLs.
    pub crls: &'a [Crl],
    /// OCSP responses.
    pub ocsps: &'a [BasicResponse],
    /// The time of validation.
    pub at: OffsetDateTime,
    /// What the certificate is used for.
    pub purpose: Purpose,
    /// Whether every certificate below the anchor must be shown not to be revoked.
    pub check_revocation: bool,
    /// Whether what was usual once passes: SHA-1, short keys, and what OpenSSL's strict flag
    /// refuses though path validation does not (basic constraints that are not critical).
    /// For conformance runs alone.
    pub allow_weak: bool,
    /// user-initial-policy-set (RFC 5280 6.1.1 (c)); empty: any policy.
    pub policies: &'a [ObjectIdentifier],
    /// initial-explicit-policy
    pub explicit_policy: bool,
    /// initial-policy-mapping-inhibit
    pub inhibit_mapping: bool,
    /// initial-any-policy-inhibit
    pub inhibit_any: bool,
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct PathReport {
    /// The path, or why there is none.
    pub path: Result<CertificatePath, PathError>,
    /// The certificates shown not to be revoked, in the order of the path.
    pub proofs: Vec<StatusProof>,
}

impl PathReport {
    const fn failed(error: PathError) -> Self {
        Self {
            path: Err(error),
            proofs: Vec::new(),
        }
    }
}

/// Validates a certificate.
pub fn validate(input: &PathInput<'_>) -> PathReport {
    let path = match validate_path(input) {
        Ok(path) => path,
        Err(error) => return PathReport::failed(error),
    };
    if !input.check_revocation {
        return PathReport {
            path: Ok(path),
            proofs: Vec::new(),
        };
    }
    match revocation::check(input, &path) {
        Ok(proofs) => PathReport {
            path: Ok(path),
            proofs,
        },
        Err(error) => PathReport::failed(error),
    }
}

fn validate_path(input: &PathInput<'_>) -> Result<CertificatePath, PathError> {
    input.purpose.check(input.target)?;
    let policies = Policies {
        initial: input.policies,
        explicit: input.explicit_policy,
        inhibit_mapping: input.inhibit_mapping,
        inhibit_any: input.inhibit_any,
    };
    let verification = Verification {
        target: input.target,
        untrusted: input.untrusted,
        anchors: input.anchors,
        at: input.at,
        purpose: input.purpose,
        allow_weak: input.allow_weak,
        policies,
        revocation: Revocation::Unchecked,
    };
    verification.run().map(CertificatePath)
}

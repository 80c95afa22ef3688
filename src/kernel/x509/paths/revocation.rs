//! Whether a certificate of a path is revoked, by the revocation data at hand: OCSP
//! first (RFC 6960), then CRLs (RFC 5280 6.3, by OpenSSL).

use time::OffsetDateTime;

use super::openssl::{Policies, Revocation, Verification};
use super::validate::PathInput;
use super::{CertificatePath, PathError, PathErrorKind, Purpose};
use crate::kernel::x509::Certificate;
use crate::kernel::x509::crl::Crl;
use crate::kernel::x509::ocsp::{BasicResponse, CertStatus, SingleResponse};

/// What kind of revocation data was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevocationSource {
    /// An OCSP response
    Ocsp,
    /// CRLs
    Crl,
}

/// A certificate that was shown not to be revoked, and by what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusProof {
    /// The certificate.
    pub certificate: Certificate,
    /// What showed it.
    pub source: RevocationSource,
}

/// Shows that no certificate below the anchor is revoked, or says why that cannot be shown.
pub(super) fn check(
    input: &PathInput<'_>,
    path: &CertificatePath,
) -> Result<Vec<StatusProof>, PathError> {
    let answers: Vec<Option<CertStatus>> = path
        .links()
        .map(|(certificate, issuer)| ocsp_status(input, certificate, issuer))
        .collect();
    if answers.iter().all(Option::is_none) {
        return by_crls_alone(input, path);
    }
    path.links()
        .zip(answers)
        .map(|((certificate, issuer), answer)| by_either(input, certificate, issuer, answer))
        .collect()
}

/// The whole path at once, with whatever RFC 5280 6.3 allows: indirect, delta and
/// partitioned CRLs, and CRLs under a key of their own.
fn by_crls_alone(
    input: &PathInput<'_>,
    path: &CertificatePath,
) -> Result<Vec<StatusProof>, PathError> {
    run(input, input.target, Revocation::Path(input.crls))?;
    let certificates = path.links().map(|(certificate, _)| certificate);
    Ok(certificates
        .map(|one| StatusProof::new(one, RevocationSource::Crl))
        .collect())
}

fn by_either(
    input: &PathInput<'_>,
    certificate: &Certificate,
    issuer: &Certificate,
    answer: Option<CertStatus>,
) -> Result<StatusProof, PathError> {
    match answer {
        Some(CertStatus::Good) => Ok(StatusProof::new(certificate, RevocationSource::Ocsp)),
        Some(CertStatus::Revoked { .. }) => Err(PathError::of(PathErrorKind::Revoked, certificate)),
        Some(CertStatus::Unknown) | None => {
            by_issuers_crls(input, certificate, issuer)?;
            Ok(StatusProof::new(certificate, RevocationSource::Crl))
        }
    }
}

/// The newest status that a current, authorised response gives.
fn ocsp_status(
    input: &PathInput<'_>,
    certificate: &Certificate,
    issuer: &Certificate,
) -> Option<CertStatus> {
    let found = input.ocsps.iter().filter_map(|response| {
        let single = response.response_for(certificate, issuer)?;
        let usable = is_current(single, input.at) && is_authorised(input, response, issuer);
        usable.then_some(single)
    });
    let newest = found.max_by_key(|single| single.this_update)?;
    match newest.status {
        CertStatus::Revoked { at, .. } if at > input.at => Some(CertStatus::Good),
        status => Some(status),
    }
}

/// RFC 6960 3.2 (5), (6)
fn is_current(single: &SingleResponse, at: OffsetDateTime) -> bool {
    single.this_update <= at && single.next_update.is_none_or(|next| at <= next)
}

/// The responder is the issuer, or delegated by it, valid now, and not itself revoked
/// (RFC 6960 4.2.2.2.1).
fn is_authorised(input: &PathInput<'_>, response: &BasicResponse, issuer: &Certificate) -> bool {
    let Ok(responder) = response.verify(issuer, input.untrusted) else {
        return false;
    };
    if responder.spki_der() == issuer.spki_der() {
        return true;
    }
    responder.is_valid_at(input.at)
        && (responder.has_ocsp_nocheck() || by_issuers_crls(input, &responder, issuer).is_ok())
}

/// One certificate, by the CRLs that its issuer signed with the key it issues with.
fn by_issuers_crls(
    input: &PathInput<'_>,
    certificate: &Certificate,
    issuer: &Certificate,
) -> Result<(), PathError> {
    let own = input.crls.iter().filter(|crl| crl.verify(issuer).is_ok());
    let own: Vec<Crl> = own.cloned().collect();
    run(input, certificate, Revocation::Target(&own))
}

fn run(
    input: &PathInput<'_>,
    target: &Certificate,
    revocation: Revocation<'_>,
) -> Result<(), PathError> {
    let verification = Verification {
        target,
        untrusted: input.untrusted,
        anchors: input.anchors,
        at: input.at,
        purpose: Purpose::Any,
        allow_weak: input.allow_weak,
        policies: Policies::default(),
        revocation,
    };
    verification.run().map(|_| ())
}

impl StatusProof {
    fn new(certificate: &Certificate, source: RevocationSource) -> Self {
        Self {
            certificate: certificate.clone(),
            source,
        }
    }
}

//! What is checked on a certificate signed by a throwaway key before the real key signs
//! the same bytes.
//!
//! The lint reads the encoded certificate with the reader relying parties' bytes go through, and
//! compares with the profile: it does not trust the writer. RFC 5280 section 4, and the
//! profile's own rules.

use openssl::x509::X509;
use time::OffsetDateTime;

use super::profile::{Address, KeyUsage, Profile};
use super::tbs::{Plan, key_id};
use crate::kernel::x509::{Certificate, KeyUsage as KeyUsageBits};

/// A rule that a certificate breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the certificate fails the lint before signing: {0}")]
pub struct LintError(pub String);

/// Reads the encoded certificate and compares it with what it must say.
pub(super) fn lint(der: &[u8], expected: &Plan<'_>) -> Result<Certificate, LintError> {
    let certificate = Certificate::parse(der).map_err(|error| LintError(error.to_string()))?;
    // A second, independent reader; it must also find nothing to normalise.
    let again = X509::from_der(der).and_then(|x509| x509.to_der());
    let rules = [(
        "OpenSSL reads it back byte for byte",
        again.is_ok_and(|again| again == der),
    )];
    let all = rules
        .into_iter()
        .chain(names(&certificate, expected))
        .chain(usages(&certificate, expected))
        .chain(addresses(&certificate, expected));
    match all.into_iter().find(|(_, holds)| !holds) {
        Some((rule, _)) => Err(LintError(rule.to_owned())),
        None => Ok(certificate),
    }
}

type Rule = (&'static str, bool);

fn names(certificate: &Certificate, expected: &Plan<'_>) -> [Rule; 9] {
    let seconds = |at: OffsetDateTime| at.unix_timestamp();
    let own_key = key_id(expected.spki).ok();
    [
        (
            "the serial number is the reserved one",
            certificate.serial() == expected.serial,
        ),
        (
            "the serial number is positive and at most 20 octets",
            matches!(certificate.serial(), [1..=0x7f, ..]) && certificate.serial().len() <= 20,
        ),
        (
            "the issuer is the issuer's subject",
            certificate.issuer().der() == expected.issuer.der(),
        ),
        (
            "the subject is the one asked for",
            certificate.subject().der() == expected.subject.der(),
        ),
        (
            "the key is the one asked for",
            certificate.spki_der() == expected.spki,
        ),
        (
            "the validity is the one planned",
            seconds(certificate.not_before()) == seconds(expected.not_before)
                && seconds(certificate.not_after()) == seconds(expected.not_after),
        ),
        (
            "it ends after it begins",
            certificate.not_before() < certificate.not_after(),
        ),
        (
            "the authority key identifier is the issuer's",
            certificate.authority_key_identifier() == Some(expected.issuer_key_id),
        ),
        (
            "the subject key identifier is the key's",
            own_key.is_some() && certificate.subject_key_identifier() == own_key.as_deref(),
        ),
    ]
}

fn usages(certificate: &Certificate, expected: &Plan<'_>) -> [Rule; 7] {
    let profile = expected.profile;
    let critical = |oid: &str| {
        let named = certificate
            .extensions()
            .iter()
            .find(|one| one.oid.to_string() == oid);
        named.is_some_and(|one| one.critical)
    };
    let purposes: Vec<_> = profile
        .extended_key_usage()
        .iter()
        .map(|purpose| purpose.oid())
        .collect();
    let found = certificate.extended_key_usage();
    let constraints = certificate.basic_constraints();
    [
        (
            "key usage is the profile's",
            certificate.key_usage().map(KeyUsageBits::bits) == Some(bits(profile)),
        ),
        ("key usage is critical", critical("2.5.29.15")),
        ("basic constraints are critical", critical("2.5.29.19")),
        (
            "only a CA says it is one",
            constraints.is_some_and(|c| c.ca == expected.role.is_ca()),
        ),
        (
            "the path length is the profile's",
            constraints.and_then(|c| c.path_len) == profile.path_length().map(u32::from),
        ),
        (
            "extended key usage is the profile's",
            found.map_or(purposes.is_empty(), |found| {
                found.purposes == purposes
                    && found.critical == profile.extended_key_usage_critical()
            }),
        ),
        (
            "policies are the profile's",
            certificate.policies() == expected.profiles.policies(profile).as_slice(),
        ),
    ]
}

fn addresses(certificate: &Certificate, expected: &Plan<'_>) -> [Rule; 4] {
    let profile = expected.profile;
    let wanted = |address: Address| -> Vec<String> {
        let text = expected
            .profiles
            .address(address, expected.base, expected.issuer_key_id);
        profile
            .carries(address)
            .then_some(text)
            .into_iter()
            .collect()
    };
    [
        (
            "the OCSP address is the profile's",
            certificate.ocsp_urls() == wanted(Address::Ocsp),
        ),
        (
            "the issuer's address is the profile's",
            certificate.ca_issuer_urls() == wanted(Address::CaIssuers),
        ),
        (
            "the CRL address is the profile's",
            certificate.crl_urls() == wanted(Address::Crl),
        ),
        (
            "ocsp-nocheck is the profile's",
            certificate.has_ocsp_nocheck() == profile.ocsp_nocheck(),
        ),
    ]
}

fn bits(profile: &Profile) -> u32 {
    profile.key_usage().iter().fold(0, |all, usage| {
        all | match usage {
            KeyUsage::DigitalSignature => 1,
            KeyUsage::ContentCommitment => 1 << 1,
            KeyUsage::KeyCertSign => 1 << 5,
            KeyUsage::CrlSign => 1 << 6,
        }
    })
}

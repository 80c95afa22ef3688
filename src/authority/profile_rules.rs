//! The rules of each role that no profile file can switch off.

use time::Duration;

use super::profile::{Address, KeyUsage, Profile, Purpose};
use super::role::Role;

/// A rule: whether it holds, and how it reads.
type Rule = (bool, &'static str);

/// The first rule a profile breaks.
pub(super) fn check(profile: &Profile, role: Role) -> Result<(), &'static str> {
    let own = match role {
        Role::Root => root(profile),
        Role::IssuingCa => issuing_ca(profile),
        Role::Signatory | Role::Seal => signer(profile),
        Role::Tsa => tsa(profile),
        Role::Ocsp => ocsp(profile),
    };
    match common(profile, role)
        .into_iter()
        .chain(own)
        .find(|(holds, _)| !holds)
    {
        Some((_, rule)) => Err(rule),
        None => Ok(()),
    }
}

fn common(profile: &Profile, role: Role) -> Vec<Rule> {
    vec![
        (
            !profile.key_types().is_empty(),
            "at least one key type is allowed",
        ),
        (profile.validity() > Duration::ZERO, "it has a validity"),
        (
            profile.backdate() <= Duration::HOUR,
            "it is backdated by an hour at most",
        ),
        (
            role == Role::IssuingCa || profile.path_length().is_none(),
            "only an issuing CA has a path length",
        ),
        (
            profile.ocsp_nocheck() == (role == Role::Ocsp),
            "ocsp_nocheck is the OCSP responder's alone",
        ),
    ]
}

fn root(profile: &Profile) -> Vec<Rule> {
    vec![
        ca_usage(profile),
        (profile.carries_nothing(), "a root carries no addresses"),
        (
            profile.extended_key_usage().is_empty(),
            "a root has no extended purpose",
        ),
    ]
}

fn issuing_ca(profile: &Profile) -> Vec<Rule> {
    vec![
        ca_usage(profile),
        (profile.path_length() == Some(0), "path_length is 0"),
        (
            profile.carries(Address::Crl),
            "it carries the root's CRL address",
        ),
        (
            !profile.carries(Address::Ocsp),
            "no responder answers for it: its root is offline",
        ),
        (
            profile.extended_key_usage().is_empty(),
            "it has no extended purpose",
        ),
    ]
}

fn signer(profile: &Profile) -> Vec<Rule> {
    let commitment = usage_is(profile, &[KeyUsage::ContentCommitment])
        || usage_is(
            profile,
            &[KeyUsage::ContentCommitment, KeyUsage::DigitalSignature],
        );
    let purposes = profile.extended_key_usage();
    let service = [Purpose::TimeStamping, Purpose::OcspSigning];
    vec![
        (
            commitment,
            "key usage is content_commitment, with or without digital_signature",
        ),
        (
            purposes.contains(&Purpose::DocumentSigning),
            "document_signing is among its purposes",
        ),
        (
            !purposes.iter().any(|purpose| service.contains(purpose)),
            "it is neither a TSA nor an OCSP responder",
        ),
        revocable(profile),
    ]
}

fn tsa(profile: &Profile) -> Vec<Rule> {
    let alone = profile.extended_key_usage() == [Purpose::TimeStamping];
    vec![
        service_usage(profile),
        (
            alone && profile.extended_key_usage_critical(),
            "time_stamping is its only purpose, and critical (RFC 3161, 2.3)",
        ),
        revocable(profile),
    ]
}

fn ocsp(profile: &Profile) -> Vec<Rule> {
    vec![
        service_usage(profile),
        (
            profile.extended_key_usage() == [Purpose::OcspSigning],
            "ocsp_signing is its only purpose",
        ),
        (
            profile.validity() <= Duration::days(398),
            "with ocsp_nocheck it lives at most 398 days",
        ),
    ]
}

fn ca_usage(profile: &Profile) -> Rule {
    let expected = [KeyUsage::KeyCertSign, KeyUsage::CrlSign];
    (
        usage_is(profile, &expected),
        "key usage is key_cert_sign and crl_sign",
    )
}

fn service_usage(profile: &Profile) -> Rule {
    let expected = [KeyUsage::DigitalSignature];
    (
        usage_is(profile, &expected),
        "key usage is digital_signature",
    )
}

fn revocable(profile: &Profile) -> Rule {
    let both = profile.carries(Address::Ocsp) && profile.carries(Address::Crl);
    (both, "it carries OCSP and CRL addresses")
}

fn usage_is(profile: &Profile, expected: &[KeyUsage]) -> bool {
    let found = profile.key_usage();
    found.len() == expected.len() && expected.iter().all(|bit| found.contains(bit))
}

//! Paths: what may stand at their end, what breaks them, and how revocation data of both
//! kinds is used. NIST PKITS has the rest (`tests/conformance`).

use absah::kernel::asn1::{oids, write};
use absah::kernel::hash::HashAlgorithm;
use absah::kernel::sign::SignatureAlgorithm;
use absah::kernel::x509::crl::{Crl, CrlBuilder, Revocation};
use absah::kernel::x509::ocsp::{
    BasicResponse, CertId, CertStatus, OcspResponse, ResponseBuilder, SingleAnswer,
};
use absah::kernel::x509::paths::{
    PathErrorKind, PathInput, PathReport, Purpose, RevocationSource, build, validate,
};
use absah::kernel::x509::{Certificate, RevocationReason};
use time::{Duration, OffsetDateTime};

use crate::support::pki::{
    Holder, Key, NOT_AFTER, NOT_BEFORE, NOW, Pki, Profile, extension, key_usage, purposes,
};

fn kind(
    pki: &Pki,
    target: &Certificate,
    at: OffsetDateTime,
    purpose: Purpose,
) -> Option<PathErrorKind> {
    let untrusted = [pki.ca.certificate.clone()];
    let anchors = [pki.root.certificate.clone()];
    build(target, &untrusted, &anchors, at, purpose)
        .err()
        .map(|error| error.kind)
}

#[test]
fn each_purpose_has_its_certificates() {
    let pki = Pki::new();
    let said = |holder: &Holder, purpose| kind(&pki, &holder.certificate, NOW, purpose);
    assert_eq!(said(&pki.signatory, Purpose::Signer), None);
    assert_eq!(said(&pki.tsa, Purpose::Tsa), None);
    assert_eq!(said(&pki.ocsp, Purpose::OcspResponder), None);
    assert_eq!(said(&pki.ca, Purpose::Ca), None);
    assert_eq!(
        said(&pki.tsa, Purpose::Signer),
        Some(PathErrorKind::ExtendedKeyUsage)
    );
    assert_eq!(
        said(&pki.ocsp, Purpose::Tsa),
        Some(PathErrorKind::ExtendedKeyUsage)
    );
    assert_eq!(
        said(&pki.signatory, Purpose::OcspResponder),
        Some(PathErrorKind::ExtendedKeyUsage)
    );
    assert_eq!(
        said(&pki.ca, Purpose::Signer),
        Some(PathErrorKind::CaAsEndEntity)
    );
    assert_eq!(
        said(&pki.signatory, Purpose::Ca),
        Some(PathErrorKind::NotCa)
    );
    let encipher = Profile::signatory("x")
        .with(key_usage(0b100))
        .issued_by(&pki.ca);
    assert_eq!(
        said(&encipher, Purpose::Signer),
        Some(PathErrorKind::KeyUsage)
    );
    let twofold = Profile::tsa("x").with(purposes(
        true,
        &[oids::ID_KP_TIME_STAMPING, oids::ID_KP_OCSP_SIGNING],
    ));
    assert_eq!(
        said(&twofold.issued_by(&pki.ca), Purpose::Tsa),
        Some(PathErrorKind::ExtendedKeyUsage)
    );
}

#[test]
fn the_path_is_given_from_target_to_anchor() {
    let pki = Pki::new();
    let untrusted = [Pki::new().ca.certificate, pki.ca.certificate.clone()];
    let anchors = [Pki::new().root.certificate, pki.root.certificate.clone()];
    let path = build(
        &pki.signatory.certificate,
        &untrusted,
        &anchors,
        NOW,
        Purpose::Signer,
    )
    .unwrap();
    let expected = [&pki.signatory, &pki.ca, &pki.root].map(|holder| holder.certificate.clone());
    assert_eq!(path.certificates(), expected);
    assert_eq!(path.anchor(), Some(&pki.root.certificate));
    assert_eq!(path.links().count(), 2);
    // An anchor need not be a root.
    let path = build(
        &pki.signatory.certificate,
        &[],
        &untrusted,
        NOW,
        Purpose::Signer,
    )
    .unwrap();
    assert_eq!(path.anchor(), Some(&pki.ca.certificate));
}

#[test]
fn times_names_and_limits_break_a_path() {
    let pki = Pki::new();
    let signatory = &pki.signatory.certificate;
    assert_eq!(
        kind(
            &pki,
            signatory,
            NOT_BEFORE - Duration::SECOND,
            Purpose::Signer
        ),
        Some(PathErrorKind::NotYetValid)
    );
    assert_eq!(
        kind(
            &pki,
            signatory,
            NOT_AFTER + Duration::SECOND,
            Purpose::Signer
        ),
        Some(PathErrorKind::Expired)
    );
    // The same names above, other keys.
    let stranger = Pki::new();
    assert_eq!(
        kind(&stranger, signatory, NOW, Purpose::Signer),
        Some(PathErrorKind::NoChain)
    );
    let orphan = build(
        signatory,
        &[],
        std::slice::from_ref(&pki.root.certificate),
        NOW,
        Purpose::Signer,
    );
    assert_eq!(orphan.unwrap_err().kind, PathErrorKind::NoChain);
    let critical = Profile::signatory("x").with(extension("1.2.3.4", true, write::NULL.to_vec()));
    assert_eq!(
        kind(
            &pki,
            &critical.issued_by(&pki.ca).certificate,
            NOW,
            Purpose::Signer
        ),
        Some(PathErrorKind::Extension)
    );
    let below_leaf = Profile::signatory("x").issued_by(&pki.signatory);
    let untrusted = [signatory.clone(), pki.ca.certificate.clone()];
    let said = build(
        &below_leaf.certificate,
        &untrusted,
        std::slice::from_ref(&pki.root.certificate),
        NOW,
        Purpose::Signer,
    );
    let error = said.unwrap_err();
    assert_eq!(
        (error.kind, error.certificate.as_ref()),
        (PathErrorKind::NotCa, Some(signatory))
    );
}

#[test]
fn a_path_length_is_kept() {
    let pki = Pki::new();
    let limit = write::sequence(&[&write::TRUE, &write::small(0)]);
    let limited = Profile::ca("Limited")
        .with(extension("2.5.29.19", true, limit))
        .issued_by(&pki.root);
    let below = Profile::ca("Below").issued_by(&limited);
    let leaf = Profile::signatory("x").issued_by(&below);
    let untrusted = [limited.certificate, below.certificate];
    let said = build(
        &leaf.certificate,
        &untrusted,
        &[pki.root.certificate],
        NOW,
        Purpose::Signer,
    );
    assert_eq!(said.unwrap_err().kind, PathErrorKind::PathLength);
}

#[test]
fn weak_hashes_are_refused_unless_allowed() {
    let sha1 = SignatureAlgorithm::RsaPkcs1(HashAlgorithm::Sha1);
    let root = Profile::ca("Old Root").self_signed(sha1);
    let leaf = Profile::signatory("x")
        .issued_to(Key::p256(), &root)
        .certificate;
    let anchors = [root.certificate];
    let said = build(&leaf, &[], &anchors, NOW, Purpose::Signer);
    assert_eq!(said.unwrap_err().kind, PathErrorKind::Weak);
    let input = PathInput {
        allow_weak: true,
        check_revocation: false,
        ..input(&leaf, &[], &anchors)
    };
    assert!(validate(&input).path.is_ok());
}

fn input<'a>(
    target: &'a Certificate,
    untrusted: &'a [Certificate],
    anchors: &'a [Certificate],
) -> PathInput<'a> {
    PathInput {
        target,
        untrusted,
        anchors,
        crls: &[],
        ocsps: &[],
        at: NOW,
        purpose: Purpose::Signer,
        check_revocation: true,
        allow_weak: false,
        policies: &[],
        explicit_policy: false,
        inhibit_mapping: false,
        inhibit_any: false,
    }
}

fn crl(issuer: &Holder, revoked: &[&Holder], at: OffsetDateTime) -> Crl {
    let revocations: Vec<Revocation> = revoked
        .iter()
        .map(|holder| Revocation {
            serial: holder.certificate.serial().to_vec(),
            at,
            reason: RevocationReason::KeyCompromise,
            invalidity_date: None,
        })
        .collect();
    let builder = CrlBuilder {
        issuer: &issuer.certificate,
        number: &[1],
        this_update: at,
        next_update: at + Duration::days(7),
        revocations: &revocations,
    };
    Crl::parse(&builder.sign(&issuer.key).unwrap()).unwrap()
}

fn ocsp(pki: &Pki, responder: &Holder, status: CertStatus, at: OffsetDateTime) -> BasicResponse {
    let answer = SingleAnswer {
        cert_id: CertId::new(
            HashAlgorithm::Sha256,
            &pki.ca.certificate,
            pki.signatory.certificate.serial(),
        ),
        status,
        this_update: at,
        next_update: Some(at + Duration::DAY),
    };
    let builder = ResponseBuilder {
        responder: &responder.certificate,
        certificates: std::slice::from_ref(&responder.certificate),
        produced_at: at,
        answers: &[answer],
        nonce: None,
    };
    OcspResponse::parse(&builder.sign(&responder.key).unwrap())
        .unwrap()
        .basic
        .unwrap()
}

fn check(pki: &Pki, crls: &[Crl], ocsps: &[BasicResponse]) -> PathReport {
    let untrusted = [pki.ca.certificate.clone()];
    let anchors = [pki.root.certificate.clone()];
    validate(&PathInput {
        crls,
        ocsps,
        ..input(&pki.signatory.certificate, &untrusted, &anchors)
    })
}

fn failure(report: &PathReport) -> &PathErrorKind {
    &report.path.as_ref().unwrap_err().kind
}

#[test]
fn every_certificate_needs_its_proof() {
    let pki = Pki::new();
    let good = ocsp(&pki, &pki.ocsp, CertStatus::Good, NOW);
    let root_crl = crl(&pki.root, &[], NOW);
    let ca_crl = crl(&pki.ca, &[], NOW);
    let report = check(
        &pki,
        std::slice::from_ref(&root_crl),
        std::slice::from_ref(&good),
    );
    assert!(report.path.is_ok());
    let sources: Vec<RevocationSource> = report.proofs.iter().map(|proof| proof.source).collect();
    assert_eq!(sources, [RevocationSource::Ocsp, RevocationSource::Crl]);
    assert!(
        check(&pki, &[root_crl.clone(), ca_crl.clone()], &[])
            .path
            .is_ok()
    );
    for (crls, ocsps) in [
        (vec![], vec![]),
        (vec![root_crl], vec![]),
        (vec![ca_crl], vec![]),
        (vec![], vec![good]),
    ] {
        let report = check(&pki, &crls, &ocsps);
        assert!(
            matches!(failure(&report), PathErrorKind::NoRevocationData(_)),
            "{:?}",
            report.path
        );
    }
}

#[test]
fn a_revoked_certificate_breaks_the_path() {
    let pki = Pki::new();
    let revoked = CertStatus::Revoked {
        at: NOW - Duration::HOUR,
        reason: None,
    };
    let by_ocsp = ocsp(&pki, &pki.ocsp, revoked, NOW);
    let root_crl = crl(&pki.root, &[], NOW);
    let report = check(&pki, std::slice::from_ref(&root_crl), &[by_ocsp]);
    assert_eq!(failure(&report), &PathErrorKind::Revoked);
    let ca_crl = crl(&pki.ca, &[&pki.signatory], NOW);
    assert_eq!(
        failure(&check(&pki, &[root_crl, ca_crl], &[])),
        &PathErrorKind::Revoked
    );
    let ca_revoked = crl(&pki.root, &[&pki.ca], NOW);
    let good = ocsp(&pki, &pki.ocsp, CertStatus::Good, NOW);
    let report = check(&pki, &[ca_revoked], &[good]);
    assert_eq!(
        report.path.unwrap_err().certificate.unwrap(),
        pki.ca.certificate
    );
}

#[test]
fn stale_or_unauthorised_responses_prove_nothing() {
    let pki = Pki::new();
    let root_crl = [crl(&pki.root, &[], NOW)];
    let stranger = Pki::new().ocsp;
    let may_be_revoked =
        Profile::ocsp("no nocheck").with(extension("1.3.6.1.5.5.7.48.1.5", false, Vec::new()));
    let mut unchecked = may_be_revoked;
    unchecked
        .extensions
        .retain(|extension| extension.oid != oids::ID_PKIX_OCSP_NOCHECK);
    let unchecked = unchecked.issued_by(&pki.ca);
    let expired = Profile {
        not_after: NOW - Duration::HOUR,
        ..Profile::ocsp("expired")
    }
    .issued_by(&pki.ca);
    for response in [
        ocsp(&pki, &pki.ocsp, CertStatus::Good, NOW - Duration::days(2)),
        ocsp(&pki, &pki.ocsp, CertStatus::Good, NOW + Duration::HOUR),
        ocsp(&pki, &pki.ocsp, CertStatus::Unknown, NOW),
        ocsp(&pki, &stranger, CertStatus::Good, NOW),
        ocsp(&pki, &expired, CertStatus::Good, NOW),
        ocsp(&pki, &unchecked, CertStatus::Good, NOW),
    ] {
        let report = check(&pki, &root_crl, &[response]);
        assert!(
            matches!(failure(&report), PathErrorKind::NoRevocationData(_)),
            "{:?}",
            report.path
        );
    }
    // With a CRL that clears the responder, its answer counts.
    let both = [root_crl[0].clone(), crl(&pki.ca, &[], NOW)];
    let response = ocsp(&pki, &unchecked, CertStatus::Good, NOW);
    let report = check(&pki, &both, &[response]);
    assert_eq!(report.proofs[0].source, RevocationSource::Ocsp);
}

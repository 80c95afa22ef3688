//! Paths: what may stand at their end, what breaks them, and how many are found. Revocation
//! is in `revocation.rs`; NIST PKITS has the rest (`tests/conformance`).

use absah::kernel::asn1::{oids, write};
use absah::kernel::hash::HashAlgorithm;
use absah::kernel::sign::SignatureAlgorithm;
use absah::kernel::sign::Signer as _;
use absah::kernel::x509::Certificate;
use absah::kernel::x509::paths::{
    PathErrorKind, PathPolicies, PathRules, PathSources, Purpose, build, paths,
};
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
    let sources = PathSources {
        untrusted: &[],
        anchors: &anchors,
    };
    let lenient = PathRules {
        at: Some(NOW),
        purpose: Purpose::Signer,
        policies: PathPolicies::default(),
        allow_weak: true,
    };
    assert!(paths(&leaf, sources, &lenient, 1).is_ok());
}

#[test]
fn every_way_up_is_found_once_and_the_search_ends() {
    let pki = Pki::new();
    let other = Profile::ca("Other Root").self_signed(pki.root.key.algorithm());
    let crossed = Profile::ca("Test CA").issued_to(pki.ca.key.clone(), &other);
    let look_alikes = (0..40).map(|_| {
        let stranger = Profile::ca("Test Root").self_signed(pki.root.key.algorithm());
        Profile::ca("Test CA")
            .issued_to(pki.ca.key.clone(), &stranger)
            .certificate
    });
    let mut untrusted: Vec<Certificate> = look_alikes.collect();
    untrusted.extend([pki.ca.certificate.clone(), crossed.certificate]);
    let anchors = [pki.root.certificate.clone(), other.certificate];
    let sources = PathSources {
        untrusted: &untrusted,
        anchors: &anchors,
    };
    let rules = PathRules {
        at: Some(NOW),
        purpose: Purpose::Signer,
        policies: PathPolicies::default(),
        allow_weak: false,
    };
    let leaf = &pki.signatory.certificate;
    let (found, more) = paths(leaf, sources, &rules, 8).unwrap();
    assert_eq!((found.len(), more), (2, false));
    let (first, more) = paths(leaf, sources, &rules, 1).unwrap();
    assert_eq!((first.len(), more), (1, true));
    let nobody = PathSources {
        anchors: &[],
        ..sources
    };
    assert_eq!(
        paths(leaf, nobody, &rules, 8).unwrap_err().kind,
        PathErrorKind::NoChain
    );
}

//! CMS and revocation data with one thing wrong (the rest is right).

use absah::kernel::asn1::{Element, oids, write};
use absah::kernel::cms::{SignedAttributes, SignedDataBuilder};
use absah::kernel::sign::Signer as _;
use absah::kernel::validation::{FindingCode as C, Report, SubIndication as S};
use absah::kernel::x509::Certificate;
use absah::kernel::x509::ocsp::{CertId, CertStatus, ResponseBuilder, SingleAnswer};
use time::{Duration, OffsetDateTime};

use super::document::{document, fails, first, passes};
use super::world::{Holder, Profile, SIGNED, World, issued, prepared, request, with_cms};

const LATER: OffsetDateTime = SIGNED.saturating_add(Duration::HOUR);

fn validated(world: &World, file: &[u8]) -> Report {
    let data = world.validation_data(LATER);
    world.validate_with(file, LATER, &data.ocsps, &data.crls)
}

/// A file whose CMS is put together from parts that need not belong together.
struct Parts<'w> {
    bound: &'w Certificate,
    carried: Vec<Certificate>,
    named: &'w Certificate,
    inside: bool,
}

fn signed(world: &World, parts: &Parts<'_>) -> Vec<u8> {
    let file = prepared(&document(), &request(None));
    let algorithm = world.signer.key.algorithm();
    let digest = file.digest(algorithm.hash());
    let attributes = SignedAttributes::new(oids::ID_DATA, &digest, parts.bound, algorithm);
    let signature = world.signer.key.sign(attributes.der()).expect("a value");
    let builder = SignedDataBuilder {
        attributes: &attributes,
        signature: &signature,
        signer: parts.named,
        certificates: &parts.carried,
        econtent: parts.inside.then_some((oids::ID_DATA, &b"content"[..])),
        unsigned: &[],
    };
    with_cms(file, &builder)
}

#[test]
fn the_parts_of_a_cms_belong_together() {
    let world = World::new();
    let own = &world.signer.certificate;
    let chain = || vec![own.clone(), world.ca.certificate.clone()];
    let right = Parts {
        bound: own,
        carried: chain(),
        named: own,
        inside: false,
    };
    passes(&validated(&world, &signed(&world, &right)));
    let other = Parts {
        bound: &world.tsa.certificate,
        ..right
    };
    let report = validated(&world, &signed(&world, &other));
    fails(
        &report,
        S::NoSigningCertificateFound,
        C::SigningCertificateMismatch,
    );
    let absent = Parts {
        bound: own,
        carried: vec![],
        named: &world.root.certificate,
        inside: false,
    };
    let report = validated(&world, &signed(&world, &absent));
    assert!(!report.verdict.is_good());
    let inside = Parts {
        bound: own,
        carried: chain(),
        named: own,
        inside: true,
    };
    let report = validated(&world, &signed(&world, &inside));
    assert!(report.has(C::CmsContentPresent));
    assert_eq!(first(&report).sub_indication, Some(S::FormatFailure));
}

#[test]
fn one_bad_certificate_does_not_sink_a_file() {
    let world = World::new();
    let mut odd = world.validation_data(SIGNED);
    odd.certificates.push(b"0\x03\x02\x01\x01".to_vec());
    odd.ocsps.push(b"not an OCSP response".to_vec());
    let file = world.baseline_b(&document()).with_timestamp(
        &world.token(
            &world
                .baseline_b(&document())
                .timestamp_imprint(absah::kernel::hash::HashAlgorithm::Sha256),
            SIGNED,
        ),
    );
    // The imprint is of another signature value: refused before embedding.
    assert!(file.is_err());
    let refreshed =
        absah::kernel::pades::BaselineLt::resume(world.b_lta(&document(), SIGNED), odd, None)
            .into_bytes(&absah::kernel::pdf::Limits::default())
            .expect("validation data");
    let report = validated(&world, &refreshed);
    passes(&report);
    assert!(report.has(C::CertificateSkipped));
}

/// What is wrong with an OCSP response.
struct Answer<'w> {
    by: &'w Holder,
    of: &'w Certificate,
    issuer: &'w Certificate,
    status: CertStatus,
    produced: OffsetDateTime,
}

fn answer(answer: &Answer<'_>) -> Vec<u8> {
    let single = SingleAnswer {
        cert_id: CertId::new(
            absah::kernel::hash::HashAlgorithm::Sha256,
            answer.issuer,
            answer.of.serial(),
        ),
        status: answer.status,
        this_update: answer.produced,
        next_update: Some(answer.produced + Duration::DAY),
        extensions: Vec::new(),
    };
    ResponseBuilder {
        responder: &answer.by.certificate,
        certificates: std::slice::from_ref(&answer.by.certificate),
        produced_at: answer.produced,
        answers: &[single],
        nonce: None,
    }
    .sign(&answer.by.key)
    .expect("a response")
}

#[test]
fn only_the_right_responder_about_the_right_certificate_counts() {
    let world = World::new();
    let file = world.b_b(&document());
    let crls = [world.crl(&world.root, &[], SIGNED)];
    let validate = |ocsp: Vec<u8>| world.validate_with(&file, LATER, &[ocsp], &crls);
    let right = || Answer {
        by: &world.responder,
        of: &world.signer.certificate,
        issuer: &world.ca.certificate,
        status: CertStatus::Good,
        produced: SIGNED,
    };
    passes(&validate(answer(&right())));
    passes(&validate(answer(&Answer {
        by: &world.ca,
        ..right()
    })));
    let impostor = World::new();
    let elsewhere = issued(&Profile::responder(), 12, Some(&world.root));
    let unmarked = Profile {
        extended: None,
        ..Profile::responder()
    };
    let unmarked = issued(&unmarked, 13, Some(&world.ca));
    let unchecked = Profile {
        nocheck: false,
        ..Profile::responder()
    };
    let unchecked = issued(&unchecked, 14, Some(&world.ca));
    let old = Profile {
        to: SIGNED - Duration::DAY,
        ..Profile::responder()
    };
    let old = issued(&old, 15, Some(&world.ca));
    let wrong = [
        Answer {
            by: &impostor.responder,
            ..right()
        },
        Answer {
            by: &elsewhere,
            ..right()
        },
        Answer {
            by: &unmarked,
            ..right()
        },
        Answer {
            by: &unchecked,
            ..right()
        },
        Answer {
            by: &old,
            ..right()
        },
        Answer {
            by: &world.tsa,
            ..right()
        },
        Answer {
            of: &world.tsa.certificate,
            ..right()
        },
        Answer {
            issuer: &world.root.certificate,
            ..right()
        },
        Answer {
            status: CertStatus::Unknown,
            ..right()
        },
    ];
    for wrong in &wrong {
        let report = validate(answer(wrong));
        fails(
            &report,
            S::CertificateChainGeneralFailure,
            C::RevocationMissing,
        );
    }
}

#[test]
fn a_responder_that_expired_must_have_answered_before_and_that_be_proven() {
    let mut world = World::new();
    let short = Profile {
        to: SIGNED + Duration::MINUTE,
        ..Profile::responder()
    };
    world.responder = issued(&short, 16, Some(&world.ca));
    let file = world.b_b(&document());
    let data = world.validation_data(SIGNED);
    let report = world.validate_with(&file, LATER, &data.ocsps, &data.crls);
    fails(
        &report,
        S::RevocationOutOfBoundsNoPoe,
        C::ResponderOutsideValidity,
    );
}

#[test]
fn a_list_of_another_issuer_says_nothing() {
    let world = World::new();
    let (file, other) = (world.b_b(&document()), World::new());
    let right = [
        world.crl(&world.root, &[], SIGNED),
        world.crl(&world.ca, &[], SIGNED),
    ];
    passes(&world.validate_with(&file, LATER, &[], &right));
    let wrong = [
        world.crl(&world.root, &[], SIGNED),
        other.crl(&other.ca, &[], SIGNED),
    ];
    let report = world.validate_with(&file, LATER, &[], &wrong);
    fails(
        &report,
        S::CertificateChainGeneralFailure,
        C::RevocationMissing,
    );
}

/// A file whose signer names a signature policy, by this value of the attribute.
fn naming_a_policy(world: &World, value: &[u8]) -> Vec<u8> {
    let file = prepared(&document(), &request(None));
    let algorithm = world.signer.key.algorithm();
    let digest = file.digest(algorithm.hash());
    let own = SignedAttributes::new(oids::ID_DATA, &digest, &world.signer.certificate, algorithm);
    let oid = write::oid(&oids::ID_AA_ETS_SIG_POLICY_ID);
    let named = write::sequence(&[&oid, &write::set_of(vec![value.to_vec()])]);
    let mut all = children(own.der());
    all.push(named);
    let attributes = write::set_of(all);
    let signature = world.signer.key.sign(&attributes).expect("a value");
    let builder = SignedDataBuilder {
        attributes: &own,
        signature: &signature,
        signer: &world.signer.certificate,
        certificates: &[
            world.signer.certificate.clone(),
            world.ca.certificate.clone(),
        ],
        econtent: None,
        unsigned: &[],
    };
    let cms = builder.build();
    // ContentInfo, its content, SignedData, signerInfos, the one SignerInfo, signedAttrs.
    let mut implicit = attributes;
    implicit[0] = 0xa0;
    let cms = replaced(&cms, &[1, 0, usize::MAX, 0, 3], &implicit);
    file.embed(&cms).expect("room")
}

fn children(der: &[u8]) -> Vec<Vec<u8>> {
    let mut reader = Element::parse(der).expect("DER").reader().expect("parts");
    let parts = reader.elements(64, "parts").expect("parts");
    parts.iter().map(|part| part.raw().to_vec()).collect()
}

/// The same value with one part of a part replaced; `usize::MAX` is the last.
fn replaced(der: &[u8], way: &[usize], by: &[u8]) -> Vec<u8> {
    let Some((place, rest)) = way.split_first() else {
        return by.to_vec();
    };
    let mut parts = children(der);
    let place = (*place).min(parts.len() - 1);
    parts[place] = replaced(&parts[place], rest, by);
    let tag = Element::parse(der).expect("DER").tag();
    write::tlv(tag, &parts.concat())
}

#[test]
fn a_signature_policy_that_nobody_knows_leaves_it_open() {
    let world = World::new();
    let id = write::oid(&oids::ANY_POLICY);
    let named = naming_a_policy(&world, &write::sequence(&[&id]));
    let report = validated(&world, &named);
    fails(
        &report,
        S::SignaturePolicyNotAvailable,
        C::SignaturePolicyUnknown,
    );
    assert!(first(&report).crypto_valid);
    let odd = naming_a_policy(&world, &write::sequence(&[&write::small(1)]));
    fails(
        &validated(&world, &odd),
        S::PolicyProcessingError,
        C::SignaturePolicyUnreadable,
    );
    passes(&validated(&world, &naming_a_policy(&world, &write::NULL)));
}

//! B-B to B-LTA of our own making, and their twins with one thing wrong.

use absah::kernel::cms::SignedData;
use absah::kernel::pdf::signing::DocMdp;
use absah::kernel::validation::report::{Level, Modification, RevocationState, SignatureKind};
use absah::kernel::validation::{FindingCode as C, SubIndication as S, Verdict};
use absah::kernel::x509::ocsp::CertStatus;
use time::{Duration, OffsetDateTime};

use super::document::{document, fails, first, passes};
use super::world::{Profile, SIGNED, World, request};

const LATER: OffsetDateTime = SIGNED.saturating_add(Duration::HOUR);

/// Revocation data as of a time, given by the caller.
fn data(world: &World, at: OffsetDateTime) -> (Vec<Vec<u8>>, Vec<Vec<u8>>) {
    let data = world.validation_data(at);
    (data.ocsps, data.crls)
}

#[test]
fn every_level_passes_and_is_named_as_it_is() {
    let world = World::new();
    let (ocsps, crls) = data(&world, LATER);
    let file = document();
    for (signed, level) in [
        (world.b_b(&file), Level::BB),
        (world.b_t(&file, SIGNED), Level::BT),
        (world.b_lt(&file, SIGNED), Level::BLt),
        (world.b_lta(&file, SIGNED), Level::BLta),
    ] {
        let report = world.validate_with(&signed, LATER, &ocsps, &crls);
        passes(&report);
        assert_eq!(report.verdict, Verdict::UnknownValid);
        let signature = first(&report);
        assert_eq!(signature.level, Some(level), "{report:#?}");
        assert!(signature.intact && signature.crypto_valid && signature.trusted);
        assert_eq!(signature.revocation.state, RevocationState::Good);
        assert_eq!(signature.reason.as_deref(), Some("Izin"));
        let expected = match level {
            Level::BB | Level::BT => Modification::None,
            Level::BLt | Level::BLta => Modification::Lta,
        };
        assert_eq!(signature.modification, Some(expected));
        let proven = (level != Level::BB).then_some(SIGNED);
        assert_eq!(signature.best_signature_time, proven);
    }
}

#[test]
fn long_term_levels_need_nothing_from_outside() {
    let world = World::new();
    for file in [
        world.b_lt(&document(), SIGNED),
        world.b_lta(&document(), SIGNED),
    ] {
        passes(&world.validate(&file, LATER));
    }
    // The twin: without validation data it cannot be decided.
    for file in [world.b_b(&document()), world.b_t(&document(), SIGNED)] {
        let report = world.validate(&file, LATER);
        fails(
            &report,
            S::CertificateChainGeneralFailure,
            C::RevocationMissing,
        );
        assert_eq!(report.verdict, Verdict::Indeterminate);
    }
}

#[test]
fn a_document_timestamp_is_reported_beside_the_signature() {
    let world = World::new();
    let report = world.validate(&world.b_lta(&document(), SIGNED), LATER);
    let kinds: Vec<_> = report.signatures.iter().map(|s| s.kind).collect();
    assert_eq!(
        kinds,
        [SignatureKind::Signature, SignatureKind::DocumentTimestamp]
    );
    assert!(report.signatures[1].covers_whole_file && !report.signatures[0].covers_whole_file);
    assert_eq!(report.signatures[0].timestamps.len(), 2);
}

/// Every byte that a signature rests on, flipped one region at a time.
#[test]
fn a_flipped_byte_anywhere_is_seen() {
    let world = World::new();
    let file = world.b_lta(&document(), SIGNED);
    let text = file
        .windows(4)
        .position(|w| w == b"Izin")
        .expect("the text");
    let holes: Vec<usize> = file
        .windows(10)
        .enumerate()
        .filter_map(|(at, w)| (w == b"/Contents<").then_some(at + 10))
        .collect();
    let [signature, timestamp] = holes.as_slice() else {
        panic!("two holes, not {holes:?}")
    };
    let flipped = |at: usize| {
        let mut twin = file.clone();
        twin[at] = if twin[at] == b'1' { b'2' } else { b'1' };
        world.validate(&twin, LATER)
    };
    let changed = flipped(text);
    fails(&changed, S::HashFailure, C::DigestMismatch);
    assert_eq!(changed.verdict, Verdict::Invalid);
    for hole in [signature, timestamp] {
        let hex = file[*hole..].iter().take_while(|b| **b != b'>').count();
        let value = |file: &[u8]| {
            let bytes = hex::decode(&file[*hole..*hole + hex]).expect("hexadecimal");
            SignedData::parse(&bytes).map(|data| {
                let signer = data.only_signer().cloned();
                let signed =
                    signer.map(|s| (s.signed_attributes.map(|a| a.der().to_vec()), s.signature));
                (data.content, signed)
            })
        };
        let used = file[*hole..*hole + hex]
            .iter()
            .rposition(|b| *b != b'0')
            .expect("a value");
        let whole = value(&file).expect("a CMS");
        for offset in (0..used).step_by(113).chain([2, used - 10]) {
            let mut twin = file.clone();
            twin[hole + offset] = if twin[hole + offset] == b'1' {
                b'2'
            } else {
                b'1'
            };
            // What nobody signed (the bag of certificates, the name of the signer)
            // may be taken from elsewhere instead.
            let unsigned = value(&twin).is_ok_and(|twin| twin == whole);
            let report = flipped(hole + offset);
            let good = report.verdict.is_good();
            assert!(
                !good || unsigned,
                "byte {offset} of {used} at {hole}: {report:#?}"
            );
        }
    }
}

#[test]
fn another_root_of_the_same_name_is_not_trusted() {
    let (world, other) = (World::new(), World::new());
    let report = other.validate(&world.b_lta(&document(), SIGNED), LATER);
    fails(&report, S::NoCertificateChainFound, C::ChainNotFound);
    assert!(!first(&report).trusted && first(&report).crypto_valid);
    assert_eq!(report.verdict, Verdict::Indeterminate);
}

#[test]
fn a_signer_certificate_must_be_one() {
    let wrong = [
        Profile {
            key_usage: "critical,keyEncipherment",
            ..Profile::signer()
        },
        Profile {
            extended: Some((false, "serverAuth")),
            ..Profile::signer()
        },
        Profile {
            ca: true,
            key_usage: "critical,digitalSignature,keyCertSign",
            ..Profile::signer()
        },
    ];
    for profile in wrong {
        let world = World::with(&profile, &Profile::tsa());
        let report = world.validate(&world.b_lta(&document(), SIGNED), LATER);
        fails(&report, S::ChainConstraintsFailure, C::ChainConstraints);
    }
    let mail = Profile {
        extended: Some((false, "emailProtection")),
        ..Profile::signer()
    };
    let world = World::with(&mail, &Profile::tsa());
    passes(&world.validate(&world.b_lta(&document(), SIGNED), LATER));
}

#[test]
fn a_timestamping_certificate_must_be_for_that_alone_and_critically() {
    let wrong = [
        Profile {
            extended: None,
            ..Profile::tsa()
        },
        Profile {
            extended: Some((false, "timeStamping")),
            ..Profile::tsa()
        },
        Profile {
            extended: Some((true, "timeStamping,emailProtection")),
            ..Profile::tsa()
        },
    ];
    for profile in wrong {
        let world = World::with(&Profile::signer(), &profile);
        let report = world.validate(&world.b_lt(&document(), SIGNED), LATER);
        fails(
            &report,
            S::SigConstraintsFailure,
            C::TimestampExtendedKeyUsage,
        );
        assert_eq!(first(&report).level, Some(Level::BB));
        assert_eq!(first(&report).best_signature_time, None);
        assert!(!report.verdict.is_good());
    }
}

#[test]
fn a_timestamp_from_the_future_proves_nothing() {
    let world = World::new();
    let report = world.validate(&world.b_lt(&document(), LATER + Duration::DAY), LATER);
    assert!(report.has(C::TimestampOrder), "{report:#?}");
    assert!(!report.verdict.is_good());
}

#[test]
fn stale_or_suspended_is_try_later() {
    let world = World::new();
    let signer = &world.signer.certificate;
    let file = world.b_b(&document());
    let crls = [world.crl(&world.root, &[], SIGNED)];
    let good = |at| world.ocsp(signer, CertStatus::Good, at);
    passes(&world.validate_with(&file, LATER, &[good(SIGNED)], &crls));
    let days_later = SIGNED + Duration::days(3);
    let stale = world.validate_with(&file, days_later, &[good(SIGNED)], &crls);
    fails(&stale, S::TryLater, C::RevocationStale);
    let held = CertStatus::Revoked {
        at: SIGNED - Duration::DAY,
        reason: Some(absah::kernel::x509::RevocationReason::CertificateHold),
    };
    let held = world.validate_with(&file, LATER, &[world.ocsp(signer, held, LATER)], &crls);
    fails(&held, S::TryLater, C::CertificateOnHold);
}

#[test]
fn a_certified_file_says_so() {
    let world = World::new();
    let signed = world.sign(&document(), &request(Some(DocMdp::FormFilling)));
    let file = world.completed(signed).into_bytes().expect("room");
    let (ocsps, crls) = data(&world, LATER);
    let report = world.validate_with(&file, LATER, &ocsps, &crls);
    passes(&report);
    assert_eq!(first(&report).doc_mdp, Some(2));
}

#[test]
fn no_signature_is_unsigned_and_a_broken_file_is_not() {
    let world = World::new();
    let plain = world.validate(&document(), LATER);
    assert_eq!(plain.verdict, Verdict::Unsigned);
    let cut = |file: &[u8]| world.validate(&file[..file.len() * 2 / 3], LATER);
    assert_eq!(cut(&document()).verdict, Verdict::Indeterminate);
    assert_eq!(cut(&world.b_b(&document())).verdict, Verdict::Invalid);
    for junk in [&b""[..], b"hello", b"%PDF-1.7\n%%EOF\n"] {
        let report = world.validate(junk, LATER);
        assert_eq!(report.verdict, Verdict::Indeterminate, "{report:#?}");
    }
}

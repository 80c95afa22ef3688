//! Time: revocation, expiry and renewal against proofs of existence.

use absah::kernel::validation::report::RevocationState;
use absah::kernel::validation::{FindingCode as C, SubIndication as S, Verdict};
use absah::kernel::x509::RevocationReason;
use absah::kernel::x509::ocsp::{CertStatus, archive_cutoff};
use time::{Duration, OffsetDateTime, macros::datetime};

use super::document::{document, fails, first, passes};
use super::world::{Profile, SIGNED, World, revoked};

const LATER: OffsetDateTime = SIGNED.saturating_add(Duration::HOUR);
const REVOKED: OffsetDateTime = SIGNED.saturating_add(Duration::minutes(30));

fn compromised(at: OffsetDateTime) -> CertStatus {
    CertStatus::Revoked {
        at,
        reason: Some(RevocationReason::KeyCompromise),
    }
}

#[test]
fn a_revocation_counts_against_the_time_that_is_proven() {
    let world = World::new();
    let signer = &world.signer.certificate;
    let data = world.validation_data(LATER);
    let told = [
        world.ocsp(signer, compromised(REVOKED), LATER),
        data.ocsps[1].clone(),
    ];
    let at = |file: &[u8]| world.validate_with(file, LATER, &told, &data.crls);
    // No proof; a time-stamp before; a time-stamp after.
    let unproven = at(&world.b_b(&document()));
    fails(&unproven, S::RevokedNoPoe, C::CertificateRevoked);
    let revocation = &first(&unproven).revocation;
    assert_eq!(revocation.state, RevocationState::Revoked);
    assert_eq!(revocation.reason, Some(RevocationReason::KeyCompromise));
    assert_eq!(revocation.at, Some(REVOKED));
    let before = at(&world.b_t(&document(), SIGNED));
    passes(&before);
    assert!(before.has(C::RevokedLater));
    let after = at(&world.b_t(&document(), REVOKED + Duration::SECOND));
    fails(&after, S::RevokedNoPoe, C::CertificateRevoked);
    assert_eq!(after.verdict, Verdict::Indeterminate);
    // Before the revocation it was good.
    passes(&world.validate_with(
        &world.b_lt(&document(), SIGNED),
        REVOKED - Duration::MINUTE,
        &told,
        &data.crls,
    ));
}

#[test]
fn a_revoked_authority_counts_too() {
    let world = World::new();
    let listed = revoked(
        &world.ca.certificate,
        REVOKED,
        RevocationReason::CaCompromise,
    );
    let crl = world.crl(&world.root, &[listed], LATER);
    let data = world.validation_data(LATER);
    let report = world.validate_with(
        &world.b_b(&document()),
        LATER,
        &data.ocsps,
        std::slice::from_ref(&crl),
    );
    fails(&report, S::RevokedCaNoPoe, C::AuthorityRevoked);
    // The archive, stamped before, stands; the time-stamps' authority is the same,
    // so they must be proven by one of another authority.
    let stamped = world.b_lta(&document(), SIGNED);
    let report = world.validate_with(&stamped, LATER, &[], &[crl]);
    fails(&report, S::RevokedCaNoPoe, C::AuthorityRevoked);
}

#[test]
fn an_expired_certificate_needs_a_proof() {
    let world = World::new();
    let expired = datetime!(2028-06-01 00:00 UTC);
    let mut data = world.validation_data(expired);
    let forgetful = data.ocsps.clone();
    // A responder that still tells of what has ended (RFC 6960, 4.4.4).
    let since = archive_cutoff(datetime!(2026-01-01 00:00 UTC));
    let signer = &world.signer.certificate;
    data.ocsps[0] = world.ocsp_with(signer, CertStatus::Good, expired, vec![since]);
    let report = |file: &[u8]| world.validate_with(file, expired, &data.ocsps, &data.crls);
    fails(
        &report(&world.b_b(&document())),
        S::OutOfBoundsNotRevoked,
        C::CertificateOutsideValidity,
    );
    let file = world.b_t(&document(), SIGNED);
    // Another may have forgotten that it was revoked (EN 319 102-1, 5.6.2.2.4, note 3).
    let untold = world.validate_with(&file, expired, &forgetful, &data.crls);
    assert!(untold.has(C::RevocationMissing), "{untold:#?}");
    assert_eq!(untold.verdict, Verdict::Indeterminate);
    let stamped = report(&file);
    passes(&stamped);
    assert!(stamped.has(C::CertificateExpiredSince));
    // Stamped after the end: nothing proves that it was made before.
    let late = report(&world.b_t(&document(), datetime!(2028-02-01 00:00 UTC)));
    assert!(!late.verdict.is_good(), "{late:#?}");
}

#[test]
fn a_signature_proven_before_its_certificate_fails() {
    let young = Profile {
        from: SIGNED + Duration::DAY,
        ..Profile::signer()
    };
    let world = World::with(&young, &Profile::tsa());
    let at = SIGNED + Duration::days(2);
    let data = world.validation_data(at);
    let report = world.validate_with(&world.b_t(&document(), SIGNED), at, &data.ocsps, &data.crls);
    fails(&report, S::NotYetValid, C::SignedOutsideValidity);
    assert_eq!(report.verdict, Verdict::Invalid);
}

/// One document time-stamp carries as far as revocation data is fresh; renewed
/// each year it carries over the expiry of signer and time-stamping certificate.
#[test]
fn an_archive_that_is_renewed_outlives_its_certificates() {
    let world = World::new();
    let year = Duration::days(360);
    let mut file = world.b_lta(&document(), SIGNED);
    let at_2029 = datetime!(2029-06-01 00:00 UTC);
    let alone = world.validate(&file, at_2029);
    assert!(!alone.verdict.is_good(), "{alone:#?}");
    let mut at = SIGNED;
    for _ in 0..2 {
        at += year;
        file = world.refreshed(&file, at);
        passes(&world.validate(&file, at + Duration::HOUR));
    }
    let renewed = world.refreshed(&file, at_2029 - Duration::HOUR);
    let report = world.validate(&renewed, at_2029);
    passes(&report);
    assert_eq!(first(&report).best_signature_time, Some(SIGNED));
    assert_eq!(report.signatures.len(), 5);
    // The twin: the first revision's text changed.
    let mut twin = renewed;
    let text = twin
        .windows(4)
        .position(|w| w == b"Izin")
        .expect("the text");
    twin[text] = b'J';
    assert_eq!(world.validate(&twin, at_2029).verdict, Verdict::Invalid);
}

#[test]
fn timestamps_out_of_order_are_seen() {
    let world = World::new();
    let late = world.b_t(&document(), SIGNED + Duration::minutes(10));
    let file = world.document_stamped(&late, SIGNED);
    let data = world.validation_data(LATER);
    let report = world.validate_with(&file, LATER, &data.ocsps, &data.crls);
    assert!(report.has(C::TimestampOrder), "{report:#?}");
    assert!(!report.verdict.is_good());
}

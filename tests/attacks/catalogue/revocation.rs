//! Revocation by every reason and at every time (EN 319 102-1, 5.2.6, 5.5.4, 5.6.2;
//! RFC 5280, 5.3): before and after the time-stamp, with a date of invalidity, of an
//! authority, of a time-stamping authority.

use absah::kernel::hash::HashAlgorithm;
use absah::kernel::pdf::signing::ValidationData;
use absah::kernel::validation::{FindingCode as C, SubIndication as S};
use absah::kernel::x509::RevocationReason as R;
use absah::kernel::x509::crl::Revocation;
use absah::kernel::x509::ocsp::CertStatus;
use time::{Duration, OffsetDateTime};

use super::status::told_of;
use crate::case::{Catalogue, LATER, Required, WORLD, failed, open, passed};
use crate::document::document;
use crate::lists::Answer;
use crate::world::{Profile, SIGNED, World, issued};

/// When the revocations below take effect: half an hour after the time-stamp.
const REVOKED: OffsetDateTime = SIGNED.saturating_add(Duration::minutes(30));

const REASONS: [R; 8] = [
    R::Unspecified,
    R::KeyCompromise,
    R::CaCompromise,
    R::AffiliationChanged,
    R::Superseded,
    R::CessationOfOperation,
    R::PrivilegeWithdrawn,
    R::AaCompromise,
];

pub fn cases(all: &mut Catalogue) {
    reasons(all);
    invalidity(all);
    holds(all);
    authorities(all);
    stampers(all);
    content(all);
}

/// The statement that the signer is revoked.
fn ocsp(reason: R) -> Vec<u8> {
    let status = CertStatus::Revoked {
        at: REVOKED,
        reason: Some(reason),
    };
    Answer {
        status,
        this_update: LATER,
        produced_at: LATER,
        next_update: Some(LATER + Duration::DAY),
        ..Answer::good()
    }
    .der()
}

fn crl(reason: R, at: OffsetDateTime, invalidity_date: Option<OffsetDateTime>) -> Vec<u8> {
    let serial = WORLD.signer.certificate.serial().to_vec();
    WORLD.crl(
        &WORLD.ca,
        &[Revocation {
            serial,
            at,
            reason,
            invalidity_date,
        }],
        LATER,
    )
}

fn revoked() -> Required {
    open(S::RevokedNoPoe, C::CertificateRevoked)
}

/// Each reason: without a time-stamp, stamped before, stamped after.
fn reasons(all: &mut Catalogue) {
    let (none, before, after) = (
        WORLD.b_b(&document()),
        WORLD.b_t(&document(), SIGNED),
        WORLD.b_t(&document(), REVOKED + Duration::SECOND),
    );
    for reason in REASONS {
        let name = reason.name();
        let mut attack = |when: &str, file: Vec<u8>, teaches| {
            all.attack(
                format!("revocation/{name}-{when}"),
                "honest/stamped-before-superseded",
                file,
                revoked(),
                teaches,
                "judging a revocation against the time that the signer claims",
            );
        };
        attack(
            "unstamped",
            told_of(&none, vec![ocsp(reason)], vec![]),
            "without a time-stamp nothing proves that the signature is older than the revocation",
        );
        attack(
            "stamped-after",
            told_of(&after, vec![ocsp(reason)], vec![]),
            "the time-stamp is later than the revocation",
        );
        attack(
            "crl-unstamped",
            told_of(&none, vec![], vec![crl(reason, REVOKED, None)]),
            "the same told by a list",
        );
        let kept = format!("honest/stamped-before-{name}");
        all.honest(
            kept,
            told_of(&before, vec![ocsp(reason)], vec![]),
            passed().finding(C::RevokedLater),
            "the time-stamp proves that the signature is older than the revocation",
        );
    }
    let stamped = told_of(&before, vec![], vec![crl(R::Superseded, REVOKED, None)]);
    all.honest(
        "honest/stamped-before-by-crl",
        stamped,
        passed().finding(C::RevokedLater),
        "the same told by a list",
    );
    all.honest(
        "honest/stamped-at-the-second",
        told_of(
            &WORLD.b_t(&document(), REVOKED),
            vec![ocsp(R::Superseded)],
            vec![],
        ),
        passed(),
        "a proof at the control time itself is enough (EN 319 102-1, 5.6.2.4)",
    );
}

/// The date since when a key is suspected (RFC 5280, 5.3.2).
fn invalidity(all: &mut Catalogue) {
    let before = WORLD.b_t(&document(), SIGNED);
    for reason in [R::KeyCompromise, R::CaCompromise, R::Unspecified] {
        all.attack(
            format!("revocation/{}-invalid-before-stamp", reason.name()),
            "honest/invalid-after-stamp",
            told_of(
                &before,
                vec![],
                vec![crl(reason, REVOKED, Some(SIGNED - Duration::DAY))],
            ),
            revoked(),
            "revoked after the time-stamp, but invalid since before: somebody else may have signed",
            "reading the date of revocation and not the date of invalidity",
        );
    }
    all.honest(
        "honest/invalid-at-the-second",
        told_of(
            &before,
            vec![],
            vec![crl(R::KeyCompromise, REVOKED, Some(SIGNED))],
        ),
        passed(),
        "a proof at the control time itself is enough (EN 319 102-1, 5.6.2.4)",
    );
    all.honest(
        "honest/invalid-after-stamp",
        told_of(
            &before,
            vec![],
            vec![crl(
                R::KeyCompromise,
                REVOKED,
                Some(SIGNED + Duration::MINUTE),
            )],
        ),
        passed().finding(C::RevokedLater),
        "the key was still the signer's alone when the time-stamp was made",
    );
    all.attack(
        "revocation/invalid-later-than-revoked",
        "honest/invalid-after-stamp",
        told_of(
            &WORLD.b_t(&document(), REVOKED + Duration::SECOND),
            vec![],
            vec![crl(R::KeyCompromise, REVOKED, Some(LATER))],
        ),
        revoked(),
        "a date of invalidity after the revocation takes nothing back",
        "taking the date of invalidity for the date that counts, always",
    );
}

/// Suspension.
fn holds(all: &mut Catalogue) {
    let held = || open(S::TryLater, C::CertificateOnHold);
    all.attack(
        "revocation/certificateHold-unstamped",
        "honest/stamped-before-certificateHold",
        told_of(
            &WORLD.b_b(&document()),
            vec![ocsp(R::CertificateHold)],
            vec![],
        ),
        held(),
        "a suspended certificate may stand again tomorrow",
        "calling a suspension a revocation, or nothing",
    );
    all.attack(
        "revocation/certificateHold-stamped-after",
        "honest/stamped-before-certificateHold",
        told_of(
            &WORLD.b_t(&document(), REVOKED + Duration::SECOND),
            vec![ocsp(R::CertificateHold)],
            vec![],
        ),
        held(),
        "signed while suspended: it stays open",
        "calling a suspension a revocation, or nothing",
    );
    all.honest(
        "honest/stamped-before-certificateHold",
        told_of(
            &WORLD.b_t(&document(), SIGNED),
            vec![ocsp(R::CertificateHold)],
            vec![],
        ),
        passed(),
        "the time-stamp proves that the signature is older than the suspension",
    );
    let lifted = Answer {
        this_update: LATER,
        produced_at: LATER,
        next_update: Some(LATER + Duration::DAY),
        ..Answer::good()
    }
    .der();
    let earlier = Answer {
        status: CertStatus::Revoked {
            at: SIGNED - Duration::DAY,
            reason: Some(R::CertificateHold),
        },
        ..Answer::good()
    };
    all.honest(
        "honest/hold-lifted",
        told_of(
            &WORLD.b_t(&document(), SIGNED),
            vec![earlier.der(), lifted],
            vec![],
        ),
        passed(),
        "a suspension that was lifted: the newest statement counts",
    );
}

/// Two authorities below one root: one for signers, one for times.
pub struct Two {
    pub signers: World,
    pub times: World,
}

impl Two {
    pub fn new() -> Self {
        let below = |name, serial| {
            let ca = issued(&Profile::authority(name), serial, Some(&WORLD.root));
            World {
                signer: issued(&Profile::signer(), serial + 1, Some(&ca)),
                tsa: issued(&Profile::tsa(), serial + 2, Some(&ca)),
                responder: issued(&Profile::responder(), serial + 3, Some(&ca)),
                root: WORLD.root.clone(),
                ca,
            }
        };
        Self {
            signers: below("Signers CA", 200),
            times: below("Times CA", 300),
        }
    }

    fn data(&self, at: OffsetDateTime) -> ValidationData {
        let (mut data, other) = (
            self.signers.validation_data(at),
            self.times.validation_data(at),
        );
        data.certificates.extend(other.certificates);
        data.ocsps.extend(other.ocsps);
        data
    }

    /// A B-T file by the one, stamped by the other.
    fn stamped(&self) -> absah::kernel::pades::BaselineT {
        let signed = self.signers.baseline_b(&document());
        let token = self
            .times
            .token(&signed.timestamp_imprint(HashAlgorithm::Sha256), SIGNED);
        signed.with_timestamp(&token).expect("a time-stamp")
    }

    /// To B-LT, and to B-LTA.
    fn held(&self) -> Vec<u8> {
        let data = self.data(SIGNED + Duration::SECOND);
        let held = self.stamped().with_validation_data(data);
        held.into_bytes(&absah::kernel::pdf::Limits::default())
            .expect("validation data")
    }

    fn archived(&self) -> Vec<u8> {
        let data = self.data(SIGNED + Duration::SECOND);
        let held = self.stamped().with_validation_data(data);
        self.times.stamped(held, SIGNED + Duration::seconds(2))
    }

    /// The file with the news that an authority, or a time-stamping certificate, is revoked.
    fn told(
        &self,
        file: &[u8],
        issuer: &crate::world::Holder,
        of: &crate::world::Holder,
        reason: R,
        at: OffsetDateTime,
    ) -> Vec<u8> {
        let serial = of.certificate.serial().to_vec();
        let revocation = Revocation {
            serial,
            at,
            reason,
            invalidity_date: None,
        };
        let list = WORLD.crl(issuer, &[revocation], LATER);
        WORLD.with_data(
            file,
            ValidationData {
                crls: vec![list],
                ..ValidationData::default()
            },
        )
    }
}

/// The issuing authority is revoked.
fn authorities(all: &mut Catalogue) {
    let two = Two::new();
    let root = &two.signers.root;
    for reason in [R::CaCompromise, R::CessationOfOperation] {
        let name = reason.name();
        let gone = |file: &[u8]| two.told(file, root, &two.signers.ca, reason, REVOKED);
        all.attack(
            format!("revocation/authority-{name}-held"),
            "honest/authority-revoked-after-archive",
            gone(&two.held()),
            open(S::RevokedCaNoPoe, C::AuthorityRevoked),
            "the signature is stamped, but nothing proves that the certificates and statements are older than the revocation",
            "judging a revoked authority as a revoked signer: the time-stamp on the signature is not enough",
        );
        let kept = if reason == R::CaCompromise {
            "honest/authority-revoked-after-archive"
        } else {
            "honest/authority-closed-after-archive"
        };
        all.honest(
            kept,
            gone(&two.archived()),
            passed(),
            "a document time-stamp of another authority proves the whole material before the revocation",
        );
        all.attack(
            format!("revocation/authority-{name}-before"),
            "honest/authority-revoked-after-archive",
            two.told(
                &two.archived(),
                root,
                &two.signers.ca,
                reason,
                SIGNED - Duration::DAY,
            ),
            open(S::RevokedCaNoPoe, C::AuthorityRevoked),
            "the authority was revoked before the signature was made",
            "believing old statements of an authority that was no more",
        );
    }
    let own = WORLD.b_lta(&document(), SIGNED);
    let serial = WORLD.ca.certificate.serial().to_vec();
    let list = WORLD.crl(
        &WORLD.root,
        &[Revocation {
            serial,
            at: REVOKED,
            reason: R::CaCompromise,
            invalidity_date: None,
        }],
        LATER,
    );
    all.attack(
        "revocation/authority-of-signer-and-tsa",
        "honest/authority-revoked-after-archive",
        WORLD.with_data(
            &own,
            ValidationData {
                crls: vec![list],
                ..ValidationData::default()
            },
        ),
        open(S::RevokedCaNoPoe, C::AuthorityRevoked),
        "signer and time-stamping authority under one authority fall together",
        "letting a revoked authority prove its own past",
    );
}

/// The time-stamping authority is revoked.
fn stampers(all: &mut Catalogue) {
    let two = Two::new();
    let gone = |file: &[u8], reason| two.told(file, &two.times.ca, &two.times.tsa, reason, REVOKED);
    // Signer and time-stamping authority are revoked, the token claims to be older.
    let both = |reason| {
        let file = gone(&two.held(), reason);
        two.told(
            &file,
            &two.signers.ca,
            &two.signers.signer,
            R::KeyCompromise,
            REVOKED,
        )
    };
    for reason in [R::KeyCompromise, R::CessationOfOperation] {
        all.attack(
            format!("revocation/signer-and-tsa-{}", reason.name()),
            "honest/tsa-revoked",
            both(reason),
            revoked(),
            "who holds a time-stamping key that was revoked can write any time: its tokens prove nothing by themselves",
            "believing the time in a token of a revoked time-stamping authority",
        );
    }
    all.honest(
        "honest/tsa-revoked",
        gone(&two.held(), R::CessationOfOperation),
        passed().finding(C::TimestampInvalid),
        "the time-stamp is of no use any more; the signer's certificate still stands",
    );
}

/// Made after the revocation, and proven to be (EN 319 102-1, 5.5.4).
fn content(all: &mut Catalogue) {
    let file = crate::catalogue::timestamps::content_stamped(
        REVOKED + Duration::MINUTE,
        REVOKED + Duration::minutes(2),
    );
    for reason in [R::KeyCompromise, R::Superseded] {
        all.attack(
            format!("revocation/{}-content-stamped-after", reason.name()),
            "honest/content-stamped",
            told_of(&file, vec![ocsp(reason)], vec![]),
            failed(S::Revoked, C::SignedAfterRevocation),
            "a content time-stamp proves that the signature was made after the revocation: it fails for good",
            "leaving open what is proven",
        );
    }
    all.attack(
        "revocation/certificateHold-content-stamped-after",
        "honest/content-stamped",
        told_of(&file, vec![ocsp(R::CertificateHold)], vec![]),
        open(S::TryLater, C::CertificateOnHold),
        "a suspension is not for good, even where the time of signing is proven",
        "calling a suspension a revocation",
    );
}

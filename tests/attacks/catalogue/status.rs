//! OCSP and CRL tricks (RFC 6960; RFC 5280, 5, 6.3): statements by the wrong people,
//! about the wrong certificate, of the wrong day.

use absah::kernel::asn1::{Tag, write};
use absah::kernel::pdf::signing::ValidationData;
use absah::kernel::validation::{FindingCode as C, SubIndication as S};
use absah::kernel::x509::RevocationReason;
use absah::kernel::x509::ocsp::CertStatus;
use time::Duration;

use crate::case::{Catalogue, Required, WORLD, open, passed};
use crate::document::document;
use crate::lists::{Answer, List, distribution_point, entry, extension, flag, reason};
use crate::world::{Profile, SIGNED, World, issued};

const OCSP: &str = "honest/ocsp";
const CRL: &str = "honest/crl";

pub fn cases(all: &mut Catalogue) {
    honest(all);
    responders(all);
    answers(all);
    lists(all);
    partial(all);
}

/// A time-stamped file with these statements about the signer, and good ones about
/// the rest.
pub fn told(ocsps: Vec<Vec<u8>>, crls: Vec<Vec<u8>>) -> Vec<u8> {
    told_of(&WORLD.b_t(&document(), SIGNED), ocsps, crls)
}

pub fn told_of(file: &[u8], ocsps: Vec<Vec<u8>>, crls: Vec<Vec<u8>>) -> Vec<u8> {
    let mut data = WORLD.validation_data(SIGNED + Duration::SECOND);
    data.ocsps.remove(0);
    data.ocsps.extend(ocsps);
    data.crls.extend(crls);
    WORLD.with_data(file, data)
}

fn honest(all: &mut Catalogue) {
    all.honest(
        "honest/ocsp",
        told(vec![Answer::good().der()], vec![]),
        passed(),
        "a delegated responder says that the signer stands",
    );
    all.honest(
        "honest/ocsp-by-issuer",
        told(vec![Answer::good().by(&WORLD.ca).der()], vec![]),
        passed(),
        "the issuer answers itself",
    );
    all.honest(
        "honest/crl",
        told(vec![], vec![List::by(&WORLD.ca).der()]),
        passed(),
        "a complete list of the issuer",
    );
    let users = distribution_point(&[flag(1)]);
    all.honest(
        "honest/crl-for-users",
        told(vec![], vec![List::by(&WORLD.ca).with(users).der()]),
        passed(),
        "a list for end users covers one",
    );
    let elsewhere = entry(
        &WORLD.responder.certificate,
        SIGNED - Duration::DAY,
        &[reason(5)],
    );
    let list = List::by(&WORLD.ca).listing(elsewhere).der();
    all.honest(
        "honest/crl-lists-another",
        told(vec![], vec![list]),
        passed(),
        "a list that names somebody else",
    );
    all.honest(
        "honest/one-refused-one-good",
        told(
            vec![Answer::good().by(&WORLD.tsa).der(), Answer::good().der()],
            vec![],
        ),
        passed().finding(C::RevocationRefused),
        "an answer by a stranger is refused, the other one counts",
    );
}

fn missing() -> Required {
    open(S::CertificateChainGeneralFailure, C::RevocationMissing)
}

/// Who answers.
fn responders(all: &mut Catalogue) {
    let stranger = World::new();
    let with = |profile: Profile, serial| issued(&profile, serial, Some(&WORLD.ca));
    let plain = Profile::responder;
    let cases = [
        (
            "impostor",
            stranger.responder,
            "a responder of another authority with the same names",
        ),
        (
            "of-the-root",
            issued(&plain(), 60, Some(&WORLD.root)),
            "a responder of another issuer than the certificate's",
        ),
        (
            "not-delegated",
            with(
                Profile {
                    extended: None,
                    ..plain()
                },
                61,
            ),
            "a certificate of the issuer without the purpose",
        ),
        (
            "wrong-purpose",
            with(
                Profile {
                    extended: Some((false, "codeSigning")),
                    ..plain()
                },
                62,
            ),
            "a certificate of the issuer with another purpose",
        ),
        (
            "unchecked",
            with(
                Profile {
                    nocheck: false,
                    ..plain()
                },
                63,
            ),
            "a responder whose own status nobody tells",
        ),
        (
            "expired",
            with(
                Profile {
                    to: SIGNED - Duration::DAY,
                    ..plain()
                },
                64,
            ),
            "a responder that was no longer valid when it answered",
        ),
        (
            "not-yet-valid",
            with(
                Profile {
                    from: SIGNED + Duration::DAY,
                    ..plain()
                },
                65,
            ),
            "a responder that was not yet valid when it answered",
        ),
        (
            "by-the-signer",
            WORLD.signer.clone(),
            "the signer vouches for himself",
        ),
        (
            "by-the-tsa",
            WORLD.tsa.clone(),
            "the time-stamping authority vouches",
        ),
        (
            "signer-with-nocheck",
            with(
                Profile {
                    nocheck: true,
                    ..Profile::signer()
                },
                66,
            ),
            "ocsp-nocheck on a signer makes no responder",
        ),
    ];
    for (name, by, teaches) in cases {
        all.attack(
            format!("ocsp/{name}"),
            OCSP,
            told(vec![Answer::good().by(&by).der()], vec![]),
            missing(),
            teaches,
            "believing any answer that is signed",
        );
    }
    // Two responders, each without nocheck, that vouch for one another.
    let (a, b) = (
        with(
            Profile {
                nocheck: false,
                name: "A",
                ..plain()
            },
            67,
        ),
        with(
            Profile {
                nocheck: false,
                name: "B",
                ..plain()
            },
            68,
        ),
    );
    let about = |by: &crate::world::Holder, of: &crate::world::Holder| {
        Answer {
            of: of.certificate.clone(),
            ..Answer::good().by(by)
        }
        .der()
    };
    all.attack(
        "ocsp/circle",
        OCSP,
        told(
            vec![Answer::good().by(&a).der(), about(&b, &a), about(&a, &b)],
            vec![],
        ),
        missing(),
        "two responders vouch for one another",
        "following who vouches for whom in a circle",
    );
    let gone = entry(&a.certificate, SIGNED - Duration::DAY, &[reason(1)]);
    all.attack(
        "ocsp/responder-revoked",
        OCSP,
        told(
            vec![Answer::good().by(&a).der()],
            vec![
                List::by(&WORLD.ca)
                    .listing(gone)
                    .with(distribution_point(&[flag(2)]))
                    .der(),
            ],
        ),
        missing(),
        "a responder whose certificate is revoked",
        "not asking about the responder",
    );
    let mut short = Answer::good().by(&with(
        Profile {
            to: SIGNED + Duration::MINUTE,
            ..plain()
        },
        69,
    ));
    short.produced_at = SIGNED + Duration::SECOND;
    all.attack(
        "ocsp/responder-expired-since",
        OCSP,
        told(vec![short.der()], vec![]),
        open(S::RevocationOutOfBoundsNoPoe, C::ResponderOutsideValidity),
        "the responder has expired since, and nothing proves that the answer is older",
        "checking the responder at the time that its answer claims",
    );
}

/// What is answered.
fn answers(all: &mut Catalogue) {
    let mut attack = |name: &str, answer: Answer, required: Required, teaches| {
        all.attack(
            format!("ocsp/{name}"),
            OCSP,
            told(vec![answer.der()], vec![]),
            required,
            teaches,
            "reading \"good\" and not about whom, by whom and when",
        );
    };
    attack(
        "other-certificate",
        Answer {
            of: WORLD.tsa.certificate.clone(),
            ..Answer::good()
        },
        missing(),
        "an answer about another certificate",
    );
    attack(
        "other-issuer",
        Answer {
            issuer: WORLD.root.certificate.clone(),
            ..Answer::good()
        },
        missing(),
        "an answer about the same number of another issuer",
    );
    attack(
        "unknown",
        Answer {
            status: CertStatus::Unknown,
            ..Answer::good()
        },
        missing(),
        "the responder does not know the certificate",
    );
    let old = SIGNED - Duration::days(3);
    attack(
        "stale",
        Answer {
            this_update: old,
            next_update: Some(old + Duration::DAY),
            produced_at: old,
            ..Answer::good()
        },
        open(S::TryLater, C::RevocationStale),
        "an answer that is over",
    );
    attack(
        "stale-without-end",
        Answer {
            this_update: old,
            next_update: None,
            produced_at: old,
            ..Answer::good()
        },
        open(S::TryLater, C::RevocationStale),
        "an answer without an end lives for a day",
    );
    attack(
        "this-update-after-produced",
        Answer {
            this_update: SIGNED + Duration::HOUR,
            ..Answer::good()
        },
        missing(),
        "an answer about a time after it was made",
    );
    let held = CertStatus::Revoked {
        at: SIGNED - Duration::DAY,
        reason: Some(RevocationReason::CertificateHold),
    };
    attack(
        "on-hold",
        Answer {
            status: held,
            ..Answer::good()
        },
        open(S::TryLater, C::CertificateOnHold),
        "suspended: it may come back",
    );
    let der = {
        let mut der = Answer::good().der();
        let last = der
            .iter()
            .rposition(|b| *b == WORLD.responder.certificate.der()[60])
            .expect("a byte");
        let middle = der.len() / 3;
        der[middle.min(last)] ^= 1;
        der
    };
    all.attack(
        "ocsp/flipped",
        OCSP,
        told(vec![der], vec![]),
        missing(),
        "one bit of an answer",
        "reading an answer without verifying it",
    );
    all.attack(
        "ocsp/none",
        OCSP,
        told(vec![], vec![]),
        missing(),
        "nobody says that the signer stands",
        "taking silence for good",
    );
}

/// Lists.
fn lists(all: &mut Catalogue) {
    let stranger = World::new();
    let mut attack = |name: &str, list: Vec<u8>, required: Required, teaches| {
        all.attack(
            format!("crl/{name}"),
            CRL,
            told(vec![], vec![list]),
            required,
            teaches,
            "looking for the number in any list",
        );
    };
    let own = || List::by(&WORLD.ca);
    attack(
        "other-issuer",
        List::by(&stranger.ca).der(),
        missing(),
        "a list of another authority with the same name",
    );
    attack(
        "of-the-root",
        List::by(&WORLD.root).der(),
        missing(),
        "a list of the root says nothing of its subordinates' certificates",
    );
    attack(
        "by-the-signer",
        {
            let mut list = own();
            list.by = &WORLD.signer;
            list.der()
        },
        missing(),
        "a list by somebody who is no authority",
    );
    let old = SIGNED - Duration::days(60);
    attack(
        "stale",
        List {
            this_update: old,
            next_update: Some(old + Duration::DAY),
            ..own()
        }
        .der(),
        open(S::TryLater, C::RevocationStale),
        "a list that is over",
    );
    attack(
        "without-end",
        List {
            this_update: old,
            next_update: None,
            ..own()
        }
        .der(),
        open(S::TryLater, C::RevocationStale),
        "a list without an end lives for a day",
    );
    attack(
        "flipped",
        {
            let mut der = own().der();
            let at = der.len() - 3;
            der[at] ^= 1;
            der
        },
        missing(),
        "one bit of a list",
    );
    attack(
        "unknown-critical",
        own().with(extension("1.2.3.4", true, write::NULL)).der(),
        missing(),
        "a critical extension that nobody knows",
    );
    let odd = entry(
        &WORLD.tsa.certificate,
        SIGNED,
        &[extension("1.2.3.4", true, write::NULL)],
    );
    attack(
        "unknown-critical-entry",
        own().listing(odd).der(),
        missing(),
        "a critical extension of an entry that nobody knows",
    );
    let held = entry(
        &WORLD.signer.certificate,
        SIGNED - Duration::DAY,
        &[reason(6)],
    );
    attack(
        "on-hold",
        own().listing(held).der(),
        open(S::TryLater, C::CertificateOnHold),
        "suspended: it may come back",
    );
}

/// Lists for some.
fn partial(all: &mut Catalogue) {
    let own = || List::by(&WORLD.ca);
    let reasons = write::named_bits(Tag::context_primitive(3), 0b10);
    let name = write::tlv(Tag::context_primitive(6), b"http://crl.example/1.crl");
    let point = write::explicit(0, &[&write::tlv(Tag::context(0), &name)]);
    let cases = [
        (
            "delta",
            own().with(extension("2.5.29.27", true, write::small(1))),
            "a delta names changes alone",
        ),
        (
            "for-authorities",
            own().with(distribution_point(&[flag(2)])),
            "a list for authorities' certificates",
        ),
        (
            "for-attributes",
            own().with(distribution_point(&[flag(5)])),
            "a list for attribute certificates",
        ),
        (
            "some-reasons",
            own().with(distribution_point(&[reasons])),
            "a list for one reason is silent on the others",
        ),
        (
            "another-partition",
            own().with(distribution_point(&[point])),
            "a part that the certificate does not name",
        ),
    ];
    for (name, list, teaches) in cases {
        all.attack(
            format!("crl/{name}"),
            CRL,
            told(vec![], vec![list.der()]),
            missing(),
            teaches,
            "taking a list for some for a list of all",
        );
    }
    let data = ValidationData {
        crls: vec![],
        ..WORLD.validation_data(SIGNED + Duration::SECOND)
    };
    all.attack(
        "crl/none-of-the-root",
        CRL,
        WORLD.with_data(&WORLD.b_t(&document(), SIGNED), data),
        missing(),
        "nobody says that the issuing authority stands",
        "asking about the signer's certificate alone",
    );
}

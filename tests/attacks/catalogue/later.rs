//! Statements of the wrong time (EN 319 102-1, 5.2.5, 5.2.6.4, 5.6.2.2.4; RFC 6960, 4.2.2.1,
//! 4.4.4, 4.4.5): from the future, and with the date since when a key is suspected.

use absah::kernel::validation::{FindingCode as C, SubIndication as S};
use absah::kernel::x509::RevocationReason as R;
use absah::kernel::x509::ocsp::{CertStatus, invalidity_date};
use time::{Duration, OffsetDateTime};

use super::status::{told, told_of};
use crate::case::{Catalogue, LATER, Required, WORLD, open, passed};
use crate::document::document;
use crate::lists::{Answer, List};
use crate::world::SIGNED;

const REVOKED: OffsetDateTime = SIGNED.saturating_add(Duration::minutes(30));
const AHEAD: OffsetDateTime = LATER.saturating_add(Duration::HOUR);

pub fn cases(all: &mut Catalogue) {
    ahead(all);
    suspected(all);
}

fn dated(answer: Answer, at: OffsetDateTime) -> Answer {
    Answer {
        this_update: at,
        produced_at: at,
        next_update: Some(at + Duration::DAY),
        ..answer
    }
}

fn compromised(at: OffsetDateTime) -> Answer {
    let status = CertStatus::Revoked {
        at,
        reason: Some(R::KeyCompromise),
    };
    Answer {
        status,
        ..Answer::good()
    }
}

fn ahead(all: &mut Catalogue) {
    let missing = || open(S::CertificateChainGeneralFailure, C::RevocationRefused);
    let list = |at: OffsetDateTime| List {
        this_update: at,
        next_update: Some(at + Duration::DAY),
        ..List::by(&WORLD.ca)
    };
    let mut attack = |name: &str, file: Vec<u8>, required: Required, teaches| {
        all.attack(
            format!("later/{name}"),
            "honest/clock-ahead",
            file,
            required,
            teaches,
            "asking whether a statement is too old, and not whether it is too young",
        );
    };
    attack(
        "ocsp-from-the-future",
        told(vec![dated(Answer::good(), AHEAD).der()], vec![]),
        missing(),
        "an answer that is dated after the validation",
    );
    attack(
        "ocsp-produced-in-the-future",
        told(
            vec![
                Answer {
                    produced_at: AHEAD,
                    ..Answer::good()
                }
                .der(),
            ],
            vec![],
        ),
        missing(),
        "an answer about now that was made after the validation",
    );
    attack(
        "crl-from-the-future",
        told(vec![], vec![list(AHEAD).der()]),
        missing(),
        "a list that is dated after the validation",
    );
    let unstamped = WORLD.b_b(&document());
    attack(
        "revoked-in-an-answer-from-the-future",
        told_of(
            &unstamped,
            vec![
                Answer::good().der(),
                dated(compromised(REVOKED), AHEAD).der(),
            ],
            vec![],
        ),
        open(S::RevokedNoPoe, C::CertificateRevoked),
        "who says \"revoked\" is heard whatever the date: a wrong clock hides no revocation",
    );
    let soon = LATER + Duration::seconds(30);
    all.honest(
        "honest/clock-ahead",
        told(
            vec![dated(Answer::good(), soon).der()],
            vec![list(soon).der()],
        ),
        passed(),
        "clocks differ by seconds",
    );
    all.honest(
        "honest/revocation-to-come",
        told_of(
            &unstamped,
            vec![Answer::good().der(), dated(compromised(AHEAD), AHEAD).der()],
            vec![],
        ),
        passed().finding(C::RevocationRefused),
        "what is revoked later than the validation, and told later, is not revoked yet",
    );
}

/// The date of invalidity in an answer (RFC 6960, 4.4.5).
fn suspected(all: &mut Catalogue) {
    let stamped = WORLD.b_t(&document(), SIGNED);
    let answer = |since: OffsetDateTime| {
        let mut answer = dated(compromised(REVOKED), LATER);
        answer.extensions = vec![invalidity_date(since)];
        told_of(&stamped, vec![answer.der()], vec![])
    };
    all.attack(
        "later/ocsp-invalid-before-stamp",
        "honest/ocsp-invalid-after-stamp",
        answer(SIGNED - Duration::DAY),
        open(S::RevokedNoPoe, C::CertificateRevoked),
        "an answer says since when the key is suspected: before the time-stamp",
        "reading the date of invalidity in lists alone",
    );
    all.honest(
        "honest/ocsp-invalid-after-stamp",
        answer(SIGNED + Duration::MINUTE),
        passed().finding(C::RevokedLater),
        "the key was still the signer's alone when the time-stamp was made",
    );
    all.attack(
        "later/ocsp-invalid-later-than-revoked",
        "honest/ocsp-invalid-after-stamp",
        {
            let mut answer = dated(compromised(REVOKED), LATER);
            answer.extensions = vec![invalidity_date(LATER)];
            let late = WORLD.b_t(&document(), REVOKED + Duration::SECOND);
            told_of(&late, vec![answer.der()], vec![])
        },
        open(S::RevokedNoPoe, C::CertificateRevoked),
        "a date of invalidity after the revocation takes nothing back",
        "taking the date of invalidity for the date that counts, always",
    );
}

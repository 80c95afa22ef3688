//! The document security store and VRI (EN 319 142-1, 5.4.2): unsigned data that must
//! help nobody who is not helped by its content.

use absah::kernel::pdf::signing::ValidationData;
use absah::kernel::validation::{FindingCode as C, SubIndication as S};
use absah::kernel::x509::RevocationReason;
use absah::kernel::x509::ocsp::CertStatus;
use time::Duration;

use crate::base::{CATALOG, CONTENT, PLAIN_LTA};
use crate::case::{Catalogue, LATER, WORLD, changed, open};
use crate::document::document;
use crate::edit::{updated, with};
use crate::world::{SIGNED, World};
use absah::kernel::validation::report::Modification;

pub fn cases(all: &mut Catalogue) {
    replaced(all);
    forged(all);
    shaped(all);
}

/// Stores that take something away.
fn replaced(all: &mut Catalogue) {
    let missing = || open(S::CertificateChainGeneralFailure, C::RevocationMissing);
    all.attack(
        "store/emptied",
        "honest/b-lt",
        with(
            &WORLD.b_lt(&document(), SIGNED),
            &[(CATALOG, "DSS", "<</Type/DSS>>")],
        ),
        missing(),
        "an update that empties the store leaves a signature whose status nobody knows",
        "remembering what an older revision held without saying so",
    );
    all.attack(
        "store/removed",
        "honest/b-lt",
        with(
            &WORLD.b_lt(&document(), SIGNED),
            &[(CATALOG, "DSS", "null")],
        ),
        missing().modification(Modification::None),
        "an update that removes the store",
        "remembering what an older revision held without saying so",
    );
}

/// Stores that say what is not so.
fn forged(all: &mut Catalogue) {
    let stranger = World::new();
    let signed = WORLD.b_t(&document(), SIGNED);
    let at = SIGNED + Duration::SECOND;
    let own = WORLD.validation_data(at);
    let theirs = stranger.validation_data(at);
    let missing = || open(S::CertificateChainGeneralFailure, C::RevocationMissing);
    let store = |data: ValidationData| WORLD.with_data(&signed, data);
    all.attack(
        "store/statements-of-a-stranger",
        "honest/b-lt",
        store(ValidationData {
            ocsps: theirs.ocsps.clone(),
            crls: theirs.crls.clone(),
            ..own.clone()
        }),
        missing(),
        "statements by an authority of the same name and another key",
        "matching statements by name and serial number alone",
    );
    all.attack(
        "store/authority-of-a-stranger",
        "honest/b-lt",
        stranger.with_data(&stranger.b_t(&document(), SIGNED), theirs),
        open(S::NoCertificateChainFound, C::ChainNotFound),
        "a whole authority of the attacker's, root included, with the same names",
        "trusting what the file brings along",
    );
    let revoked = CertStatus::Revoked {
        at: SIGNED - Duration::DAY,
        reason: Some(RevocationReason::KeyCompromise),
    };
    let told = WORLD.ocsp(&WORLD.signer.certificate, revoked, at);
    let mut both = own.clone();
    both.ocsps.push(told);
    all.attack(
        "store/good-and-revoked",
        "honest/b-lt",
        store(both),
        open(S::RevokedNoPoe, C::CertificateRevoked),
        "of two statements, good and revoked, the revocation counts",
        "taking the first statement, or the one in VRI",
    );
    let newer = WORLD.ocsp(&WORLD.signer.certificate, CertStatus::Good, LATER);
    let mut hidden = own;
    hidden.ocsps.insert(0, newer);
    hidden.ocsps.push(WORLD.ocsp(
        &WORLD.signer.certificate,
        revoked,
        SIGNED + Duration::SECOND,
    ));
    all.attack(
        "store/newer-good-hides-revoked",
        "honest/b-lt",
        store(hidden),
        open(S::RevokedNoPoe, C::CertificateRevoked),
        "a revocation for good is not taken back by a newer statement",
        "taking the newest statement whatever it says",
    );
}

/// Stores that are no stores.
fn shaped(all: &mut Catalogue) {
    let file = &*PLAIN_LTA;
    for (name, value, teaches) in [
        ("not-a-dictionary", "[4 0 R]", "the store is a dictionary"),
        ("a-page", "3 0 R", "a page in the place of the store"),
    ] {
        let twin = with(file, &[(CATALOG, "DSS", value)]);
        let case = if name == "a-page" {
            open(S::CertificateChainGeneralFailure, C::RevocationMissing)
        } else {
            changed()
        };
        all.attack(
            format!("store/{name}"),
            "honest/b-lta",
            twin,
            case,
            teaches,
            "excusing whatever stands under /DSS",
        );
    }
    all.attack(
        "store/content-changed-beside-it",
        "honest/renewed",
        updated(&WORLD.refreshed(file, LATER), |u| {
            u.put_stream(crate::edit::id(CONTENT), b"", b"BT (Lain) Tj ET", false);
        }),
        changed(),
        "an archive that is renewed and then changed",
        "stopping at the last good document time-stamp",
    )
    .at(LATER + Duration::MINUTE);
    all.attack(
        "store/content-changed-before-renewal",
        "honest/renewed",
        WORLD.refreshed(
            &updated(file, |u| {
                u.put_stream(crate::edit::id(CONTENT), b"", b"BT (Lain) Tj ET", false);
            }),
            LATER,
        ),
        changed(),
        "a change that is time-stamped afterwards stays a change",
        "taking a document time-stamp for an approval of what it covers",
    )
    .at(LATER + Duration::MINUTE);
}

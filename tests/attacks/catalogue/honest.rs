//! What is honest and must raise no alarm: every level, second signatures, archives,
//! filling in, updates that change nothing. Files by other producers are in `foreign.rs`.

use absah::kernel::pdf::ObjectId;
use absah::kernel::pdf::signing::{DocMdp, FieldTarget};
use absah::kernel::validation::FindingCode as C;
use absah::kernel::validation::report::Modification;
use time::Duration;

use super::shadow::in_object_stream;
use crate::base::*;
use crate::case::{Catalogue, LATER, Required, WORLD, passed};
use crate::document::document;
use crate::edit::{ByHand, add, set, updated, with};
use crate::world::{SIGNED, request};

pub fn cases(all: &mut Catalogue) {
    levels(all);
    nothing(all);
    filled(all);
    signatures(all);
    certified_files(all);
}

fn levels(all: &mut Catalogue) {
    let plain = document();
    let with_data =
        |file: &[u8]| WORLD.with_data(file, WORLD.validation_data(SIGNED + Duration::SECOND));
    all.honest(
        "honest/b-b",
        with_data(&WORLD.b_b(&plain)),
        passed().finding(C::TimeNotProven),
        "a signature without a time-stamp, with validation data",
    );
    all.honest(
        "honest/b-t",
        with_data(&WORLD.b_t(&plain, SIGNED)),
        passed(),
        "a signature with a time-stamp",
    );
    all.honest(
        "honest/b-lt",
        PLAIN_LT.clone(),
        passed(),
        "validation data in the file",
    );
    all.honest(
        "honest/b-lta",
        PLAIN_LTA.clone(),
        passed().finding(C::ValidationDataAdded),
        "a document time-stamp over it all",
    );
    all.honest(
        "honest/renewed",
        WORLD.refreshed(&PLAIN_LTA, LATER),
        passed(),
        "an archive that was renewed",
    )
    .at(LATER + Duration::MINUTE);
    all.honest(
        "honest/rich",
        RICH.clone(),
        passed(),
        "a document with everything that the attacks below reach for",
    );
    all.honest(
        "honest/no-update",
        at_level(2)[..].to_vec(),
        passed(),
        "nothing follows the archive",
    );
}

/// Updates that change nothing.
fn nothing(all: &mut Catalogue) {
    let file = &*PLAIN_LTA;
    all.honest(
        "honest/trailing-space",
        [&file[..], b"\n\n"].concat(),
        passed(),
        "white space at the end is no content",
    );
    all.honest(
        "honest/update-of-nothing",
        ByHand::on(file)
            .object(crate::edit::next_free(file) + 3, "null")
            .finish(),
        passed(),
        "an update that says nothing",
    );
    let same = "<< /Subtype /Type1 /BaseFont /Helvetica\n/Type /Font >>";
    all.honest(
        "honest/object-rewritten",
        updated(file, |u| {
            u.replace(ObjectId::new(FONT), same.as_bytes().to_vec());
        }),
        passed(),
        "an object written again in another notation",
    );
    let data = updated(&WORLD.b_t(&rich(), SIGNED), |u| {
        set(u, INFO, "ModDate", "(D:20261122020000)");
        let stored = u
            .add_stream(b"", WORLD.ca.certificate.der(), true)
            .reference();
        set(u, CATALOG, "DSS", &format!("<</Type/DSS/Certs[{stored}]>>"));
    });
    let data = WORLD.with_data(&data, WORLD.validation_data(SIGNED + Duration::SECOND));
    all.honest(
        "honest/dated-with-data",
        data,
        passed().finding(C::MetadataChanged),
        "other producers note the date when they add validation data",
    );
    all.honest(
        "honest/object-stream-same",
        in_object_stream(&RICH, &[(27, "<</CS/DeviceGray/S/Transparency>>")]),
        passed(),
        "the same object, now in an object stream",
    );
    let dangling = with(&rich(), &[(PAGE, "Contents", "[4 0 R 99 0 R]")]);
    all.honest(
        "honest/dangling",
        WORLD.b_lta(&dangling, SIGNED),
        passed(),
        "a reference to nothing, and nothing is put there",
    );
}

fn filling() -> Required {
    passed()
        .modification(Modification::FormFilling)
        .finding(C::FormFilled)
}

/// Filling in after an approval signature.
fn filled(all: &mut Catalogue) {
    let file = &*RICH;
    all.honest(
        "honest/filled",
        fill(file),
        filling(),
        "a text field filled in, with its picture",
    );
    all.honest(
        "honest/checked",
        with(file, &[(CHECK, "V", "/On"), (CHECK, "AS", "/On")]),
        filling(),
        "a box checked",
    );
    all.honest(
        "honest/filled-read-only",
        with(file, &[(NOTE, "V", "(new)"), (NOTE, "Ff", "1")]),
        filling(),
        "filled in and closed",
    );
    let stored = WORLD.with_data(&fill(file), WORLD.validation_data(LATER));
    all.honest(
        "honest/filled-and-stored",
        stored,
        filling(),
        "filled in, then validation data",
    );
}

fn fill(file: &[u8]) -> Vec<u8> {
    updated(file, |u| {
        set(u, NOTE, "V", "(new)");
        let picture = add(
            u,
            &sized("<</Type/XObject/Subtype/Form/BBox[0 0 80 20]/Length 0>>stream\nq Q\nendstream"),
        );
        set(u, NOTE, "AP", &format!("<</N {picture}>>"));
    })
}

/// The second signature in a field that was there.
fn second(file: &[u8]) -> Vec<u8> {
    let mut request = request(None);
    request.field = FieldTarget::Existing("Second".to_owned());
    WORLD.archived(
        WORLD.completed(WORLD.sign(file, &request)),
        SIGNED + Duration::MINUTE,
    )
}

fn signatures(all: &mut Catalogue) {
    let signing = || {
        passed()
            .modification(Modification::FormFilling)
            .finding(C::LaterSignature)
    };
    all.honest(
        "honest/second-signature",
        second(&RICH),
        signing(),
        "a second signature in a field that was there",
    );
    let invisible = WORLD.b_lta(&RICH, SIGNED + Duration::MINUTE);
    all.honest(
        "honest/second-signature-new-field",
        invisible,
        signing(),
        "a second signature that brings its field, unseen",
    );
    let third = WORLD.b_lta(&second(&RICH), SIGNED + Duration::minutes(2));
    all.honest(
        "honest/third-signature",
        third,
        signing(),
        "three signatures, three archives",
    );
    let both = second(&fill(&RICH));
    all.honest(
        "honest/filled-then-signed",
        both,
        signing(),
        "filled in, then signed by the second signatory",
    );
}

fn certified_files(all: &mut Catalogue) {
    let names = [
        "honest/p1-archived",
        "honest/p2-archived",
        "honest/p3-archived",
    ];
    for (p, name) in (1..).zip(names) {
        all.honest(
            name,
            at_level(p).to_vec(),
            passed(),
            "certified, and archived since",
        );
    }
    let signing = || {
        passed()
            .modification(Modification::FormFilling)
            .finding(C::LaterSignature)
    };
    all.honest(
        "honest/p2-second",
        second(at_level(2)),
        signing(),
        "certified for filling in, then signed again",
    );
    all.honest(
        "honest/p3-second",
        second(at_level(3)),
        signing(),
        "certified for remarks, then signed again",
    );
    all.honest(
        "honest/p2-filled",
        fill(at_level(2)),
        filling(),
        "certified for filling in, then filled in",
    );
    all.honest(
        "honest/p3-filled",
        fill(at_level(3)),
        filling(),
        "certified for remarks, then filled in",
    );
    let renewed = WORLD.refreshed(at_level(1), LATER);
    all.honest(
        "honest/p1-renewed",
        renewed,
        passed(),
        "certified against any change, and renewed",
    )
    .at(LATER + Duration::MINUTE);
    let plain = certified(&document(), DocMdp::NoChanges);
    all.honest(
        "honest/p1-plain",
        plain,
        passed(),
        "a plain page certified against any change",
    );
}

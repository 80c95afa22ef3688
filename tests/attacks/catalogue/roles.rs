//! Documents that were prepared before they were signed, so that a change which is allowed
//! in one place shows in another (shadow attacks): lengths, object streams, dictionaries
//! in two roles, fonts that are still missing.

use absah::kernel::validation::report::Modification;
use absah::kernel::validation::{FindingCode as C, SubIndication as S};
use time::Duration;

use super::shadow::in_object_stream;
use crate::base::*;
use crate::case::{Catalogue, LATER, WORLD, changed, open, passed};
use crate::document::document;
use crate::edit::{ByHand, find, find_last, next_free, with};
use crate::world::SIGNED;

pub fn cases(all: &mut Catalogue) {
    lengths(all);
    containers(all);
    dictionaries(all);
    fonts(all);
}

const TEXT: &str = "BT /F1 12 Tf 72 720 Td (Izin) Tj ET\nBT /F1 12 Tf 72 700 Td (Rp 1.000) Tj ET";

/// The plain page, the length of its content in an object of its own; and its number.
fn measured() -> (Vec<u8>, u32) {
    let base = document();
    let number = next_free(&base);
    let content = format!("<</Length {number} 0 R>>stream\n{TEXT}\nendstream");
    let base = ByHand::on(&base)
        .object(CONTENT, content)
        .object(number, TEXT.len().to_string())
        .finish();
    (base, number)
}

/// The length of a stream in an object of its own.
fn lengths(all: &mut Catalogue) {
    let (base, number) = measured();
    let signed = WORLD.b_lta(&base, SIGNED);
    let mut attack = |name: &str, length: usize, teaches| {
        let file = ByHand::on(&signed).object(number, length.to_string());
        all.attack(
            format!("roles/{name}"),
            "honest/length-apart",
            file.finish(),
            changed(),
            teaches,
            "taking a stream for unchanged because its bytes are where they were",
        );
    };
    let shown = TEXT.find('\n').expect("two lines");
    attack(
        "length-shortened",
        shown,
        "the length of a content stream is made smaller: readers that believe it show half",
    );
    let start = find(&signed, TEXT.as_bytes());
    let end = find_last(&signed, b"\nendstream");
    attack(
        "length-stretched",
        end - start,
        "the length of a content stream is made to reach the end of another",
    );
    attack(
        "length-beyond",
        99_999_999,
        "the length of a content stream leads out of the file",
    );
    all.honest(
        "honest/length-apart",
        signed,
        passed(),
        "the length of a stream is an object of its own",
    );
}

/// The length of an object stream in an object of its own.
fn containers(all: &mut Catalogue) {
    let member = "<</CS/DeviceGray/S/Transparency>>";
    let base = in_object_stream(&rich(), &[(27, member)]);
    let (container, number) = (next_free(&rich()), next_free(&base));
    let data = format!("27 0 {member} ");
    let stream =
        format!("<</Type/ObjStm/N 1/First 5/Length {number} 0 R>>stream\n{data}\nendstream");
    let base = ByHand::on(&base)
        .object(container, stream)
        .object(number, data.len().to_string())
        .finish();
    let signed = WORLD.b_lta(&base, SIGNED);
    all.attack(
        "roles/container-shortened",
        "honest/container-length-apart",
        ByHand::on(&signed).object(number, "5").finish(),
        changed(),
        "an object stream is made shorter: what it held is gone, at the same place",
        "knowing an object by its stream and index alone",
    );
    all.honest(
        "honest/container-length-apart",
        signed,
        passed(),
        "the length of an object stream is an object of its own",
    );
}

/// One dictionary in two roles.
fn dictionaries(all: &mut Catalogue) {
    let renewed = |file: &[u8]| WORLD.refreshed(file, SIGNED + Duration::minutes(10));
    let font = |base: &str| {
        format!(
            "<</Type/Font/Subtype/Type1/BaseFont/{base}\
             /ESIC<</BaseVersion/1.7/ExtensionLevel 5>>>>"
        )
    };
    let resources = "<</Font 1 0 R/XObject<</X1 18 0 R>>/Properties<</L1 17 0 R>>>>";
    let base = with(
        &rich(),
        &[
            (PAGE, "Resources", resources),
            (CATALOG, "Extensions", &font("Helvetica")),
        ],
    );
    let signed = WORLD.b_lta(&base, SIGNED);
    all.attack(
        "roles/catalog-as-fonts",
        "honest/renewed",
        renewed(&with(&signed, &[(CATALOG, "Extensions", &font("Symbol"))])),
        changed(),
        "the catalog is also the page's dictionary of fonts, and /Extensions one of them",
        "excusing a change by its place under one name and drawing it under another",
    );
    let picture = "<</Font<</F1 5 0 R>>/XObject 1 0 R/Properties<</L1 17 0 R>>>>";
    let signed = WORLD.b_lta(&with(&rich(), &[(PAGE, "Resources", picture)]), SIGNED);
    all.attack(
        "roles/catalog-as-pictures",
        "honest/renewed",
        renewed(&with(
            &signed,
            &[
                (METADATA, "Subtype", "/Form"),
                (METADATA, "BBox", "[0 0 9 9]"),
            ],
        )),
        changed(),
        "the catalog is also the page's dictionary of pictures, and /Metadata one of them",
        "excusing a change by its place under one name and drawing it under another",
    );
    all.attack(
        "roles/metadata-made-a-picture",
        "honest/renewed",
        renewed(&with(
            &RICH,
            &[
                (METADATA, "Subtype", "/Form"),
                (METADATA, "BBox", "[0 0 9 9]"),
            ],
        )),
        changed(),
        "the packet's words stand, the stream around them becomes another kind of thing",
        "comparing the data of a stream and not its dictionary",
    );
    let fields = "[7 0 R 8 0 R 10 0 R 23 0 R]";
    let base = with(
        &rich(),
        &[
            (FORM, "Fields", fields),
            (REMARK, "T", "(Remark)"),
            (REMARK, "Subtype", "/Stamp"),
        ],
    );
    let stamp = [(REMARK, "V", "(x)"), (REMARK, "AP", "<</N 25 0 R>>")];
    all.attack(
        "roles/stamp-among-fields",
        "honest/filled",
        with(&WORLD.b_lta(&base, SIGNED), &stamp),
        changed(),
        "a stamp stands among the fields, and is \"filled in\" with another picture",
        "taking whatever /Fields lists for a field",
    );
}

/// Fonts that fields ask for and do not get.
fn fonts(all: &mut Catalogue) {
    let added = "<</Font<</F1 5 0 R/F9<</Type/Font/Subtype/Type1/BaseFont/Symbol>>>>>>";
    let missing = [
        ("font-asked-for", "(/F9 12 Tf 0 g)"),
        ("font-asked-for-escaped", "(0 g /F#39 12 Tf)"),
    ];
    for (name, asked) in missing {
        let signed = WORLD.b_lta(&with(&rich(), &[(NOTE, "DA", asked)]), SIGNED);
        all.attack(
            format!("roles/{name}"),
            "honest/font-added",
            with(&signed, &[(FORM, "DR", added)]),
            open(S::SigConstraintsFailure, C::AppearanceChanged)
                .modification(Modification::FormFilling),
            "a font that a field asked for in vain is put in: the field is drawn with it",
            "letting default resources grow by anything",
        );
    }
    // Names that are no text, in another order.
    let named = |fonts: &str| format!("<</Font<</F1 5 0 R{fonts}>>>>");
    let base = with(
        &rich(),
        &[(FORM, "DR", &named("/Caf#E9 5 0 R/Caf#E8 18 0 R"))],
    );
    let signed = WORLD.b_lta(&base, SIGNED);
    all.honest(
        "honest/names-in-bytes",
        with(
            &signed,
            &[(FORM, "DR", &named("/Caf#E8 18 0 R/Caf#E9 5 0 R"))],
        ),
        passed(),
        "a name is bytes, not text: two names that no text tells apart",
    );
    all.attack(
        "roles/names-in-bytes-swapped",
        "honest/names-in-bytes",
        with(
            &signed,
            &[(FORM, "DR", &named("/Caf#E9 18 0 R/Caf#E8 5 0 R"))],
        ),
        changed(),
        "two names that no text tells apart change places",
        "comparing names as text",
    );
    all.honest(
        "honest/font-added",
        with(&RICH, &[(FORM, "DR", added)]),
        passed(),
        "a font that nobody asks for is added to the form's resources, as Acrobat does",
    )
    .at(LATER);
}

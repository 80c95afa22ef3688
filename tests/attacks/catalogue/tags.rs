//! The structure tree (ISO 32000-2, 14.7): honest producers tag the field that they
//! add; an attacker changes what is read aloud.

use absah::kernel::pades::ToBeSigned;
use absah::kernel::pdf::signatures::signature_fields;
use absah::kernel::pdf::signing::prepare_signature;
use absah::kernel::pdf::{Limits, ObjectId, Pdf, Update};
use absah::kernel::sign::Signer as _;
use absah::kernel::validation::FindingCode as C;
use absah::kernel::validation::report::Modification;
use time::Duration;

use crate::base::written;
use crate::case::{Catalogue, WORLD, changed, passed};
use crate::edit::{add, append, set, updated, with};
use crate::world::{SIGNED, request};

const TWIN: &str = "honest/tagged-signature";
const ROOT: u32 = 6;
const DOCUMENT: u32 = 7;
const TREE: u32 = 8;
const PARAGRAPH: u32 = 9;

/// A page with one tagged paragraph and a link.
fn tagged() -> Vec<u8> {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R/MarkInfo<</Marked true>>/StructTreeRoot 6 0 R/Lang(id)>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/StructParents 0/Tabs/S\
         /Resources<</Font<</F1 5 0 R>>>>/Annots[10 0 R]>>",
        "<</Length 0>>stream\n/P <</MCID 0>> BDC BT /F1 12 Tf 72 720 Td (Izin) Tj ET EMC\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        "<</Type/StructTreeRoot/K[7 0 R]/ParentTree 8 0 R/ParentTreeNextKey 1>>",
        "<</Type/StructElem/S/Document/P 6 0 R/K[9 0 R]>>",
        "<</Nums[0[9 0 R]]>>",
        "<</Type/StructElem/S/P/P 7 0 R/Pg 3 0 R/K 0>>",
        "<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/Dest[3 0 R/Fit]/P 3 0 R>>",
    ];
    written(&objects, "")
}

/// What the second signatory's program says of the field: entries of its element, and
/// the object that the element is about.
struct Tag<'t> {
    entries: &'t str,
    about: Option<&'t str>,
}

/// A second signature whose program tags its field.
fn signed(file: &[u8], tag: &Tag<'_>) -> Vec<u8> {
    // The field's number depends on how many objects come before it, not on what they say.
    let trial = prepare(file, tag, ObjectId::new(1));
    let pdf = Pdf::read(trial.bytes(), &Limits::default()).expect("a file");
    let fields = signature_fields(&pdf).expect("fields");
    let field = fields.last().expect("a field").id;
    let prepared = prepare(file, tag, field);
    let signer = &WORLD.signer;
    let ready = ToBeSigned::new(prepared, &signer.certificate, signer.key.algorithm());
    WORLD.archived(WORLD.completed(ready), SIGNED + Duration::MINUTE)
}

fn prepare(file: &[u8], tag: &Tag<'_>, field: ObjectId) -> absah::kernel::pdf::signing::Prepared {
    let pdf = Pdf::read(file, &Limits::default()).expect("a file");
    let mut update = Update::new(&pdf);
    let about = tag
        .about
        .map_or_else(|| field.reference(), ToOwned::to_owned);
    let body = format!(
        "<</Type/StructElem/S/Form/P 7 0 R/Pg 3 0 R/K<</Type/OBJR/Obj {about}>>{}>>",
        tag.entries
    );
    let element = add(&mut update, &body);
    append(&mut update, DOCUMENT, "K", &element);
    set(&mut update, TREE, "Nums", &format!("[0[9 0 R]1 {element}]"));
    set(&mut update, ROOT, "ParentTreeNextKey", "2");
    prepare_signature(update, &request(None)).expect("a prepared file")
}

pub fn cases(all: &mut Catalogue) {
    let base = WORLD.b_lta(&tagged(), SIGNED);
    let plain = Tag {
        entries: "",
        about: None,
    };
    all.honest("honest/tagged", base.clone(), passed(), "a tagged document");
    all.honest(
        TWIN,
        signed(&base, &plain),
        passed()
            .modification(Modification::FormFilling)
            .finding(C::LaterSignature),
        "a second signature whose field is tagged, as a tagged document asks for",
    );
    let spoken = Tag {
        entries: "/Alt(Tanda tangan)/T(Tanda tangan)",
        about: None,
    };
    all.honest(
        "honest/tagged-signature-described",
        signed(&base, &spoken),
        passed().modification(Modification::FormFilling),
        "the tag describes the field in words",
    );
    with_a_field(all, &base);
    without(all, &base);
}

/// Beside an honest second signature.
fn with_a_field(all: &mut Catalogue, base: &[u8]) {
    for (name, entries, about, teaches) in [
        (
            "actual-text",
            "/ActualText(Lain)",
            None,
            "a tag that replaces what is read",
        ),
        (
            "expansion",
            "/E(Lain)",
            None,
            "a tag that expands what is read",
        ),
        (
            "attributes",
            "/A<</O/Layout/BBox[0 0 600 900]>>",
            None,
            "a tag with a place of its own",
        ),
        (
            "about-a-link",
            "",
            Some("10 0 R"),
            "a tag for an annotation that was there",
        ),
        ("about-the-page", "", Some("3 0 R"), "a tag for a page"),
    ] {
        all.attack(
            format!("tags/{name}"),
            TWIN,
            signed(base, &Tag { entries, about }),
            changed(),
            teaches,
            "allowing whatever is added to the structure tree beside a signature",
        );
    }
}

/// In an update of its own.
fn without(all: &mut Catalogue, base: &[u8]) {
    let element = |body: &str| {
        updated(base, |u| {
            let element = add(u, body);
            append(u, DOCUMENT, "K", &element);
        })
    };
    let cases = [
        (
            "text-replaced",
            with(base, &[(PARAGRAPH, "ActualText", "(Lain)")]),
            "another text is read aloud",
        ),
        (
            "description",
            with(base, &[(PARAGRAPH, "Alt", "(Lain)")]),
            "another description is read aloud",
        ),
        (
            "kind",
            with(base, &[(PARAGRAPH, "S", "/Artifact")]),
            "a paragraph that is passed over",
        ),
        (
            "paragraph-removed",
            with(base, &[(DOCUMENT, "K", "[]")]),
            "a paragraph that is not read",
        ),
        (
            "paragraph-twice",
            with(base, &[(DOCUMENT, "K", "[9 0 R 9 0 R]")]),
            "a paragraph that is read twice",
        ),
        (
            "roles",
            with(base, &[(ROOT, "RoleMap", "<</P/Artifact>>")]),
            "roles turn paragraphs into something else",
        ),
        (
            "tree-replaced",
            with(base, &[(TREE, "Nums", "[0[7 0 R]]")]),
            "content that belongs to another tag",
        ),
        (
            "tree-extended",
            with(base, &[(TREE, "Nums", "[0[9 0 R]1 9 0 R]")]),
            "a number that leads to a tag that was there",
        ),
        (
            "next-key-lowered",
            with(base, &[(ROOT, "ParentTreeNextKey", "0")]),
            "numbers that are given twice",
        ),
        (
            "root-removed",
            with(base, &[(1, "StructTreeRoot", "null")]),
            "a document that is no longer tagged",
        ),
        (
            "empty-element",
            element("<</Type/StructElem/S/Form/P 7 0 R/K[10 0 R]>>"),
            "a tag beside no signature",
        ),
        (
            "content-again",
            element("<</Type/StructElem/S/Form/P 7 0 R/Pg 3 0 R/K 0>>"),
            "a tag for content that has one",
        ),
    ];
    for (name, file, teaches) in cases {
        all.attack(
            format!("tags/{name}"),
            TWIN,
            file,
            changed(),
            teaches,
            "leaving the structure tree out of the comparison because it draws nothing",
        );
    }
}

//! Certification (ISO 32000-2, 12.8.2.2): evil annotations and sneaky signatures
//! (EAA, SSA), at each level with what that level allows beside it.

use absah::kernel::validation::report::Modification;
use absah::kernel::validation::{FindingCode as C, SubIndication as S};

use super::shadow::signature_field;
use super::wrapping::signature_number;
use crate::base::*;
use crate::case::{Catalogue, changed, changed_by, open};
use crate::edit::{add, append, set, updated, with};

pub fn cases(all: &mut Catalogue) {
    annotations(all);
    remarks(all);
    fields(all);
    loosened(all);
    filled(all);
}

fn note(file: &[u8], body: &str) -> Vec<u8> {
    updated(file, |u| {
        let note = add(u, body);
        append(u, PAGE, "Annots", &note);
    })
}

/// EAA: annotations.
fn annotations(all: &mut Catalogue) {
    let free = "<</Type/Annot/Subtype/FreeText/Rect[0 0 500 800]/Contents(Lain)/DA(/F1 12 Tf)/AP<</N 25 0 R>>>>";
    let stamp = "<</Type/Annot/Subtype/Stamp/Rect[0 0 500 800]/AP<</N 25 0 R>>>>";
    for (p, twin) in [(1, "honest/p1-archived"), (2, "honest/p2-archived")] {
        for (name, body) in [("free-text", free), ("stamp", stamp)] {
            all.attack(
                format!("certification/p{p}-{name}"),
                twin,
                note(at_level(p), body),
                changed_by(C::DocMdpViolated),
                "a certification below level 3 allows no annotation (EAA)",
                "reading the level and not what it forbids",
            );
        }
        all.attack(
            format!("certification/p{p}-link"),
            twin,
            note(at_level(p), "<</Type/Annot/Subtype/Link/Rect[0 0 500 800]/A<</S/URI/URI(http://forged.example)>>>>"),
            changed(),
            "a link is no remark at any level",
            "allowing every subtype of annotation",
        );
    }
    for (name, body, teaches) in [
        (
            "link",
            "<</Type/Annot/Subtype/Link/Rect[0 0 500 800]/Dest[24 0 R/Fit]>>",
            "a link acts",
        ),
        (
            "text-with-action",
            "<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/A<</S/URI/URI(http://forged.example)>>>>",
            "a remark with an action acts",
        ),
        (
            "screen",
            "<</Type/Annot/Subtype/Screen/Rect[0 0 500 800]>>",
            "a screen plays",
        ),
        (
            "redact",
            "<</Type/Annot/Subtype/Redact/Rect[0 0 500 800]>>",
            "a redaction takes away",
        ),
        (
            "file",
            "<</Type/Annot/Subtype/FileAttachment/Rect[0 0 9 9]/FS<<>>>>",
            "an attachment is content",
        ),
        (
            "widget",
            "<</Type/Annot/Subtype/Widget/Rect[0 0 500 800]/AP<</N 25 0 R>>>>",
            "a widget of no field",
        ),
        (
            "no-subtype",
            "<</Type/Annot/Rect[0 0 500 800]/AP<</N 25 0 R>>>>",
            "an annotation of no kind",
        ),
    ] {
        all.attack(
            format!("certification/p3-{name}"),
            "honest/p3-archived",
            note(at_level(3), body),
            changed(),
            teaches,
            "allowing every annotation at level 3",
        );
    }
}

/// What level 3 allows is never shown green: the standard lets a remark cover the page.
fn remarks(all: &mut Catalogue) {
    let undecided = || {
        open(S::SigConstraintsFailure, C::AnnotationsAdded).modification(Modification::Annotations)
    };
    for (name, body) in [
        (
            "free-text",
            "<</Type/Annot/Subtype/FreeText/Rect[0 0 500 800]/Contents(Lain)/DA(/F1 12 Tf)/AP<</N 25 0 R>>>>",
        ),
        (
            "stamp",
            "<</Type/Annot/Subtype/Stamp/Rect[0 0 500 800]/AP<</N 25 0 R>>>>",
        ),
        (
            "note",
            "<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/Contents(x)>>",
        ),
    ] {
        all.attack(
            format!("certification/p3-remark-{name}"),
            "honest/p3-archived",
            note(at_level(3), body),
            undecided(),
            "ISO 32000-2 allows remarks at level 3, and a remark can cover the page",
            "showing green what a stranger wrote upon",
        );
    }
    for (name, key, value) in [
        ("text", "Contents", "(lain)"),
        ("moved", "Rect", "[0 0 600 900]"),
    ] {
        all.attack(
            format!("certification/p3-remark-{name}-changed"),
            "honest/p3-archived",
            with(at_level(3), &[(REMARK, key, value)]),
            undecided(),
            "at level 3 remarks may be changed too",
            "showing green what a stranger wrote upon",
        );
    }
    all.attack(
        "certification/p3-remark-removed",
        "honest/p3-archived",
        with(
            at_level(3),
            &[(PAGE, "Annots", "[7 0 R 8 0 R 9 0 R 11 0 R]")],
        ),
        changed(),
        "level 3 allows annotations to be deleted; ours are part of what was certified",
        "letting an annotation that covered something go",
    );
    all.attack(
        "certification/p3-content",
        "honest/p3-archived",
        with(at_level(3), &[(PAGE, "Contents", "25 0 R")]),
        changed(),
        "no level allows other content",
        "reading level 3 as \"anything\"",
    );
}

const VALUE: &str = "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/ByteRange[0 1 2 3]/Contents<3000>>>";

/// Adds a field on the page.
fn field(file: &[u8], value: Option<&str>, entries: &str) -> Vec<u8> {
    updated(file, |u| {
        let value = value.map_or(String::new(), |value| format!("/V {}", add(u, value)));
        let body = format!("<</Type/Annot/Subtype/Widget/FT/Sig/T(New)/P 3 0 R{value}{entries}>>");
        let new = add(u, &body);
        append(u, FORM, "Fields", &new);
        append(u, PAGE, "Annots", &new);
    })
}

/// SSA: signature fields.
fn fields(all: &mut Catalogue) {
    let seen = "/Rect[0 0 500 800]/F 4/AP<</N 25 0 R>>";
    for (p, twin) in [
        (1, "honest/p1-archived"),
        (2, "honest/p2-second"),
        (3, "honest/p3-second"),
    ] {
        all.attack(
            format!("certification/p{p}-visible-signature"),
            twin,
            field(at_level(p), Some(VALUE), seen),
            changed_by(C::DocMdpViolated),
            "a new signature field draws over a certified page (SSA)",
            "allowing any signature because signing is allowed",
        )
        .signature(1);
        all.attack(
            format!("certification/p{p}-unsigned-field-with-picture"),
            twin,
            field(at_level(p), None, seen),
            changed(),
            "a field that nobody signed shows a picture",
            "allowing signature fields without asking whether they are signed",
        );
        let reused = format!(
            "/V {} 0 R/Rect[0 0 0 0]/F 132",
            signature_number(at_level(p))
        );
        all.attack(
            format!("certification/p{p}-value-reused"),
            twin,
            field(at_level(p), None, &reused),
            changed(),
            "a second field with the certifier's own value looks signed by him",
            "asking whether a field has a valid value and not whose it is",
        );
    }
    all.attack(
        "certification/p1-empty-field",
        "honest/p1-archived",
        field(at_level(1), None, "/Rect[0 0 0 0]/F 132"),
        changed_by(C::DocMdpViolated),
        "level 1 allows no field, not even an empty one",
        "ignoring what shows nothing",
    );
    all.attack(
        "certification/p1-signature",
        "honest/p1-archived",
        field(at_level(1), Some(VALUE), "/Rect[0 0 0 0]/F 132"),
        changed_by(C::DocMdpViolated),
        "level 1 allows no further signature",
        "treating a signature as no change",
    )
    .signature(1);
    let printed = "/Rect[0 0 500 800]/F 36/AP<</N 25 0 R>>";
    all.attack(
        "certification/p2-signature-on-paper",
        "honest/p2-second",
        field(at_level(2), Some(VALUE), printed),
        changed_by(C::DocMdpViolated),
        "a field that the screen does not show and the printer does",
        "taking the flag against viewing for invisible",
    )
    .signature(1);
    let hovered = "/Rect[0 0 500 800]/F 288/AP<</N 25 0 R>>";
    all.attack(
        "certification/p2-signature-under-the-mouse",
        "honest/p2-second",
        field(at_level(2), Some(VALUE), hovered),
        changed_by(C::DocMdpViolated),
        "a field that comes up under the mouse",
        "taking the flag against viewing for invisible",
    )
    .signature(1);
    for (name, entries, teaches) in [
        (
            "acting-field",
            "/Rect[0 0 0 0]/F 132/AA<</U<</S/JavaScript/JS(1)>>>>",
            "a field that acts when it is used",
        ),
        (
            "field-with-action",
            "/Rect[0 0 0 0]/F 132/A<</S/URI/URI(http://forged.example)>>",
            "a field that acts when it is clicked",
        ),
    ] {
        all.attack(
            format!("certification/p2-{name}"),
            "honest/p2-second",
            field(at_level(2), Some(VALUE), entries),
            changed(),
            teaches,
            "looking at the value of a new field alone",
        )
        .signature(1);
    }
    text_fields(all);
}

fn text_fields(all: &mut Catalogue) {
    for (p, twin) in [(2, "honest/p2-filled"), (3, "honest/p3-second")] {
        let twin_file = updated(at_level(p), |u| {
            let new = add(
                u,
                "<</Type/Annot/Subtype/Widget/FT/Tx/T(More)/V(Lain)/P 3 0 R/Rect[0 0 500 800]/AP<</N 25 0 R>>>>",
            );
            append(u, FORM, "Fields", &new);
            append(u, PAGE, "Annots", &new);
        });
        all.attack(
            format!("certification/p{p}-text-field"),
            twin,
            twin_file,
            changed(),
            "filling in is for fields that were there",
            "allowing new fields of any kind",
        );
    }
    all.attack(
        "certification/p2-second-widget",
        "honest/p2-filled",
        updated(at_level(2), |u| {
            let widget = add(
                u,
                "<</Type/Annot/Subtype/Widget/Parent 10 0 R/Rect[0 0 500 800]/AP<</N 25 0 R>>>>",
            );
            append(u, TITLE, "Kids", &widget);
            append(u, PAGE, "Annots", &widget);
        }),
        changed(),
        "a field that was there gets another widget over the page",
        "letting the kids of a field be added to",
    );
}

/// The level itself.
fn loosened(all: &mut Catalogue) {
    let file = at_level(1);
    let number = signature_number(file);
    for (name, twin_file) in [
        (
            "perms-removed",
            with(at_level(2), &[(CATALOG, "Perms", "null")]),
        ),
        (
            "perms-replaced",
            with(at_level(2), &[(CATALOG, "Perms", "<</DocMDP 8 0 R>>")]),
        ),
        (
            "usage-rights",
            with(at_level(2), &[(CATALOG, "Perms", "<</UR3 8 0 R>>")]),
        ),
        (
            "legal",
            with(
                at_level(2),
                &[(CATALOG, "Legal", "<</JavaScriptActions 0>>")],
            ),
        ),
    ] {
        all.attack(
            format!("certification/{name}"),
            "honest/p2-archived",
            twin_file,
            changed(),
            "what says that a document is certified is part of it",
            "reading the level from the catalog of the last revision",
        );
    }
    let loose = with(
        file,
        &[(
            number,
            "Reference",
            "[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/P 3/V/1.2>>>>]",
        )],
    );
    all.attack(
        "certification/level-loosened",
        "honest/p1-archived",
        loose,
        crate::case::format_failure(C::ByteRangeInvalid),
        "an update writes the certifier's dictionary again with a looser level",
        "reading the level from the last version of the dictionary",
    );
    let field = signature_field(file);
    all.attack(
        "certification/field-emptied",
        "honest/p2-archived",
        with(file, &[(field, "V", "null")]),
        changed().finding(C::SignatureRemoved),
        "the certifier's field is emptied while /Perms still names his signature",
        "looking for signatures in fields alone",
    );
}

/// Filling in.
fn filled(all: &mut Catalogue) {
    all.attack(
        "certification/p1-filled",
        "honest/p2-filled",
        with(at_level(1), &[(NOTE, "V", "(new)")]),
        changed_by(C::DocMdpViolated),
        "level 1 allows no form to be filled in",
        "treating form values as no change",
    );
    all.attack(
        "certification/p2-picture-alone",
        "honest/p2-filled",
        with(at_level(2), &[(NOTE, "AP", "<</N 25 0 R>>")]),
        open(S::SigConstraintsFailure, C::AppearanceChanged)
            .modification(Modification::FormFilling),
        "filling in changes a value and its picture, not the picture alone",
        "allowing any /AP at level 2",
    );
    all.attack(
        "certification/p2-filled-and-grown",
        "honest/p2-filled",
        with(
            at_level(2),
            &[(NOTE, "V", "(new)"), (NOTE, "Rect", "[0 0 600 900]")],
        ),
        changed(),
        "a field that is filled in stays where it was",
        "excusing a whole field because its value changed",
    );
    all.attack(
        "certification/p2-filled-and-hidden",
        "honest/p2-filled",
        with(at_level(2), &[(NOTE, "V", "(new)"), (NOTE, "F", "2")]),
        changed(),
        "a field that is filled in stays visible",
        "allowing any flag with a new value",
    );
    all.attack(
        "certification/p2-filled-and-restyled",
        "honest/p2-filled",
        updated(at_level(2), |u| {
            set(u, NOTE, "V", "(new)");
            set(u, FORM, "DA", "(/F1 99 Tf)");
        }),
        changed(),
        "the form's style is not part of filling in",
        "allowing the form dictionary to change",
    );
    all.attack(
        "certification/p2-export-value",
        "honest/p2-filled",
        with(
            at_level(2),
            &[(NOTE, "V", "(new)"), (NOTE, "TM", "(other)")],
        ),
        changed(),
        "the mapping name decides where a value goes",
        "excusing a whole field because its value changed",
    );
}

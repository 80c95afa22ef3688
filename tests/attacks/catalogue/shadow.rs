//! Shadow attacks: what is shown is changed by an update that looks harmless, over an
//! overlay, a font, a layer, a box, a name, an object stream (Mainka, Mladenov,
//! Rohlmann: hide, replace, hide-and-replace).

use absah::kernel::validation::{FindingCode as C, SubIndication as S};

use crate::base::*;
use crate::case::{Catalogue, changed, open};
use crate::edit::{ByHand, add, append, find, id, set, updated, with};
use absah::kernel::validation::report::Modification;

const TWIN: &str = "honest/rich";

pub fn cases(all: &mut Catalogue) {
    single_keys(all);
    streams(all);
    moved(all);
    drawn(all);
    names(all);
    appearances(all);
}

/// One key each.
fn single_keys(all: &mut Catalogue) {
    let edits: &[(&str, (u32, &str, &str), &str)] = &[
        (
            "media-box",
            (PAGE, "MediaBox", "[0 0 595 842]"),
            "a box moved by less than a point is another page",
        ),
        (
            "crop-box",
            (PAGE, "CropBox", "[0 300 595 842]"),
            "a crop box hides the foot of the page",
        ),
        ("rotate", (PAGE, "Rotate", "180"), "rotation is shown"),
        (
            "user-unit",
            (PAGE, "UserUnit", "10"),
            "the unit scales the page",
        ),
        (
            "inherited-box",
            (PAGES, "CropBox", "[0 300 595 842]"),
            "what pages inherit is theirs",
        ),
        (
            "inherited-rotate",
            (PAGES, "Rotate", "90"),
            "what pages inherit is theirs",
        ),
        (
            "page-action",
            (PAGE, "AA", "<</O<</S/GoTo/D[24 0 R/Fit]>>>>"),
            "a page may act when it is opened",
        ),
        (
            "transition",
            (PAGE, "Dur", "1"),
            "a page may be turned by itself",
        ),
        (
            "page-resources",
            (PAGE, "Resources", "<</Font<</F1 20 0 R>>>>"),
            "content means what its resources say",
        ),
        (
            "font-encoding",
            (FONT, "Encoding", "<</Differences[73/J]>>"),
            "an encoding turns letters into others",
        ),
        (
            "font-base",
            (FONT, "BaseFont", "/ZapfDingbats"),
            "another font shows other signs",
        ),
        (
            "font-widths",
            (FONT, "Widths", "[0 0]"),
            "widths move text over text",
        ),
        (
            "font-descriptor",
            (FONT, "FontDescriptor", "null"),
            "a font without its file is replaced by the viewer",
        ),
        (
            "font-file",
            (DESCRIPTOR, "FontFile3", "18 0 R"),
            "the program of a font draws its letters",
        ),
        (
            "to-unicode",
            (FONT, "ToUnicode", "null"),
            "what is copied and searched is read from /ToUnicode",
        ),
        (
            "picture-box",
            (PICTURE, "BBox", "[0 0 600 900]"),
            "a form's box decides what of it is seen",
        ),
        (
            "picture-matrix",
            (PICTURE, "Matrix", "[9 0 0 9 0 0]"),
            "a form's matrix decides where it is",
        ),
        (
            "picture-group",
            (28 - 1, "I", "true"),
            "a group decides how a form is blended",
        ),
        (
            "graphics-state",
            (GRAPHICS_STATE, "ca", "0"),
            "opacity hides what it draws",
        ),
        (
            "picture-layer",
            (PICTURE, "OC", "17 0 R"),
            "a form put on a layer can be switched off",
        ),
        (
            "layer-off",
            (
                CATALOG,
                "OCProperties",
                "<</OCGs[17 0 R]/D<</ON[]/OFF[17 0 R]/Order[17 0 R]>>>>",
            ),
            "a layer switched off hides what was signed",
        ),
        (
            "layer-usage",
            (GROUP, "Usage", "<</Print<</PrintState/OFF>>>>"),
            "a layer may be for the screen alone",
        ),
        (
            "layer-intent",
            (GROUP, "Intent", "/Design"),
            "an intent decides whether a layer counts",
        ),
        (
            "layers-gone",
            (CATALOG, "OCProperties", "null"),
            "layers taken away show all",
        ),
        (
            "open-action",
            (CATALOG, "OpenAction", "[24 0 R/Fit]"),
            "where a document opens is part of it",
        ),
        (
            "page-mode",
            (CATALOG, "PageMode", "/UseOC"),
            "how a document opens is part of it",
        ),
        (
            "viewer-preferences",
            (CATALOG, "ViewerPreferences", "<</DisplayDocTitle true>>"),
            "the window's title may be the document's",
        ),
        (
            "page-labels",
            (CATALOG, "PageLabels", "<</Nums[0<</St 7>>]>>"),
            "page numbers may be renamed",
        ),
        (
            "threads",
            (CATALOG, "Threads", "[]"),
            "articles lead the reader",
        ),
        (
            "output-intent",
            (CATALOG, "OutputIntents", "[<</S/GTS_PDFX>>]"),
            "colours are shown through the intent",
        ),
        (
            "collection",
            (CATALOG, "Collection", "<</View/T>>"),
            "a portfolio shows an attachment instead",
        ),
        (
            "associated-file",
            (CATALOG, "AF", "[18 0 R]"),
            "an associated file is part of the document",
        ),
        (
            "language",
            (CATALOG, "Lang", "(en)"),
            "the language decides how it is read aloud",
        ),
        (
            "uri-base",
            (CATALOG, "URI", "<</Base(http://forged.example/)>>"),
            "a base turns every relative link",
        ),
        (
            "destination",
            (CATALOG, "Dests", "<</a[24 0 R/Fit]>>"),
            "a name leads elsewhere",
        ),
        (
            "name-tree",
            (NAMES, "Dests", "<</Names[(a)[24 0 R/Fit]]>>"),
            "a name tree leads elsewhere",
        ),
        (
            "attachment",
            (NAMES, "EmbeddedFiles", "<</Names[(a)<</Type/Filespec>>]>>"),
            "an attachment is content",
        ),
        (
            "page-templates",
            (NAMES, "Templates", "<</Names[(a)24 0 R]>>"),
            "templates are pages in waiting",
        ),
        (
            "outline",
            (OUTLINE, "Title", "(Lain)"),
            "bookmarks are shown",
        ),
        (
            "outline-target",
            (OUTLINE, "Dest", "[24 0 R/Fit]"),
            "bookmarks lead",
        ),
        (
            "link-target",
            (LINK, "Dest", "[24 0 R/Fit]"),
            "a link leads elsewhere",
        ),
        (
            "link-grown",
            (LINK, "Rect", "[0 0 600 900]"),
            "a link over the whole page",
        ),
        (
            "remark-text",
            (REMARK, "Contents", "(lain)"),
            "a remark that was signed stands",
        ),
        (
            "remark-hidden",
            (REMARK, "F", "2"),
            "hiding a remark changes what is shown",
        ),
    ];
    for (name, edit, teaches) in edits {
        all.attack(
            format!("shadow/{name}"),
            TWIN,
            with(&RICH, &[*edit]),
            changed(),
            teaches,
            "a blacklist of dangerous keys instead of a whitelist of allowed ones",
        );
    }
}

/// Streams whose dictionary stays.
fn streams(all: &mut Catalogue) {
    let edits: &[(&str, u32, &str, &[u8], &str)] = &[
        ("picture-data", PICTURE, "/Type/XObject/Subtype/Form/BBox[0 0 1 1]/Group 27 0 R", b"f", "the data of a form"),
        ("to-unicode-data", TO_UNICODE, "", b"beginother", "the data of a character map"),
        ("font-file-data", FONT_FILE, "/Subtype/Type1C", b"tnof", "the program of a font"),
        ("metadata-title", METADATA, "/Type/Metadata/Subtype/XML", b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about='' xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:title><rdf:Alt><rdf:li xml:lang='x-default'>Lain</rdf:li></rdf:Alt></dc:title></rdf:Description></rdf:RDF></x:xmpmeta>", "the title in XMP is read by archives"),
        ("same-length-content", CONTENT, "", b"BT /F1 12 Tf 72 720 Td (Lain) Tj ET\n/OC /L1 BDC q 9 0 0 9 0 0 cm /G1 gs /X1 Do Q EMC   ", "content of the same length"),
    ];
    for (name, number, entries, data, teaches) in edits {
        let twin = updated(&RICH, |u| {
            u.put_stream(id(*number), entries.as_bytes(), data, false);
        });
        all.attack(
            format!("shadow/{name}"),
            TWIN,
            twin,
            changed(),
            teaches,
            "comparing dictionaries and not what the streams hold",
        );
    }
    all.attack(
        "shadow/external-stream",
        TWIN,
        updated(&RICH, |u| {
            u.put_stream(id(CONTENT), b"/F(http://forged.example/c)", b"", false);
        }),
        changed(),
        "a stream may be in another file, even on the network",
        "opening what /F names",
    );
}

/// Objects that were prepared before signing and take another's place after.
fn moved(all: &mut Catalogue) {
    let file = &*RICH;
    let hidden = find(file, b"25 0 obj\n");
    for (name, number, teaches) in [
        (
            "onto-hidden-content",
            CONTENT,
            "a table alone moves the page's content onto a stream that was hidden before",
        ),
        (
            "onto-hidden-picture",
            PICTURE,
            "a table alone moves a picture onto one that was hidden before",
        ),
    ] {
        // A reader that checks the number in front of `obj` refuses; moved by a copy it reads.
        let body =
            String::from_utf8_lossy(&file[hidden + 9..hidden + find(&file[hidden..], b"\nendobj")])
                .into_owned();
        all.attack(
            format!("shadow/{name}"),
            TWIN,
            ByHand::on(file).object(number, body).finish(),
            changed(),
            teaches,
            "looking at the bytes of an update and not at what they mean",
        );
    }
    let stream = in_object_stream(
        file,
        &[(FONT, "<</Type/Font/Subtype/Type1/BaseFont/ZapfDingbats>>")],
    );
    all.attack(
        "shadow/object-stream",
        "honest/object-stream-same",
        stream,
        changed(),
        "an object stream hides a changed object from a search for its number",
        "searching an update for `5 0 obj`",
    );
    let form = in_object_stream(file, &[(FORM, "<</Fields[7 0 R 8 0 R]/SigFlags 3>>")]);
    all.attack(
        "shadow/form-in-object-stream",
        "honest/object-stream-same",
        form,
        crate::case::unread(
            absah::kernel::validation::Verdict::Unsigned,
            C::SignatureRemoved,
        ),
        "a form rewritten through an object stream loses its signature",
        "searching an update for `6 0 obj`",
    );
}

/// An update whose objects are in an object stream, with a cross-reference stream.
pub fn in_object_stream(file: &[u8], objects: &[(u32, &str)]) -> Vec<u8> {
    let next = crate::edit::next_free(file);
    let (container, table) = (next, next + 1);
    let mut index = String::new();
    let mut bodies = String::new();
    for (number, body) in objects {
        index.push_str(&format!("{number} {} ", bodies.len()));
        bodies.push_str(&format!("{body} "));
    }
    let first = index.len();
    let data = format!("{index}{bodies}");
    let mut out = file.to_vec();
    let held = out.len();
    let count = objects.len();
    let stream = format!(
        "{container} 0 obj\n<</Type/ObjStm/N {count}/First {first}/Length {}>>stream\n{data}\nendstream\nendobj\n",
        data.len()
    );
    out.extend_from_slice(stream.as_bytes());
    let start = out.len();
    let mut rows: Vec<(u32, [u32; 3])> = objects
        .iter()
        .enumerate()
        .map(|(index, (number, _))| (*number, [2, container, u32::try_from(index).expect("few")]))
        .collect();
    rows.push((container, [1, u32::try_from(held).expect("small"), 0]));
    rows.push((table, [1, u32::try_from(start).expect("small"), 0]));
    let mut data = Vec::new();
    let mut sections = String::new();
    for (number, [kind, a, b]) in rows {
        sections.push_str(&format!("{number} 1 "));
        data.push(u8::try_from(kind).expect("a kind"));
        data.extend_from_slice(&a.to_be_bytes());
        data.extend_from_slice(&u16::try_from(b).expect("small").to_be_bytes());
    }
    let pdf = absah::kernel::pdf::Pdf::read(file, &absah::kernel::pdf::Limits::default())
        .expect("a file");
    let head = format!(
        "{table} 0 obj\n<</Type/XRef/Size {}/W[1 4 2]/Index[{sections}]/Root {}/ID[<01><02>]/Info 12 0 R/Prev {}/Length {}>>stream\n",
        table + 1,
        pdf.catalog_id().expect("a catalog").reference(),
        pdf.newest_xref(),
        data.len()
    );
    out.extend_from_slice(head.as_bytes());
    out.extend_from_slice(&data);
    out.extend_from_slice(format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n").as_bytes());
    out
}

/// Annotations over the page.
fn drawn(all: &mut Catalogue) {
    let file = &*RICH;
    let annotation = |body: &str| {
        updated(file, |u| {
            let note = add(u, body);
            append(u, PAGE, "Annots", &note);
        })
    };
    for subtype in [
        "FreeText",
        "Stamp",
        "Square",
        "Ink",
        "Redact",
        "Watermark",
        "Link",
        "Screen",
        "3D",
        "FileAttachment",
        "Widget",
        "Popup",
    ] {
        let body =
            format!("<</Type/Annot/Subtype/{subtype}/Rect[0 0 500 800]/AP<</N 25 0 R>>/F 4>>");
        all.attack(
            format!("shadow/annotation-{}", subtype.to_lowercase()),
            TWIN,
            annotation(&body),
            changed(),
            "an annotation draws over the page, and no certification allows it",
            "trusting that annotations are remarks",
        );
    }
    all.attack(
        "shadow/annotation-removed",
        TWIN,
        with(file, &[(PAGE, "Annots", "[7 0 R 8 0 R 9 0 R 11 0 R]")]),
        changed(),
        "an annotation that covered something is taken away (hide)",
        "looking at what was added alone",
    );
    all.attack(
        "shadow/annotations-reordered",
        TWIN,
        with(
            file,
            &[(PAGE, "Annots", "[8 0 R 7 0 R 9 0 R 11 0 R 23 0 R]")],
        ),
        changed(),
        "the order decides what is on top",
        "comparing annotations as a set",
    );
    all.attack(
        "shadow/annotation-direct",
        TWIN,
        updated(file, |u| {
            append(
                u,
                PAGE,
                "Annots",
                "<</Type/Annot/Subtype/Square/Rect[0 0 9 9]>>",
            );
        }),
        changed(),
        "an annotation without an object number",
        "comparing references alone",
    );
}

/// Names of fields and what is shared with other roles.
fn names(all: &mut Catalogue) {
    let file = &*RICH;
    all.attack(
        "shadow/store-shares-content",
        TWIN,
        updated(file, |u| {
            u.set_in(id(CATALOG), &["DSS", "Certs"], b"[4 0 R]")
                .expect("a store");
            u.put_stream(id(CONTENT), b"", b"BT (Lain) Tj ET", false);
        }),
        changed(),
        "an object in the store may be the page's content as well",
        "excusing an object by one of its names",
    );
    all.attack(
        "shadow/dangling-comes-alive",
        "honest/dangling",
        {
            let base = crate::case::WORLD.b_lta(
                &with(&rich(), &[(PAGE, "Contents", "[4 0 R 99 0 R]")]),
                crate::world::SIGNED,
            );
            ByHand::on(&base)
                .object(99, sized("<</Length 0>>stream\nBT (Lain) Tj ET\nendstream"))
                .trailer(|t| t.replace("/Size ", "/Size 1"))
                .finish()
        },
        changed(),
        "a reference to nothing was signed, and something is put there later",
        "comparing the objects that were there",
    );
    all.attack(
        "shadow/generation",
        TWIN,
        {
            let mut twin = ByHand::on(file)
                .object(
                    CONTENT,
                    sized("<</Length 0>>stream\nBT (Lain) Tj ET\nendstream"),
                )
                .finish();
            let at = crate::edit::find_last(&twin, b"4 0 obj");
            twin[at + 2] = b'1';
            let row = crate::edit::find_last(&twin, b" 00000 n");
            twin[row + 5] = b'1';
            twin
        },
        changed(),
        "the same number in another generation is another object",
        "resolving by number alone",
    );
}

/// Pictures of fields.
fn appearances(all: &mut Catalogue) {
    let file = &*RICH;
    let picture =
        |number: u32, key: &'static str, value: &'static str| with(file, &[(number, key, value)]);
    let undecided = || {
        open(S::SigConstraintsFailure, C::AppearanceChanged).modification(Modification::FormFilling)
    };
    all.attack(
        "shadow/field-picture",
        "honest/filled",
        picture(NOTE, "AP", "<</N 25 0 R>>"),
        undecided(),
        "a field looks different while its value is the same",
        "allowing any /AP because forms may be filled in",
    );
    all.attack(
        "shadow/field-picture-data",
        "honest/filled",
        updated(file, |u| {
            u.put_stream(
                id(APPEARANCE),
                b"/Type/XObject/Subtype/Form/BBox[0 0 1 1]",
                b"f",
                false,
            );
        }),
        undecided(),
        "the stream behind a field's picture is changed in place",
        "comparing the reference and not what it leads to",
    );
    all.attack(
        "shadow/check-box-state",
        "honest/checked",
        picture(CHECK, "AS", "/On"),
        undecided(),
        "a box shows a mark while its value is off",
        "reading the value and showing the state",
    );
    for (name, number, key, value, teaches) in [
        (
            "field-grown",
            NOTE,
            "Rect",
            "[0 0 600 900]",
            "a field grown over the page",
        ),
        ("field-flags", NOTE, "F", "2", "a field is hidden"),
        (
            "field-default-appearance",
            NOTE,
            "DA",
            "(/F1 99 Tf)",
            "a field's own text style",
        ),
        (
            "field-action",
            NOTE,
            "AA",
            "<</K<</S/JavaScript/JS(1)>>>>",
            "a field that acts",
        ),
        (
            "field-icon",
            NOTE,
            "MK",
            "<</BG[1]>>",
            "a field's background",
        ),
        (
            "field-maximum",
            NOTE,
            "MaxLen",
            "1",
            "a field's limit cuts its value",
        ),
        ("field-kind", NOTE, "FT", "/Btn", "a field of another kind"),
        (
            "field-page",
            NOTE,
            "P",
            "24 0 R",
            "a field said to be on another page",
        ),
        (
            "form-style",
            FORM,
            "DA",
            "(/F1 99 Tf)",
            "the form's text style",
        ),
        (
            "form-resources",
            FORM,
            "DR",
            "<</Font<</F1 20 0 R>>>>",
            "the form's fonts",
        ),
        (
            "form-regenerates",
            FORM,
            "NeedAppearances",
            "true",
            "viewers draw every field anew",
        ),
        (
            "form-order",
            FORM,
            "CO",
            "[8 0 R]",
            "the order of calculations",
        ),
        ("form-xfa", FORM, "XFA", "[]", "a second form in XML"),
        ("form-quadding", FORM, "Q", "2", "the alignment of text"),
    ] {
        all.attack(
            format!("shadow/{name}"),
            "honest/filled",
            with(file, &[(number, key, value)]),
            changed(),
            teaches,
            "taking whatever changes in a form for filling it in",
        );
    }
    widget_of_signature(all);
}

/// The signature's own widget.
fn widget_of_signature(all: &mut Catalogue) {
    let file = &*RICH;
    let field = signature_field(file);
    for (name, key, value, teaches) in [
        (
            "signature-widget-grown",
            "Rect",
            "[0 0 600 900]",
            "a signature's widget grown over the page",
        ),
        (
            "signature-renamed",
            "T",
            "(Other)",
            "the name of a signed field",
        ),
        (
            "signature-widget-moved",
            "P",
            "24 0 R",
            "a signature's widget on another page",
        ),
        (
            "signature-lock-loosened",
            "Lock",
            "<</Action/Include/Fields[]>>",
            "a lock added after signing",
        ),
    ] {
        all.attack(
            format!("shadow/{name}"),
            "honest/second-signature",
            with(file, &[(field, key, value)]),
            changed(),
            teaches,
            "leaving signature fields out of the comparison",
        );
    }
    all.attack(
        "shadow/signature-widget-picture",
        "honest/second-signature",
        updated(file, |u| set(u, field, "AP", "<</N 25 0 R>>")),
        open(S::SigConstraintsFailure, C::AppearanceChanged)
            .modification(Modification::FormFilling),
        "a signature's picture says another name",
        "trusting the picture of a signature",
    );
}

/// The object number of the field of the first signature.
pub fn signature_field(file: &[u8]) -> u32 {
    let value = super::wrapping::signature_number(file);
    let needle = format!("/V {value} 0 R");
    let at = find(file, needle.as_bytes());
    let head = file[..at]
        .windows(7)
        .rposition(|w| w == b" 0 obj\n")
        .expect("an object");
    let line = file[..head]
        .iter()
        .rposition(|b| *b == b'\n')
        .expect("a line")
        + 1;
    String::from_utf8_lossy(&file[line..head])
        .parse()
        .expect("a number")
}

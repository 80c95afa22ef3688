//! Changes between revisions: each allowed one with its forbidden twins.
//!
//! The base is written by hand, so that every object has a known number; what
//! comes later is appended by our own incremental writer, or by bytes.

use absah::kernel::pdf::difference::{Change, EdgeCache, ModificationClass, Rules, compare};
use absah::kernel::pdf::signatures::FieldMdp;
use absah::kernel::pdf::signing::DocMdp;
use absah::kernel::pdf::{Limits, ObjectId, Pdf, Update};

use ModificationClass::{Annotations, FormFilling, Illegal, Lta, None as Nothing};

const CATALOG: u32 = 1;
const PAGES: u32 = 2;
const PAGE: u32 = 3;
const CONTENT: u32 = 4;
const FONT: u32 = 5;
const FORM: u32 = 6;
const EMPTY_SIGNATURE: u32 = 7;
const TEXT_FIELD: u32 = 8;
const SIGNED_FIELD: u32 = 9;
const SIGNATURE: u32 = 10;
const LINK: u32 = 11;
const INFO: u32 = 12;
const APPEARANCE: u32 = 13;
const OUTLINE: u32 = 14;

/// A page with text, a link, a signature and two fields still to be filled in.
fn base() -> Vec<u8> {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/Outlines 14 0 R/Dests<</a[3 0 R/Fit]>>\
         /OCProperties<</D<</ON[]>>>>>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595.275590551 842]/Contents 4 0 R\
         /Resources<</Font<</F1 5 0 R>>>>/Annots[7 0 R 8 0 R 9 0 R 11 0 R]>>",
        "<</Length 12>>stream\nBT (a) Tj ET\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        "<</Fields[7 0 R 8 0 R 9 0 R]/SigFlags 1/DA(/F1 0 Tf)/DR<</Font<</F1 5 0 R>>>>>>",
        "<</Type/Annot/Subtype/Widget/FT/Sig/T(Second)/Rect[10 10 90 60]/P 3 0 R>>",
        "<</Type/Annot/Subtype/Widget/FT/Tx/T(Note)/V(old)/Rect[10 100 90 120]/P 3 0 R\
         /AP<</N 13 0 R>>>>",
        "<</Type/Annot/Subtype/Widget/FT/Sig/T(First)/V 10 0 R/Rect[100 10 190 60]/P 3 0 R>>",
        "<</Type/Sig/Filter/Adobe.PPKLite/ByteRange[0 1 2 3]/Contents<00>>>",
        "<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/Dest[3 0 R/Fit]/P 3 0 R>>",
        "<</Title(Permit)/ModDate(D:2026)>>",
        "<</Type/XObject/Subtype/Form/BBox[0 0 1 1]/Length 1>>stream\nn\nendstream",
        "<</Type/Outlines/First 15 0 R/Last 15 0 R>>",
        "<</Title(One)/Parent 14 0 R/Dest[3 0 R/Fit]>>",
    ];
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (index, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.extend_from_slice(format!("{} 0 obj\n{object}\nendobj\n", index + 1).as_bytes());
    }
    let start = file.len();
    table.push_str(&format!(
        "trailer\n<</Size {}/Root 1 0 R/Info 12 0 R/ID[<01><01>]>>\nstartxref\n{start}\n%%EOF\n",
        objects.len() + 1
    ));
    file.extend_from_slice(table.as_bytes());
    file
}

fn id(number: u32) -> ObjectId {
    ObjectId::new(number)
}

pub fn updated(file: &[u8], edit: impl Fn(&mut Update<'_>)) -> Vec<u8> {
    let pdf = Pdf::read(file, &Limits::default()).expect("a readable base");
    let mut update = Update::new(&pdf);
    edit(&mut update);
    update.finish().expect("an update")
}

fn changes(old: &[u8], new: &[u8], rules: &Rules) -> Vec<Change> {
    let limits = Limits::default();
    let old = Pdf::read(old, &limits).expect("the signed revision");
    let new = Pdf::read(new, &limits).expect("the whole file");
    compare(&old, &new, rules, &mut EdgeCache::default()).expect("a comparison")
}

fn class(rules: &Rules, edit: impl Fn(&mut Update<'_>)) -> ModificationClass {
    let base = base();
    let changes = changes(&base, &updated(&base, edit), rules);
    Change::class_of(&changes)
}

fn certified(level: DocMdp) -> Rules {
    Rules {
        doc_mdp: Some(level),
        locks: Vec::new(),
    }
}

/// Without a certification, and with one of each level.
fn under_each(edit: impl Fn(&mut Update<'_>)) -> [ModificationClass; 4] {
    [
        class(&Rules::default(), &edit),
        class(&certified(DocMdp::NoChanges), &edit),
        class(&certified(DocMdp::FormFilling), &edit),
        class(&certified(DocMdp::Annotations), &edit),
    ]
}

pub fn set(update: &mut Update<'_>, number: u32, key: &str, value: &str) {
    update
        .set(id(number), key, value.as_bytes())
        .expect("an object to change");
}

fn append(update: &mut Update<'_>, number: u32, key: &str, item: ObjectId) {
    update
        .append(id(number), key, item.reference().as_bytes())
        .expect("an array to change");
}

fn add(update: &mut Update<'_>, body: &str) -> ObjectId {
    update.add(body.as_bytes().to_vec())
}

const TIMESTAMP: &str =
    "<</Type/DocTimeStamp/SubFilter/ETSI.RFC3161/ByteRange[0 1 2 3]/Contents<00>>>";
const SIGNED: &str = "<</Type/Sig/SubFilter/ETSI.CAdES.detached/ByteRange[0 1 2 3]/Contents<00>>>";

/// Adds a field with a value on the page.
fn field(update: &mut Update<'_>, value: Option<&str>, entries: &str) {
    let value = value.map_or(String::new(), |value| {
        format!("/V {}", add(update, value).reference())
    });
    let body = format!("<</Type/Annot/Subtype/Widget/FT/Sig/T(New)/P 3 0 R{value}{entries}>>");
    let field = add(update, &body);
    append(update, FORM, "Fields", field);
    append(update, PAGE, "Annots", field);
}

const UNSEEN: &str = "/Rect[0 0 0 0]/F 132";

#[test]
fn no_update_is_no_change() {
    let base = base();
    assert!(changes(&base, &base, &Rules::default()).is_empty());
}

#[test]
fn an_object_written_again_is_the_same() {
    let found = class(&Rules::default(), |update| {
        let font = b"<< /BaseFont /Helvetica /Type /Font\n/Subtype /Type1 >>";
        update.replace(id(FONT), font.to_vec());
        // The same string in another notation.
        update.replace(
            id(INFO),
            b"<</ModDate<443a32303236>/Title(Permit)>>".to_vec(),
        );
        add(update, "<</Unused true>>");
    });
    assert_eq!(found, Nothing);
}

#[test]
fn validation_data_is_allowed_at_every_level() {
    let found = under_each(|update| {
        let data = update.add_stream(b"", b"certificate", true);
        let store = add(
            update,
            &format!("<</Type/DSS/Certs[{}]>>", data.reference()),
        );
        set(update, CATALOG, "DSS", &store.reference());
        set(
            update,
            CATALOG,
            "Extensions",
            "<</ESIC<</BaseVersion/1.7/ExtensionLevel 5>>>>",
        );
        set(update, INFO, "ModDate", "(D:2027)");
    });
    assert_eq!(found, [Lta; 4]);
}

#[test]
fn a_store_does_not_excuse_what_it_shares() {
    let found = under_each(|update| {
        set(update, CATALOG, "DSS", "<</Certs[4 0 R]>>");
        update.put_stream(id(CONTENT), b"", b"BT (b) Tj ET", false);
    });
    assert_eq!(found, [Illegal; 4]);
}

#[test]
fn a_document_timestamp_is_allowed_at_every_level() {
    assert_eq!(
        under_each(|update| field(update, Some(TIMESTAMP), UNSEEN)),
        [Lta; 4]
    );
}

#[test]
fn a_timestamp_that_draws_is_a_visible_field() {
    let found = under_each(|update| field(update, Some(TIMESTAMP), "/Rect[0 0 99 99]"));
    assert_eq!(found, [FormFilling, Illegal, Illegal, Illegal]);
}

#[test]
fn a_field_that_was_there_may_be_signed() {
    let sign = |update: &mut Update<'_>| {
        let value = add(update, SIGNED);
        let picture = add(update, "<</Type/XObject>>");
        set(update, EMPTY_SIGNATURE, "V", &value.reference());
        set(
            update,
            EMPTY_SIGNATURE,
            "AP",
            &format!("<</N {}>>", picture.reference()),
        );
        set(update, EMPTY_SIGNATURE, "F", "132");
        set(update, FORM, "SigFlags", "3");
    };
    assert_eq!(
        under_each(sign),
        [FormFilling, Illegal, FormFilling, FormFilling]
    );
    let grown = |update: &mut Update<'_>| {
        sign(update);
        set(update, EMPTY_SIGNATURE, "Rect", "[0 0 500 500]");
    };
    assert_eq!(under_each(grown), [Illegal; 4]);
    let lock = |lock| Rules {
        locks: vec![lock],
        ..Rules::default()
    };
    assert_eq!(
        class(&lock(FieldMdp::Include(vec!["Second".to_owned()])), sign),
        Illegal
    );
    assert_eq!(
        class(&lock(FieldMdp::Include(vec!["Note".to_owned()])), sign),
        FormFilling
    );
}

#[test]
fn a_further_signature_may_bring_its_field() {
    let unseen = under_each(|update| field(update, Some(SIGNED), UNSEEN));
    assert_eq!(unseen, [FormFilling, Illegal, FormFilling, FormFilling]);
    // On a certified page a new field may not draw.
    let seen = under_each(|update| field(update, Some(SIGNED), "/Rect[0 0 99 99]"));
    assert_eq!(seen, [FormFilling, Illegal, Illegal, Illegal]);
}

#[test]
fn an_empty_field_shows_nothing() {
    let empty = under_each(|update| field(update, None, UNSEEN));
    assert_eq!(empty, [FormFilling, Illegal, FormFilling, FormFilling]);
    let drawn = under_each(|update| field(update, None, "/Rect[0 0 99 99]/AP<</N 13 0 R>>"));
    assert_eq!(drawn, [Illegal; 4]);
    let hidden = under_each(|update| field(update, None, "/Rect[0 0 0 0]/AP<</N 13 0 R>>"));
    assert_eq!(hidden, [Illegal; 4]);
}

#[test]
fn a_new_field_that_acts_is_refused() {
    let acting = format!("{UNSEEN}/AA<</U<</S/JavaScript/JS(x)>>>>");
    assert_eq!(
        under_each(|update| field(update, Some(SIGNED), &acting)),
        [Illegal; 4]
    );
}

#[test]
fn a_signature_belongs_to_one_field() {
    let shared = under_each(|update| field(update, None, &format!("{UNSEEN}/V 10 0 R")));
    assert_eq!(shared, [Illegal; 4]);
}

#[test]
fn a_form_may_be_filled_in() {
    let fill = |update: &mut Update<'_>| {
        set(update, TEXT_FIELD, "V", "(new)");
        let picture = add(update, "<</Type/XObject>>");
        set(
            update,
            TEXT_FIELD,
            "AP",
            &format!("<</N {}>>", picture.reference()),
        );
    };
    assert_eq!(
        under_each(fill),
        [FormFilling, Illegal, FormFilling, FormFilling]
    );
    let locked = Rules {
        doc_mdp: None,
        locks: vec![FieldMdp::Exclude(vec!["Second".to_owned()])],
    };
    assert_eq!(class(&locked, fill), Illegal);
}

#[test]
fn a_picture_without_a_new_value_is_noted_as_such() {
    let base = base();
    let new = updated(&base, |update| {
        update.put_stream(
            id(APPEARANCE),
            b"/Type/XObject/Subtype/Form/BBox[0 0 1 1]",
            b"f",
            false,
        );
    });
    let found = changes(&base, &new, &Rules::default());
    assert!(matches!(
        found.as_slice(),
        [change] if change.kind == absah::kernel::pdf::difference::ChangeKind::Appearance
    ));
}

#[test]
fn annotations_need_a_certification_that_allows_them() {
    let note = |subtype: &'static str| {
        move |update: &mut Update<'_>| {
            let body = format!("<</Type/Annot/Subtype/{subtype}/Rect[0 0 99 99]/Contents(x)>>");
            let note = add(update, &body);
            append(update, PAGE, "Annots", note);
        }
    };
    assert_eq!(
        under_each(note("FreeText")),
        [Illegal, Illegal, Illegal, Annotations]
    );
    assert_eq!(
        under_each(note("Stamp")),
        [Illegal, Illegal, Illegal, Annotations]
    );
    assert_eq!(under_each(note("Link")), [Illegal; 4]);
    assert_eq!(under_each(note("Widget")), [Illegal; 4]);
}

/// One edit each that changes what is shown or done, whatever the certification.
#[test]
fn everything_else_is_illegal_at_every_level() {
    type Edit = fn(&mut Update<'_>);
    let edits: &[(&str, Edit)] = &[
        ("content", |u| {
            u.put_stream(id(CONTENT), b"", b"BT (b) Tj ET", false);
        }),
        ("font", |u| set(u, FONT, "BaseFont", "/Courier")),
        ("encoding", |u| set(u, FONT, "Encoding", "/WinAnsiEncoding")),
        ("media box", |u| {
            set(u, PAGE, "MediaBox", "[0 0 595.2756 842]");
        }),
        ("crop box", |u| set(u, PAGE, "CropBox", "[0 0 5 5]")),
        ("rotation", |u| set(u, PAGE, "Rotate", "90")),
        ("page added", |u| {
            let page = add(u, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>");
            append(u, PAGES, "Kids", page);
        }),
        ("page removed", |u| set(u, PAGES, "Kids", "[]")),
        ("page twice", |u| set(u, PAGES, "Kids", "[3 0 R 3 0 R]")),
        ("inherited box", |u| set(u, PAGES, "CropBox", "[0 0 5 5]")),
        ("open action", |u| {
            set(u, CATALOG, "OpenAction", "<</S/JavaScript/JS(x)>>");
        }),
        ("names", |u| set(u, CATALOG, "Names", "<</JavaScript<<>>>>")),
        ("optional content", |u| {
            set(u, CATALOG, "OCProperties", "<</D<</OFF[]>>>>");
        }),
        ("destination", |u| {
            set(u, CATALOG, "Dests", "<</a[3 0 R/FitH 0]>>");
        }),
        ("outline", |u| set(u, OUTLINE + 1, "Title", "(Two)")),
        ("default appearance", |u| set(u, FORM, "DA", "(/F1 9 Tf)")),
        ("need appearances", |u| {
            set(u, FORM, "NeedAppearances", "true");
        }),
        ("form resource", |u| {
            set(u, FORM, "DR", "<</Font<</F1 13 0 R>>>>");
        }),
        ("signature flags cleared", |u| set(u, FORM, "SigFlags", "0")),
        ("XFA", |u| set(u, FORM, "XFA", "[]")),
        ("field removed", |u| set(u, FORM, "Fields", "[7 0 R 8 0 R]")),
        ("form removed", |u| set(u, CATALOG, "AcroForm", "null")),
        ("signature replaced", |u| {
            set(u, SIGNATURE, "Contents", "<01>");
        }),
        ("signature moved", |u| {
            let other = add(u, SIGNED);
            set(u, SIGNED_FIELD, "V", &other.reference());
        }),
        ("signature dropped", |u| set(u, SIGNED_FIELD, "V", "null")),
        ("signature grown", |u| {
            set(u, SIGNED_FIELD, "Rect", "[0 0 500 500]");
        }),
        ("field renamed", |u| set(u, SIGNED_FIELD, "T", "(Other)")),
        ("annotation removed", |u| {
            set(u, PAGE, "Annots", "[7 0 R 8 0 R 9 0 R]");
        }),
        ("annotations reordered", |u| {
            set(u, PAGE, "Annots", "[8 0 R 7 0 R 9 0 R 11 0 R]");
        }),
        ("link moved", |u| set(u, LINK, "Dest", "[3 0 R/FitH 0]")),
        ("title", |u| set(u, INFO, "Title", "(Other)")),
        ("date alone", |u| set(u, INFO, "ModDate", "(D:2028)")),
        ("object gone", |u| u.replace(id(FONT), b"null".to_vec())),
        ("text field made a signature", |u| {
            set(u, TEXT_FIELD, "FT", "/Sig");
        }),
    ];
    for (name, edit) in edits {
        assert_eq!(under_each(edit), [Illegal; 4], "{name}");
    }
}

#[test]
fn another_catalog_is_illegal() {
    let base = base();
    let mut new = updated(&base, |update| {
        add(update, "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R>>");
    });
    let root = new
        .windows(12)
        .rposition(|w| w == b"/Root 1 0 R/")
        .or_else(|| new.windows(11).rposition(|w| w == b"/Root 1 0 R"));
    let at = root.expect("a trailer") + 6;
    new.splice(at..at + 1, *b"16");
    assert_eq!(
        Change::class_of(&changes(&base, &new, &Rules::default())),
        Illegal
    );
}

#[test]
fn a_dangling_reference_that_comes_alive_is_seen() {
    // Object 20 is referred to by the signed page and does not exist yet.
    let base = updated(&base(), |update| {
        set(update, PAGE, "Contents", "[4 0 R 18 0 R]");
        for _ in 0..4 {
            add(update, "null");
        }
    });
    let new = updated(&base, |update| {
        update.put_stream(id(18), b"", b"BT (b) Tj ET", false);
    });
    assert_eq!(
        Change::class_of(&changes(&base, &new, &Rules::default())),
        Illegal
    );
}

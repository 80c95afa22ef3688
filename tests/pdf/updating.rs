//! Incremental updates: bytes are added, never changed.

use crate::files::{File, MEDIA_BOX};
use crate::support::tools;
use absah::kernel::pdf::{Limits, ObjectId, Pdf, SectionForm, Update};

fn layouts() -> [Vec<u8>; 3] {
    let file = File::new().with(6, "[]").with_page("/Annots 6 0 R");
    [file.classic(), file.streams(), file.office(&[5, 6], |_| {})]
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn earlier_bytes_stay_and_numbers_survive() {
    for base in layouts() {
        let pdf = Pdf::read(&base, &Limits::default()).unwrap();
        let mut update = Update::new(&pdf);
        update.set(ObjectId::new(3), "Rotate", b"90").unwrap();
        let annotation = update.add(b"<</Type/Annot/Subtype/Text/Rect[0 0 9 9]>>".to_vec());
        let reference = annotation.reference();
        update
            .append(ObjectId::new(3), "Annots", reference.as_bytes())
            .unwrap();
        let newer = update.finish().unwrap();
        assert!(newer.starts_with(&base));
        let added = text(&newer[base.len()..]);
        assert!(added.contains(MEDIA_BOX), "{added}");
        let pdf = Pdf::read(&newer, &Limits::default()).unwrap();
        let page = pdf.page(1).unwrap().unwrap();
        let annots = pdf.get(&page.dictionary, "Annots").unwrap();
        assert_eq!(
            annots.as_array().unwrap().get(0).unwrap().as_reference(),
            Some(annotation)
        );
    }
}

#[test]
fn the_form_of_the_newest_section_is_kept() {
    let forms = [SectionForm::Table, SectionForm::Stream, SectionForm::Table];
    for (base, form) in layouts().into_iter().zip(forms) {
        let pdf = Pdf::read(&base, &Limits::default()).unwrap();
        let newest = pdf.newest_xref();
        let mut update = Update::new(&pdf);
        update.set(ObjectId::new(1), "Lang", b"(id)").unwrap();
        let newer = update.finish().unwrap();
        let pdf = Pdf::read(&newer, &Limits::default()).unwrap();
        assert_eq!(pdf.newest_form(), form);
        let trailer = pdf.trailer().unwrap();
        assert_eq!(trailer.get("XRefStm"), None);
        let previous = trailer.get("Prev").unwrap().as_integer().unwrap();
        assert_eq!(usize::try_from(previous).unwrap(), newest);
        assert_eq!(
            trailer.get("Root").unwrap().as_reference(),
            Some(ObjectId::new(1))
        );
    }
}

#[test]
fn the_identifier_keeps_its_first_part_and_changes_its_second() {
    let base = File::new().classic();
    let identifier = |bytes: &[u8]| {
        let pdf = Pdf::read(bytes, &Limits::default()).unwrap();
        let id = pdf
            .trailer()
            .unwrap()
            .get("ID")
            .unwrap()
            .as_array()
            .unwrap()
            .clone();
        let part = |index| {
            id.get(index)
                .unwrap()
                .as_string()
                .unwrap()
                .bytes()
                .into_owned()
        };
        (part(0), part(1))
    };
    let update = |bytes: &[u8], value: &str| {
        let pdf = Pdf::read(bytes, &Limits::default()).unwrap();
        let mut update = Update::new(&pdf);
        update
            .set(ObjectId::new(1), "Lang", value.as_bytes())
            .unwrap();
        update.finish().unwrap()
    };
    let (first, second) = identifier(&base);
    let one = update(&base, "(id)");
    let other = update(&base, "(en)");
    assert_eq!(identifier(&one).0, first);
    assert_ne!(identifier(&one).1, second);
    assert_ne!(identifier(&one).1, identifier(&other).1);
    assert_ne!(identifier(&update(&one, "(id)")).1, identifier(&one).1);
}

#[test]
fn nested_keys_through_references() {
    let base = File::new()
        .with_page("/Resources 6 0 R")
        .with(6, "<</Font<</F1 5 0 R>>/ProcSet[/PDF]>>")
        .classic();
    let pdf = Pdf::read(&base, &Limits::default()).unwrap();
    let mut update = Update::new(&pdf);
    let page = ObjectId::new(3);
    update
        .set_in(page, &["Resources", "XObject", "Qr"], b"9 0 R")
        .unwrap();
    update
        .set_in(page, &["Resources", "Font", "F2"], b"5 0 R")
        .unwrap();
    assert_eq!(
        text(&update.current(ObjectId::new(6)).unwrap()),
        "<</Font <</F1 5 0 R/F2 5 0 R>>/ProcSet[/PDF]/XObject <</Qr 9 0 R>>>>"
    );
    let added = text(&update.finish().unwrap()[base.len()..]);
    assert!(!added.contains("3 0 obj"), "the page itself did not change");
}

#[test]
fn the_place_of_an_object_is_known() {
    for base in layouts() {
        let pdf = Pdf::read(&base, &Limits::default()).unwrap();
        let mut update = Update::new(&pdf);
        let id = update.add(b"<</Hole 1>>".to_vec());
        let mut out = base.clone();
        let offset = update
            .seal()
            .unwrap()
            .append_to(&mut out)
            .body_of(id)
            .unwrap();
        assert!(out[offset..].starts_with(b"<</Hole 1>>"));
    }
}

#[test]
fn qpdf_has_nothing_to_say() {
    let folder = tempfile::tempdir().unwrap();
    for (index, base) in layouts().into_iter().enumerate() {
        let pdf = Pdf::read(&base, &Limits::default()).unwrap();
        let mut update = Update::new(&pdf);
        update.set(ObjectId::new(1), "Lang", b"(id)").unwrap();
        let once = update.finish().unwrap();
        let pdf = Pdf::read(&once, &Limits::default()).unwrap();
        let mut update = Update::new(&pdf);
        let stream = update.add_stream(b"/Type/Metadata/Subtype/XML", &[b'x'; 999], true);
        update
            .set(ObjectId::new(1), "Metadata", stream.reference().as_bytes())
            .unwrap();
        let name = format!("{index}.pdf");
        std::fs::write(folder.path().join(&name), update.finish().unwrap()).unwrap();
        let said = tools::must(folder.path(), "qpdf", &["--check", &name]);
        assert!(!said.contains("WARNING"), "{said}");
    }
}

#[test]
fn linearized_files_have_one_revision() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("in.pdf"), File::new().classic()).unwrap();
    for mode in ["--object-streams=disable", "--object-streams=generate"] {
        tools::must(
            folder.path(),
            "qpdf",
            &["--linearize", mode, "in.pdf", "out.pdf"],
        );
        let base = std::fs::read(folder.path().join("out.pdf")).unwrap();
        let pdf = Pdf::read(&base, &Limits::default()).unwrap();
        assert_eq!(pdf.revisions().len(), 1);
        let mut update = Update::new(&pdf);
        update
            .set(pdf.catalog_id().unwrap(), "Lang", b"(id)")
            .unwrap();
        let newer = update.finish().unwrap();
        let pdf = Pdf::read(&newer, &Limits::default()).unwrap();
        assert_eq!(pdf.revisions().len(), 2);
        std::fs::write(folder.path().join("new.pdf"), &newer).unwrap();
        tools::must(folder.path(), "qpdf", &["--check", "new.pdf"]);
    }
}

//! The strict reader: every layout read, every damage refused.

use crate::files::{File, swap};
use absah::kernel::pdf::{Fault, Limits, Object, ObjectId, Pdf, PdfError};

fn fault(bytes: &[u8]) -> Fault {
    Pdf::read(bytes, &Limits::default()).unwrap_err().fault
}

fn is_damaged(bytes: &[u8]) -> bool {
    matches!(fault(bytes), Fault::DamagedXref(_))
}

/// What a file shows, read through the page tree.
fn content(bytes: &[u8]) -> Result<Vec<u8>, PdfError> {
    let pdf = Pdf::read(bytes, &Limits::default())?;
    let page = pdf.page(1)?.unwrap();
    let content = pdf.get(&page.dictionary, "Contents")?;
    Ok(pdf.stream_data(content.as_stream().unwrap())?.into_owned())
}

#[test]
fn every_layout_shows_the_same() {
    let file = File::new();
    let layouts = [
        file.classic(),
        file.streams(),
        file.office(&[5], |_| {}),
        file.office(&[], |_| {}),
    ];
    for bytes in layouts {
        assert_eq!(
            content(&bytes).unwrap(),
            b"BT /F1 12 Tf 50 700 Td (Izin) Tj ET"
        );
        let pdf = Pdf::read(&bytes, &Limits::default()).unwrap();
        let font = pdf.object(ObjectId::new(5)).unwrap();
        assert!(
            font.as_dictionary()
                .unwrap()
                .has_name("BaseFont", "Helvetica")
        );
    }
}

#[test]
fn free_and_unknown_objects_are_null() {
    let bytes = File::new().classic();
    let pdf = Pdf::read(&bytes, &Limits::default()).unwrap();
    let other_generation = ObjectId {
        number: 5,
        generation: 1,
    };
    for id in [ObjectId::new(0), ObjectId::new(99), other_generation] {
        assert_eq!(pdf.object(id).unwrap(), Object::Null);
    }
}

#[test]
fn a_file_begins_and_ends_as_it_must() {
    let bytes = File::new().classic();
    assert_eq!(fault(&[b"\n", &bytes[..]].concat()), Fault::NotAPdf);
    assert_eq!(fault(b""), Fault::NotAPdf);
    assert_eq!(fault(b"hello"), Fault::NotAPdf);
    assert!(is_damaged(&bytes[..bytes.len() - 3]));
    assert!(is_damaged(&bytes[..bytes.len() / 2]));
    assert!(is_damaged(&[&bytes[..], b"PK\x03\x04"].concat()));
    assert!(content(&[&bytes[..], b"\r\n\n"].concat()).is_ok());
}

#[test]
fn offsets_are_never_guessed() {
    let bytes = File::new().classic();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let start: usize = text
        .split("startxref\n")
        .nth(1)
        .unwrap()
        .split('\n')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    let wrong = swap(
        &bytes,
        &format!("startxref\n{start}"),
        &format!("startxref\n{}", start - 1),
    );
    assert!(is_damaged(&wrong));
    let moved = swap(&bytes, "3 0 obj", "9 0 obj");
    let error = content(&moved).unwrap_err();
    assert!(matches!(error.fault, Fault::DamagedXref(_)));
    assert_eq!(error.object, Some(ObjectId::new(3)));
    assert!(content(&swap(&bytes, "/Length 35", "/Length 34")).is_err());
    assert!(content(&swap(&bytes, "/Length 35", "/Length 99")).is_err());
    assert!(is_damaged(&swap(&bytes, "/Size 6", "/Size 5")));
}

#[test]
fn circles_end() {
    let bytes = File::new().classic();
    let table = b"xref\n0 6";
    let start = bytes.windows(8).position(|window| window == table).unwrap();
    let looped = File::new()
        .with_trailer(&format!("/Prev {start}"))
        .classic();
    assert!(is_damaged(&looped));
    let tree = File::new()
        .with(2, "<</Type/Pages/Kids[3 0 R 2 0 R]/Count 2>>")
        .classic();
    let pdf = Pdf::read(&tree, &Limits::default()).unwrap();
    assert!(matches!(
        pdf.pages().unwrap_err().fault,
        Fault::Structure(_)
    ));
    let length = File::new()
        .with(4, "<</Length 4 0 R>>\nstream\nx\nendstream")
        .classic();
    assert!(content(&length).is_err());
}

#[test]
fn indirect_lengths() {
    let base = File::new().with(6, "35").with(
        4,
        "<</Length 6 0 R>>\nstream\nBT /F1 12 Tf 50 700 Td (Izin) Tj ET\nendstream",
    );
    for bytes in [base.classic(), base.streams()] {
        assert_eq!(content(&bytes).unwrap().len(), 35);
    }
}

#[test]
fn hybrid_views_must_agree() {
    let file = File::new();
    let moved = file.office(&[5], |offsets| {
        let other = offsets[&2];
        offsets.insert(4, other);
    });
    assert_eq!(fault(&moved), Fault::HybridConflict);
    let freed = file.office(&[5], |offsets| {
        offsets.remove(&4);
    });
    assert_eq!(fault(&freed), Fault::HybridConflict);
}

#[test]
fn encryption_and_duplicates() {
    let encrypted = File::new().with_trailer("/Encrypt 5 0 R").classic();
    assert_eq!(fault(&encrypted), Fault::Encrypted);
    let twice = File::new().with_page("/Rotate 0/Rotate 90").classic();
    let error = content(&twice).unwrap_err();
    assert_eq!(error.fault, Fault::DuplicateKey("Rotate".into()));
    assert_eq!(error.object, Some(ObjectId::new(3)));
}

#[test]
fn limits_hold() {
    let bytes = File::new().classic();
    let read = |limits: Limits| Pdf::read(&bytes, &limits).map(|pdf| pdf.size());
    let small = Limits {
        file_size: 100,
        ..Limits::default()
    };
    assert!(matches!(
        read(small).unwrap_err().fault,
        Fault::TooLarge { .. }
    ));
    let parsed = Limits {
        parsed: 100,
        ..Limits::default()
    };
    let pdf = Pdf::read(&bytes, &parsed).unwrap();
    assert!(matches!(
        pdf.pages().unwrap_err().fault,
        Fault::TooComplex { .. }
    ));
}

#[test]
fn revisions_are_prefixes() {
    for base in [
        File::new().classic(),
        File::new().streams(),
        File::new().office(&[5], |_| {}),
    ] {
        let limits = Limits::default();
        let pdf = Pdf::read(&base, &limits).unwrap();
        let before = pdf.revisions().len();
        let mut update = absah::kernel::pdf::Update::new(&pdf);
        update
            .set(pdf.catalog_id().unwrap(), "Lang", b"(id)")
            .unwrap();
        let newer = update.finish().unwrap();
        let pdf = Pdf::read(&newer, &limits).unwrap();
        let revisions = pdf.revisions();
        assert_eq!(revisions.len(), before + 1);
        assert_eq!(revisions[before - 1].end, base.len());
        assert_eq!(revisions[before].end, newer.len());
        for revision in revisions {
            assert!(Pdf::read(&newer[..revision.end], &limits).is_ok());
        }
    }
}

#[test]
fn pages_inherit() {
    let bytes = File::new()
        .with(2, "<</Type/Pages/Kids[6 0 R 7 0 R]/Count 2/Rotate 90>>")
        .with(6, "<</Type/Pages/Kids[3 0 R]/Count 1/CropBox[1 2 3 4]>>")
        .with(
            7,
            "<</Type/Page/Parent 2 0 R/Rotate 180/MediaBox[0 0 9 9]>>",
        )
        .classic();
    let pdf = Pdf::read(&bytes, &Limits::default()).unwrap();
    let pages = pdf.pages().unwrap();
    let rotations: Vec<_> = pages
        .iter()
        .map(|page| page.attribute("Rotate").and_then(Object::as_integer))
        .collect();
    assert_eq!(rotations, [Some(90), Some(180)]);
    assert!(pages[0].attribute("CropBox").is_some() && pages[1].attribute("CropBox").is_none());
    assert_eq!(pdf.page(2).unwrap().unwrap().id, ObjectId::new(7));
    assert!(pdf.page(3).unwrap().is_none());
}

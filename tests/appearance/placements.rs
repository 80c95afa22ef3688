//! Placements on pages of every rotation, crop and unit, and the codes drawn on
//! further pages: where the ink is, as hayro and poppler draw it.

use absah::kernel::pdf::appearance::{
    Arrangement, BlockPrinter, Certifier, SignatureBlock, Template,
};
use absah::kernel::pdf::placement::{
    Anchor, Occurrence, Placed, Placement, PlacementError, Tag, resolve,
};
use absah::kernel::pdf::qr::{QrCode, QrPageError, draw_on_page};
use absah::kernel::pdf::render::{GrayPicture, Pages, View};
use absah::kernel::pdf::sheet::NewFile;
use absah::kernel::pdf::sink::ObjectSink;
use absah::kernel::pdf::{Limits, Pdf, Update};

use crate::support::{file, keep, read_with_zbar, run, sample_permit};

const URL: &str = "https://izin.nusacontoh.example/v/7K3M-9QWX-2B4D-HT5R-8";

/// A page of Helvetica text with further page entries.
fn page(entries: &str, content: &str) -> Vec<u8> {
    pages(&[(entries, content)])
}

fn pages(pages: &[(&str, &str)]) -> Vec<u8> {
    let mut file = NewFile::new();
    let font = file.reserve();
    let body = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>";
    file.put(font, body.into());
    for (entries, content) in pages {
        let stream = file.reserve();
        file.put_stream(stream, b"", content.as_bytes());
        let media = if entries.contains("/MediaBox") {
            ""
        } else {
            "/MediaBox[0 0 500 400]"
        };
        file.page(&format!(
            "{media}/Resources<</Font<</F {}>>>>/Contents {}{entries}",
            font.reference(),
            stream.reference()
        ));
    }
    file.finish("page")
}

fn placed(pdf: &[u8], placement: &Placement) -> Result<Placed, PlacementError> {
    resolve(&Pdf::read(pdf, &Limits::default()).unwrap(), placement)
}

fn rect(page: u32, rect: [f64; 4]) -> Placement {
    Placement::Rect { page, rect }
}

/// Puts a block there, as an annotation of an update.
fn with_block(pdf: &[u8], placement: &Placement) -> (Vec<u8>, Placed) {
    let read = Pdf::read(pdf, &Limits::default()).unwrap();
    let placed = resolve(&read, placement).unwrap();
    let mut update = Update::new(&read);
    let qr = QrCode::encode(URL.as_bytes()).unwrap().put(&mut update);
    let block = SignatureBlock {
        intro: None,
        office: "Plt. KEPALA DINAS PENANAMAN MODAL DAN PELAYANAN TERPADU SATU PINTU".into(),
        name: "Kartika Contohwati, S.H.".into(),
        rank: Some("Pembina Utama Muda".into()),
        nip: Some("19700101 199001 2 999".into()),
        certifier: Certifier::Own {
            issuer: "CA Nusa Contoh".into(),
        },
    };
    let form = BlockPrinter::new(Template::built_in().unwrap())
        .print(
            &mut update,
            &block,
            &Arrangement::Fitting,
            Some(qr),
            placed.size(),
            placed.rotation,
        )
        .unwrap();
    let [left, bottom, right, top] = placed.rect;
    let annotation = update.add(
        format!(
            "<</Type/Annot/Subtype/Stamp/F 4/Rect[{left} {bottom} {right} {top}]/AP<</N {}>>>>",
            form.reference()
        )
        .into_bytes(),
    );
    update
        .append(placed.page, "Annots", annotation.reference().as_bytes())
        .unwrap();
    (update.finish().unwrap(), placed)
}

/// Left, lower, right and upper edge of the ink in points of the displayed page.
fn ink(picture: &GrayPicture, dpi: f64) -> [f64; 4] {
    let dark = |at: usize| picture.pixels[at] < 200;
    let all: Vec<(usize, usize)> = (0..picture.pixels.len())
        .filter(|at| dark(*at))
        .map(|at| (at % picture.width, at / picture.width))
        .collect();
    let x = |pixel: usize| pixel as f64 * 72.0 / dpi;
    let y = |pixel: usize| (picture.height - pixel) as f64 * 72.0 / dpi;
    [
        x(all.iter().map(|p| p.0).min().unwrap()),
        y(all.iter().map(|p| p.1).max().unwrap() + 1),
        x(all.iter().map(|p| p.0).max().unwrap() + 1),
        y(all.iter().map(|p| p.1).min().unwrap()),
    ]
}

/// Poppler's picture of what the page displays.
fn poppler(path: &str, dpi: u32) -> GrayPicture {
    let root = path.trim_end_matches(".pdf");
    run(
        "pdftoppm",
        &[
            "-r",
            &dpi.to_string(),
            "-gray",
            "-cropbox",
            "-singlefile",
            path,
            root,
        ],
    );
    let bytes = std::fs::read(format!("{root}.pgm")).unwrap();
    let mut words = bytes.splitn(4, |byte| byte.is_ascii_whitespace());
    let word = |bytes: Option<&[u8]>| String::from_utf8(bytes.unwrap().to_vec()).unwrap();
    assert_eq!(word(words.next()), "P5");
    let width = word(words.next()).parse().unwrap();
    let height = word(words.next()).parse().unwrap();
    let pixels = words.next().unwrap()[4..].to_vec();
    GrayPicture {
        width,
        height,
        pixels,
    }
}

fn inside(ink: [f64; 4], [x, y, width, height]: [f64; 4], what: &str) {
    let close = [
        ink[0] - x,
        ink[1] - y,
        x + width - ink[2],
        y + height - ink[3],
    ];
    // The block's padding is 4 points and its QR code has a quiet zone of about 9.
    assert!(
        close.iter().all(|gap| (-1.0..20.0).contains(gap)),
        "{what}: {close:?}"
    );
    assert!(
        close[0] < 5.0 && close[2] < 5.0,
        "the rule spans the block: {what}: {close:?}"
    );
}

#[test]
fn the_block_is_where_it_was_asked_for_on_pages_of_every_kind() {
    let folder = tempfile::tempdir().unwrap();
    let boxes = [
        "",
        "/CropBox[40 30 470 380]",
        "/MediaBox[-100 -50 400.5 350.25]",
        "/MediaBox[500 400 0 0]/CropBox[-20 -20 450 370]",
    ];
    for (row, degrees) in [0, 90, 180, 270, -90, 450].into_iter().enumerate() {
        for (column, boxes) in boxes.into_iter().enumerate() {
            let entries = format!("{boxes}/Rotate {degrees}");
            let wanted = [52.0, 33.0, 240.0, 115.0];
            let (pdf, placed) = with_block(&page(&entries, ""), &rect(1, wanted));
            assert_eq!(placed.displayed, wanted);
            let view = View {
                page: 1,
                rect: None,
                dpi: 144.0,
            };
            let pages = Pages::open(pdf.clone()).unwrap();
            inside(ink(&pages.gray(&view).unwrap(), 144.0), wanted, &entries);
            let code = pages.decode_qr(1, Some(wanted));
            assert_eq!(code.unwrap(), URL.as_bytes());
            // The other programs look at every rotation and at every box.
            if row % 4 != column {
                continue;
            }
            let path = file(folder.path(), &pdf);
            inside(ink(&poppler(&path, 144), 144.0), wanted, &entries);
            assert_eq!(read_with_zbar(&path, 150), [URL], "{entries}");
            let text = run("pdftotext", &[&path, "-"]);
            assert!(
                text.contains("Kartika Contohwati, S.H."),
                "{entries}: {text}"
            );
        }
    }
}

#[test]
fn user_units_and_inherited_attributes_count() {
    // One unit is two points: the page is displayed as 500 x 400.
    let entries = "/MediaBox[0 0 250 200]/UserUnit 2.0";
    let wanted = [30.0, 50.0, 240.0, 115.0];
    let (pdf, found) = with_block(&page(entries, ""), &rect(1, wanted));
    assert_eq!(found.rect, [15.0, 25.0, 135.0, 82.5]);
    let view = View {
        page: 1,
        rect: None,
        dpi: 144.0,
    };
    let picture = Pages::open(pdf).unwrap().gray(&view).unwrap();
    inside(ink(&picture, 144.0), wanted, entries);

    let own = page("", "");
    let text = String::from_utf8_lossy(&own).into_owned();
    let inherited = text
        .replace("/MediaBox[0 0 500 400]", "                      ")
        .replace("/Count 1", "/Rotate 90/MediaBox[0 0 500 400]/Count 1");
    // qpdf mends the offsets that this moved.
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), inherited.as_bytes());
    let mended = format!("{path}.mended.pdf");
    let _ = std::process::Command::new("qpdf")
        .args([&path, &mended])
        .output()
        .unwrap();
    let found = placed(
        &std::fs::read(mended).unwrap(),
        &rect(1, [0.0, 0.0, 400.0, 500.0]),
    );
    assert_eq!(found.unwrap().rect, [0.0, 0.0, 500.0, 400.0]);
}

#[test]
fn rectangles_off_the_page_and_pages_off_the_file_are_refused() {
    let pdf = page("/CropBox[40 30 470 380]/Rotate 90", "");
    // Displayed as 350 x 430.
    assert!(placed(&pdf, &rect(1, [0.0, 0.0, 350.0, 430.0])).is_ok());
    for outside in [
        [-1.0, 0.0, 100.0, 100.0],
        [0.0, -1.0, 100.0, 100.0],
        [251.0, 0.0, 100.0, 100.0],
        [0.0, 331.0, 100.0, 100.0],
        [0.0, 0.0, 430.0, 350.0],
    ] {
        let error = placed(&pdf, &rect(1, outside)).unwrap_err();
        assert!(
            matches!(error, PlacementError::OutsidePage { .. }),
            "{error}"
        );
        assert!(error.to_string().contains("350.0 x 430.0"), "{error}");
    }
    for empty in [
        [0.0, 0.0, 0.0, 9.0],
        [0.0, 0.0, 9.0, -9.0],
        [f64::NAN, 0.0, 9.0, 9.0],
    ] {
        assert_eq!(placed(&pdf, &rect(1, empty)), Err(PlacementError::Empty));
    }
    for page in [0, 2, u32::MAX] {
        let error = placed(&pdf, &rect(page, [0.0, 0.0, 9.0, 9.0]));
        assert_eq!(error, Err(PlacementError::NoSuchPage(page)));
    }
}

#[test]
fn pages_that_make_no_sense_are_refused_with_the_reason() {
    for (entries, reason) in [
        ("/Rotate 45", "/Rotate"),
        ("/Rotate/Ninety", "/Rotate"),
        ("/MediaBox[0 0 500]", "box"),
        ("/CropBox[600 600 700 700]", "displayed"),
        ("/UserUnit 0", "/UserUnit"),
        ("/UserUnit(2)", "/UserUnit"),
    ] {
        let error = placed(&page(entries, ""), &rect(1, [0.0, 0.0, 9.0, 9.0])).unwrap_err();
        assert!(
            matches!(error, PlacementError::Page { page: 1, .. }),
            "{entries}: {error}"
        );
        assert!(error.to_string().contains(reason), "{error}");
    }
}

fn tag(anchor: Anchor, occurrence: Occurrence) -> Placement {
    Placement::Tag(Tag {
        character: '#',
        width: 200.0,
        height: 120.0,
        anchor,
        occurrence,
    })
}

#[test]
fn a_tag_is_found_through_matrices_rotation_and_kerning() {
    // The origin of the # in default user space is (300, 200) in each.
    for content in [
        "BT/F 10 Tf 300 200 Td(#)Tj ET",
        "q 2 0 0 2 100 100 cm BT/F 5 Tf 1 0 0 1 100 50 Tm(#)Tj ET Q",
        "BT/F 10 Tf 3 Tr 1 0 0 1 278.87 200 Tm[(Tandat)1000(#)]TJ ET",
        "0.5 0 0 0.5 0 0 cm BT/F 20 Tf 600 400 Td(#)Tj ET",
    ] {
        for degrees in [0, 90, 180, 270] {
            let pdf = page(&format!("/Rotate {degrees}"), content);
            let found = placed(&pdf, &tag(Anchor::LowerLeft, Occurrence::Only)).unwrap();
            let middle = placed(&pdf, &tag(Anchor::Center, Occurrence::Only)).unwrap();
            let (x, y) = match degrees {
                0 => (300.0, 200.0),
                90 => (200.0, 200.0),
                180 => (200.0, 200.0),
                _ => (200.0, 300.0),
            };
            let [left, bottom, ..] = found.displayed;
            let near = |a: f64, b: f64| (a - b).abs() < 6.0;
            assert!(
                near(left, x) && near(bottom, y),
                "{content} {degrees}: {found:?}"
            );
            let [left, bottom, width, height] = middle.displayed;
            assert!((width, height) == (200.0, 120.0));
            assert!(
                near(left + 100.0, x) && near(bottom + 60.0, y),
                "{content} {degrees}: {middle:?}"
            );
        }
    }
}

#[test]
fn a_tag_that_is_missing_or_ambiguous_is_refused_and_the_last_page_can_be_chosen() {
    let only = tag(Anchor::UpperLeft, Occurrence::Only);
    let last = tag(Anchor::UpperLeft, Occurrence::Last);
    let none = page("", "BT/F 10 Tf 30 200 Td(Kepala Dinas)Tj ET");
    assert_eq!(placed(&none, &only), Err(PlacementError::TagNotFound('#')));
    assert_eq!(placed(&none, &last), Err(PlacementError::TagNotFound('#')));
    let several = pages(&[
        ("", "BT/F 10 Tf 30 200 Td(No. # 12)Tj ET"),
        ("", "BT/F 10 Tf 60 300 Td(#)Tj 0 -50 Td(#)Tj ET"),
        ("", "BT/F 10 Tf 30 200 Td(Tembusan)Tj ET"),
    ]);
    let error = placed(&several, &only).unwrap_err().to_string();
    assert!(
        error.contains("page 1 at 4") && error.contains("page 2 at 60,300"),
        "{error}"
    );
    let chosen = placed(&several, &last).unwrap();
    assert_eq!(chosen.page_number, 2);
    let [x, y, _, height] = chosen.displayed;
    // The upper edge of the block is the upper edge of the character.
    assert!(
        (x - 60.0).abs() < 1.0 && (y + height - 307.0).abs() < 1.5,
        "{chosen:?}"
    );
}

#[test]
fn a_block_at_a_tag_near_the_edge_is_moved_into_the_page() {
    let pdf = page("", "BT/F 10 Tf 490 5 Td(#)Tj ET");
    let found = placed(&pdf, &tag(Anchor::Center, Occurrence::Only)).unwrap();
    assert_eq!(found.displayed, [300.0, 0.0, 200.0, 120.0]);
    let Placement::Tag(tag) = tag(Anchor::Center, Occurrence::Only) else {
        unreachable!()
    };
    let huge = Placement::Tag(Tag {
        width: 501.0,
        ..tag
    });
    assert!(matches!(
        placed(&pdf, &huge),
        Err(PlacementError::OutsidePage { .. })
    ));
}

#[test]
fn a_code_on_further_pages_keeps_what_they_show() {
    let folder = tempfile::tempdir().unwrap();
    // Content that leaves the graphics state changed, or one state saved.
    for content in [
        "0.24 0 0 -0.24 0 400 cm BT/F 40 Tf 1 0 0 -1 300 300 Tm(Lampiran)Tj ET",
        "q 3 0 0 3 9 9 cm BT/F 10 Tf 20 50 Td(Lampiran)Tj ET",
        "BT/F 10 Tf 20 250 Td(Lampiran)Tj ET 0 0 10 10 re W n",
    ] {
        for degrees in [0, 90, 180, 270] {
            let original = page(&format!("/Rotate {degrees}"), content);
            let read = Pdf::read(&original, &Limits::default()).unwrap();
            let mut update = Update::new(&read);
            let code = QrCode::encode(URL.as_bytes()).unwrap().put(&mut update);
            draw_on_page(&mut update, 1, None, code).unwrap();
            let pdf = update.finish().unwrap();
            assert!(pdf.starts_with(&original));
            let path = file(folder.path(), &pdf);
            keep(&format!("page-{degrees}.pdf"), &pdf);
            run("qpdf", &["--check", &path]);
            assert_eq!(read_with_zbar(&path, 150), [URL], "{content} {degrees}");
            let width = if degrees % 180 == 0 { 500.0 } else { 400.0 };
            let corner = [width - 17.0 - 71.0, 17.0, 71.0, 71.0];
            let code = Pages::open(pdf).unwrap().decode_qr(1, Some(corner));
            assert_eq!(code.unwrap(), URL.as_bytes());
            assert!(run("pdftotext", &[&path, "-"]).contains("Lampiran"));
        }
    }
}

#[test]
fn a_page_gets_one_code_beside_its_text() {
    let permit = sample_permit();
    let read = Pdf::read(&permit.bytes, &Limits::default()).unwrap();
    let mut update = Update::new(&read);
    let code = QrCode::encode(URL.as_bytes()).unwrap().put(&mut update);
    draw_on_page(&mut update, 1, Some([62.0, 140.0, 80.0, 80.0]), code).unwrap();
    let again = draw_on_page(&mut update, 1, None, code);
    assert_eq!(again, Err(QrPageError::Twice { page: 1 }));
    let pdf = update.finish().unwrap();
    keep("permit-codes.pdf", &pdf);
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), &pdf);
    assert_eq!(read_with_zbar(&path, 150), [URL]);
    assert!(run("pdftotext", &[&path, "-"]).contains("SURAT IZIN PRAKTIK BIDAN"));
}

#[test]
fn the_demonstrations_permit_takes_its_block_where_it_left_room() {
    let permit = sample_permit();
    let (page, room) = permit.places["signature"];
    let (pdf, _) = with_block(&permit.bytes, &rect(page, room));
    keep("permit-block.pdf", &pdf);
    let code = Pages::open(pdf).unwrap().decode_qr(page, Some(room));
    assert_eq!(code.unwrap(), URL.as_bytes());
    // Nothing of the permit stands where the block will be.
    let view = View {
        page,
        rect: Some(room),
        dpi: 72.0,
    };
    let before = Pages::open(permit.bytes).unwrap().gray(&view).unwrap();
    assert!(before.pixels.iter().all(|pixel| *pixel == 255));
}

#[test]
fn codes_too_small_to_read_or_off_the_page_are_refused() {
    let original = page("", "");
    let read = Pdf::read(&original, &Limits::default()).unwrap();
    let mut update = Update::new(&read);
    let code = QrCode::encode(URL.as_bytes()).unwrap().put(&mut update);
    let small = draw_on_page(&mut update, 1, Some([9.0, 9.0, 200.0, 70.0]), code);
    let error = small.unwrap_err();
    assert_eq!(error, QrPageError::TooSmall { side: 70.0 });
    assert!(error.to_string().contains("2.5 cm"), "{error}");
    assert!(draw_on_page(&mut update, 1, Some([430.0, 9.0, 80.0, 80.0]), code).is_err());
    assert!(draw_on_page(&mut update, 2, None, code).is_err());
    let surplus = page("", "Q BT/F 10 Tf 20 250 Td(Lampiran)Tj ET");
    let read = Pdf::read(&surplus, &Limits::default()).unwrap();
    let error = draw_on_page(&mut Update::new(&read), 1, None, code).unwrap_err();
    assert!(error.to_string().contains("Q too many"), "{error}");
}

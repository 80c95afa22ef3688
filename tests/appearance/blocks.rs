//! The signature block as independent programs see it: upright, readable, text that
//! can be extracted, fonts embedded.

use absah::kernel::pdf::ObjectId;
use absah::kernel::pdf::appearance::{
    AppearanceError, Arrangement, BlockPrinter, Certifier, SignatureBlock, Template,
};
use absah::kernel::pdf::placement::Rotation;
use absah::kernel::pdf::qr::QrCode;
use absah::kernel::pdf::render::{Pages, RenderError, View};
use absah::kernel::pdf::sheet::NewFile;
use absah::kernel::pdf::sink::ObjectSink;

use crate::support::{file, keep, read_with_zbar, run};

const URL: &str = "https://izin.nusacontoh.example/v/7K3M-9QWX-2B4D-HT5R-8";

fn block() -> SignatureBlock {
    SignatureBlock {
        intro: None,
        office: "KEPALA DINAS PENANAMAN MODAL DAN PELAYANAN TERPADU SATU PINTU".into(),
        name: "Dr. Kartika Contohwati, S.H., M.Si.".into(),
        rank: Some("Pembina Utama Muda".into()),
        nip: Some("19700101 199001 2 999".into()),
        certifier: Certifier::Demonstration {
            issuer: "CA Peragaan Absah".into(),
        },
    }
}

fn printer() -> BlockPrinter {
    BlockPrinter::new(Template::built_in().unwrap())
}

fn named(name: &str) -> Arrangement {
    Arrangement::Named(name.into())
}

/// A page that shows the form in `rect` (default user space) as an annotation.
fn page_with(mut sink: NewFile, form: ObjectId, rect: [f64; 4], page: &str) -> Vec<u8> {
    let [x, y, right, top] = rect;
    let annotation = sink.reserve();
    let body = format!(
        "<</Type/Annot/Subtype/Stamp/F 4/Rect[{x} {y} {right} {top}]/AP<</N {}>>>>",
        form.reference()
    );
    sink.put(annotation, body.into_bytes());
    sink.page(&format!(
        "/MediaBox[0 0 400 300]/Resources<<>>{page}/Annots[{}]",
        annotation.reference()
    ));
    sink.finish("block")
}

/// A block at (20, 20) of an unrotated page.
fn drawn(block: &SignatureBlock, arrangement: &Arrangement, size: (f64, f64)) -> Vec<u8> {
    let mut sink = NewFile::new();
    let qr = QrCode::encode(URL.as_bytes()).unwrap().put(&mut sink);
    let form = printer()
        .print(
            &mut sink,
            block,
            arrangement,
            Some(qr),
            size,
            Rotation::None,
        )
        .unwrap();
    let rect = [20.0, 20.0, 20.0 + size.0, 20.0 + size.1];
    page_with(sink, form, rect, "")
}

#[test]
fn the_block_reads_in_every_program_at_150_dpi() {
    let folder = tempfile::tempdir().unwrap();
    for (name, size) in [
        ("wide", (250.0, 112.0)),
        ("wide", (330.0, 130.0)),
        ("tall", (190.0, 190.0)),
        ("tall", (150.0, 215.0)),
        ("qr", (71.0, 71.0)),
    ] {
        let pdf = drawn(&block(), &named(name), size);
        let view = View {
            page: 1,
            rect: None,
            dpi: 200.0,
        };
        keep(&format!("{name}-{}.pdf", size.0), &pdf);
        let pages = Pages::open(pdf.clone()).unwrap();
        keep(
            &format!("{name}-{}-hayro.png", size.0),
            &pages.png(&view).unwrap(),
        );
        let path = file(folder.path(), &pdf);
        run("qpdf", &["--check", &path]);
        let rect = Some([20.0, 20.0, size.0, size.1]);
        assert_eq!(pages.decode_qr(1, rect).unwrap(), URL.as_bytes(), "{name}");
        assert_eq!(read_with_zbar(&path, 150), [URL], "{name}");
        if name != "qr" {
            let text = run("pdftotext", &[&path, "-"]).replace('\n', " ");
            for expected in [
                "elektronik oleh:",
                "SATU PINTU",
                "Kartika Contohwati, S.H., M.Si.",
                "Pembina Utama Muda",
                "NIP. 19700101 199001 2 999",
                "tidak tersertifikasi PSrE",
            ] {
                assert!(text.contains(expected), "{name}: {text}");
            }
            let fonts = run("pdffonts", &[&path]);
            assert_eq!(fonts.matches("yes yes yes").count(), 2, "{fonts}");
        }
    }
}

#[test]
fn the_block_stands_upright_on_rotated_pages() {
    let folder = tempfile::tempdir().unwrap();
    let (w, h) = (250.0, 112.0);
    let cases = [
        (0, Rotation::None, [20.0, 30.0, 20.0 + w, 30.0 + h]),
        (90, Rotation::Clockwise90, [20.0, 30.0, 20.0 + h, 30.0 + w]),
        (180, Rotation::Half, [20.0, 30.0, 20.0 + w, 30.0 + h]),
        (
            270,
            Rotation::Clockwise270,
            [20.0, 30.0, 20.0 + h, 30.0 + w],
        ),
    ];
    let printer = printer();
    let code = QrCode::encode(URL.as_bytes()).unwrap();
    for (degrees, rotation, rect) in cases {
        let mut sink = NewFile::new();
        let qr = code.put(&mut sink);
        let form = printer
            .print(
                &mut sink,
                &block(),
                &named("wide"),
                Some(qr),
                (w, h),
                rotation,
            )
            .unwrap();
        let pdf = page_with(sink, form, rect, &format!("/Rotate {degrees}"));
        keep(&format!("rotated-{degrees}.pdf"), &pdf);
        let path = file(folder.path(), &pdf);
        assert_eq!(read_with_zbar(&path, 150), [URL], "{degrees}");
        let code = Pages::open(pdf).unwrap().decode_qr(1, None);
        assert_eq!(code.unwrap(), URL.as_bytes());
        // Text that is not upright comes out of pdftotext in another order.
        let text = run("pdftotext", &["-layout", &path, "-"]);
        let line = text.lines().find(|line| line.contains("NIP."));
        assert!(
            line.is_some_and(|line| line.contains("19700101 199001 2 999")),
            "{degrees}: {text}"
        );
    }
}

#[test]
fn a_block_without_a_code_or_without_rank_leaves_no_hole() {
    let plain = SignatureBlock {
        rank: None,
        nip: None,
        ..block()
    };
    let mut sink = NewFile::new();
    let form = printer()
        .print(
            &mut sink,
            &plain,
            &named("wide"),
            None,
            (220.0, 70.0),
            Rotation::None,
        )
        .unwrap();
    let pdf = page_with(sink, form, [20.0, 20.0, 240.0, 90.0], "");
    keep("no-qr.pdf", &pdf);
    let folder = tempfile::tempdir().unwrap();
    let text = run("pdftotext", &[&file(folder.path(), &pdf), "-"]);
    let code = Pages::open(pdf).unwrap().decode_qr(1, None);
    assert_eq!(code, Err(RenderError::NoQrCode));
    assert!(text.contains("Kartika") && !text.contains("NIP"), "{text}");
}

#[test]
fn a_rectangle_too_small_says_what_would_do_and_that_does() {
    for (arrangement, size) in [
        (Arrangement::Fitting, (120.0, 60.0)),
        (Arrangement::Fitting, (60.0, 300.0)),
        (named("wide"), (150.0, 80.0)),
        (named("tall"), (100.0, 100.0)),
        (named("qr"), (60.0, 60.0)),
    ] {
        let error = printer()
            .prepare(&block(), &arrangement, true, size)
            .unwrap_err();
        let AppearanceError::TooSmall {
            layout,
            needed_width,
            needed_height,
            ..
        } = error
        else {
            panic!("{error}");
        };
        let needed = (needed_width, needed_height);
        assert!(needed.0 > size.0 || needed.1 > size.1);
        printer()
            .prepare(&block(), &named(&layout), true, needed)
            .unwrap();
        let less = match needed.1 > size.1 {
            true => (needed.0, needed.1 - 1.0),
            false => (needed.0 - 1.0, needed.1),
        };
        assert!(
            printer()
                .prepare(&block(), &named(&layout), true, less)
                .is_err(),
            "{layout}"
        );
    }
}

#[test]
fn a_name_that_the_font_cannot_write_is_refused() {
    let arabic = SignatureBlock {
        name: "محمد".into(),
        ..block()
    };
    let error = printer()
        .prepare(&arabic, &Arrangement::Fitting, true, (300.0, 150.0))
        .unwrap_err();
    assert!(error.to_string().contains("U+0645"), "{error}");
}

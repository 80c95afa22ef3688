//! What may be signed: each refusal beside its honest twin.

use crate::files::{File, swap};
use absah::kernel::pdf::intake::{Refusal, RefusalReason, inspect};
use absah::kernel::pdf::{Limits, ObjectId};
use flate2::{Compression, write::ZlibEncoder};
use std::io::Write as _;

fn admit(bytes: &[u8]) {
    if let Err(refusal) = inspect(bytes, &Limits::default()) {
        panic!("refused: {refusal}");
    }
}

fn refuse(bytes: &[u8], reason: RefusalReason, object: u32) -> Refusal {
    let refusal = inspect(bytes, &Limits::default()).unwrap_err();
    assert_eq!(refusal.reason, reason, "{refusal}");
    let named = refusal.object.map_or(0, |id| id.number);
    assert_eq!(named, object, "{refusal}");
    refusal
}

fn packed(data: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn honest_files_in_every_layout() {
    let file = File::new();
    for bytes in [file.classic(), file.streams(), file.office(&[5], |_| {})] {
        let intake = inspect(&bytes, &Limits::default()).unwrap();
        assert_eq!(intake.pages, 1);
        assert_eq!(
            (intake.pdf_a, intake.doc_mdp, intake.has_form),
            (None, None, false)
        );
    }
}

#[test]
fn encrypted() {
    let bytes = File::new()
        .with_trailer("/Encrypt<</Filter/Standard>>")
        .classic();
    refuse(&bytes, RefusalReason::Encrypted, 0);
    admit(&File::new().with_trailer("/Info<</Title(x)>>").classic());
}

#[test]
fn xfa() {
    let form = |entries: &str| {
        File::new()
            .with_catalog("/AcroForm 6 0 R")
            .with(6, &format!("<</Fields[]{entries}>>"))
            .classic()
    };
    refuse(&form("/XFA 5 0 R"), RefusalReason::Xfa, 6);
    admit(&form(""));
}

#[test]
fn javascript() {
    let open = |action: &str| {
        File::new()
            .with_catalog(&format!("/OpenAction{action}"))
            .classic()
    };
    refuse(
        &open("<</S/JavaScript/JS(app.alert\\(1\\))>>"),
        RefusalReason::JavaScript,
        1,
    );
    let named = File::new()
        .with_catalog("/Names<</JavaScript<</Names[(a) 6 0 R]>>>>")
        .with(6, "<</S/#4aavaScript/JS(x)>>");
    refuse(&named.classic(), RefusalReason::JavaScript, 6);
    refuse(&named.streams(), RefusalReason::JavaScript, 6);
    let next = open("<</S/GoTo/D[3 0 R/Fit]/Next<</S/JavaScript/JS(x)>>>>");
    refuse(&next, RefusalReason::JavaScript, 1);
    admit(&open("<</S/GoTo/D[3 0 R/Fit]>>"));
    admit(&open("[3 0 R/XYZ null null 0]"));
}

#[test]
fn additional_actions() {
    let page = File::new().with_page("/AA<</O<</S/Named/N/NextPage>>>>");
    refuse(&page.classic(), RefusalReason::AdditionalActions, 3);
    let link = |action: &str| {
        File::new()
            .with_page("/Annots[6 0 R]")
            .with(
                6,
                &format!("<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A{action}>>"),
            )
            .classic()
    };
    for action in [
        "Launch",
        "SubmitForm",
        "ImportData",
        "GoToR",
        "GoToE",
        "Hide",
    ] {
        let bytes = link(&format!("<</S/{action}/F(x)>>"));
        refuse(&bytes, RefusalReason::AdditionalActions, 6);
    }
    admit(&link("<</S/URI/URI(https://example.go.id)>>"));
    let movie = File::new()
        .with_page("/Annots[6 0 R]")
        .with(6, "<</Type/Annot/Subtype/Movie/Rect[0 0 9 9]>>");
    refuse(&movie.classic(), RefusalReason::AdditionalActions, 6);
    // A resource may be called AA.
    admit(
        &File::new()
            .with_page("/Resources<</Font<</AA 5 0 R>>>>")
            .classic(),
    );
}

#[test]
fn optional_content() {
    let layers = File::new().with_catalog("/OCProperties<</OCGs[]/D<<>>>>");
    refuse(&layers.classic(), RefusalReason::OptionalContent, 1);
    admit(&File::new().with_catalog("/OCProperties null").classic());
}

#[test]
fn hybrid_conflict() {
    let bytes = File::new().office(&[5], |offsets| {
        let other = offsets[&2];
        offsets.insert(4, other);
    });
    refuse(&bytes, RefusalReason::HybridConflict, 4);
}

#[test]
fn duplicate_key() {
    let twice = File::new().with(6, "<</Type/Annot/T(a)/#54(b)>>");
    refuse(&twice.classic(), RefusalReason::DuplicateKey, 6);
    refuse(&twice.streams(), RefusalReason::DuplicateKey, 6);
    admit(&File::new().with(6, "<</Type/Annot/T(a)/t(b)>>").classic());
}

#[test]
fn external_stream() {
    let external = File::new().with_stream(4, "/F(other.bin)", b"x");
    refuse(&external.classic(), RefusalReason::ExternalStream, 4);
    let page = File::new().with_stream(
        6,
        "/Subtype/Form/BBox[0 0 1 1]/Ref<</F(a.pdf)/Page 0>>",
        b"",
    );
    refuse(&page.classic(), RefusalReason::ExternalStream, 6);
    admit(
        &File::new()
            .with_stream(6, "/Subtype/Form/BBox[0 0 1 1]", b"")
            .classic(),
    );
}

#[test]
fn damage() {
    let bytes = File::new().classic();
    refuse(&bytes[..bytes.len() / 2], RefusalReason::DamagedXref, 0);
    refuse(
        &swap(&bytes, "5 0 obj", "7 0 obj"),
        RefusalReason::DamagedXref,
        5,
    );
    refuse(b"", RefusalReason::NotAPdf, 0);
    refuse(b"Surat izin", RefusalReason::NotAPdf, 0);
    refuse(
        &File::new().with(6, "<</A").classic(),
        RefusalReason::Malformed,
        6,
    );
    let empty = File::new().with(2, "<</Type/Pages/Kids[]/Count 0>>");
    refuse(&empty.classic(), RefusalReason::Malformed, 1);
}

#[test]
fn too_large() {
    let bytes = File::new().classic();
    let limits = Limits {
        file_size: bytes.len() - 1,
        ..Limits::default()
    };
    let refusal = inspect(&bytes, &limits).unwrap_err();
    assert_eq!(refusal.reason, RefusalReason::TooLarge);
}

#[test]
fn bombs_end() {
    let limits = Limits {
        inflated: 8 << 20,
        ..Limits::default()
    };
    let bomb = packed(&vec![0; 9 << 20]);
    let content = File::new()
        .with_stream(4, "/Filter/FlateDecode", &bomb)
        .classic();
    let twice = packed(&bomb);
    let chained = File::new()
        .with_stream(4, "/Filter[/FlateDecode/FlateDecode]", &twice)
        .classic();
    for bytes in [content, chained] {
        let refusal = inspect(&bytes, &limits).unwrap_err();
        assert_eq!(refusal.reason, RefusalReason::TooComplex);
        assert_eq!(refusal.object, Some(ObjectId::new(4)));
    }
    let honest = packed(&vec![0; 1 << 20]);
    let honest = File::new()
        .with_stream(4, "/Filter/FlateDecode", &honest)
        .classic();
    assert!(inspect(&honest, &limits).is_ok());
}

#[test]
fn nesting_and_repetition_end() {
    let deep = |levels: usize| {
        let body = "[".repeat(levels) + &"]".repeat(levels);
        File::new().with(6, &body).classic()
    };
    refuse(&deep(20_000), RefusalReason::TooComplex, 6);
    admit(&deep(20));
    // A thousand dictionaries that each refer to one large object.
    let mut file = File::new().with(6, &format!("[{}]", "0 ".repeat(50_000)));
    for number in 7..1007 {
        file = file.with(number, "<</S 6 0 R>>");
    }
    let limits = Limits {
        parsed: 10 << 20,
        ..Limits::default()
    };
    let refusal = inspect(&file.classic(), &limits).unwrap_err();
    assert_eq!(refusal.reason, RefusalReason::TooComplex);
}

#[test]
fn facts_of_an_admitted_file() {
    let xmp = b"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>";
    let bytes = File::new()
        .with_catalog("/Metadata 6 0 R/AcroForm<</Fields[7 0 R 8 0 R]>>")
        .with_stream(6, "/Type/Metadata/Subtype/XML", xmp)
        .with(7, "<</FT/Sig/T(Kepala)>>")
        .with(8, "<</FT/Tx/T(nama)>>")
        .classic();
    let intake = inspect(&bytes, &Limits::default()).unwrap();
    assert_eq!(intake.pdf_a.unwrap().to_string(), "PDF/A-2b");
    assert_eq!(intake.empty_fields, ["Kepala"]);
    assert!(intake.signed_fields.is_empty() && intake.has_form);
}

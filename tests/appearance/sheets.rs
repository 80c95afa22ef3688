//! Sheets, through qpdf, pdfinfo, pdffonts and pdftotext.

use absah::kernel::pdf::appearance::BUILT_IN_FONTS;
use absah::kernel::pdf::sheet::{Sheet, SheetError};

use crate::support::{file, keep, run, sample_permit};

#[test]
fn the_sample_permit_is_one_sound_page_with_embedded_fonts() {
    let folder = tempfile::tempdir().unwrap();
    let drawn = sample_permit();
    keep("permit.pdf", &drawn.bytes);
    let path = file(folder.path(), &drawn.bytes);
    assert!(run("qpdf", &["--check", &path]).contains("No syntax or stream encoding errors"));
    assert!(run("pdfinfo", &[&path]).contains("Pages:           1"));
    let metadata = run("pdfinfo", &["-meta", &path]);
    assert!(
        metadata.contains("<pdfaid:part>2</pdfaid:part>"),
        "{metadata}"
    );
    for line in run("pdffonts", &[&path]).lines().skip(2) {
        assert!(
            line.contains("CID TrueType") && line.contains("Identity-H"),
            "{line}"
        );
        assert!(
            line.contains("yes yes yes"),
            "embedded, subset, unicode: {line}"
        );
    }
    let text = run("pdftotext", &["-layout", &path, "-"]);
    for expected in [
        "Nomor: 503/0001/SIPB/DPMPTSP/2026",
        "Melati Contoh Pertiwi, A.Md.Keb.",
        "Tembusan",
    ] {
        assert!(text.contains(expected), "{text}");
    }
    assert_eq!(drawn.places["signature"].0, 1);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    assert_eq!(sample_permit().bytes, sample_permit().bytes);
}

#[test]
fn a_sheet_without_a_value_is_refused() {
    let [(_, regular), (_, bold)] = BUILT_IN_FONTS;
    let template = include_str!("../../pdf-templates/sample-permit.toml");
    let holes = template.replace("nama = \"Melati Contoh Pertiwi, A.Md.Keb.\"", "");
    let sheet = Sheet::parse(&holes, regular, bold).unwrap();
    let error = sheet.draw(&Default::default()).unwrap_err();
    assert_eq!(error, SheetError::MissingValue("nama".into()));
}

#[test]
fn values_are_not_searched_for_placeholders() {
    let [(_, regular), (_, bold)] = BUILT_IN_FONTS;
    let template = include_str!("../../pdf-templates/sample-permit.toml");
    let sheet = Sheet::parse(template, regular, bold).unwrap();
    let data = [("nama".to_owned(), "Nyi {nomor}".to_owned())].into();
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), &sheet.draw(&data).unwrap().bytes);
    assert!(run("pdftotext", &[&path, "-"]).contains("Nyi {nomor}"));
}

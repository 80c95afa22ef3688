//! The PDFs that are signed: one permit by many producers.

use std::fs;
use std::path::PathBuf;

use super::tools;

/// Every input, by producer and layout.
pub const NAMES: &[&str] = &[
    "libreoffice",
    "libreoffice-pdfa2b",
    "typst",
    "typst-pdfa2b",
    "cairo",
    "reportlab",
    "reportlab-form",
    "reportlab-pages",
    "reportlab-rotated",
    "reportlab-tag",
    "reportlab-qr",
    "qpdf-object-streams",
    "qpdf-linearized",
    "qpdf-linearized-streams",
    "qpdf-qdf",
    "mediabox",
    "cropped",
    "office-hybrid",
    "office-hybrid-tagged",
];

/// The input `name`; the first call makes them all.
pub fn path(name: &str) -> PathBuf {
    let folder = tools::kept("inputs");
    let script = tools::script("produce.py");
    let recipe = fs::read_to_string(&script).expect("the producers' script");
    tools::once(&folder, &recipe, |folder| {
        let said = tools::run(tools::python(), &[script.as_os_str(), folder.as_os_str()]);
        assert!(said.success, "produce.py: {}", said.text);
    });
    let path = folder.join(format!("{name}.pdf"));
    assert!(path.exists(), "no producer makes {name}.pdf");
    path
}

#[test]
fn every_input_is_made_and_sound() {
    let folder = path("typst").parent().expect("a folder").to_owned();
    for name in NAMES {
        let said = super::validators::qpdf_check(&path(name));
        assert!(said.success, "{name}: {}", said.text);
    }
    let made = fs::read_dir(folder).expect("the inputs").filter(|entry| {
        let path = entry.as_ref().expect("an entry").path();
        path.extension().is_some_and(|e| e == "pdf")
    });
    assert_eq!(made.count(), NAMES.len(), "a file is made and not tested");
}

#[test]
fn the_exact_media_box_is_in_the_file() {
    let bytes = fs::read(path("mediabox")).expect("the file");
    assert!(bytes.windows(13).any(|w| w == b"595.275590551"));
}

#[test]
fn the_office_layout_has_its_marks() {
    for name in ["office-hybrid", "office-hybrid-tagged"] {
        let bytes = fs::read(path(name)).expect("the file");
        let text = String::from_utf8_lossy(&bytes);
        assert!(text.contains("xref\r\n0 0\r\ntrailer"), "{name}");
        assert!(text.contains("/XRefStm "), "{name}");
    }
}

#[test]
fn a_qr_code_is_read_where_one_is_and_only_there() {
    let read = super::validators::qr_codes_on_page(&path("reportlab-qr"), 1);
    assert_eq!(read, ["http://localhost/v/EXAMPLE"]);
    assert_eq!(
        super::validators::qr_codes_on_page(&path("reportlab"), 1),
        [""; 0]
    );
}

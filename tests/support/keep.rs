//! Keeps the PDFs that tests make, where `ABSAH_PDFS` names a folder: there other
//! validators are asked about them, too (`tests/attacks/differences.rs`).

#![allow(dead_code, reason = "each suite keeps in its own way")]

use std::fs;
use std::path::{Path, PathBuf};

use absah::kernel::hash::Sha256;

/// Keeps a file as it was judged: under anchors (one in DER, or some in PEM), at a time in
/// seconds, with these OCSP responses and CRLs beside what it holds.
pub fn pdf(file: &[u8], anchor: &[u8], at: i64, ocsps: &[Vec<u8>], crls: &[Vec<u8>]) {
    if let Some(folder) = std::env::var_os("ABSAH_PDFS").map(PathBuf::from) {
        let thread = std::thread::current();
        // The name of a test is that of its thread.
        let test = thread.name().unwrap_or_default();
        let test = format!("{}::{test}", env!("CARGO_CRATE_NAME"));
        case(&folder, &test, file, anchor, at, ocsps, crls);
    }
}

/// The same under another name than the test's.
pub fn named(name: &str, file: &[u8], anchor: &[u8], at: i64) {
    if let Some(folder) = std::env::var_os("ABSAH_PDFS").map(PathBuf::from) {
        let name = format!("{}::{name}", env!("CARGO_CRATE_NAME"));
        case(&folder, &name, file, anchor, at, &[], &[]);
    }
}

/// The same into a folder, with the name of the test.
pub fn case(
    folder: &Path,
    test: &str,
    file: &[u8],
    anchor: &[u8],
    at: i64,
    ocsps: &[Vec<u8>],
    crls: &[Vec<u8>],
) {
    fs::create_dir_all(folder).expect("a folder");
    let name = |bytes: &[u8], kind: &str| {
        let name = format!("{}.{kind}", &Sha256::of(bytes).to_string()[..24]);
        written(&folder.join(&name), bytes);
        format!("\"{name}\"")
    };
    let names = |list: &[Vec<u8>], kind: &str| {
        let names: Vec<String> = list.iter().map(|one| name(one, kind)).collect();
        names.join(",")
    };
    let case = format!(
        "{{\"file\":{},\"anchor\":{},\"at\":{at},\"ocsps\":[{}],\"crls\":[{}],\"test\":\"{test}\"}}\n",
        name(file, "pdf"),
        name(anchor, "anchor"),
        names(ocsps, "ocsp"),
        names(crls, "crl"),
    );
    name(case.as_bytes(), "case");
}

/// Whole or not at all: tests write the same at the same time.
fn written(path: &Path, bytes: &[u8]) {
    if path.exists() {
        return;
    }
    let thread = format!("{:?}", std::thread::current().id());
    let part = path.with_extension(format!("{}-{thread}.part", std::process::id()));
    fs::write(&part, bytes).expect("a file");
    fs::rename(&part, path).expect("a file");
}

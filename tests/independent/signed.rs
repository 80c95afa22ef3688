//! Our signatures on every producer's file at every level, before every validator.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::evidence::Evidence;
use super::twins::{Flip, flipped};
use super::validators::{self, Job};
use super::{inputs, tools};

const QR: &str = "http://localhost:8080/v/7W3K-9MNP-4RST-8XYZ-5";

/// Asking the command line as well costs a second a file: one per kind of writer.
const ALSO_BY_COMMAND: &[&str] = &[
    "libreoffice",
    "typst-pdfa2b",
    "cairo",
    "qpdf-object-streams",
    "office-hybrid",
];

/// An instance with its demonstration authority, in a folder of its own.
pub struct Instance {
    folder: tempfile::TempDir,
}

impl Instance {
    /// A new one; the first signature makes the authority.
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    /// The file `name` in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The authority's root certificate.
    pub fn root(&self) -> PathBuf {
        self.path("data/authority/root.pem")
    }

    /// Signs `input` as `name` with these further arguments.
    pub fn sign<S: AsRef<OsStr>>(&self, input: &Path, name: &str, arguments: &[S]) -> PathBuf {
        let output = self.path(&format!("{name}.pdf"));
        let data = self.path("data");
        let fixed: [&OsStr; 6] = [
            "sign".as_ref(),
            input.as_os_str(),
            "-o".as_ref(),
            output.as_os_str(),
            "--data".as_ref(),
            data.as_os_str(),
        ];
        let all: Vec<&OsStr> = fixed
            .into_iter()
            .chain(arguments.iter().map(AsRef::as_ref))
            .collect();
        let said = absah(&all);
        assert!(said.success, "absah sign {name}: {}", said.text);
        output
    }

    /// Our own verdict, with revocation data demanded from B-LT on: exit status 0, and
    /// the report.
    pub fn verify(&self, file: &Path, level: &str) -> (bool, Value) {
        let revocation = if level.starts_with("b-lt") {
            "required"
        } else {
            "if-present"
        };
        let root = self.root();
        let said = absah(&[
            "verify".as_ref(),
            file.as_os_str(),
            "--json".as_ref(),
            "--offline".as_ref(),
            "--revocation".as_ref(),
            revocation.as_ref(),
            "--trust".as_ref(),
            root.as_os_str(),
        ]);
        let report = serde_json::from_slice(&said.stdout)
            .unwrap_or_else(|e| panic!("absah verify: {e}: {}", said.text));
        (said.success, report)
    }
}

fn absah(arguments: &[&OsStr]) -> tools::Said {
    tools::run(env!("CARGO_BIN_EXE_absah"), arguments)
}

/// Signs every input at `level` and puts each before every validator.
fn every_input_at(level: &str) {
    let instance = Instance::new();
    let signed: Vec<PathBuf> = inputs::NAMES
        .iter()
        .map(|name| instance.sign(&inputs::path(name), name, &with_block(name, level)))
        .collect();
    let root = instance.root();
    let places: Vec<PathBuf> = inputs::NAMES
        .iter()
        .map(|name| instance.path(name))
        .collect();
    let jobs: Vec<Job<'_>> = signed
        .iter()
        .zip(&places)
        .map(|(file, place)| Job {
            revocation: level.starts_with("b-lt"),
            ..Job::new(file, &root).extracting(place)
        })
        .collect();
    let answers = validators::pyhanko(&jobs);
    for (((name, file), place), answer) in
        inputs::NAMES.iter().zip(&signed).zip(&places).zip(&answers)
    {
        pyhanko_agrees(name, level, answer);
        other_programs_agree(name, file, &root);
        keeps_every_byte(name, file);
        let codes = validators::qr_codes_on_page(file, page_of_block(name));
        assert_eq!(codes.first().map(String::as_str), Some(QR), "{name}");
        evidence_holds(name, level, &Evidence::extracted(answer, place, &root));
        let (good, report) = instance.verify(file, level);
        assert!(good, "{name}: {report:#}");
        assert_eq!(
            report["signatures"][0]["level"],
            level.to_uppercase(),
            "{name}"
        );
        if ALSO_BY_COMMAND.contains(name) {
            assert!(validators::pyhanko_adesverify(file, &root), "{name}");
        }
    }
}

/// The arguments for a visible block with a QR code.
fn with_block(name: &str, level: &str) -> Vec<String> {
    let page = page_of_block(name).to_string();
    [
        "--level",
        level,
        "--qr",
        QR,
        "--page",
        &page,
        "--rect",
        "300,90,200,100",
    ]
    .map(str::to_owned)
    .into()
}

/// On a page that is turned, where there is one.
fn page_of_block(name: &str) -> u32 {
    if name == "reportlab-rotated" { 2 } else { 1 }
}

fn pyhanko_agrees(name: &str, level: &str, answer: &Value) {
    let signature = &answer["signatures"][0];
    assert_eq!(signature["ades"], "PASSED/OK", "{name}: {answer:#}");
    assert_eq!(signature["level"], level.to_uppercase(), "{name}");
    assert_eq!(signature["bottom_line"], true, "{name}: {answer:#}");
    assert_eq!(signature["doc_mdp_ok"], true, "{name}: {answer:#}");
    assert_eq!(signature["sub_filter"], "/ETSI.CAdES.detached", "{name}");
    let (coverage, modification) = if level.starts_with("b-lt") {
        ("ENTIRE_REVISION", "LTA_UPDATES")
    } else {
        ("ENTIRE_FILE", "NONE")
    };
    assert_eq!(signature["coverage"], coverage, "{name}");
    assert_eq!(signature["modification"], modification, "{name}");
    if level == "b-lta" {
        let stamp = &answer["signatures"][1];
        assert_eq!(stamp["kind"], "document_timestamp", "{name}");
        assert_eq!(stamp["trusted"], true, "{name}: {answer:#}");
        assert_eq!(stamp["coverage"], "ENTIRE_FILE", "{name}");
    }
}

fn other_programs_agree(name: &str, file: &Path, root: &Path) {
    let words = &validators::pdfsig(file, root)[0];
    assert_eq!(words.0, "Signature is Valid.", "{name}");
    assert_eq!(words.1, "Certificate is Trusted.", "{name}");
    let syntax = validators::qpdf_check(file);
    assert!(syntax.success, "{name}: {}", syntax.text);
    assert!(validators::mutool_finds_digests_intact(file), "{name}");
}

fn keeps_every_byte(name: &str, file: &Path) {
    let (before, after) = (fs::read(inputs::path(name)), fs::read(file));
    let (before, after) = (before.expect("the input"), after.expect("the output"));
    assert!(after.starts_with(&before), "{name}: earlier bytes changed");
}

fn evidence_holds(name: &str, level: &str, evidence: &Evidence) {
    let tokens = match level {
        "b-b" => 0,
        "b-t" | "b-lt" => 1,
        _ => 2,
    };
    assert_eq!(evidence.tokens().len(), tokens, "{name}");
    assert!(evidence.tokens_hold(), "{name}");
    let states = evidence.ocsp_states();
    assert_eq!(
        states.is_empty(),
        !level.starts_with("b-lt"),
        "{name}: {states:?}"
    );
    assert!(
        states.iter().all(|(_, state)| state == "good"),
        "{name}: {states:?}"
    );
}

#[test]
fn every_input_at_b_b() {
    every_input_at("b-b");
}

#[test]
fn every_input_at_b_t() {
    every_input_at("b-t");
}

#[test]
fn every_input_at_b_lt() {
    every_input_at("b-lt");
}

#[test]
fn every_input_at_b_lta() {
    every_input_at("b-lta");
}

#[test]
fn each_flipped_byte_is_refused_by_all() {
    let instance = Instance::new();
    let input = inputs::path("typst");
    for (level, flip) in [
        ("b-b", Flip::Document),
        ("b-b", Flip::MessageDigest),
        ("b-b", Flip::EndOfFirst),
        ("b-lta", Flip::Document),
        ("b-lta", Flip::MessageDigest),
    ] {
        let good = instance.sign(&input, "good", &["--level", level, "--invisible"]);
        let twin = instance.path("twin.pdf");
        fs::write(&twin, flipped(&fs::read(good).expect("the file"), flip)).expect("the twin");
        let context = format!("{level} {flip:?}");
        let (accepted, report) = instance.verify(&twin, level);
        assert!(!accepted, "{context}: {report:#}");
        assert_eq!(report["verdict"], "invalid", "{context}");
        let root = instance.root();
        let answer = validators::pyhanko(&[Job::new(&twin, &root)]).remove(0);
        assert_ne!(answer["signatures"][0]["bottom_line"], true, "{context}");
        assert_ne!(
            validators::pdfsig(&twin, &root)[0].0,
            "Signature is Valid.",
            "{context}"
        );
        assert!(!validators::mutool_finds_digests_intact(&twin), "{context}");
    }
}

#[test]
fn a_flipped_byte_in_a_timestamp_is_refused() {
    let instance = Instance::new();
    let input = inputs::path("typst");
    for (level, flip, index) in [("b-t", Flip::EndOfFirst, 0), ("b-lta", Flip::EndOfLast, 1)] {
        let good = instance.sign(&input, "good", &["--level", level, "--invisible"]);
        let twin = instance.path("twin.pdf");
        fs::write(&twin, flipped(&fs::read(good).expect("the file"), flip)).expect("the twin");
        let (accepted, report) = instance.verify(&twin, level);
        assert!(!accepted, "{level}: {report:#}");
        let root = instance.root();
        let job = Job::new(&twin, &root).without_revocation();
        let signature = &validators::pyhanko(&[job]).remove(0)["signatures"][index];
        let key = if index == 0 {
            "timestamp_trusted"
        } else {
            "valid"
        };
        assert_ne!(signature[key], true, "{level}");
    }
}

#[test]
fn a_foreign_root_is_trusted_by_nobody() {
    let (instance, stranger) = (Instance::new(), Instance::new());
    let input = inputs::path("typst");
    let file = instance.sign(&input, "ours", &["--level", "b-lta", "--invisible"]);
    stranger.sign(&input, "theirs", &["--level", "b-b", "--invisible"]);
    let (accepted, report) = stranger.verify(&file, "b-lta");
    assert!(!accepted, "{report:#}");
    assert_eq!(report["verdict"], "indeterminate");
    let root = stranger.root();
    let answer = validators::pyhanko(&[Job::new(&file, &root)]).remove(0);
    assert_eq!(
        answer["signatures"][0]["ades"],
        "INDETERMINATE/NO_CERTIFICATE_CHAIN_FOUND"
    );
    assert_ne!(
        validators::pdfsig(&file, &root)[0].1,
        "Certificate is Trusted."
    );
}

#[test]
fn a_second_signature_leaves_the_first_valid() {
    let instance = Instance::new();
    let first = instance.sign(
        &inputs::path("mediabox"),
        "first",
        &["--level", "b-lta", "--invisible"],
    );
    let second = instance.sign(&first, "second", &["--level", "b-lta", "--invisible"]);
    let root = instance.root();
    let answer = validators::pyhanko(&[Job::new(&second, &root)]).remove(0);
    let signatures: Vec<&Value> = answer["signatures"]
        .as_array()
        .expect("signatures")
        .iter()
        .filter(|s| s["kind"] == "signature")
        .collect();
    assert_eq!(signatures.len(), 2, "{answer:#}");
    for signature in signatures {
        assert_eq!(signature["ades"], "PASSED/OK", "{answer:#}");
        assert_eq!(signature["bottom_line"], true);
        assert_eq!(signature["doc_mdp_ok"], true);
    }
    assert_eq!(answer["signatures"][0]["modification"], "FORM_FILLING");
    let words = validators::pdfsig(&second, &root);
    assert_eq!(words[0].0, "Signature is Valid.");
    assert!(instance.verify(&second, "b-lta").0);
    let before = fs::read(first).expect("the first");
    assert!(fs::read(second).expect("the second").starts_with(&before));
}

#[test]
fn a_file_signed_by_another_program_takes_our_signature() {
    let instance = Instance::new();
    let folder = super::reference::folder();
    let file = instance.sign(
        &folder.join("b-lta.pdf"),
        "both",
        &["--level", "b-b", "--invisible"],
    );
    let root = folder.join("root.pem");
    let answer = validators::pyhanko(&[Job::new(&file, &root)]).remove(0);
    assert_eq!(answer["signatures"][0]["bottom_line"], true, "{answer:#}");
    assert_eq!(answer["signatures"][0]["modification"], "FORM_FILLING");
}

#[test]
fn an_archive_file_keeps_its_rules() {
    let instance = Instance::new();
    let script = tools::script("pdfa.py");
    for name in ["typst-pdfa2b", "libreoffice-pdfa2b"] {
        let invisible = vec!["--invisible".to_owned()];
        for (suffix, arguments) in [
            ("visible", with_block(name, "b-lta")),
            ("invisible", invisible),
        ] {
            let file = instance.sign(&inputs::path(name), suffix, &arguments);
            let said = tools::run(tools::python(), &[script.as_os_str(), file.as_os_str()]);
            assert!(said.success, "{name}, {suffix}: {}", said.text);
        }
    }
    // The check can fail: a form that was never PDF/A.
    let plain = inputs::path("reportlab-form");
    let said = tools::run(tools::python(), &[script.as_os_str(), plain.as_os_str()]);
    assert!(!said.success);
}

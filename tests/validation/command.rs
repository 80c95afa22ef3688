//! `absah verify` and `absah cert verify` as scripts and people meet them.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use super::difference::{set, updated};
use super::document::document;
use super::world::{SIGNED, World};

/// Files of one test in a folder of its own.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn put(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, bytes).expect("a file");
        path
    }
}

fn absah(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_absah"))
        .args(arguments)
        .env("LANG", "id_ID.UTF-8")
        .env_remove("LC_ALL")
        .env_remove("LC_MESSAGES")
        .output()
        .expect("the command runs")
}

/// `absah verify` of a file under an anchor, an hour after it was signed.
fn verify(file: &Path, root: &Path, more: &[&str]) -> Output {
    let arguments = ["verify", path(file), "--trust", path(root), "--at", AT];
    absah(&[&arguments[..], more].concat())
}

/// The file with another letter in its text.
fn retyped(file: &[u8]) -> Vec<u8> {
    let text = file.windows(4).position(|w| w == b"Izin");
    let mut retyped = file.to_vec();
    retyped[text.expect("the text")] = b'J';
    retyped
}

fn status(output: &Output) -> i32 {
    output.status.code().expect("an exit status")
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).expect("JSON on stdout")
}

fn path(path: &Path) -> &str {
    path.to_str().expect("a plain path")
}

const AT: &str = "2026-11-22T09:00:00+07:00";

#[test]
fn the_exit_status_is_the_answer() {
    let (world, folder) = (World::new(), Folder::new());
    let root = folder.put("root.der", world.root.certificate.der());
    let signed = world.b_lta(&document(), SIGNED);
    let altered = retyped(&signed);
    let cases = [
        ("signed.pdf", signed, 0, "unknown_valid"),
        ("altered.pdf", altered, 1, "invalid"),
        ("plain.pdf", document(), 1, "unsigned"),
        ("cut.pdf", document()[..300].to_vec(), 1, "indeterminate"),
        ("text.pdf", b"halo".to_vec(), 2, "indeterminate"),
        ("empty.pdf", Vec::new(), 2, "indeterminate"),
    ];
    for (name, bytes, code, verdict) in cases {
        let file = folder.put(name, &bytes);
        let plain = verify(&file, &root, &["--offline"]);
        assert_eq!(status(&plain), code, "{name}: {plain:?}");
        let machine = verify(&file, &root, &["--offline", "--json"]);
        assert_eq!(status(&machine), code, "{name}");
        assert_eq!(json(&machine)["verdict"], verdict, "{name}");
        let errors = String::from_utf8_lossy(&machine.stderr).into_owned();
        assert_eq!(errors.lines().count(), usize::from(code == 2), "{errors}");
    }
    let missing = absah(&["verify", "/nonexistent.pdf"]);
    assert_eq!(status(&missing), 2);
}

#[test]
fn people_read_the_verdict_first_in_their_language() {
    let (world, folder) = (World::new(), Folder::new());
    let root = folder.put("root.der", world.root.certificate.der());
    let file = folder.put("signed.pdf", &world.b_lta(&document(), SIGNED));
    let arguments = ["verify", path(&file), "--trust", path(&root), "--at", AT];
    let text = String::from_utf8(absah(&arguments).stdout).expect("text");
    assert!(text.starts_with("TANDA TANGAN SAH"), "{text}");
    assert!(
        text.contains("✓ Tanda tangan: Signer") && text.contains("08.00 WIB"),
        "{text}"
    );
    assert!(!text.contains("B-LTA"), "a term of the standards: {text}");
    assert!(
        !text.contains('\u{1b}'),
        "no colours where nobody looks: {text}"
    );
    let english = Command::new(env!("CARGO_BIN_EXE_absah"))
        .args(arguments)
        .arg("--verbose")
        .env("LC_ALL", "en_GB.UTF-8")
        .output()
        .expect("the command runs");
    let text = String::from_utf8(english.stdout).expect("text");
    assert!(
        text.starts_with("SIGNATURE VALID")
            && text.contains("CN=Root")
            && text.contains("B-LTA")
            && text.contains("✓ certificate-validation (EN 319 102-1 5.2.6)"),
        "{text}"
    );
}

#[test]
fn missing_revocation_data_can_be_let_pass() {
    let (world, folder) = (World::new(), Folder::new());
    let root = folder.put("root.der", world.root.certificate.der());
    let file = folder.put("b-b.pdf", &world.b_b(&document()));
    let required = verify(&file, &root, &["--json"]);
    assert_eq!(status(&required), 1);
    assert_eq!(
        json(&required)["signatures"][0]["indication"],
        "INDETERMINATE"
    );
    let lenient = ["--json", "--revocation", "if-present"];
    let lenient = verify(&file, &root, &lenient);
    assert_eq!(status(&lenient), 0);
    let report = json(&lenient);
    assert_eq!(report["signatures"][0]["revocation"]["state"], "unchecked");
    assert_eq!(
        report["signatures"][0]["findings"][0]["code"],
        "time-not-proven"
    );
}

#[test]
fn a_certificate_alone_can_be_verified() {
    let (world, folder) = (World::new(), Folder::new());
    let root = folder.put("root.der", world.root.certificate.der());
    let ca = folder.put("ca.der", world.ca.certificate.der());
    let leaf = folder.put("leaf.der", world.signer.certificate.der());
    let chain = ["--untrusted", path(&ca), "--at", AT, "--json"];
    let verify =
        |extra: &[&str]| absah(&[&["cert", "verify", path(&leaf)], &chain[..], extra].concat());
    let trusted = verify(&["--trust", path(&root)]);
    assert_eq!(status(&trusted), 0, "{trusted:?}");
    let report = json(&trusted);
    assert_eq!(report["indication"], "PASSED");
    assert_eq!(
        report["path"],
        serde_json::json!(["CN=Signer", "CN=Issuing CA", "CN=Root"])
    );
    let untrusted = verify(&[
        "--trust",
        path(&leaf.with_file_name("ca.der")),
        "--check-revocation",
    ]);
    assert_eq!(status(&untrusted), 1);
    assert_eq!(
        json(&untrusted)["sub_indication"],
        "CERTIFICATE_CHAIN_GENERAL_FAILURE"
    );
    let data = world.validation_data(SIGNED);
    let crl = folder.put("ca.crl", &world.crl(&world.ca, &[], SIGNED));
    let root_crl = folder.put("root.crl", &data.crls[0]);
    let checked = verify(&[
        "--trust",
        path(&root),
        "--check-revocation",
        "--crl",
        path(&crl),
        "--crl",
        path(&root_crl),
    ]);
    assert_eq!(status(&checked), 0, "{checked:?}");
}

/// What a person sees first, for a file of each verdict that a command can meet.
#[test]
fn each_verdict_is_told_in_80_columns_without_terms_of_the_standards() {
    let (world, folder) = (World::new(), Folder::new());
    let root = folder.put("root.der", world.root.certificate.der());
    let other = World::new();
    let elsewhere = folder.put("other.der", other.root.certificate.der());
    let signed = world.b_lta(&document(), SIGNED);
    let flipped = retyped(&signed);
    let changed = updated(&signed, |update| set(update, 3, "Rotate", "90"));
    let cases = [
        (
            "signed.pdf",
            &signed[..],
            &root,
            "TANDA TANGAN SAH",
            "kode QR",
        ),
        (
            "flipped.pdf",
            &flipped,
            &root,
            "TIDAK SAH",
            "Jangan gunakan",
        ),
        (
            "changed.pdf",
            &changed,
            &root,
            "TIDAK SAH",
            "changed.pdf > ditandatangani.pdf",
        ),
        (
            "stranger.pdf",
            &signed,
            &elsewhere,
            "BELUM DAPAT DIPASTIKAN",
            "--trust",
        ),
        (
            "b-b.pdf",
            &world.b_b(&document()),
            &root,
            "BELUM DAPAT DIPASTIKAN",
            "--crl",
        ),
        (
            "cut.pdf",
            &signed[..signed.len() - 200],
            &root,
            "TIDAK SAH",
            "Struktur PDF rusak",
        ),
        (
            "cut-plain.pdf",
            &document()[..300],
            &root,
            "BELUM DAPAT DIPASTIKAN",
            "rusak",
        ),
        (
            "plain.pdf",
            &document(),
            &root,
            "TANPA TANDA TANGAN",
            "mintalah",
        ),
    ];
    for (name, bytes, trust, verdict, says) in cases {
        let file = folder.put(name, bytes);
        let text = String::from_utf8(verify(&file, trust, &[]).stdout).expect("text");
        println!("--- {name}\n{text}");
        assert!(
            text.starts_with(verdict) && text.contains(says),
            "{name}: {text}"
        );
        for line in text.lines() {
            assert!(line.chars().count() <= 80, "{name}: {line}");
        }
        for term in [
            "CMS",
            "OCSP",
            "CRL ",
            "DER",
            "B-L",
            "EN 319",
            "CN=",
            "Signature1",
        ] {
            assert!(!text.contains(term), "{name}: {term} in {text}");
        }
    }
}

#[test]
fn openssl_checks_the_evidence_that_is_written() {
    let (world, folder) = (World::new(), Folder::new());
    let root = folder.put("root.der", world.root.certificate.der());
    let file = folder.put("signed.pdf", &world.b_lta(&document(), SIGNED));
    let evidence = folder.0.path().join("evidence");
    let written = || verify(&file, &root, &["--evidence", path(&evidence)]);
    assert_eq!(status(&written()), 0);
    let index = std::fs::read(evidence.join("index.json")).expect("the index");
    let index: Value = serde_json::from_slice(&index).expect("JSON");
    let objects = index["objects"].as_array().expect("objects");
    let count = |kind: &str| objects.iter().filter(|one| one["kind"] == kind).count();
    assert_eq!(count("signature"), 1);
    assert_eq!(count("timestamp"), 2);
    assert_eq!(count("ocsp"), 2);
    assert_eq!(count("crl"), 1);
    assert_eq!(count("certificate"), 5);
    let script = evidence.join("check.sh");
    let commands = std::fs::read_to_string(&script).expect("the script");
    assert_eq!(commands.matches("\nopenssl ").count(), 6, "{commands}");
    let checked = super::tools::run("/bin/sh", &[&script]);
    assert!(checked.success, "{commands}\n{}", checked.text);
    // Each kind of spoiled evidence stops the script.
    for spoiled in [
        "signature-1.covered",
        "timestamp-1.covered",
        "timestamp-2.covered",
    ] {
        let path = evidence.join(spoiled);
        let good = std::fs::read(&path).expect("a file");
        let mut bad = good.clone();
        bad[0] ^= 1;
        std::fs::write(&path, bad).expect("a file");
        assert!(
            !super::tools::run("/bin/sh", &[&script]).success,
            "{spoiled}"
        );
        std::fs::write(&path, good).expect("a file");
    }
    // What is there is never overwritten.
    assert_eq!(status(&written()), 2);
}

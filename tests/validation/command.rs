//! `absah verify` and `absah cert verify` as scripts and people meet them.

use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

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

fn status(output: &Output) -> i32 {
    output.status.code().expect("an exit status")
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).expect("JSON on stdout")
}

fn path(path: &std::path::Path) -> &str {
    path.to_str().expect("a plain path")
}

const AT: &str = "2026-11-22T09:00:00+07:00";

#[test]
fn the_exit_status_is_the_answer() {
    let (world, folder) = (World::new(), Folder::new());
    let root = folder.put("root.der", world.root.certificate.der());
    let signed = world.b_lta(&document(), SIGNED);
    let mut altered = signed.clone();
    let text = altered
        .windows(4)
        .position(|w| w == b"Izin")
        .expect("the text");
    altered[text] = b'J';
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
        let arguments = [
            "verify",
            path(&file),
            "--trust",
            path(&root),
            "--at",
            AT,
            "--offline",
        ];
        let plain = absah(&arguments);
        assert_eq!(status(&plain), code, "{name}: {plain:?}");
        let machine = absah(&[&arguments[..], &["--json"]].concat());
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
        text.contains("Signer, B-LTA") && text.contains("08.00 WIB"),
        "{text}"
    );
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
        text.starts_with("SIGNATURE VALID") && text.contains("CN=Root"),
        "{text}"
    );
}

#[test]
fn missing_revocation_data_can_be_let_pass() {
    let (world, folder) = (World::new(), Folder::new());
    let root = folder.put("root.der", world.root.certificate.der());
    let file = folder.put("b-b.pdf", &world.b_b(&document()));
    let arguments = [
        "verify",
        path(&file),
        "--trust",
        path(&root),
        "--at",
        AT,
        "--json",
    ];
    let required = absah(&arguments);
    assert_eq!(status(&required), 1);
    assert_eq!(
        json(&required)["signatures"][0]["indication"],
        "INDETERMINATE"
    );
    let lenient = absah(&[&arguments[..], &["--revocation", "if-present"]].concat());
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

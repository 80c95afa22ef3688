//! Signatures by pyHanko: good ones pass every validator, bad ones fail where they must.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::evidence::Evidence;
use super::twins::{Flip, flipped};
use super::validators::{self, Job};
use super::{inputs, tools};

/// The folder of reference signatures; the first call makes them.
pub fn folder() -> PathBuf {
    let folder = tools::kept("reference");
    let script = tools::script("reference.py");
    // Certificates and revocation data last for days only: made anew every day.
    let day = std::process::Command::new("date")
        .arg("+%F")
        .output()
        .expect("a date");
    let recipe =
        fs::read_to_string(&script).expect("the script") + &String::from_utf8_lossy(&day.stdout);
    tools::once(&folder, &recipe, |folder| {
        let source = inputs::path("typst");
        let arguments = [script.as_os_str(), source.as_os_str(), folder.as_os_str()];
        let said = tools::run(tools::python(), &arguments);
        assert!(said.success, "reference.py: {}", said.text);
    });
    folder
}

fn ask(job: Job<'_>) -> Value {
    validators::pyhanko(&[job]).remove(0)
}

fn twin(name: &str, flip: Flip) -> (tempfile::TempDir, PathBuf) {
    let good = fs::read(folder().join(name)).expect("a reference file");
    let place = tempfile::tempdir().expect("a temporary folder");
    let path = place.path().join("twin.pdf");
    fs::write(&path, flipped(&good, flip)).expect("the twin");
    (place, path)
}

#[test]
fn each_level_passes_and_is_named() {
    let (folder, root) = (folder(), folder().join("root.pem"));
    for (name, level) in [
        ("b-b", "B-B"),
        ("b-t", "B-T"),
        ("b-lt", "B-LT"),
        ("b-lta", "B-LTA"),
    ] {
        let file = folder.join(format!("{name}.pdf"));
        let mut job = Job::new(&file, &root);
        job.revocation = level.contains('L');
        let answer = ask(job);
        let signature = &answer["signatures"][0];
        assert_eq!(signature["ades"], "PASSED/OK", "{name}: {answer:#}");
        assert_eq!(signature["level"], level);
        assert_eq!(signature["bottom_line"], true);
        assert!(validators::pyhanko_adesverify(&file, &root), "{name}");
        let words = &validators::pdfsig(&file, &root)[0];
        assert_eq!(words.0, "Signature is Valid.", "{name}");
        assert_eq!(words.1, "Certificate is Trusted.", "{name}");
        assert!(validators::qpdf_check(&file).success, "{name}");
        assert!(validators::mutool_finds_digests_intact(&file), "{name}");
    }
}

#[test]
fn a_foreign_root_is_not_trusted() {
    let (file, root) = (folder().join("b-lta.pdf"), folder().join("other-root.pem"));
    let answer = ask(Job::new(&file, &root));
    assert_eq!(
        answer["signatures"][0]["ades"],
        "INDETERMINATE/NO_CERTIFICATE_CHAIN_FOUND"
    );
    assert_eq!(answer["signatures"][1]["trusted"], false);
    assert_ne!(
        validators::pdfsig(&file, &root)[0].1,
        "Certificate is Trusted."
    );
    assert!(!validators::pyhanko_adesverify(&file, &root));
}

#[test]
fn a_revoked_signatory_does_not_pass() {
    let (file, root) = (folder().join("revoked.pdf"), folder().join("root.pem"));
    let signature = ask(Job::new(&file, &root))["signatures"][0].take();
    assert_eq!(signature["ades"], "INDETERMINATE/REVOKED_NO_POE");
    assert_eq!(signature["trusted"], false);
}

#[test]
fn a_timestamp_of_an_authority_without_its_purpose_does_not_pass() {
    let (file, root) = (folder().join("tsa-eku.pdf"), folder().join("root.pem"));
    let answer = ask(Job::new(&file, &root));
    assert_ne!(answer["signatures"][0]["ades"], "PASSED/OK");
    let place = tempfile::tempdir().expect("a temporary folder");
    assert!(!Evidence::of(&file, place.path(), &root).tokens_hold());
}

#[test]
fn a_flipped_byte_in_the_document_is_seen_by_all() {
    let (_place, file) = twin("b-lta.pdf", Flip::Document);
    let root = folder().join("root.pem");
    let answer = ask(Job::new(&file, &root));
    assert_ne!(answer["signatures"][0]["intact"], true, "{answer:#}");
    assert_ne!(validators::pdfsig(&file, &root)[0].0, "Signature is Valid.");
    assert!(!validators::mutool_finds_digests_intact(&file));
}

#[test]
fn a_flipped_byte_in_the_cms_is_seen_by_all() {
    let root = folder().join("root.pem");
    for (flip, ades) in [
        (Flip::MessageDigest, "FAILED/HASH_FAILURE"),
        (Flip::EndOfFirst, "FAILED/SIG_CRYPTO_FAILURE"),
    ] {
        let (_place, file) = twin("b-b.pdf", flip);
        let signature = ask(Job::new(&file, &root).without_revocation())["signatures"][0].take();
        assert_eq!(signature["ades"], ades, "{flip:?}");
        assert_ne!(
            validators::pdfsig(&file, &root)[0].0,
            "Signature is Valid.",
            "{flip:?}"
        );
        assert!(!validators::mutool_finds_digests_intact(&file), "{flip:?}");
    }
}

#[test]
fn a_flipped_byte_in_a_timestamp_is_seen() {
    let root = folder().join("root.pem");
    let (_place, file) = twin("b-t.pdf", Flip::EndOfFirst);
    let signature = ask(Job::new(&file, &root).without_revocation())["signatures"][0].take();
    assert_ne!(signature["timestamp_trusted"], true);
    assert_ne!(signature["ades"], "PASSED/OK");

    let (_place, file) = twin("b-lta.pdf", Flip::EndOfLast);
    let answer = ask(Job::new(&file, &root));
    assert_ne!(answer["signatures"][1]["valid"], true, "{answer:#}");
}

#[test]
fn tokens_and_responses_satisfy_openssl_and_their_twins_do_not() {
    let root = folder().join("root.pem");
    let place = tempfile::tempdir().expect("a temporary folder");
    let of = |name: &str, root: &Path| {
        let part = format!("{name}-{}", root.file_stem().unwrap_or_default().display());
        Evidence::of(&folder().join(name), &place.path().join(part), root)
    };
    let evidence = of("b-lta.pdf", &root);
    assert_eq!(evidence.tokens().len(), 2);
    assert!(evidence.tokens_hold());
    let states = evidence.ocsp_states();
    assert_eq!(states.len(), 3, "{states:?}");
    assert!(
        states.iter().all(|(_, state)| state == "good"),
        "{states:?}"
    );

    flip_last_byte(&evidence.tokens()[0]);
    assert!(!evidence.tokens_hold());

    let revoked = of("revoked.pdf", &root).ocsp_states();
    let of_signatory = revoked.iter().find(|(name, _)| name.contains("Signatory"));
    assert_eq!(
        of_signatory.map(|(_, state)| state.as_str()),
        Some("revoked"),
        "{revoked:?}"
    );

    let other = of("b-lta.pdf", &folder().join("other-root.pem"));
    assert!(!other.tokens_hold());
    assert!(
        other
            .ocsp_states()
            .iter()
            .all(|(_, state)| state.starts_with("not accepted"))
    );
}

fn flip_last_byte(path: &Path) {
    let mut bytes = fs::read(path).expect("a file");
    *bytes.last_mut().expect("a byte") ^= 1;
    fs::write(path, bytes).expect("a file written");
}

/// Our verdict on another program's file: exit status 0, indication, sub-indication.
fn ours(name: &str, root: &str, at_level: &str) -> (bool, String, String) {
    let folder = folder();
    let (file, root) = (folder.join(name), folder.join(root));
    let said = tools::run(
        env!("CARGO_BIN_EXE_absah"),
        &[
            "verify".as_ref(),
            file.as_os_str(),
            "--json".as_ref(),
            "--offline".as_ref(),
            "--revocation".as_ref(),
            at_level.as_ref(),
            "--trust".as_ref(),
            root.as_os_str(),
        ],
    );
    let report: Value = serde_json::from_slice(&said.stdout)
        .unwrap_or_else(|e| panic!("absah verify: {e}: {}", said.text));
    let signature = &report["signatures"][0];
    let text = |key| signature[key].as_str().unwrap_or_default().to_owned();
    (said.success, text("indication"), text("sub_indication"))
}

#[test]
fn our_verdict_agrees_with_that_of_the_others() {
    for (name, revocation) in [
        ("b-b.pdf", "if-present"),
        ("b-t.pdf", "if-present"),
        ("b-lt.pdf", "required"),
        ("b-lta.pdf", "required"),
    ] {
        let (good, indication, sub) = ours(name, "root.pem", revocation);
        assert!(good, "{name}: {indication} {sub}");
        assert_eq!(indication, "TOTAL_PASSED", "{name}");
    }
    for (name, root) in [
        ("revoked.pdf", "root.pem"),
        ("tsa-eku.pdf", "root.pem"),
        ("b-lta.pdf", "other-root.pem"),
    ] {
        let (good, indication, _) = ours(name, root, "required");
        assert!(!good, "{name} under {root}");
        assert_ne!(indication, "TOTAL_PASSED", "{name} under {root}");
    }
}

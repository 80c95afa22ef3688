//! PKCS#12 both ways with `openssl pkcs12`.

use std::fs;

use absah::keys::{KeyError, KeyType, Passphrase, Pkcs12, SoftwareKey};

use crate::support::tools::{must, run};

fn passphrase(text: &str) -> Passphrase {
    Passphrase::new(text.into())
}

/// A file that openssl made: a self-signed certificate and its key.
fn made_by_openssl() -> (tempfile::TempDir, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let subject = [
        "-subj",
        "/CN=Contoh",
        "-days",
        "2",
        "-nodes",
        "-keyout",
        "k.pem",
        "-out",
        "c.pem",
    ];
    must(
        at,
        "openssl",
        &[&["req", "-x509", "-newkey", "rsa:2048"], &subject[..]].concat(),
    );
    let export = [
        "pkcs12",
        "-export",
        "-inkey",
        "k.pem",
        "-in",
        "c.pem",
        "-passout",
        "pass:rahasia",
    ];
    must(at, "openssl", &[&export[..], &["-out", "f.p12"]].concat());
    let file = fs::read(at.join("f.p12")).unwrap();
    (folder, file)
}

#[test]
fn imports_what_openssl_exports() {
    let (folder, file) = made_by_openssl();
    let imported = Pkcs12::import(&file, &passphrase("rahasia")).unwrap();
    must(
        folder.path(),
        "openssl",
        &["x509", "-in", "c.pem", "-outform", "DER", "-out", "c.der"],
    );
    assert_eq!(
        imported.certificate,
        fs::read(folder.path().join("c.der")).unwrap()
    );
    assert_eq!(imported.key.kind().unwrap(), KeyType::Rsa2048);
    assert!(imported.chain.is_empty());
}

#[test]
fn refuses_a_wrong_passphrase_and_a_damaged_file() {
    let (folder, file) = made_by_openssl();
    for wrong in ["salah", ""] {
        let refused = Pkcs12::import(&file, &passphrase(wrong));
        assert!(
            matches!(refused, Err(KeyError::WrongPassphrase)),
            "{refused:?}"
        );
    }
    let mut flipped = file.clone();
    let last = flipped.len() - 20;
    flipped[last] ^= 1;
    assert!(Pkcs12::import(&flipped, &passphrase("rahasia")).is_err());
    assert!(Pkcs12::import(&file[..40], &passphrase("rahasia")).is_err());
    let export = [
        "pkcs12",
        "-export",
        "-nokeys",
        "-in",
        "c.pem",
        "-passout",
        "pass:rahasia",
        "-out",
        "n.p12",
    ];
    must(folder.path(), "openssl", &export);
    let no_key = fs::read(folder.path().join("n.p12")).unwrap();
    let refused = Pkcs12::import(&no_key, &passphrase("rahasia"));
    assert!(
        matches!(refused, Err(KeyError::Missing("private key"))),
        "{refused:?}"
    );
}

#[test]
fn openssl_opens_what_is_exported() {
    let (folder, file) = made_by_openssl();
    let at = folder.path();
    let imported = Pkcs12::import(&file, &passphrase("rahasia")).unwrap();
    let exported = imported
        .export("Kepala Dinas", &passphrase("sandi baru"))
        .unwrap();
    fs::write(at.join("e.p12"), exported).unwrap();
    let info = must(
        at,
        "openssl",
        &[
            "pkcs12",
            "-in",
            "e.p12",
            "-info",
            "-nodes",
            "-passin",
            "pass:sandi baru",
        ],
    );
    assert!(
        info.contains("PBES2, PBKDF2, AES-256-CBC, Iteration 600000"),
        "{info}"
    );
    assert!(info.contains("friendlyName: Kepala Dinas"), "{info}");
    assert!(
        !run(
            at,
            "openssl",
            &[
                "pkcs12",
                "-in",
                "e.p12",
                "-nodes",
                "-passin",
                "pass:rahasia"
            ]
        )
        .content
    );
}

#[test]
fn exports_no_certificate_of_another_key_and_nothing_without_passphrase() {
    let (_folder, file) = made_by_openssl();
    let mut imported = Pkcs12::import(&file, &passphrase("rahasia")).unwrap();
    assert!(imported.export("x", &passphrase("")).is_err());
    imported.key = SoftwareKey::generate(KeyType::P256).unwrap();
    let refused = imported.export("x", &passphrase("sandi"));
    assert!(
        matches!(refused, Err(KeyError::CertificateMismatch)),
        "{refused:?}"
    );
}

//! `absah ca` and `absah timestamp`, as an operator runs them.

use std::fs;
use std::path::Path;

use crate::support::tools::{Said, must, run};

const ABSAH: &str = env!("CARGO_BIN_EXE_absah");

struct Office {
    folder: tempfile::TempDir,
}

impl Office {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("file"), "izin").unwrap();
        Self { folder }
    }

    fn at(&self) -> &Path {
        self.folder.path()
    }

    fn absah(&self, arguments: &[&str]) -> Said {
        run(self.at(), ABSAH, arguments)
    }

    fn ca(&self, arguments: &[&str]) -> Said {
        self.absah(&[&["ca", "--data", "data"], arguments].concat())
    }

    fn request(&self, name: &str) {
        let new = [
            "req",
            "-new",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
        ];
        let out = ["-keyout", "k.pem", "-subj", "/CN=x", "-out", name];
        must(self.at(), "openssl", &[&new[..], &out].concat());
    }

    fn serial(&self, certificate: &str) -> String {
        let said = must(
            self.at(),
            "openssl",
            &["x509", "-in", certificate, "-noout", "-serial"],
        );
        said.trim().trim_start_matches("serial=").to_lowercase()
    }
}

#[test]
fn a_demonstration_issues_revokes_releases_and_publishes() {
    let office = Office::new();
    let said = office.ca(&["init", "--demonstration"]);
    assert!(
        said.content && said.text.contains("DEMONSTRASI"),
        "{}",
        said.text
    );
    assert!(
        !office.ca(&["init", "--demonstration"]).content,
        "there is one already"
    );
    office.request("r.pem");
    let issue = [
        "issue",
        "--request",
        "r.pem",
        "--common-name",
        "Siti Contoh",
        "-o",
        "c.pem",
    ];
    let said = office.ca(&issue);
    assert!(said.content, "{}", said.text);
    let serial = office.serial("c.pem");
    assert!(
        office
            .ca(&["list", "--role", "signatory"])
            .text
            .contains(&serial)
    );
    assert_eq!(office.ca(&["list", "--revoked"]).text, "");
    let said = office.ca(&["revoke", &serial, "--reason", "certificateHold"]);
    assert!(
        said.content && said.text.contains("revoked (certificateHold)"),
        "{}",
        said.text
    );
    assert!(office.ca(&["revoke", &serial, "--release"]).content);
    let said = office.ca(&[
        "revoke",
        &serial,
        "--reason",
        "keyCompromise",
        "--invalid-since",
        "2026-01-01T00:00:00Z",
    ]);
    assert!(said.content, "{}", said.text);
    assert!(!office.ca(&["revoke", &serial]).content, "it is final");
    assert!(!office.ca(&["revoke", "00"]).content);
    let said = office.ca(&["crl", "-o", "list.crl"]);
    assert!(
        said.text.contains("Not due"),
        "the demonstration published at once: {}",
        said.text
    );
    let text = must(
        office.at(),
        "openssl",
        &[
            "crl", "-inform", "DER", "-in", "list.crl", "-noout", "-text",
        ],
    );
    assert!(
        text.to_lowercase().contains(&serial) && text.contains("Key Compromise"),
        "{text}"
    );
    let said = office.ca(&["--json", "crl", "--root", "--now"]);
    assert!(said.text.contains("\"published\":true"), "{}", said.text);
    assert!(office.ca(&["issue", "--renew", "ocsp"]).content);
    assert!(!office.ca(&["issue", "--renew", "root"]).content);
}

#[test]
fn a_ceremony_needs_its_passphrases_for_each_act() {
    let office = Office::new();
    let profiles = Path::new(env!("CARGO_MANIFEST_DIR")).join("certs/profiles.toml");
    let profiles = fs::read_to_string(profiles)
        .unwrap()
        .replace(".32473.", ".99999.");
    fs::write(office.at().join("profiles.toml"), profiles).unwrap();
    fs::write(
        office.at().join("root.pass"),
        "kata sandi akar yang panjang",
    )
    .unwrap();
    fs::write(
        office.at().join("issuing.pass"),
        "kata sandi penerbit yang panjang",
    )
    .unwrap();
    fs::write(
        office.at().join("wrong.pass"),
        "kata sandi yang salah sekali",
    )
    .unwrap();
    let config = "[authority]\ndemonstration = false\n[server]\npublic_url = \"https://izin.contoh.go.id\"\n";
    fs::write(office.at().join("absah.toml"), config).unwrap();
    let ca = |arguments: &[&str]| {
        let fixed = ["ca", "--config", "absah.toml", "--data", "data"];
        office.absah(&[&fixed[..], arguments].concat())
    };
    let said = ca(&["list"]);
    assert!(!said.content, "{}", said.text);
    let organization = [
        "init",
        "--organization",
        "DPMPTSP Contoh",
        "--profiles",
        "profiles.toml",
    ];
    let secrets = [
        "--root-passphrase-file",
        "root.pass",
        "--passphrase-file",
        "issuing.pass",
    ];
    let said = ca(&[&organization[..], &["--root-folder", "stick"], &secrets].concat());
    assert!(
        said.content && said.text.contains("SHA-256"),
        "{}",
        said.text
    );
    office.request("r.pem");
    let issue = [
        "issue",
        "--request",
        "r.pem",
        "--common-name",
        "Siti",
        "-o",
        "c.pem",
    ];
    let with = |file: &'static str| ca(&[&issue[..], &["--passphrase-file", file]].concat());
    let said = with("wrong.pass");
    assert!(
        !said.content && said.text.contains("the passphrase does not open this key"),
        "{}",
        said.text
    );
    let said = with("issuing.pass");
    assert!(said.content, "{}", said.text);
    let serial = office.serial("c.pem");
    let said = ca(&["revoke", &serial, "--reason", "superseded"]);
    assert!(said.text.contains("due now"), "{}", said.text);
    let said = ca(&["crl", "--passphrase-file", "issuing.pass", "-o", "i.crl"]);
    assert!(said.text.contains("Published list 2"), "{}", said.text);
    let root = ["crl", "--root-folder", "stick", "--root-passphrase-file"];
    assert!(!ca(&[&root[..], &["wrong.pass", "--now"]].concat()).content);
    let said = ca(&[&root[..], &["root.pass", "--now", "-o", "r.crl"]].concat());
    assert!(said.content, "{}", said.text);
    must(
        office.at(),
        "sh",
        &[
            "-c",
            "for c in i r; do openssl crl -inform DER -in $c.crl; done > crls.pem",
        ],
    );
    let text = must(
        office.at(),
        "sh",
        &["-c", "openssl x509 -in c.pem -noout -issuer"],
    );
    assert!(
        text.contains("DPMPTSP Contoh") && !text.contains("DEMONSTRASI"),
        "{text}"
    );
}

#[test]
fn a_timestamp_is_good_for_openssl_and_for_us_and_for_its_file_only() {
    let office = Office::new();
    let said = office.absah(&["timestamp", "file", "--data", "data"]);
    assert!(said.content && said.text == "file.tsr\n", "{}", said.text);
    fs::write(office.at().join("other"), "izim").unwrap();
    let ours = |file: &str, extra: &[&str]| {
        office.absah(&[&["timestamp", "verify", "file.tsr", file], extra].concat())
    };
    let said = ours("file", &["--data", "data"]);
    assert!(
        said.content && said.text.starts_with("Valid:"),
        "{}",
        said.text
    );
    let said = ours("file", &["--trust", "data/authority/root.pem", "--json"]);
    assert!(
        said.content && said.text.contains("\"valid\":true"),
        "{}",
        said.text
    );
    assert!(!ours("other", &["--data", "data"]).content);
    assert!(
        !ours("file", &[]).content,
        "nobody is trusted without being named"
    );
    let openssl = |file: &str| {
        let fixed = [
            "ts",
            "-verify",
            "-in",
            "file.tsr",
            "-CAfile",
            "data/authority/root.pem",
            "-data",
            file,
        ];
        run(office.at(), "openssl", &fixed)
    };
    let said = openssl("file");
    assert!(said.content, "{}", said.text);
    assert!(!openssl("other").content);
    let said = office.absah(&["timestamp", "file", "--tsa", "http://127.0.0.1:1/tsa"]);
    assert!(
        !said.content && said.text.contains("127.0.0.1: no connection"),
        "{}",
        said.text
    );
}

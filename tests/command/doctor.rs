//! `absah doctor`: what is in order, what is not, and what to do.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::Value;

use crate::world::{Answer, Folder};

/// The checks of a name, with their states.
fn states(answer: &Answer, name: &str) -> Vec<String> {
    let checks = answer.json()["checks"].as_array().unwrap().clone();
    let named = checks.iter().filter(|check| check["name"] == name);
    let state = |check: &Value| {
        let bad = check["state"] != "good";
        assert_eq!(
            bad,
            check.get("mend").is_some(),
            "what is bad says what to do: {check}"
        );
        check["state"].as_str().unwrap().to_owned()
    };
    named.map(state).collect()
}

fn office() -> Folder {
    let folder = Folder::new();
    assert_eq!(folder.office(&["ca", "init", "--demonstration"]).status, 0);
    folder
}

fn doctor(folder: &Folder) -> Answer {
    folder.office(&["doctor", "--json"])
}

#[test]
fn a_fresh_demonstration_is_in_order_and_says_what_it_is() {
    let folder = office();
    let answer = doctor(&folder).expect(0, "");
    assert_eq!(answer.json()["good"], true);
    for (name, state) in [
        ("configuration", "good"),
        ("transport", "good"),
        ("data folder", "good"),
        ("write access", "good"),
        ("database", "good"),
        ("service keys", "good"),
        ("authority", "warning"),
    ] {
        assert_eq!(states(&answer, name), [state], "{name}");
    }
    assert_eq!(states(&answer, "service certificate"), ["good"; 3]);
    assert_eq!(states(&answer, "CA certificate"), ["good"; 2]);
    assert_eq!(states(&answer, "CRL"), ["good"; 2]);
    assert_eq!(states(&answer, "clock").len(), 1);
    let before = fs::read(folder.path("data/absah.db")).unwrap();
    folder.office(&["doctor"]).expect(0, "0 errors");
    assert_eq!(
        fs::read(folder.path("data/absah.db")).unwrap(),
        before,
        "it changes nothing"
    );
}

#[test]
fn what_is_wrong_is_found_and_nothing_is_made() {
    let folder = Folder::new();
    let answer = doctor(&folder).expect(1, "");
    for name in ["data folder", "database", "authority"] {
        assert_eq!(states(&answer, name), ["error"], "{name}");
    }
    assert!(!folder.path("data").exists());

    let folder = office();
    fs::set_permissions(folder.path("data"), fs::Permissions::from_mode(0o755)).unwrap();
    let answer = doctor(&folder).expect(1, "chmod 700");
    assert_eq!(states(&answer, "data folder"), ["error"]);

    let folder = office();
    fs::remove_file(folder.path("data/authority/ocsp.toml")).unwrap();
    let answer = doctor(&folder).expect(1, "");
    assert_eq!(states(&answer, "service certificate"), ["error"]);
    assert_eq!(states(&answer, "service keys"), ["error"]);

    let folder = office();
    fs::write(folder.path("data/absah.db"), "no database").unwrap();
    let answer = doctor(&folder).expect(1, "");
    assert_eq!(states(&answer, "database"), ["error"]);

    let folder = office().with("ABSAH_AUTHORITY_DEMONSTRATION", "false");
    let answer = doctor(&folder).expect(1, "");
    assert_eq!(states(&answer, "authority"), ["error"]);
    assert_eq!(
        states(&answer, "configuration"),
        ["error"],
        "no public https address"
    );
}

#[test]
fn time_stamping_authorities_are_asked_with_all_that_a_document_needs() {
    let other = Folder::new();
    let service = other.serve();
    let tsa = format!("{}/tsa", service.url);
    let root = other.path("data/authority/root.pem").display().to_string();
    let asking = |urls: &str| {
        office()
            .with("ABSAH_TIMESTAMPS_URLS", urls)
            .with("ABSAH_TIMESTAMPS_ANCHORS", &root)
            .with("ABSAH_TIMESTAMPS_PATIENCE_SECONDS", "2")
    };
    let folder = asking(&tsa).with("ABSAH_TIMESTAMPS_PRIVATE_HOSTS", "localhost");
    let answer = doctor(&folder).expect(0, "prove its chain");
    assert_eq!(states(&answer, "timestamps"), ["good"]);
    assert_eq!(states(&answer, "trust anchor"), ["good"]);
    let answer = doctor(&asking(&tsa)).expect(1, "private_hosts");
    assert_eq!(states(&answer, "timestamps"), ["error"]);
    let two = asking(&format!("http://127.0.0.1:1/tsa,{tsa}"));
    let two = two.with("ABSAH_TIMESTAMPS_PRIVATE_HOSTS", "localhost");
    assert_eq!(states(&doctor(&two), "timestamps"), ["error", "good"]);
    let unreadable = office().with("ABSAH_PSRE_ANCHORS", "none.pem");
    assert_eq!(
        states(&doctor(&unreadable).expect(1, ""), "trust anchors"),
        ["error"]
    );
}

#[test]
fn signatories_without_a_key_or_a_believed_certificate_are_named() {
    let folder = office();
    let user = [
        "user",
        "add",
        "Ahmad",
        "--office",
        "Kepala Dinas",
        "--role",
        "signatory",
    ];
    folder
        .office(&[&user[..], &["--without-key"]].concat())
        .expect(0, "");
    assert_eq!(states(&doctor(&folder), "signatory"), ["warning"]);
    let enrol = ["user", "enrol", "Ahmad", "--passphrase-file", "pass"];
    folder.office(&enrol).expect(0, "");
    assert_eq!(states(&doctor(&folder), "signatory"), ["good"]);
    let psre = crate::world::Psre::new(&folder);
    let request = ["ca", "request", "--person", "Ahmad", "-o", "r.pem"];
    let secret = ["--key-passphrase-file", "pass"];
    folder
        .office(&[&request[..], &secret].concat())
        .expect(0, "");
    psre.certify(&folder, "r.pem", "c.pem", 30);
    let import = ["ca", "import", "c.pem", "--person", "Ahmad"];
    folder
        .office(&[&import[..], &["--trust", "psre.pem"]].concat())
        .expect(0, "psre.anchors");
    assert_eq!(states(&doctor(&folder), "signatory"), ["warning", "error"]);
    let anchors = folder.path("psre.pem").display().to_string();
    let folder = folder.with("ABSAH_PSRE_ANCHORS", &anchors);
    assert_eq!(states(&doctor(&folder), "signatory"), ["warning"]);
}

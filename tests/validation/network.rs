//! What `absah verify` asks the network, counted by a canary that listens: nothing where
//! nothing is to be asked, and no more than the policy allows otherwise.

use std::process::{Command, Output};
use std::time::Instant;

use absah::kernel::validation::policy::DEFAULT;
use absah::kernel::x509::ocsp::CertStatus;
use serde_json::Value;
use time::Duration;

use super::canary::{Canary, Office, plain};
use super::document::document;
use super::world::{Profile, SIGNED, World, issued};

const AT: &str = "2026-11-22T09:00:00+07:00";

fn verify(office: &Office, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_absah"))
        .arg("verify")
        .arg(office.signed())
        .args(["--json", "--at", AT])
        .args(more)
        .output()
        .expect("the command runs")
}

fn verdict(office: &Office, more: &[&str]) -> Value {
    let output = verify(office, more);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"))
}

fn root(office: &Office) -> String {
    plain(&office.root()).to_owned()
}

#[test]
fn what_is_missing_is_fetched_for_a_verified_chain_from_a_listed_host() {
    let canary = Canary::new();
    let office = Office::naming(&canary.base("127.0.0.1"));
    office.serve_honestly(&canary);
    let (root, policy) = (root(&office), office.policy("[]", "['127.0.0.1']"));
    let listed = ["--trust", root.as_str(), "--policy", plain(&policy)];
    let report = verdict(&office, &listed);
    assert_eq!(report["verdict"], "unknown_valid", "{report:#}");
    assert_eq!(report["signatures"][0]["revocation"]["source"], "ocsp");
    // The responder about the signer; the responder, which does not know it, and the list
    // about the authority.
    assert_eq!(canary.asked(), 3);
    // What is there is not asked for.
    let data = office.world.validation_data(SIGNED);
    let ocsp = office.put("signer.ocsp", &data.ocsps[0]);
    let crl = office.put("root.crl", &data.crls[0]);
    let given = ["--ocsp", plain(&ocsp), "--crl", plain(&crl)];
    let report = verdict(&office, &[&listed[..], &given].concat());
    assert_eq!(
        (&report["verdict"], canary.asked()),
        (&"unknown_valid".into(), 0)
    );
}

#[test]
fn a_revocation_that_is_fetched_counts() {
    let canary = Canary::new();
    let office = Office::naming(&canary.base("127.0.0.1"));
    let status = CertStatus::Revoked {
        at: SIGNED - Duration::DAY,
        reason: Some(absah::kernel::x509::RevocationReason::KeyCompromise),
    };
    let signer = &office.world.signer.certificate;
    canary.serve("/ocsp", "200 OK", office.world.ocsp(signer, status, SIGNED));
    office.serve_honestly(&canary);
    let (root, policy) = (root(&office), office.policy("[]", "['127.0.0.1']"));
    let report = verdict(&office, &["--trust", &root, "--policy", plain(&policy)]);
    assert_eq!(
        report["signatures"][0]["sub_indication"], "REVOKED_NO_POE",
        "{report:#}"
    );
    assert_eq!(
        report["signatures"][0]["revocation"]["reason"],
        "keyCompromise"
    );
}

#[test]
fn nothing_is_asked_that_is_not_to_be_asked() {
    let canary = Canary::new();
    let hosts = [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "2130706433",
        "0x7f.1",
        "localhost.",
    ];
    for host in hosts {
        let office = Office::naming(&canary.base(host));
        office.serve_honestly(&canary);
        let root = root(&office);
        let stranger = office.put("stranger.der", World::new().root.certificate.der());
        let open = office.policy("[]", "['127.0.0.1', 'localhost', '[::1]']");
        let mut unlisted = office.folder.path().join("unlisted.toml");
        std::fs::write(&unlisted, DEFAULT).expect("a policy");
        unlisted = unlisted.canonicalize().expect("a path");
        let elsewhere = office.put(
            "elsewhere.toml",
            DEFAULT
                .replace("allowed_hosts = []", "allowed_hosts = ['ocsp.example.id']")
                .as_bytes(),
        );
        let [open, unlisted, elsewhere] = [&open, &unlisted, &elsewhere].map(|path| plain(path));
        let unwanted: [&[&str]; 6] = [
            // Private addresses that no policy lists, whatever they are called.
            &["--trust", &root],
            &["--trust", &root, "--policy", unlisted],
            &["--trust", &root, "--policy", elsewhere],
            // A chain that leads to no anchor.
            &["--trust", plain(&stranger), "--policy", open],
            &["--trust", &root, "--policy", open, "--offline"],
            &[
                "--trust",
                &root,
                "--policy",
                open,
                "--revocation",
                "if-present",
            ],
        ];
        for arguments in unwanted {
            let report = verdict(&office, arguments);
            assert_eq!(canary.asked(), 0, "{host} {arguments:?}");
            let present = arguments.contains(&"if-present");
            let expected = if present {
                "unknown_valid"
            } else {
                "indeterminate"
            };
            assert_eq!(report["verdict"], expected, "{host} {arguments:?}");
        }
    }
}

#[test]
fn a_redirect_is_not_followed_and_every_failure_reads_alike() {
    let (canary, aim) = (Canary::new(), Canary::new());
    let moods = [
        ("302 Found\r\nLocation: {}/crl", Vec::new()),
        ("301 Moved Permanently\r\nLocation: {}/ocsp", Vec::new()),
        ("500 Internal Server Error", Vec::new()),
        ("200 OK", b"<html>".to_vec()),
    ];
    let mut said = Vec::new();
    for (status, body) in moods {
        let source = Canary::new();
        let office = Office::naming(&source.base("127.0.0.1"));
        office.serve_honestly(&aim);
        source.serve("/", &status.replace("{}", &aim.base("127.0.0.1")), body);
        let (root, policy) = (root(&office), office.policy("[]", "['127.0.0.1']"));
        let output = verify(&office, &["--trust", &root, "--policy", plain(&policy)]);
        assert_eq!(aim.asked(), 0, "{status}");
        assert!(source.asked() > 0 && output.stderr.is_empty(), "{output:?}");
        let report: Value = serde_json::from_slice(&output.stdout).expect("a report");
        said.push(report["signatures"][0]["findings"].clone());
    }
    assert!(said.iter().all(|one| *one == said[0]), "{said:#?}");
    assert_eq!(canary.asked(), 0);
}

/// The chain of a time-stamping authority or signer that a file brings along is no reason to
/// connect: only one that ends at a configured anchor is.
#[test]
fn a_file_cannot_make_a_verifier_call() {
    let canary = Canary::new();
    let base = canary.base("127.0.0.1");
    let mut office = Office::naming(&base);
    let hostile = |profile: Profile| Profile {
        online: Some(base.clone()),
        ..profile
    };
    // A signer of a stranger, with the name of the office's own authority above it.
    let stranger = World::new();
    let forged = issued(
        &hostile(Profile::authority("Issuing CA")),
        2,
        Some(&stranger.root),
    );
    office.world.signer = issued(&hostile(Profile::signer()), 10, Some(&forged));
    office.world.ca = forged;
    office.world.tsa = issued(&hostile(Profile::tsa()), 11, Some(&office.world.ca));
    office.put("signed.pdf", &office.world.b_t(&document(), SIGNED));
    let (root, policy) = (root(&office), office.policy("[]", "['127.0.0.1']"));
    let report = verdict(&office, &["--trust", &root, "--policy", plain(&policy)]);
    assert_eq!(report["verdict"], "indeterminate");
    assert_eq!(report["signatures"][0]["trusted"], false);
    assert_eq!(canary.asked(), 0);
}

/// An answer that comes by drops holds nobody up: each host has its seconds, the file its own.
#[test]
fn a_source_that_never_ends_its_answer_is_left() {
    let canary = Canary::new();
    let office = Office::naming(&canary.base("127.0.0.1"));
    canary.drip("/");
    let policy = office.policy("[]", "['127.0.0.1']");
    let began = Instant::now();
    let report = verdict(
        &office,
        &["--trust", &root(&office), "--policy", plain(&policy)],
    );
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
    assert_eq!(report["verdict"], "indeterminate");
    // The responder and the list of two certificates, once each.
    assert_eq!(canary.asked(), 4);
}

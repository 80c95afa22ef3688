//! What `absah verify` asks the network, counted by a canary that listens: nothing where
//! nothing is to be asked, and no more than the policy allows otherwise.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use absah::kernel::validation::policy::DEFAULT;
use absah::kernel::x509::ocsp::CertStatus;
use serde_json::Value;
use time::Duration;

use super::document::document;
use super::world::{Profile, SIGNED, World, issued};

const AT: &str = "2026-11-22T09:00:00+07:00";

/// Listens, counts, and answers as it is told.
struct Canary {
    port: u16,
    asked: Arc<AtomicUsize>,
    answers: Arc<Mutex<Vec<Answer>>>,
}

/// What paths that begin so get: the rest of the status line, with headers, and a body.
struct Answer {
    path: &'static str,
    status: String,
    body: Vec<u8>,
}

impl Canary {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let canary = Self {
            port: listener.local_addr().expect("an address").port(),
            asked: Arc::default(),
            answers: Arc::default(),
        };
        let (asked, answers) = (canary.asked.clone(), canary.answers.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                asked.fetch_add(1, Ordering::SeqCst);
                answer(
                    &mut stream.expect("a connection"),
                    &answers.lock().expect("answers"),
                );
            }
        });
        canary
    }

    fn base(&self, host: &str) -> String {
        format!("http://{host}:{}", self.port)
    }

    fn serve(&self, path: &'static str, status: &str, body: Vec<u8>) {
        let mut answers = self.answers.lock().expect("answers");
        answers.push(Answer {
            path,
            status: status.to_owned(),
            body,
        });
    }

    fn asked(&self) -> usize {
        self.asked.swap(0, Ordering::SeqCst)
    }
}

fn answer(stream: &mut TcpStream, answers: &[Answer]) {
    let mut request = [0; 4096];
    let read = stream.read(&mut request).unwrap_or(0);
    let head = String::from_utf8_lossy(&request[..read]).into_owned();
    let path = head.split(' ').nth(1).unwrap_or_default();
    let found = answers.iter().find(|one| path.starts_with(one.path));
    let (status, body) = found.map_or(("404 Not Found", &[][..]), |one| {
        (one.status.as_str(), one.body.as_slice())
    });
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all(&[head.as_bytes(), body].concat());
}

/// An authority whose certificates name a host, a file that one of them signed, and what
/// `absah verify` is given.
struct Office {
    world: World,
    folder: tempfile::TempDir,
}

impl Office {
    /// Certificates that name these addresses for everything.
    fn naming(base: &str) -> Self {
        let online = |profile: Profile| Profile {
            online: Some(base.to_owned()),
            ..profile
        };
        let mut world = World::new();
        world.ca = issued(
            &online(Profile::authority("Issuing CA")),
            2,
            Some(&world.root),
        );
        world.signer = issued(&online(Profile::signer()), 10, Some(&world.ca));
        world.responder = issued(&Profile::responder(), 12, Some(&world.ca));
        let office = Self {
            folder: tempfile::tempdir().expect("a folder"),
            world,
        };
        office.put("root.der", office.world.root.certificate.der());
        office.put("signed.pdf", &office.world.b_b(&document()));
        office
    }

    fn put(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).expect("a file");
        path
    }

    /// A policy that lists hosts.
    fn policy(&self, allowed: &str, private: &str) -> PathBuf {
        let text = DEFAULT
            .replace("allowed_hosts = []", &format!("allowed_hosts = {allowed}"))
            .replace("private_hosts = []", &format!("private_hosts = {private}"))
            .replace("timeout_seconds = 3", "timeout_seconds = 2");
        self.put("policy.toml", text.as_bytes())
    }

    fn verify(&self, more: &[&str]) -> Output {
        let file = self.folder.path().join("signed.pdf");
        Command::new(env!("CARGO_BIN_EXE_absah"))
            .arg("verify")
            .arg(file)
            .args(["--json", "--at", AT])
            .args(more)
            .output()
            .expect("the command runs")
    }

    fn verdict(&self, more: &[&str]) -> Value {
        let output = self.verify(more);
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"))
    }

    /// The answers of an honest source.
    fn serve_honestly(&self, canary: &Canary) {
        let good = self.world.ocsp(
            &self.world.signer.certificate,
            CertStatus::Good,
            SIGNED + Duration::MINUTE,
        );
        canary.serve("/ocsp", "200 OK", good);
        let list = self.world.crl(&self.world.root, &[], SIGNED);
        canary.serve("/crl", "200 OK", list);
    }
}

fn plain(path: &std::path::Path) -> &str {
    path.to_str().expect("a plain path")
}

fn root(office: &Office) -> String {
    plain(&office.folder.path().join("root.der")).to_owned()
}

#[test]
fn what_is_missing_is_fetched_for_a_verified_chain_from_a_listed_host() {
    let canary = Canary::new();
    let office = Office::naming(&canary.base("127.0.0.1"));
    office.serve_honestly(&canary);
    let (root, policy) = (root(&office), office.policy("[]", "['127.0.0.1']"));
    let listed = ["--trust", root.as_str(), "--policy", plain(&policy)];
    let report = office.verdict(&listed);
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
    let report = office.verdict(&[&listed[..], &given].concat());
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
    let report = office.verdict(&["--trust", &root, "--policy", plain(&policy)]);
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
            let report = office.verdict(arguments);
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
        let output = office.verify(&["--trust", &root, "--policy", plain(&policy)]);
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
    let report = office.verdict(&["--trust", &root, "--policy", plain(&policy)]);
    assert_eq!(report["verdict"], "indeterminate");
    assert_eq!(report["signatures"][0]["trusted"], false);
    assert_eq!(canary.asked(), 0);
}

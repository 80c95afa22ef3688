//! `absah verify --offline`: every system call about sockets, of the command and of the
//! process that reads the file. There is none.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::canary::{Canary, Office, plain};

const AT: &str = "2026-11-22T09:00:00+07:00";

/// What a command said under strace, and what strace saw.
struct Traced {
    status: Option<i32>,
    report: Value,
    trace: String,
}

fn traced(office: &Office, options: &[&str], more: &[&str]) -> Traced {
    let log = office.folder.path().join("trace");
    let output = Command::new("strace")
        .args(["-f", "-o", plain(&log)])
        .args(options)
        .args([env!("CARGO_BIN_EXE_absah"), "verify"])
        .arg(office.signed())
        .args(["--json", "--at", AT, "--trust", plain(&office.root())])
        .args(more)
        .output()
        .expect("strace is needed by this test: apt-get install strace");
    let trace = std::fs::read_to_string(log).expect("strace may not trace here");
    Traced {
        status: output.status.code(),
        report: serde_json::from_slice(&output.stdout).unwrap_or(Value::Null),
        trace,
    }
}

fn network(office: &Office, more: &[&str]) -> Traced {
    let traced = traced(office, &["-e", "trace=%network,execve"], more);
    assert!(
        traced.trace.matches("\"worker\"").count() > 0,
        "the file is read by another process: {}",
        traced.trace
    );
    traced
}

/// The calls about sockets.
fn sockets(trace: &str) -> Vec<&str> {
    let calls = trace.lines().filter(|line| {
        let call = line
            .split_once(' ')
            .map_or("", |(_, call)| call.trim_start());
        !call.starts_with("execve") && !call.starts_with("+++") && !call.starts_with("---")
    });
    calls.collect()
}

#[test]
fn offline_opens_no_socket_in_either_process() {
    let canary = Canary::new();
    let office = Office::naming(&canary.base("127.0.0.1"));
    office.serve_honestly(&canary);
    let policy = office.policy("[]", "['127.0.0.1']");
    let policy = ["--policy", plain(&policy)];
    let offline = network(&office, &[&policy[..], &["--offline"]].concat());
    assert_eq!(offline.report["verdict"], "indeterminate");
    assert_eq!(sockets(&offline.trace), [""; 0], "{}", offline.trace);
    assert_eq!(canary.asked(), 0);
    // The same without it: what is counted is really seen.
    let online = network(&office, &policy);
    assert_eq!(online.report["verdict"], "unknown_valid");
    assert!(online.trace.contains("connect("), "{}", online.trace);
    assert!(canary.asked() > 0);
}

/// With a register as well: its database is a file.
#[tokio::test(flavor = "multi_thread")]
async fn a_register_is_asked_without_a_socket() {
    let canary = Canary::new();
    let office = Office::naming(&canary.base("127.0.0.1"));
    let data = office.folder.path().join("data");
    made(&data).await;
    let offline = network(&office, &["--offline", "--data", plain(&data)]);
    assert_eq!(
        offline.report["verdict"], "indeterminate",
        "{}",
        offline.report
    );
    assert_eq!(sockets(&offline.trace), [""; 0], "{}", offline.trace);
    assert_eq!(canary.asked(), 0);
}

/// An instance with its authority.
async fn made(data: &Path) {
    let mut config = absah::cli::config::Config::default();
    config.storage.data = data.to_owned();
    let instance = absah::cli::instance::Instance::create(config).await;
    let instance = instance.expect("an instance");
    instance.authority().await.expect("an authority");
    instance.database.close().await;
}

/// A signal that ends the reading process, as each limit sends one, at its last step
/// before it reads: the command says what happened, and that nothing is decided.
#[test]
fn a_reader_that_is_ended_leaves_the_verdict_open() {
    let office = Office::naming("http://127.0.0.1:9");
    for (signal, code, says) in [
        ("SIGXCPU", "limit-exceeded", "it took too long"),
        ("SIGKILL", "limit-exceeded", "it took too long"),
        ("SIGABRT", "limit-exceeded", "it needed too much memory"),
        (
            "SIGILL",
            "examination-ended",
            "the examining process failed",
        ),
        (
            "SIGSYS",
            "examination-ended",
            "the examining process failed",
        ),
    ] {
        // The last of the limits that it sets; nobody else calls this so often.
        let inject = format!("inject=prlimit64:signal={signal}:when=7");
        let ended = traced(
            &office,
            &["-e", "trace=prlimit64", "-e", &inject],
            &["--offline"],
        );
        assert_eq!(ended.status, Some(1), "{signal}: {}", ended.trace);
        let report = &ended.report;
        assert_eq!(report["verdict"], "indeterminate", "{signal}: {report}");
        let finding = &report["findings"][0];
        assert_eq!(finding["code"], code, "{signal}: {report}");
        let message = finding["message"].as_str().expect("a message");
        assert!(message.contains(says), "{signal}: {message}");
        assert_eq!(report["signatures"], serde_json::json!([]));
    }
}

//! `cargo bench --bench beside`: pyHanko and ours on the same file, one core: a whole
//! report on a B-LTA file, and a B-B signature. pyHanko is Python and says more of some
//! things and less of others; what counts here is the order of magnitude.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods)]

mod document;
#[path = "../support/mod.rs"]
mod support;
#[path = "../independent/tools.rs"]
#[expect(
    dead_code,
    reason = "the tests with other people's programs use all of it"
)]
mod tools;
#[expect(dead_code, reason = "the benchmark of signing uses all of it")]
mod work;

use std::fs;
use std::hint::black_box;
use std::time::{Duration, Instant};

use absah::kernel::pdf::Limits;
use absah::kernel::validation::{Anchors, Policy, ValidationInput, Verdict, validate};
use absah::kernel::x509::Certificate;
use time::OffsetDateTime;
use work::Work;

fn main() {
    let quick = !std::env::args().any(|argument| argument == "--bench");
    let seconds = if quick { 0.01 } else { 10.0 };
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let plain = document::pdf(100 * 1024);
    fs::write(at("in.pdf"), &plain).unwrap();
    let sign = [
        "sign",
        &at("in.pdf"),
        "-o",
        &at("out.pdf"),
        "--data",
        &at("data"),
    ];
    let signed = tools::run(env!("CARGO_BIN_EXE_absah"), &sign);
    assert!(signed.success, "{}", signed.text);
    let root = at("data/authority/root.pem");

    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bench/beside.py");
    let arguments = [
        script,
        &at("in.pdf"),
        &at("out.pdf"),
        &root,
        &seconds.to_string(),
    ];
    let said = tools::run(tools::python(), &arguments);
    assert!(said.success, "{}", said.text);
    let theirs: serde_json::Value = serde_json::from_slice(&said.stdout).unwrap();

    let file = fs::read(at("out.pdf")).unwrap();
    let anchors = Certificate::from_pem_or_der(&fs::read(root).unwrap()).unwrap();
    let policy = Policy::strict().unwrap();
    let report = || {
        let input = ValidationInput {
            anchors: &Anchors::for_all(anchors.clone()),
            untrusted: &[],
            crls: &[],
            ocsps: &[],
            at: OffsetDateTime::now_utc(),
            policy: &policy,
            limits: Limits::default(),
        };
        assert_eq!(
            validate(black_box(&file), &input).verdict,
            Verdict::UnknownValid
        );
    };
    let work = Work::new(&plain);
    println!(
        "\n{:<42} {:>12} {:>12} {:>8}",
        "a second, one core", "ours", "pyHanko", "times"
    );
    for (name, ours, theirs) in [
        (
            "B-LTA, full report, chains not known",
            rate(seconds, report),
            &theirs["verify"],
        ),
        (
            "B-B, invisible",
            rate(seconds, || work.basic(false)),
            &theirs["sign"],
        ),
    ] {
        let theirs = theirs.as_f64().unwrap();
        println!(
            "{name:<42} {ours:>12.0} {theirs:>12.1} {:>8.0}",
            ours / theirs
        );
    }
}

fn rate(seconds: f64, work: impl Fn()) -> f64 {
    let (start, limit) = (Instant::now(), Duration::from_secs_f64(seconds));
    let mut count = 0_u32;
    while count == 0 || start.elapsed() < limit {
        work();
        count += 1;
    }
    f64::from(count) / start.elapsed().as_secs_f64()
}

//! One test a fail point.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use absah::services::fault::FAIL_POINT;
use tempfile::TempDir;

use crate::child::{FOLDER, issue};
use crate::invariants;
use crate::office::{Office, found};

/// Makes the office once; every run gets a copy.
fn template() -> &'static Path {
    static TEMPLATE: OnceLock<TempDir> = OnceLock::new();
    let folder = TEMPLATE.get_or_init(|| {
        let folder = TempDir::new().unwrap();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(found(folder.path()));
        folder
    });
    folder.path()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn runs() -> u32 {
    let full = std::env::var_os("ABSAH_FULL").is_some();
    if full { 200 } else { 20 }
}

/// Kills at a point, at a passing of it that the run's number decides, and takes up.
fn kill_at(point: &str, passings: u32) {
    let mut killed = 0;
    for run in 0..runs() {
        let folder = TempDir::new().unwrap();
        copy(template(), folder.path());
        let place = format!("{point}:{}", 1 + run % passings);
        let (answers, died) = act(folder.path(), &place);
        killed += u32::from(died);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(take_up(folder.path(), &answers));
    }
    println!("{point}: {killed} of {} runs killed, 0 violations", runs());
    assert!(killed > 0, "{point} was never reached");
}

/// Runs the office in a process of its own until it ends or is ended.
fn act(folder: &Path, place: &str) -> (Vec<String>, bool) {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child::acts_when_it_is_told_to", "--nocapture"])
        .env(FOLDER, folder)
        .env(FAIL_POINT, place)
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    let died = errors.contains("fail point");
    assert!(died || output.status.success(), "{place}: {text}\n{errors}");
    let answers = text
        .lines()
        .filter_map(|line| Some(line.split_once("answered ")?.1.to_owned()));
    (answers.collect(), died)
}

async fn take_up(folder: &Path, answers: &[String]) {
    let office = Office::open(folder).await;
    let log = invariants::log(&office).await;
    let document = issue(&office, &mut |_| ()).await;
    invariants::check(folder, &office, answers, &log, &document).await;
}

macro_rules! points {
    ($($name:ident: $point:literal, $passings:literal;)*) => {
        $(#[test]
        fn $name() {
            kill_at($point, $passings);
        })*
    };
}

points! {
    blob_before: "blob.before", 2;
    blob_after: "blob.after", 2;
    rename_before: "rename.before", 2;
    rename_after: "rename.after", 2;
    commit_before: "commit.before", 6;
    commit_after: "commit.after", 6;
    log_before: "log.before", 5;
    log_after: "log.after", 5;
    prepare_before: "prepare.before", 1;
    prepare_after: "prepare.after", 1;
    intent_before: "intent.before", 1;
    intent_after: "intent.after", 1;
    approve_before: "approve.before", 1;
    key_before: "key.before", 1;
    key_after: "key.after", 1;
    signature_before: "signature.before", 1;
    signature_after: "signature.after", 1;
    timestamp_before: "timestamp.before", 1;
    timestamp_after: "timestamp.after", 1;
    self_check_before: "self_check.before", 1;
    release_before: "release.before", 1;
    release_after: "release.after", 1;
}

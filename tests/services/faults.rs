//! kill -9 at every fail point, twenty times each in one folder, with the invariants
//! I1 to I6 checked after every run.
//!
//! A run is a process of its own: this test binary, with the one test that does nothing
//! unless the environment names a folder. It takes up what the killed ones left, submits, reviews, approves and finishes a
//! document, and notes every acknowledgement in a file. `ABSAH_FULL=1` kills 200 times
//! at each point.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use absah::domain::document::DocumentState;
use absah::domain::ids::DocumentId;
use absah::kernel::pdf::signatures::{SignatureKind, signatures};
use absah::kernel::pdf::{Limits, Pdf};
use absah::kernel::tsp::TimeStampToken;
use absah::services::ports::{
    Blobs, CertificateQuery, Certificates, DocumentFilter, Documents, Events, LoggedEvent,
};
use absah::storage::FileBlobs;
use tempfile::TempDir;

use crate::office::{Office, PASSPHRASE, once, secret};

const FOLDER: &str = "ABSAH_TEST_FOLDER";
const RUN: &str = "ABSAH_TEST_RUN";

/// A fail point, and how often a run passes it.
const POINTS: [(&str, u32); 19] = [
    ("prepare.before", 1),
    ("prepare.after", 1),
    ("approve.before", 1),
    ("intent.before", 1),
    ("intent.after", 1),
    ("key.before", 1),
    ("key.after", 1),
    ("signature.before", 1),
    ("signature.after", 1),
    ("timestamp.before", 1),
    ("timestamp.after", 1),
    ("blob.before", 3),
    ("rename.before", 3),
    ("rename.after", 3),
    ("self_check.before", 1),
    ("release.before", 1),
    ("log.before", 4),
    ("commit.before", 7),
    ("commit.after", 7),
];

fn kills_wanted() -> u32 {
    if std::env::var_os("ABSAH_FULL").is_some() {
        200
    } else {
        20
    }
}

/// What a killed process runs: nothing where no folder is named.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run() {
    let Ok(folder) = std::env::var(FOLDER) else {
        return;
    };
    let folder = Path::new(&folder);
    let run = std::env::var(RUN).unwrap();
    let office = Office::open(folder).await;
    office.services.take_up().await.unwrap();
    finish_what_is_there(&office, folder).await;
    let document = office
        .try_submit("PLAIN", &run, once(&run, b"body"))
        .await
        .unwrap();
    note(folder, "submitted", &document.id);
    finish_what_is_there(&office, folder).await;
}

async fn finish_what_is_there(office: &Office, folder: &Path) {
    let approved = noted(folder, "approved");
    for state in ["ready", "prepared", "signed", "issued"] {
        for document in in_state(office, state).await {
            // Signed, and its caller never heard: the same call is answered, not refused.
            if !approved.contains(&document) {
                approve(office, document).await;
                note(folder, "approved", &document);
            }
        }
    }
    office.services.finish_due().await.unwrap();
    assert_eq!(in_state(office, "signed").await, []);
    let noted = noted(folder, "issued");
    for document in in_state(office, "issued").await {
        if !noted.contains(&document) {
            note(folder, "issued", &document);
        }
    }
}

async fn approve(office: &Office, document: DocumentId) {
    let key = once(&document.to_string(), b"approve");
    let (services, secret) = (&office.services, secret(PASSPHRASE));
    let documents = [document];
    let done = services.approve(&office.head, &documents, &secret, "test", key);
    let done = done.await.unwrap();
    assert!(done.value[0].signed.is_some());
}

async fn in_state(office: &Office, state: &str) -> Vec<DocumentId> {
    let state = Some(state.to_owned());
    let filter = DocumentFilter {
        state,
        limit: 10_000,
        ..Default::default()
    };
    let documents = office.store.documents(&filter).await.unwrap();
    documents.iter().map(|document| document.id).collect()
}

fn note(folder: &Path, what: &str, document: &DocumentId) {
    let mut file = OpenOptions::new()
        .append(true)
        .create(true)
        .open(folder.join(what))
        .unwrap();
    writeln!(file, "{document}").unwrap();
}

fn noted(folder: &Path, what: &str) -> BTreeSet<DocumentId> {
    let lines = fs::read_to_string(folder.join(what)).unwrap_or_default();
    lines.lines().map(|line| line.parse().unwrap()).collect()
}

/// What ends a run before it is done.
enum Fault<'a> {
    Nothing,
    /// It is killed at this point.
    Point(&'a str),
    /// The nth fsync of each of its threads fails.
    Fsync(u32),
}

/// One process, ended by the fault or not. Tells whether it was.
fn spawn(folder: &Path, run: u32, fault: &Fault<'_>) -> bool {
    let this = std::env::current_exe().unwrap();
    let mut command = match fault {
        Fault::Fsync(nth) => failing_fsync(&this, *nth),
        _ => Command::new(this),
    };
    command.args(["faults::a_run", "--exact", "--nocapture"]);
    command.env(FOLDER, folder).env(RUN, run.to_string());
    if let Fault::Point(point) = fault {
        command.env("ABSAH_FAIL_POINT", point);
    }
    let output = command
        .output()
        .expect("a process; strace is missing? apt-get install strace");
    let errors = String::from_utf8_lossy(&output.stderr);
    let said = ["absah: fail point", "absah: stopping"];
    let ended = said.iter().any(|said| errors.contains(said));
    assert!(ended || output.status.success(), "run {run}: {errors}");
    ended
}

fn failing_fsync(program: &Path, nth: u32) -> Command {
    let inject = format!("inject=fsync,fdatasync:error=EIO:when={nth}");
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "--seccomp-bpf", "-o", "/dev/null"]);
    command.args(["-e", "trace=fsync,fdatasync", "-e", &inject, "--"]);
    command.arg(program);
    command
}

async fn kill_at(point: &str, passes: u32) {
    let folder = TempDir::new().unwrap();
    Office::open(folder.path()).await.store.close().await;
    let mut log = Vec::new();
    let mut kills = 0;
    let mut run = 0;
    while kills < kills_wanted() {
        // Now while it takes up what the last one left, now with a document of its own.
        let nth = run % (2 * passes) + 1;
        let point = format!("{point}:{nth}");
        kills += u32::from(spawn(folder.path(), run, &Fault::Point(&point)));
        log = check(folder.path(), log).await;
        run += 1;
        assert!(run < 4 * kills_wanted(), "{point} is hardly ever passed");
    }
    let issued = finish_all(folder.path(), run, log).await;
    println!("{point}: {kills} kills in {run} runs, {issued} issued, no violation",);
    assert!(kills >= kills_wanted() / 2, "{kills} kills");
}

/// A last run without faults: everything is issued. Tells how many.
async fn finish_all(folder: &Path, run: u32, log: Vec<LoggedEvent>) -> u64 {
    spawn(folder, run, &Fault::Nothing);
    check(folder, log).await;
    let office = Office::open(folder).await;
    let left = office.services.count_by_state().await.unwrap();
    assert!(
        matches!(left.as_slice(), [(state, _)] if state == "issued"),
        "{left:?}"
    );
    left[0].1
}

/// An fsync fails, of whatever file, at whatever time: the process stops at once, and
/// what it had acknowledged is there. The counts are per thread, so that a run passes
/// each of them a few times.
#[tokio::test(flavor = "multi_thread")]
async fn an_fsync_fails() {
    let folder = TempDir::new().unwrap();
    Office::open(folder.path()).await.store.close().await;
    let (mut log, mut stops, mut run) = (Vec::new(), 0, 0);
    for nth in 1..=kills_wanted() {
        run += 1;
        stops += u32::from(spawn(folder.path(), run, &Fault::Fsync(nth % 20 + 1)));
        log = check(folder.path(), log).await;
    }
    let issued = finish_all(folder.path(), run + 1, log).await;
    println!("fsync: {stops} stops in {run} runs, {issued} issued, no violation");
    assert!(stops >= kills_wanted() / 2, "{stops} stops");
}

/// Checks I1 to I6 and gives the log as it is now.
async fn check(folder: &Path, before: Vec<LoggedEvent>) -> Vec<LoggedEvent> {
    let office = Office::open(folder).await;
    check_acknowledged(&office, folder).await;
    check_signatures(&office, folder).await;
    check_serials(&office, folder).await;
    let log = check_log(&office, before).await;
    office.store.close().await;
    log
}

/// I1: what was acknowledged is there, and what was issued is the file it was.
async fn check_acknowledged(office: &Office, folder: &Path) {
    let blobs = FileBlobs::open(&folder.join("files")).unwrap();
    for id in noted(folder, "submitted") {
        let document = office.document(&id).await;
        blobs.read(&document.submitted.sha256).await.unwrap();
    }
    for id in noted(folder, "approved") {
        assert_eq!(office.store.signatures(&id).await.unwrap().len(), 1, "{id}");
    }
    for id in noted(folder, "issued") {
        let DocumentState::Issued(issue) = office.document(&id).await.state else {
            panic!("{id}")
        };
        blobs.read(&issue.original).await.unwrap();
        assert!(
            office
                .store
                .revision(&issue.original)
                .await
                .unwrap()
                .is_some()
        );
    }
}

/// I2: one document for a key, one signature for a document. I4: attempts ≥ key
/// operations ≥ signatures, for every digest. I6: the approval came first.
async fn check_signatures(office: &Office, folder: &Path) {
    let mut operations: BTreeMap<String, usize> = BTreeMap::new();
    for digest in fs::read_to_string(folder.join("operations"))
        .unwrap_or_default()
        .lines()
    {
        *operations.entry(digest.to_owned()).or_default() += 1;
    }
    let filter = DocumentFilter {
        limit: 10_000,
        ..Default::default()
    };
    let mut numbers = BTreeSet::new();
    for document in office.store.documents(&filter).await.unwrap() {
        assert!(
            numbers.insert(document.metadata.number.clone()),
            "two documents for one key"
        );
        let signatures = office.store.signatures(&document.id).await.unwrap();
        assert!(signatures.len() <= 1);
        for intent in office.store.intents(&document.id).await.unwrap() {
            let attempts = office.store.attempts(&intent.id).await.unwrap().len();
            let made = operations
                .remove(&hex::encode(&intent.digest))
                .unwrap_or_default();
            let stored = signatures
                .iter()
                .filter(|one| one.intent == intent.id)
                .count();
            assert!(
                attempts >= made && made >= stored,
                "{attempts} {made} {stored}"
            );
        }
        for signature in signatures {
            let intent = office
                .store
                .intent(&signature.intent)
                .await
                .unwrap()
                .unwrap();
            let approval = office
                .store
                .approval(&intent.approval)
                .await
                .unwrap()
                .unwrap();
            assert!(approval.asked <= signature.at);
        }
    }
    assert!(operations.is_empty(), "the key was used without an intent");
}

/// I3: serial numbers are unique, of certificates and of timestamps.
async fn check_serials(office: &Office, folder: &Path) {
    let issued = office
        .store
        .list(&CertificateQuery::default())
        .await
        .unwrap();
    let serials: BTreeSet<_> = issued
        .iter()
        .map(|record| record.intent.id.clone())
        .collect();
    assert_eq!(serials.len(), issued.len());
    let blobs = FileBlobs::open(&folder.join("files")).unwrap();
    let mut stamps = BTreeSet::new();
    for id in noted(folder, "issued") {
        let file = blobs
            .read(&office.document(&id).await.current)
            .await
            .unwrap();
        let pdf = Pdf::read(&file, &Limits::default()).unwrap();
        for field in signatures(&pdf).unwrap() {
            let signature = field.signature.unwrap();
            if signature.kind == SignatureKind::DocTimeStamp {
                let token = TimeStampToken::parse(&signature.contents.unwrap().bytes).unwrap();
                assert!(
                    stamps.insert(token.tst.serial.clone()),
                    "a serial number twice"
                );
            }
        }
    }
}

/// I5: the log only grows.
async fn check_log(office: &Office, before: Vec<LoggedEvent>) -> Vec<LoggedEvent> {
    let now = office.store.events(0, u32::MAX >> 1).await.unwrap();
    assert!(now.len() >= before.len() && now[..before.len()] == before);
    let gapless = now
        .iter()
        .zip(0..)
        .all(|(event, index)| event.index == index);
    assert!(gapless);
    now
}

macro_rules! points {
    ($($name:ident = $index:literal),* $(,)?) => {
        $(#[tokio::test(flavor = "multi_thread")]
        async fn $name() {
            let (point, passes) = POINTS[$index];
            kill_at(point, passes).await;
        })*
    };
}

points!(
    kill_at_prepare_before = 0,
    kill_at_prepare_after = 1,
    kill_at_approve_before = 2,
    kill_at_intent_before = 3,
    kill_at_intent_after = 4,
    kill_at_key_before = 5,
    kill_at_key_after = 6,
    kill_at_signature_before = 7,
    kill_at_signature_after = 8,
    kill_at_timestamp_before = 9,
    kill_at_timestamp_after = 10,
    kill_at_blob_before = 11,
    kill_at_rename_before = 12,
    kill_at_rename_after = 13,
    kill_at_self_check_before = 14,
    kill_at_release_before = 15,
    kill_at_log_before = 16,
    kill_at_commit_before = 17,
    kill_at_commit_after = 18,
);

//! The process that examines files from unknown hands: what it answers, and what it
//! cannot do.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use absah::clients::worker::{Task, WorkerProcesses};
use absah::kernel::examination::{Question, Trusted};
use absah::kernel::pdf::Limits;
use absah::kernel::validation::{Anchors, FindingCode, Policy, Verdict};
use absah::services::ports::{Ending, Examiner as _, ExaminerError};
use time::macros::datetime;

use crate::office::permit;
use crate::support::picture;

const ADDRESS: &str = "https://izin.example.go.id/v/";

fn program() -> PathBuf {
    env!("CARGO_BIN_EXE_absah").into()
}

fn question() -> Question {
    Question {
        anchors: Trusted::from(&Anchors::default()),
        untrusted: Vec::new(),
        crls: Vec::new(),
        ocsps: Vec::new(),
        at: datetime!(2026-11-22 09:00 UTC),
        policy: Policy::strict().unwrap(),
        limits: Limits::default(),
        address: ADDRESS.to_owned(),
        whole: false,
    }
}

fn examine() -> Task {
    Task::Examine(Box::new(question()))
}

/// Runs a command line with the task and a file as its input.
fn run(command: &[&str], task: &str, file: &[u8]) -> Output {
    let (name, arguments) = command.split_first().unwrap();
    let mut child = Command::new(name)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{name} is needed by this test: {error}"));
    let mut stdin = child.stdin.take().unwrap();
    let _ = stdin.write_all(format!("{task}\n").as_bytes());
    let _ = stdin.write_all(file);
    drop(stdin);
    child.wait_with_output().unwrap()
}

/// A page that shows a picture of 20,000 by 20,000 pixels: 400 MB when it is inflated.
fn bomb() -> Vec<u8> {
    let mut deflated = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    let row = vec![0; 20_000];
    (0..20_000).for_each(|_| deflated.write_all(&row).unwrap());
    let image = deflated.finish().unwrap();
    picture::page(20_000, 20_000, &image)
}

#[tokio::test]
async fn a_file_is_examined_in_a_process_of_its_own() {
    let workers = WorkerProcesses::of(program());
    let found = workers.examine(Arc::new(permit()), question()).await;
    assert_eq!(found.unwrap().report.verdict, Verdict::Unsigned);
    let text = Arc::new(b"hello".to_vec());
    let found = workers.examine(text, question()).await;
    assert!(found.unwrap().report.has(FindingCode::NotAPdf));
}

#[tokio::test]
async fn a_page_too_costly_to_draw_ends_the_drawing_alone() {
    let workers = WorkerProcesses::of(program());
    let bomb = Arc::new(bomb());
    let shown = workers.codes_shown(Arc::clone(&bomb), Limits::default(), ADDRESS.to_owned());
    assert!(matches!(shown.await, Err(ExaminerError::Ended(_))));
    let found = workers.examine(bomb, question()).await;
    assert_eq!(found.unwrap().report.verdict, Verdict::Unsigned);
}

#[tokio::test]
async fn without_a_worker_there_is_no_verdict() {
    for none in ["/nonexistent/absah", "/bin/false"] {
        let workers = WorkerProcesses::of(none.into());
        let found = workers.examine(Arc::new(permit()), question()).await;
        assert!(
            matches!(found, Err(ExaminerError::Unavailable(_))),
            "{none}"
        );
    }
}

#[test]
fn too_little_memory_ends_it_and_it_answers_nothing() {
    let question = serde_json::to_string(&examine()).unwrap();
    let program = program();
    let worker = [program.to_str().unwrap(), "worker", "--memory"];
    let file = [permit(), vec![b' '; 8 << 20]].concat();
    let enough = run(&[&worker[..], &["1024"]].concat(), &question, &file);
    assert!(enough.status.success() && !enough.stdout.is_empty());
    let little = run(&[&worker[..], &["1"]].concat(), &question, &file);
    assert!(!little.status.success() && little.stdout.is_empty());
}

#[test]
fn a_task_that_is_none_is_wrong_use() {
    let program = program();
    let output = run(&[program.to_str().unwrap(), "worker"], "{}", b"");
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("absah: the task cannot be read"), "{said}");
    assert_eq!(said.lines().count(), 1);
}

/// Every system call that could reach a file or another machine, after the limits: none
/// succeeds, for an honest file and a hostile one.
#[test]
fn it_opens_neither_file_nor_socket() {
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace");
    let program = program();
    let shown = Task::CodesShown {
        limits: Limits::default(),
        address: ADDRESS.to_owned(),
    };
    for (task, file) in [
        (examine(), permit()),
        (shown.clone(), permit()),
        (shown, bomb()),
    ] {
        let task = serde_json::to_string(&task).unwrap();
        let output = run(
            &[
                "strace",
                "-f",
                "-e",
                "trace=open,openat,openat2,creat,socket,connect,execve,memfd_create,prlimit64,setrlimit",
                "-o",
                trace.to_str().unwrap(),
                program.to_str().unwrap(),
                "worker",
                "--seconds",
                "2",
            ],
            &task,
            &file,
        );
        let trace = std::fs::read_to_string(&trace).unwrap();
        let limited = trace.rfind("RLIMIT_CPU").unwrap_or_else(|| {
            panic!("{trace}\n{}", String::from_utf8_lossy(&output.stderr));
        });
        for line in trace[limited..].lines().skip(1) {
            let refused = line.contains("= -1 ") || line.contains("+++") || line.contains("---");
            assert!(refused || line.contains("resumed"), "{line}");
        }
    }
}

/// A program that behaves like this shell script in the place of a worker.
fn impostor(folder: &tempfile::TempDir, script: &str) -> WorkerProcesses {
    let path = folder.path().join("worker.sh");
    std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    let executable = std::os::unix::fs::PermissionsExt::from_mode(0o700);
    std::fs::set_permissions(&path, executable).unwrap();
    WorkerProcesses::new(path, 1).patient(std::time::Duration::from_millis(1500))
}

/// However a worker ends, hangs or lies: there is an answer, in time, and its slot is free.
#[tokio::test]
async fn a_worker_that_misbehaves_is_ended_and_told_of() {
    let folder = tempfile::tempdir().unwrap();
    let file = Arc::new(vec![b' '; 4 << 20]);
    let cases = [
        // It reads nothing and says nothing; it reads all and says nothing.
        ("exec sleep 60", Ending::Time),
        ("cat >/dev/null; exec sleep 60", Ending::Time),
        // It says that it is done, and stays.
        ("exec 0<&- 1>&-; exec sleep 60", Ending::Time),
        ("kill -XCPU $$", Ending::Time),
        ("kill -ABRT $$", Ending::Memory),
        ("kill -SEGV $$", Ending::Failure),
        // As a program that panics.
        ("exit 101", Ending::Failure),
        ("cat >/dev/null; echo '{}'", Ending::Failure),
        ("echo '{}'", Ending::Failure),
        // It never ends its answer.
        (
            "exec yes 0123456789012345678901234567890123456789",
            Ending::Failure,
        ),
    ];
    for (script, expected) in cases {
        let workers = impostor(&folder, script);
        let began = std::time::Instant::now();
        for _ in 0..2 {
            let found = workers.examine(Arc::clone(&file), question()).await;
            let said = found.map(|found| found.report.verdict);
            assert_eq!(said, Err(ExaminerError::Ended(expected)), "{script}");
        }
        assert!(began.elapsed().as_secs() < 20, "{script}");
    }
    let workers = impostor(&folder, "exit 2");
    let found = workers.examine(file, question()).await;
    assert!(matches!(found, Err(ExaminerError::Unavailable(_))));
}

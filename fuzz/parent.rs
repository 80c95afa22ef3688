//! Runs each target in a child, says what came of it, keeps what did harm.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, ExitStatus, Stdio};

use crate::driver::{MEMORY, PATIENCE, TOO_LONG};
use crate::kernel::hash::Sha256;
use crate::targets::TARGETS;

/// Runs the targets named, or all, some seconds each.
pub fn run(seconds: &str, targets: &[&str]) -> ExitCode {
    if seconds.parse::<u64>().is_err() {
        eprintln!("usage: absah-fuzz SECONDS [TARGET]... | absah-fuzz replay TARGET FILE");
        return ExitCode::from(2);
    }
    let mut harmful = 0;
    for target in TARGETS {
        if targets.is_empty() || targets.contains(&target.name) {
            harmful += usize::from(!one(target.name, seconds));
        }
    }
    println!(
        "fuzz: {harmful} targets with a crash, a hang over {} s or memory over {} MB",
        PATIENCE.as_secs(),
        MEMORY >> 20
    );
    ExitCode::from(u8::from(harmful > 0))
}

fn one(target: &str, seconds: &str) -> bool {
    let folder = folder(target);
    fs::create_dir_all(&folder).expect("a folder under target");
    let program = std::env::current_exe().expect("this program");
    let output = Command::new(program)
        .args(["child", target, seconds])
        .arg(&folder)
        .stdin(Stdio::null())
        .output()
        .expect("this program again");
    if output.status.success() {
        let summary = fs::read_to_string(folder.join("summary")).unwrap_or_default();
        println!("{target:<12} {summary}");
        return true;
    }
    let input = fs::read(folder.join("current")).unwrap_or_default();
    let name = Sha256::of(&input).to_string();
    let kept = folder.join(format!("harm-{}", &name[..16]));
    fs::write(&kept, &input).expect("the harmful input kept");
    println!("{target:<12} {}: {}", how(output.status), kept.display());
    let said = String::from_utf8_lossy(&output.stderr);
    for line in said.lines().take(12) {
        println!("    {line}");
    }
    false
}

fn how(status: ExitStatus) -> String {
    match status.code() {
        Some(101) => "PANIC".to_owned(),
        Some(code) if code == i32::from(TOO_LONG) => "HANG".to_owned(),
        Some(code) => format!("EXIT STATUS {code}"),
        // Memory refused ends in an abort, a stack that is too deep too.
        None => format!("ENDED ({status})"),
    }
}

/// Beside the program: it is built into the target folder.
fn folder(target: &str) -> PathBuf {
    let program = std::env::current_exe().expect("this program");
    let beside = program.parent().unwrap_or(Path::new("."));
    beside.join("fuzz").join(target)
}

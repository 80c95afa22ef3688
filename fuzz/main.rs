//! Feeds spoiled files and structures to the kernel, guided by coverage.
//!
//! `absah-fuzz SECONDS [TARGET]...` runs each target in a child process with a bound
//! on memory, and prints what it did: executions, corpus, coverage, crashes. Exit
//! status 1 when an input made the kernel panic, take too long or take too much
//! memory; the input is kept and can be given again: `absah-fuzz replay TARGET FILE`.
//!
//! The kernel is compiled into this program a second time, with the counters that
//! `fuzz/run` asks the compiler for; without them the search is blind but runs.

mod coverage;
mod driver;
#[path = "../src/kernel/mod.rs"]
#[allow(
    dead_code,
    unused_imports,
    missing_docs,
    reason = "the product's own code"
)]
mod kernel;
mod mutate;
mod parent;
mod random;
mod seeds;
mod targets;
mod world;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["child", target, seconds, folder] => driver::run(target, seconds, folder),
        ["replay", target, file] => driver::replay(target, file),
        [seconds, targets @ ..] => parent::run(seconds, targets),
        [] => parent::run("10", &[]),
    }
}

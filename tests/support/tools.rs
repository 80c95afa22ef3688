//! Runs other programs and keeps what they said.

use std::path::Path;
use std::process::{Command, Output};

/// What a program said and whether it was content.
#[derive(Debug)]
pub struct Said {
    /// Exit status 0.
    pub content: bool,
    /// Standard output and standard error.
    pub text: String,
}

/// Runs a program in a folder.
pub fn run(folder: &Path, program: &str, arguments: &[&str]) -> Said {
    let mut command = Command::new(program);
    said(
        &command
            .args(arguments)
            .current_dir(folder)
            .output()
            .unwrap_or_else(|error| panic!("{program} is needed by this test: {error}")),
    )
}

/// Runs a program that must be content, and returns what it said.
pub fn must(folder: &Path, program: &str, arguments: &[&str]) -> String {
    let said = run(folder, program, arguments);
    assert!(said.content, "{program} {arguments:?}: {}", said.text);
    said.text
}

fn said(output: &Output) -> Said {
    let text = [output.stdout.as_slice(), &output.stderr].concat();
    Said {
        content: output.status.success(),
        text: String::from_utf8_lossy(&text).into_owned(),
    }
}

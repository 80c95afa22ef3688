//! The command line: one file per command.

use std::process::ExitCode;

/// Reads the arguments and runs the command they name.
#[must_use]
pub fn run() -> ExitCode {
    ExitCode::from(2)
}

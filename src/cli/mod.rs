//! The command line: one file per command.
//!
//! Exit status: 0 done, 1 the answer is no, 2 wrong use or unreadable input,
//! 3 the world failed. Errors are one line on stderr.

pub mod config;
pub mod files;
pub mod logging;
pub mod outcome;
pub mod prompt;
pub mod terminal;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser};

pub use outcome::{CliError, Outcome};

/// Signs permit PDFs with certified electronic signatures, and verifies them.
#[derive(Debug, Parser)]
#[command(name = "absah", version, propagate_version = true)]
struct Arguments {}

/// Reads the arguments and runs the command they name.
#[must_use]
pub fn run() -> ExitCode {
    match Arguments::try_parse() {
        Ok(arguments) => dispatch(&arguments).map_or_else(|error| report(&error), ExitCode::from),
        Err(error) => {
            // Help and version are answers; the rest is wrong use.
            let _ = error.print();
            ExitCode::from(if error.use_stderr() { 2 } else { 0 })
        }
    }
}

fn dispatch(_arguments: &Arguments) -> Result<Outcome, CliError> {
    terminal::print(&Arguments::command().render_help().to_string())?;
    Ok(Outcome::Done)
}

fn report(error: &CliError) -> ExitCode {
    eprintln!("absah: {error}");
    error.exit_code()
}

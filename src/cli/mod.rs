//! The command line: one file per command.
//!
//! Exit status: 0 done, 1 the answer is no, 2 wrong use or unreadable input,
//! 3 the world failed. Errors are one line on stderr.

pub mod anchors;
pub mod augment;
pub mod ca;
pub mod cert;
pub mod client;
pub mod config;
pub mod demo;
pub mod doctor;
pub mod evidence;
pub mod files;
pub mod instance;
pub mod logging;
mod open_authority;
pub mod outcome;
pub mod permit_type;
pub mod prompt;
pub mod serve;
pub mod settings;
pub mod sign;
pub mod terminal;
pub mod timestamp;
pub mod user;
pub mod verify;
pub mod worker;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use outcome::{CliError, Outcome};

/// Signs permit PDFs with certified electronic signatures, and verifies them.
#[derive(Debug, Parser)]
#[command(
    name = "absah",
    version,
    propagate_version = true,
    arg_required_else_help = true
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Signs a PDF.
    Sign(Box<sign::Sign>),
    /// Raises the level of a signed PDF, or renews its archive timestamp.
    Augment(augment::Augment),
    /// The certification authority: issue, revoke, publish.
    Ca(ca::Arguments),
    /// Examines certificates.
    Cert(cert::Arguments),
    /// Administers the permit systems that call the API.
    Client(client::Arguments),
    /// Fills an instance with a sample office and shows the main job.
    Demo(demo::Arguments),
    /// Checks a deployment and says what to mend.
    Doctor(doctor::Arguments),
    /// Administers permit types.
    PermitType(permit_type::Arguments),
    /// Serves an instance over HTTP.
    Serve(serve::Arguments),
    /// Administers the people of the office.
    User(user::Arguments),
    /// Puts a timestamp on any file, or checks one.
    Timestamp(timestamp::Arguments),
    /// Verifies the signatures of a PDF.
    Verify(verify::Arguments),
    /// Internal: examines one file from an unknown hand.
    #[command(hide = true)]
    Worker(worker::Arguments),
}

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

fn dispatch(arguments: &Arguments) -> Result<Outcome, CliError> {
    match &arguments.command {
        Command::Sign(command) => command.run(),
        Command::Augment(command) => command.run(),
        Command::Ca(arguments) => ca::run(arguments),
        Command::Cert(arguments) => cert::run(arguments),
        Command::Client(arguments) => client::run(arguments),
        Command::Demo(arguments) => demo::run(arguments),
        Command::Doctor(arguments) => doctor::run(arguments),
        Command::PermitType(arguments) => permit_type::run(arguments),
        Command::Serve(arguments) => serve::run(arguments),
        Command::User(arguments) => user::run(arguments),
        Command::Timestamp(arguments) => timestamp::run(arguments),
        Command::Verify(arguments) => verify::run(arguments),
        Command::Worker(arguments) => worker::run(arguments),
    }
}

fn report(error: &CliError) -> ExitCode {
    eprintln!("absah: {error}");
    error.exit_code()
}

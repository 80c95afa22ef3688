//! The command line: one file per command.
//!
//! Exit status: 0 done, 1 the answer is no, 2 wrong use or unreadable input,
//! 3 the world failed. Errors are one line on stderr.

mod administer;
pub mod allocator;
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
pub mod mandate;
mod open_authority;
pub mod outcome;
pub mod permit_type;
pub mod prompt;
pub mod serve;
pub mod settings;
pub mod sign;
mod signatory_key;
pub mod terminal;
pub mod timestamp;
pub mod user;
pub mod verify;
pub mod worker;
mod world;

use std::process::ExitCode;

use clap::error::ErrorKind;
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
    /// Administers mandates: who signs for whom.
    Mandate(mandate::Arguments),
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
    allocator::give_back_large_pieces();
    match Arguments::try_parse() {
        Ok(arguments) => dispatch(&arguments).map_or_else(|error| report(&error), ExitCode::from),
        // Help and version are answers; the rest is wrong use.
        Err(error) if error.use_stderr() && !asks_for_help(&error) => {
            report(&CliError::usage(wrong_use(&error.render().to_string())))
        }
        Err(answer) => {
            let _ = answer.print();
            ExitCode::from(if answer.use_stderr() { 2 } else { 0 })
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
        Command::Mandate(arguments) => mandate::run(arguments),
        Command::PermitType(arguments) => permit_type::run(arguments),
        Command::Serve(arguments) => serve::run(arguments),
        Command::User(arguments) => user::run(arguments),
        Command::Timestamp(arguments) => timestamp::run(arguments),
        Command::Verify(arguments) => verify::run(arguments),
        Command::Worker(arguments) => worker::run(arguments),
    }
}

/// A command line without a command gets the list of commands.
fn asks_for_help(error: &clap::Error) -> bool {
    error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
}

/// What the parser says in paragraphs, as one line that says what and what to do.
fn wrong_use(said: &str) -> String {
    let paragraphs = said.lines().map(str::trim);
    let usage = paragraphs
        .clone()
        .find_map(|line| line.strip_prefix("Usage: "));
    let is_name = |word: &&str| !word.starts_with(['-', '<', '[']);
    let names = usage.unwrap_or("absah").split(' ').take_while(is_name);
    let command: Vec<&str> = names.collect();
    let what: Vec<&str> = paragraphs
        .take_while(|line| !line.starts_with("Usage: ") && !line.starts_with("For more"))
        .filter(|line| !line.is_empty())
        .collect();
    let what = what.join(" ");
    let what = what.strip_prefix("error: ").unwrap_or(&what);
    format!("{what}; see `{} --help`", command.join(" "))
}

fn report(error: &CliError) -> ExitCode {
    eprintln!("absah: {error}");
    error.exit_code()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_use_is_said_in_one_line() {
        let said = |line: &[&str]| match Arguments::try_parse_from(line) {
            Err(error) => wrong_use(&error.render().to_string()),
            Ok(_) => String::new(),
        };
        assert_eq!(
            said(&["absah", "sign", "a.pdf", "--data", "d"]),
            "the following required arguments were not provided: --output <OUT.pdf>; see `absah sign --help`"
        );
        let unknown = said(&["absah", "sing"]);
        assert!(
            unknown.starts_with("unrecognized subcommand 'sing'"),
            "{unknown}"
        );
        assert!(unknown.ends_with("see `absah --help`") && !unknown.contains('\n'));
        let level = said(&["absah", "sign", "a.pdf", "-o", "b.pdf", "--level", "b-x"]);
        assert!(level.contains("b-lta") && !level.contains('\n'), "{level}");
    }
}

//! `absah verify`: is this file authentic?
//!
//! The verdict first, then why, with `--verbose` the details; or the whole
//! report as JSON or XML. With an instance the register is asked too, as over HTTP.
//! Nothing is fetched.

mod export;
mod record;
mod register;
mod text;

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};

use super::evidence::{Evidence, EvidenceArguments};
use super::files;
use super::instance::block_on;
use super::outcome::{CliError, Outcome};
use super::settings::InstanceArguments;
use super::terminal;
use crate::kernel::pdf::Limits;
use crate::kernel::validation::{Anchors, FindingCode, Policy, Report, ValidationInput, validate};
use crate::services::verify::FileAnswer;
use register::Register;

/// The largest policy file that is read.
const POLICY_LIMIT: u64 = 1 << 20;

/// `absah verify`
#[derive(Debug, Args)]
pub struct Arguments {
    /// The file
    file: PathBuf,
    /// Print the report as JSON
    #[arg(long, conflicts_with = "xml")]
    json: bool,
    /// Print the report as XML (ETSI TS 119 102-2)
    #[arg(long)]
    xml: bool,
    /// Say everything that was noticed
    #[arg(long, short)]
    verbose: bool,
    #[command(flatten)]
    evidence: EvidenceArguments,
    /// Write what the verdict rests on into this new folder
    #[arg(long = "evidence", value_name = "DIR")]
    export: Option<PathBuf>,
    /// Open no connection
    #[arg(long)]
    offline: bool,
    /// Whether a certificate without revocation data is decided
    #[arg(long, value_enum, default_value = "required", value_name = "WHEN")]
    revocation: RevocationMode,
    /// An instance: its authority is trusted, its register is asked
    #[command(flatten)]
    instance: InstanceArguments,
    /// The validation policy; the strict one, if not given
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
}

/// When revocation data must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum RevocationMode {
    /// Always.
    Required,
    /// What is there is used; what is not is not asked for.
    IfPresent,
}

/// Verifies a file and prints the answer.
///
/// # Errors
/// A file cannot be read, or is no PDF.
pub fn run(arguments: &Arguments) -> Result<Outcome, CliError> {
    let limit = u64::try_from(Limits::default().file_size).unwrap_or(u64::MAX);
    let bytes = Arc::new(files::read(&arguments.file, limit)?);
    let policy = policy(arguments)?;
    let instance = &arguments.instance;
    let evidence = arguments.evidence.read(None)?;
    let answer = if instance.data.is_some() || instance.config.is_some() {
        let config = instance.configuration()?;
        let trust = !arguments.evidence.trust.is_empty();
        block_on(async {
            let register = Register::open(config, arguments.offline).await?;
            register
                .judge(Arc::clone(&bytes), evidence, (trust, policy))
                .await
        })?
    } else {
        let anchors = Anchors::for_all(evidence.anchors.clone());
        let report = judge(&bytes, &anchors, &evidence, &policy);
        let record = None;
        FileAnswer { report, record }
    };
    if let Some(folder) = &arguments.export {
        export::write(folder, &bytes, &answer.report)?;
    }
    print(arguments, &answer)?;
    if answer.report.has(FindingCode::NotAPdf) {
        let name = arguments.file.display();
        return Err(CliError::usage(format!("{name} is not a PDF")).mend("name a PDF file"));
    }
    Ok(if answer.report.verdict.is_good() {
        Outcome::Done
    } else {
        Outcome::No
    })
}

fn judge(file: &[u8], anchors: &Anchors, evidence: &Evidence, policy: &Policy) -> Report {
    let input = ValidationInput {
        anchors,
        untrusted: &evidence.untrusted,
        crls: &evidence.crls,
        ocsps: &evidence.ocsps,
        at: evidence.at,
        policy,
        limits: Limits::default(),
    };
    validate(file, &input)
}

fn policy(arguments: &Arguments) -> Result<Policy, CliError> {
    let policy = match &arguments.policy {
        None => Policy::strict(),
        Some(path) => {
            let bytes = files::read(path, POLICY_LIMIT)?;
            Policy::parse(&String::from_utf8_lossy(&bytes))
        }
    };
    let required = arguments.revocation == RevocationMode::Required;
    policy
        .map(|policy| match arguments.revocation {
            // The file may already let it pass.
            RevocationMode::Required => policy,
            RevocationMode::IfPresent => policy.with_revocation_required(required),
        })
        .map_err(CliError::usage)
}

fn print(arguments: &Arguments, answer: &FileAnswer) -> Result<(), CliError> {
    if arguments.json {
        let json = serde_json::to_string_pretty(&answer.report).map_err(CliError::world)?;
        return terminal::print(&format!("{json}\n"));
    }
    if arguments.xml {
        return terminal::print(&answer.report.to_xml());
    }
    let language = terminal::language();
    terminal::print(&text::describe(answer, language, arguments.verbose))
}

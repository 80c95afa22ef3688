//! `absah verify`: is this file authentic?
//!
//! The verdict first, then why, with `--verbose` the details; or the whole
//! report as JSON or XML. With an instance the register is asked too, as over HTTP.
//! Where revocation data is required and missing, it is fetched for chains that are
//! verified already, unless `--offline`.

mod export;
mod online;
mod policy;
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
use crate::kernel::validation::{
    Anchors, FindingCode, MissingStatus, Policy, Report, ValidationInput, validate_and_ask,
};
use crate::services::verify::FileAnswer;
use register::Register;

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
    let limit = u64::try_from(files::limits().file_size).unwrap_or(u64::MAX);
    let bytes = Arc::new(files::read(&arguments.file, limit)?);
    let policy = policy::read(arguments.policy.as_deref(), arguments.revocation)?;
    let instance = &arguments.instance;
    let evidence = arguments.evidence.read(None)?;
    let answer = if instance.data.is_some() || instance.config.is_some() {
        let config = instance.configuration()?;
        block_on(async {
            let register = Register::open(config, arguments.offline).await?;
            register
                .judge(Arc::clone(&bytes), evidence, policy, arguments)
                .await
        })?
    } else {
        FileAnswer {
            report: without_register(arguments, &bytes, evidence, &policy)?,
            record: None,
        }
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

fn without_register(
    arguments: &Arguments,
    file: &[u8],
    mut evidence: Evidence,
    policy: &Policy,
) -> Result<Report, CliError> {
    let given = Anchors::for_all(evidence.anchors.clone());
    let anchors = policy::anchors(policy, arguments.policy.as_deref(), given)?;
    let (report, missing) = judge(file, &anchors, &evidence, policy);
    if arguments.offline || missing.is_empty() {
        return Ok(report);
    }
    let found = block_on(online::fetch(policy, &missing))?;
    evidence.ocsps.extend(found.ocsps);
    evidence.crls.extend(found.crls);
    Ok(judge(file, &anchors, &evidence, policy).0)
}

fn judge(
    file: &[u8],
    anchors: &Anchors,
    evidence: &Evidence,
    policy: &Policy,
) -> (Report, Vec<MissingStatus>) {
    let input = ValidationInput {
        anchors,
        untrusted: &evidence.untrusted,
        crls: &evidence.crls,
        ocsps: &evidence.ocsps,
        at: evidence.at,
        policy,
        limits: files::limits(),
    };
    validate_and_ask(file, &input)
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

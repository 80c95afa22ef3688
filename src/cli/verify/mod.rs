//! `absah verify`: is this file authentic?
//!
//! The verdict first, then why, with `--verbose` the details; or the whole
//! report as JSON or XML. With an instance the register is asked too, as over HTTP.
//! Where revocation data is required and missing, it is fetched for chains that are
//! verified already, unless `--offline`: then no socket is opened, here or in the process
//! that reads the file.

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
use super::instance::{block_on, block_on_without_network};
use super::outcome::{CliError, Outcome};
use super::settings::InstanceArguments;
use super::terminal;
use crate::clients::worker::WorkerProcesses;
use crate::kernel::examination::{Der, Question, Trusted};
use crate::kernel::validation::{Anchors, FindingCode, Policy};
use crate::services::ports::RevocationData;
use crate::services::verify::{FileAnswer, examined};
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
    let file = Arc::new(files::read(&arguments.file, limit)?);
    let policy = policy::read(arguments.policy.as_deref(), arguments.revocation)?;
    let evidence = arguments.evidence.read(None)?;
    let judging = judge(arguments, Arc::clone(&file), evidence, policy);
    let answer = if arguments.offline {
        block_on_without_network(judging)?
    } else {
        block_on(judging)?
    };
    if let Some(folder) = &arguments.export {
        export::write(folder, &file, &answer.report)?;
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

async fn judge(
    arguments: &Arguments,
    file: Arc<Vec<u8>>,
    evidence: Evidence,
    policy: Policy,
) -> Result<FileAnswer, CliError> {
    let source: Option<Arc<dyn RevocationData>> = if arguments.offline {
        None
    } else {
        Some(Arc::new(online::source(&policy)?))
    };
    let instance = &arguments.instance;
    if instance.data.is_some() || instance.config.is_some() {
        let register = Register::open(instance.configuration()?, source).await?;
        return register.judge(file, evidence, policy, arguments).await;
    }
    let question = question(arguments, evidence, policy)?;
    let workers = WorkerProcesses::of_this_program();
    let found = examined(&workers, source.as_deref(), file, question).await;
    let mut found = found.map_err(CliError::world)?;
    found.report.evidence = found.evidence;
    Ok(FileAnswer {
        report: found.report,
        record: None,
    })
}

/// What the file is asked where no register is.
fn question(
    arguments: &Arguments,
    evidence: Evidence,
    policy: Policy,
) -> Result<Question, CliError> {
    let given = Anchors::for_all(evidence.anchors);
    let anchors = policy::anchors(&policy, arguments.policy.as_deref(), given)?;
    Ok(Question {
        anchors: Trusted::from(&anchors),
        untrusted: evidence.untrusted.iter().map(Der::from).collect(),
        crls: evidence.crls.into_iter().map(Der).collect(),
        ocsps: evidence.ocsps.into_iter().map(Der).collect(),
        at: evidence.at,
        policy,
        limits: files::limits(),
        address: String::new(),
        whole: arguments.wants_whole(),
    })
}

impl Arguments {
    /// Whether large lists are shown, too.
    const fn wants_whole(&self) -> bool {
        self.export.is_some() || self.xml
    }
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
    let name = arguments.file.file_name().unwrap_or_default();
    let name: String = name
        .to_string_lossy()
        .chars()
        .filter(|c| !c.is_control())
        .collect();
    terminal::print(&text::describe(answer, &name, language, arguments.verbose))
}

//! `absah timestamp FILE`: a timestamp over any file, and its check.
//!
//! The answer is written as a TimeStampResp (RFC 3161), as `openssl ts -verify -in` reads it;
//! `verify` reads a bare token as well.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, Subcommand};
use serde_json::json;
use time::format_description::well_known::Rfc3339;

use super::evidence::EvidenceArguments;
use super::instance::{Instance, block_on, foreign_timestamps};
use super::outcome::{CliError, Outcome};
use super::settings::InstanceArguments;
use super::{files, terminal};
use crate::kernel::asn1::{Element, Tag, write};
use crate::kernel::hash::HashAlgorithm;
use crate::kernel::tsp::TimeStampToken;
use crate::kernel::x509::paths::{self, Purpose};
use crate::services::clock::{SystemClock, SystemEntropy};
use crate::services::ports::{Clock, Entropy, Timestamps as _};

/// The largest file that is stamped.
const LIMIT: u64 = 1 << 30;

/// The largest timestamp that is read.
const TOKEN_LIMIT: u64 = 1 << 20;

/// How long a foreign TSA may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// `absah timestamp`
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Arguments {
    /// The file to stamp
    #[arg(required = true)]
    file: Option<PathBuf>,
    /// Where the timestamp goes; FILE.tsr, if not given
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// A time-stamping authority instead of the instance's own; more than once: the next
    /// one where one fails
    #[arg(long, value_name = "URL")]
    tsa: Vec<String>,
    #[command(flatten)]
    instance: InstanceArguments,
    #[command(subcommand)]
    act: Option<Act>,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Checks a timestamp against the file it was made for
    Verify(Verify),
}

/// `absah timestamp verify`
#[derive(Debug, Args)]
struct Verify {
    /// The timestamp: a response or a token
    timestamp: PathBuf,
    /// The file it was made for
    file: PathBuf,
    #[command(flatten)]
    evidence: EvidenceArguments,
    /// An instance whose authority is trusted too
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Print the answer as JSON
    #[arg(long)]
    json: bool,
}

/// Stamps a file, or checks a timestamp.
///
/// # Errors
/// A file cannot be read, or no authority answers.
pub fn run(arguments: &Arguments) -> Result<Outcome, CliError> {
    match (&arguments.act, &arguments.file) {
        (Some(Act::Verify(verify)), _) => verify.run(),
        (None, Some(file)) => stamp(arguments, file),
        (None, None) => Err(CliError::usage("name the file to stamp")),
    }
}

fn stamp(arguments: &Arguments, file: &Path) -> Result<Outcome, CliError> {
    let hash = HashAlgorithm::Sha256;
    let digest = hash.digest(&[&files::read(file, LIMIT)?]);
    let token = block_on(async {
        if !arguments.tsa.is_empty() {
            let (clock, entropy) = (Arc::new(SystemClock), Arc::new(SystemEntropy));
            let (clock, entropy) = (clock as Arc<dyn Clock>, entropy as Arc<dyn Entropy>);
            let source = foreign_timestamps(&arguments.tsa, "--tsa", PATIENCE, &clock, &entropy)?;
            return source
                .timestamp(hash, &digest)
                .await
                .map_err(CliError::world);
        }
        let instance = Instance::create(arguments.instance.configuration()?).await?;
        let token = match instance.authority().await {
            Ok(authority) => authority
                .timestamps()
                .timestamp(hash, &digest)
                .await
                .map_err(CliError::world),
            Err(error) => Err(error),
        };
        instance.database.close().await;
        token
    })?;
    let granted = write::sequence(&[&write::small(0)]);
    let response = write::sequence(&[&granted, &token]);
    let output = arguments.output.clone().unwrap_or_else(|| {
        let mut name = file.as_os_str().to_owned();
        name.push(".tsr");
        name.into()
    });
    files::write(&output, &response)?;
    terminal::print(&format!("{}\n", output.display()))?;
    Ok(Outcome::Done)
}

impl Verify {
    fn run(&self) -> Result<Outcome, CliError> {
        let evidence = self.evidence.read(self.data.as_deref())?;
        let read = files::read(&self.timestamp, TOKEN_LIMIT)?;
        let token = TimeStampToken::parse(token_of(&read)).map_err(CliError::usage)?;
        let file = files::read(&self.file, LIMIT)?;
        let mut untrusted = token.signed_data.certificates.clone();
        untrusted.extend(evidence.untrusted);
        let judged = judge(&token, &file, &untrusted, &evidence.anchors);
        let time = token
            .tst
            .gen_time
            .format(&Rfc3339)
            .map_err(CliError::usage)?;
        let tsa = token
            .find_certificate(&untrusted)
            .map(|one| one.subject().text());
        let why = judged.as_ref().err().cloned();
        let text = if self.json {
            let answer = json!({
                "valid": judged.is_ok(), "reason": why, "time": time, "tsa": tsa,
                "policy": token.tst.policy.to_string(), "serial": hex::encode(&token.tst.serial),
            });
            format!("{answer}\n")
        } else {
            match &why {
                None => format!(
                    "Valid: {} existed at {time}, says {}.\n",
                    self.file.display(),
                    tsa.unwrap_or_default()
                ),
                Some(why) => format!("Not valid: {why}.\n"),
            }
        };
        terminal::print(&text)?;
        Ok(if judged.is_ok() {
            Outcome::Done
        } else {
            Outcome::No
        })
    }
}

/// The token in a response, or the bytes themselves.
fn token_of(bytes: &[u8]) -> &[u8] {
    let inner = || -> Option<&[u8]> {
        let mut fields = Element::parse(bytes).ok()?.reader().ok()?;
        // A response begins with PKIStatusInfo, a token with an object identifier.
        fields.expect(Tag::SEQUENCE).ok()?;
        Some(fields.element().ok()?.raw())
    };
    inner().unwrap_or(bytes)
}

/// Whether the token is for the file and its authority is trusted at the token's own
/// time. Whether the authority was revoked since is not asked.
fn judge(
    token: &TimeStampToken,
    file: &[u8],
    untrusted: &[crate::kernel::x509::Certificate],
    anchors: &[crate::kernel::x509::Certificate],
) -> Result<(), String> {
    if !token.tst.imprint.covers(&[file]) {
        return Err("it was made for another file".into());
    }
    let certificate = token
        .find_certificate(untrusted)
        .ok_or("its authority's certificate is missing")?;
    token
        .check(certificate)
        .map_err(|error| error.to_string())?;
    let path = paths::build(
        certificate,
        untrusted,
        anchors,
        token.tst.gen_time,
        Purpose::Tsa,
    );
    path.map(|_| ()).map_err(|error| error.to_string())
}

//! `absah doctor --replay`: every stored original verified again; what is no longer as
//! it was issued is named.
//!
//! Long work: it says how far it is, and goes on where it was ended. Where it stands is
//! a file in the data folder, which a finished run removes.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::authority::Authority;
use crate::cli::files;
use crate::cli::instance::{Instance, block_on};
use crate::cli::outcome::{CliError, Outcome};
use crate::cli::settings::InstanceArguments;
use crate::cli::terminal::{self, Tone};
use crate::domain::ids::DocumentId;
use crate::kernel::hash::Sha256;
use crate::kernel::validation::{Policy, policy};
use crate::services::Services;
use crate::services::replay::Replayed;

/// How many are verified between two notes of the progress.
const STEP: u32 = 16;
/// The largest policy file that is read.
const POLICY_LIMIT: u64 = 1 << 20;

/// How far a replay is.
#[derive(Debug, Serialize, Deserialize)]
struct Progress {
    /// Under what it runs: another program or policy starts afresh.
    program: String,
    policy: Sha256,
    /// Where the last step ended.
    before: Option<DocumentId>,
    checked: u64,
    changed: Vec<Replayed>,
}

/// Replays all originals of an instance.
///
/// # Errors
/// There is no instance, its store fails, or the policy cannot be read.
pub(super) fn run(
    instance: &InstanceArguments,
    policy: Option<&Path>,
    json: bool,
) -> Result<Outcome, CliError> {
    let config = instance.configuration()?;
    let text = match policy {
        None => policy::DEFAULT.to_owned(),
        Some(path) => {
            let bytes = files::read(path, POLICY_LIMIT)?;
            String::from_utf8_lossy(&bytes).into_owned()
        }
    };
    let rules = Policy::parse(&text).map_err(CliError::usage)?;
    let note = config.storage.data.join("replay.json");
    let changed = block_on(async {
        let data = config.storage.data.clone();
        let instance = Instance::open(config).await?;
        if !Authority::exists(&data.join("authority")) {
            return Err(CliError::usage("there is no authority yet").mend("run `absah serve` once"));
        }
        let authority = instance.authority().await?;
        let services = instance.parts(authority)?.services;
        let progress = Progress::resume(&note, Sha256::of(text.as_bytes()));
        replay(&services, &rules, progress, &note).await
    })?;
    terminal::print(&if json {
        in_json(&changed)?
    } else {
        in_words(&changed)
    })?;
    Ok(if changed.changed.is_empty() {
        Outcome::Done
    } else {
        Outcome::No
    })
}

async fn replay(
    services: &Services,
    rules: &Policy,
    mut progress: Progress,
    note: &PathBuf,
) -> Result<Progress, CliError> {
    let all = services.count_originals().await.map_err(CliError::world)?;
    if progress.checked > 0 {
        eprintln!("going on after {} of {all} originals", progress.checked);
    }
    loop {
        let step = services.replay(progress.before, STEP, rules).await;
        let (replayed, last) = step.map_err(CliError::world)?;
        let Some(last) = last else {
            break;
        };
        progress.before = Some(last);
        progress.checked += replayed.len() as u64;
        progress
            .changed
            .extend(replayed.into_iter().filter(Replayed::changed));
        progress.save(note)?;
        let changed = progress.changed.len();
        eprintln!(
            "{} of {all} originals verified, {changed} changed",
            progress.checked
        );
    }
    match fs::remove_file(note) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(CliError::world(error)),
        _ => Ok(progress),
    }
}

impl Progress {
    /// Where the last run ended, if it was one of this program under this policy.
    fn resume(note: &Path, policy: Sha256) -> Self {
        let program = env!("CARGO_PKG_VERSION").to_owned();
        let noted = fs::read(note).ok();
        let noted = noted.and_then(|bytes| serde_json::from_slice::<Self>(&bytes).ok());
        let same = noted.filter(|one| one.program == program && one.policy == policy);
        same.unwrap_or(Self {
            program,
            policy,
            before: None,
            checked: 0,
            changed: Vec::new(),
        })
    }

    fn save(&self, note: &Path) -> Result<(), CliError> {
        let text = serde_json::to_vec(self).map_err(CliError::world)?;
        files::write(note, &text)
    }
}

fn in_json(progress: &Progress) -> Result<String, CliError> {
    let value = serde_json::json!({
        "checked": progress.checked,
        "changed": progress.changed,
    });
    let text = serde_json::to_string_pretty(&value).map_err(CliError::world)?;
    Ok(format!("{text}\n"))
}

fn in_words(progress: &Progress) -> String {
    let mut text = String::new();
    for one in &progress.changed {
        let level = |outcome: &crate::services::replay::Outcome| {
            let level = outcome.level.as_deref();
            level.map_or(String::new(), |level| format!(" ({level})"))
        };
        let line = format!(
            "{} {}: {}{} -> {}{}",
            one.code,
            one.number,
            one.at_issue.verdict,
            level(&one.at_issue),
            one.now.verdict,
            level(&one.now),
        );
        text.push_str(&format!("{}\n", terminal::toned(Tone::Red, &line)));
        if let Some(reason) = &one.now.reason {
            text.push_str(&format!("    {reason}\n"));
        }
    }
    text.push_str(&format!(
        "{} originals verified, {} no longer as issued.\n",
        progress.checked,
        progress.changed.len()
    ));
    text
}

//! `absah doctor`: checks a deployment and says what to mend. Changes nothing. Of foreign
//! time-stamping authorities it asks a timestamp, and what a document needs with it.
//! `--replay` verifies every stored original again.

mod checks;
mod replay;

use std::fmt::Write as _;
use std::path::PathBuf;

use serde::Serialize;

use super::instance::block_on;
use super::outcome::{CliError, Outcome};
use super::settings::InstanceArguments;
use super::terminal::{self, Tone};

/// `absah doctor`
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    instance: InstanceArguments,
    /// Print the checks as JSON
    #[arg(long)]
    json: bool,
    /// Verify every stored original again, and name what is no longer as it was issued
    #[arg(long)]
    replay: bool,
    /// The validation policy of the replay; the strict one, if not given
    #[arg(long, value_name = "FILE", requires = "replay")]
    policy: Option<PathBuf>,
}

/// How a check went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    /// In order.
    Good,
    /// It works, and should be mended.
    Warning,
    /// It does not work.
    Error,
}

/// One check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Check {
    name: &'static str,
    state: State,
    found: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    mend: Option<String>,
}

impl Check {
    fn good(name: &'static str, found: impl Into<String>) -> Self {
        Self::new(name, State::Good, found, None)
    }

    fn warning(name: &'static str, found: impl Into<String>, mend: impl Into<String>) -> Self {
        Self::new(name, State::Warning, found, Some(mend.into()))
    }

    fn error(name: &'static str, found: impl Into<String>, mend: impl Into<String>) -> Self {
        Self::new(name, State::Error, found, Some(mend.into()))
    }

    fn new(
        name: &'static str,
        state: State,
        found: impl Into<String>,
        mend: Option<String>,
    ) -> Self {
        let found = found.into();
        Self {
            name,
            state,
            found,
            mend,
        }
    }
}

/// Runs the checks, or the replay; any error makes the answer no.
///
/// # Errors
/// The answer cannot be made or printed, or the replay has no instance to read.
pub fn run(arguments: &Arguments) -> Result<Outcome, CliError> {
    if arguments.replay {
        let policy = arguments.policy.as_deref();
        return replay::run(&arguments.instance, policy, arguments.json);
    }
    let checks = block_on(async { Ok(checks::all(&arguments.instance).await) })?;
    let text = if arguments.json {
        let value = serde_json::json!({ "good": worst(&checks) < State::Error, "checks": checks });
        format!("{value}\n")
    } else {
        describe(&checks)
    };
    terminal::print(&text)?;
    Ok(if worst(&checks) < State::Error {
        Outcome::Done
    } else {
        Outcome::No
    })
}

fn worst(checks: &[Check]) -> State {
    checks
        .iter()
        .map(|check| check.state)
        .max()
        .unwrap_or(State::Good)
}

fn describe(checks: &[Check]) -> String {
    let width = checks
        .iter()
        .map(|check| check.name.len())
        .max()
        .unwrap_or(0);
    let mut text = String::new();
    for check in checks {
        let sign = match check.state {
            State::Good => terminal::toned(Tone::Green, "ok     "),
            State::Warning => terminal::toned(Tone::Amber, "warning"),
            State::Error => terminal::toned(Tone::Red, "error  "),
        };
        let _ = writeln!(text, "{sign}  {:width$}  {}", check.name, check.found);
        if let Some(mend) = &check.mend {
            let _ = writeln!(text, "         {:width$}  → {mend}", "");
        }
    }
    let count = |state| checks.iter().filter(|check| check.state == state).count();
    let _ = writeln!(
        text,
        "{} checks: {} errors, {} warnings.",
        checks.len(),
        count(State::Error),
        count(State::Warning)
    );
    text
}

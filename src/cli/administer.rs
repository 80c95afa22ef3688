//! What the commands that administer an instance share: open it, act, answer people and
//! programs alike, close it.

use clap::Args;
use serde::Serialize;
use serde_json::{Value, json};

use super::instance::{Instance, block_on};
use super::outcome::{CliError, Outcome};
use super::settings::InstanceArguments;
use super::terminal;

/// Where the instance is, and who reads the answer.
#[derive(Debug, Args)]
pub(super) struct AdministerArguments {
    #[command(flatten)]
    instance: InstanceArguments,
    /// Print the answer as JSON
    #[arg(long, global = true)]
    json: bool,
}

/// The same answer for people and for programs.
pub(super) struct Answer {
    text: String,
    json: Value,
}

impl Answer {
    /// A list, one line for each thing.
    pub(super) fn list<T: Serialize>(things: &[T], line: impl Fn(&T) -> String) -> Self {
        Self {
            text: things.iter().map(line).collect(),
            json: json!(things),
        }
    }

    /// An API key, which is shown once.
    pub(super) fn key(id: &impl ToString, name: &str, key: &str) -> Self {
        let id = id.to_string();
        Self {
            text: format!("{name} ({id})\nAPI key, shown only now:\n{key}\n"),
            json: json!({ "id": id, "name": name, "key": key }),
        }
    }

    /// A link, which is shown once.
    pub(super) fn link(id: &impl ToString, name: &str, link: &str) -> Self {
        let id = id.to_string();
        let this = Self {
            text: format!("{name} ({id})\n"),
            json: json!({ "id": id, "name": name }),
        };
        this.invited(link)
    }

    /// The same, with a link to the console.
    pub(super) fn invited(mut self, link: &str) -> Self {
        self.text.push_str(&format!(
            "Link to make a passkey, once, within three days:\n{link}\n"
        ));
        self.json["invitation"] = json!(link);
        self
    }
}

/// How an account's state is shown.
pub(super) fn state(active: bool) -> &'static str {
    if active { "active" } else { "disabled" }
}

/// Opens the instance, acts and prints the answer.
pub(super) fn administer(
    arguments: &AdministerArguments,
    act: impl AsyncFnOnce(&Instance) -> Result<Answer, CliError>,
) -> Result<Outcome, CliError> {
    let config = arguments.instance.configuration()?;
    block_on(async {
        let instance = Instance::open(config).await?;
        let answer = act(&instance).await;
        instance.database.close().await;
        let answer = answer?;
        terminal::print(&match arguments.json {
            true => format!("{}\n", answer.json),
            false => answer.text,
        })?;
        Ok(Outcome::Done)
    })
}

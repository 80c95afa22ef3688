//! `absah user`: the people of the office, their keys and certificates.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::instance::{Instance, OPERATOR, block_on};
use super::outcome::{CliError, Outcome};
use super::prompt;
use super::settings::InstanceArguments;
use super::terminal;
use crate::authority::{Authority, OpenCa};
use crate::domain::accounts::{Person, Role};
use crate::services::administration::NewPerson;

/// `absah user`
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    instance: InstanceArguments,
    /// Print the answer as JSON
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Registers a person and shows the API key, once; a signatory gets a signing key too
    Add(NewUser),
    /// Lists the people
    List,
    /// Gives a person another API key; the former one ends at once
    NewKey {
        /// Name, NIP or id
        person: String,
    },
    /// Gives a signatory a new signing key and certificate; the former key ends
    Enrol {
        /// Name, NIP or id
        person: String,
        #[command(flatten)]
        secrets: Secrets,
    },
    /// Ends a person's access
    Disable {
        /// Name, NIP or id
        person: String,
    },
    /// Gives a person his access back
    Enable {
        /// Name, NIP or id
        person: String,
    },
}

#[derive(Debug, Args)]
struct NewUser {
    /// The name as printed, with academic titles
    name: String,
    /// The office held, as printed
    #[arg(long)]
    office: String,
    /// What the person may do; several are allowed
    #[arg(long = "role", required = true, value_parser = role)]
    roles: Vec<Role>,
    /// The civil servant's number
    #[arg(long)]
    nip: Option<String>,
    /// The rank, as printed
    #[arg(long)]
    rank: Option<String>,
    #[command(flatten)]
    secrets: Secrets,
}

#[derive(Debug, Args)]
struct Secrets {
    /// File with the signatory's new passphrase; else it is asked for
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    /// File with the issuing CA's passphrase; else it is asked for (a demonstration needs none)
    #[arg(long, value_name = "FILE")]
    issuing_passphrase_file: Option<PathBuf>,
}

fn role(text: &str) -> Result<Role, String> {
    [
        Role::Signatory,
        Role::Reviewer,
        Role::Administrator,
        Role::Auditor,
    ]
    .into_iter()
    .find(|role| role.name() == text)
    .ok_or_else(|| "signatory, reviewer, administrator or auditor".to_owned())
}

/// Administers people.
///
/// # Errors
/// There is no such person, or the instance does not open.
pub fn run(arguments: &Arguments) -> Result<Outcome, CliError> {
    let config = arguments.instance.configuration()?;
    block_on(async {
        let instance = Instance::open(config).await?;
        let answer = act(&instance, &arguments.act).await;
        instance.database.close().await;
        let answer = answer?;
        let text = if arguments.json {
            format!("{}\n", answer.json)
        } else {
            answer.text
        };
        terminal::print(&text)?;
        Ok(Outcome::Done)
    })
}

/// The same answer for people and for programs.
struct Answer {
    text: String,
    json: Value,
}

async fn act(instance: &Instance, act: &Act) -> Result<Answer, CliError> {
    let office = instance.administration();
    match act {
        Act::Add(new) => add(instance, new).await,
        Act::List => Ok(list(&office.people().await?)),
        Act::NewKey { person } => {
            let person = office.find_person(person).await?;
            let key = office.new_person_key(OPERATOR, person.id).await?;
            Ok(with_key(&person, key.reveal()))
        }
        Act::Enrol { person, secrets } => {
            let person = office.find_person(person).await?;
            if !person.is(Role::Signatory) {
                return Err(CliError::usage(format!("{} is no signatory", person.name)));
            }
            enrol(instance, &person, secrets).await?;
            Ok(list(&[person]))
        }
        Act::Disable { person } => switch(instance, person, false).await,
        Act::Enable { person } => switch(instance, person, true).await,
    }
}

async fn add(instance: &Instance, new: &NewUser) -> Result<Answer, CliError> {
    let new_person = NewPerson {
        name: new.name.clone(),
        office: new.office.clone(),
        rank: new.rank.clone(),
        nip: new.nip.clone(),
        roles: new.roles.clone(),
    };
    let (person, key) = instance
        .administration()
        .add_person(OPERATOR, new_person)
        .await?;
    if person.is(Role::Signatory) {
        enrol(instance, &person, &new.secrets)
            .await
            .map_err(|error| {
                error.mend(format!(
                    "{} is registered; try `absah user enrol {}`",
                    person.name, person.id
                ))
            })?;
    }
    Ok(with_key(&person, key.reveal()))
}

async fn enrol(instance: &Instance, person: &Person, secrets: &Secrets) -> Result<(), CliError> {
    let authority = instance.authority().await?;
    let ca = open_issuing(&authority, secrets)?;
    let what = format!("passphrase of {}", person.name);
    let passphrase = prompt::new_passphrase(secrets.passphrase_file.as_deref(), &what)?;
    instance.enrol(&authority, &ca, person, passphrase).await?;
    Ok(())
}

fn open_issuing(authority: &Authority, secrets: &Secrets) -> Result<OpenCa, CliError> {
    if authority.is_demonstration() {
        return authority
            .open_demonstration_issuing()
            .map_err(CliError::world);
    }
    let file = secrets.issuing_passphrase_file.as_deref();
    let passphrase = prompt::passphrase(file, "passphrase of the issuing CA")?;
    authority.open_issuing(&passphrase).map_err(CliError::usage)
}

async fn switch(instance: &Instance, name: &str, active: bool) -> Result<Answer, CliError> {
    let office = instance.administration();
    let person = office.find_person(name).await?;
    let person = office.switch_person(OPERATOR, person.id, active).await?;
    Ok(list(&[person]))
}

fn with_key(person: &Person, key: &str) -> Answer {
    Answer {
        text: format!(
            "{} ({})\nAPI key, shown only now:\n{key}\n",
            person.name, person.id
        ),
        json: json!({ "id": person.id, "name": person.name, "key": key }),
    }
}

fn list(people: &[Person]) -> Answer {
    Answer {
        text: people.iter().map(line).collect(),
        json: json!(people),
    }
}

fn line(person: &Person) -> String {
    let roles: Vec<&str> = person.roles.iter().map(|role| role.name()).collect();
    let state = if person.active { "active" } else { "disabled" };
    let (id, name, office) = (person.id, &person.name, &person.office);
    format!(
        "{id}  {state:8}  {name}, {office}  ({})\n",
        roles.join(", ")
    )
}

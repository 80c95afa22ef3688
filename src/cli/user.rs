//! `absah user`: the people of the office, their keys and certificates.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::administer::{AdministerArguments, Answer, administer, state};
use super::ca::open_issuing;
use super::instance::{Instance, OPERATOR};
use super::outcome::{CliError, Outcome};
use super::signatory_key::SignatoryKeyArguments;
use crate::domain::accounts::{Person, Role};
use crate::services::administration::NewPerson;

/// `absah user`
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    shared: AdministerArguments,
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
    /// Shows a link with which the person makes his first passkey, once
    Invite {
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
    /// Make no signing key: a PSrE certifies it (`absah ca request`)
    #[arg(long, conflicts_with_all = ["key_type", "pkcs11", "passphrase_file"])]
    without_key: bool,
    #[command(flatten)]
    secrets: Secrets,
}

#[derive(Debug, Args)]
struct Secrets {
    #[command(flatten)]
    key: SignatoryKeyArguments,
    /// File with the signatory's new passphrase, or the token's PIN; else it is asked for
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
    administer(&arguments.shared, async |instance| {
        act(instance, &arguments.act).await
    })
}

async fn act(instance: &Instance, act: &Act) -> Result<Answer, CliError> {
    let office = instance.administration();
    match act {
        Act::Add(new) => add(instance, new).await,
        Act::List => Ok(Answer::list(&office.people().await?, line)),
        Act::NewKey { person } => {
            let person = office.find_person(person).await?;
            let key = office.new_person_key(OPERATOR, person.id).await?;
            Ok(Answer::key(&person.id, &person.name, key.reveal()))
        }
        Act::Invite { person } => {
            let person = office.find_person(person).await?;
            let link = instance.entry()?.invite(OPERATOR, &person).await?;
            Ok(Answer::link(&person.id, &person.name, &link))
        }
        Act::Enrol { person, secrets } => {
            let person = office.find_person(person).await?;
            if !person.is(Role::Signatory) {
                return Err(CliError::usage(format!("{} is no signatory", person.name)));
            }
            enrol(instance, &person, secrets).await?;
            Ok(Answer::list(&[person], line))
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
    if person.is(Role::Signatory) && !new.without_key {
        enrol(instance, &person, &new.secrets)
            .await
            .map_err(|error| {
                error.mend(format!(
                    "{} is registered; try `absah user enrol {}`",
                    person.name, person.id
                ))
            })?;
    }
    let link = instance.entry()?.invite(OPERATOR, &person).await?;
    Ok(Answer::key(&person.id, &person.name, key.reveal()).invited(&link))
}

async fn enrol(instance: &Instance, person: &Person, secrets: &Secrets) -> Result<(), CliError> {
    let authority = instance.authority().await?;
    let ca = open_issuing(&authority, secrets.issuing_passphrase_file.as_deref())?;
    let (key, _) = secrets
        .key
        .make(person, secrets.passphrase_file.as_deref())?;
    instance.enrol_key(&authority, &ca, person, key).await?;
    Ok(())
}

async fn switch(instance: &Instance, name: &str, active: bool) -> Result<Answer, CliError> {
    let office = instance.administration();
    let person = office.find_person(name).await?;
    let person = office.switch_person(OPERATOR, person.id, active).await?;
    Ok(Answer::list(&[person], line))
}

fn line(person: &Person) -> String {
    let roles: Vec<&str> = person.roles.iter().map(|role| role.name()).collect();
    let state = state(person.active);
    let (id, name, office) = (person.id, &person.name, &person.office);
    format!(
        "{id}  {state:8}  {name}, {office}  ({})\n",
        roles.join(", ")
    )
}

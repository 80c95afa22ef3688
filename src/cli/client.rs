//! `absah client`: the permit systems that may call the API, and their keys.

use clap::{Args, Subcommand};

use super::administer::{AdministerArguments, Answer, administer, state};
use super::instance::OPERATOR;
use super::outcome::{CliError, Outcome};
use crate::domain::accounts::Client;
use crate::domain::permit_type::PermitTypeCode;
use crate::services::administration::{Administration, NewClient};

/// `absah client`
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    shared: AdministerArguments,
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Registers a client and shows its API key, once
    Add {
        /// What it is called
        name: String,
        /// A permit type it may submit; without any, all
        #[arg(long = "permit-type", value_name = "CODE")]
        permit_types: Vec<PermitTypeCode>,
    },
    /// Lists the clients
    List,
    /// Gives a client another API key; the former one ends at once
    NewKey {
        /// Name or id
        client: String,
    },
    /// Ends a client's access
    Disable {
        /// Name or id
        client: String,
    },
    /// Gives a client its access back
    Enable {
        /// Name or id
        client: String,
    },
}

/// Administers clients.
///
/// # Errors
/// There is no such client, or the instance does not open.
pub fn run(arguments: &Arguments) -> Result<Outcome, CliError> {
    administer(&arguments.shared, async |instance| {
        act(&instance.administration(), &arguments.act).await
    })
}

async fn act(office: &Administration, act: &Act) -> Result<Answer, CliError> {
    match act {
        Act::Add { name, permit_types } => {
            let new = NewClient {
                name: name.clone(),
                permit_types: permit_types.clone(),
            };
            let (client, key) = office.add_client(OPERATOR, new).await?;
            Ok(Answer::key(&client.id, &client.name, key.reveal()))
        }
        Act::NewKey { client } => {
            let client = office.find_client(client).await?;
            let key = office.new_client_key(OPERATOR, client.id).await?;
            Ok(Answer::key(&client.id, &client.name, key.reveal()))
        }
        Act::List => Ok(Answer::list(&office.clients().await?, line)),
        Act::Disable { client } => switch(office, client, false).await,
        Act::Enable { client } => switch(office, client, true).await,
    }
}

async fn switch(office: &Administration, name: &str, active: bool) -> Result<Answer, CliError> {
    let client = office.find_client(name).await?;
    let client = office.switch_client(OPERATOR, client.id, active).await?;
    Ok(Answer::list(&[client], line))
}

fn line(client: &Client) -> String {
    let types: Vec<&str> = client
        .permit_types
        .iter()
        .map(PermitTypeCode::as_str)
        .collect();
    let types = if types.is_empty() {
        "all permit types".to_owned()
    } else {
        types.join(", ")
    };
    let (id, state, name) = (client.id, state(client.active), &client.name);
    format!("{id}  {state:8}  {name}  ({types})\n")
}

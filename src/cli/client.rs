//! `absah client`: the permit systems that may call the API, and their keys.

use clap::{Args, Subcommand};
use serde_json::json;

use super::instance::{Instance, OPERATOR, block_on};
use super::outcome::{CliError, Outcome};
use super::settings::InstanceArguments;
use super::terminal;
use crate::domain::accounts::Client;
use crate::domain::permit_type::PermitTypeCode;
use crate::services::administration::{Administration, NewClient};

/// `absah client`
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
    let config = arguments.instance.configuration()?;
    block_on(async {
        let instance = Instance::open(config).await?;
        let text = act(&instance.administration(), arguments).await;
        instance.database.close().await;
        terminal::print(&text?)?;
        Ok(Outcome::Done)
    })
}

async fn act(administration: &Administration, arguments: &Arguments) -> Result<String, CliError> {
    match &arguments.act {
        Act::Add { name, permit_types } => {
            let new = NewClient {
                name: name.clone(),
                permit_types: permit_types.clone(),
            };
            let (client, key) = administration.add_client(OPERATOR, new).await?;
            Ok(with_key(&client, key.reveal(), arguments.json))
        }
        Act::NewKey { client } => {
            let client = administration.find_client(client).await?;
            let key = administration.new_client_key(OPERATOR, client.id).await?;
            Ok(with_key(&client, key.reveal(), arguments.json))
        }
        Act::List => Ok(list(&administration.clients().await?, arguments.json)),
        Act::Disable { client } => switch(administration, client, false, arguments.json).await,
        Act::Enable { client } => switch(administration, client, true, arguments.json).await,
    }
}

async fn switch(
    administration: &Administration,
    name: &str,
    active: bool,
    json: bool,
) -> Result<String, CliError> {
    let client = administration.find_client(name).await?;
    let client = administration
        .switch_client(OPERATOR, client.id, active)
        .await?;
    Ok(list(&[client], json))
}

fn with_key(client: &Client, key: &str, json: bool) -> String {
    if json {
        return format!(
            "{}\n",
            json!({ "id": client.id, "name": client.name, "key": key })
        );
    }
    format!(
        "{} ({})\nAPI key, shown only now:\n{key}\n",
        client.name, client.id
    )
}

fn list(clients: &[Client], json: bool) -> String {
    if json {
        return format!("{}\n", json!(clients));
    }
    clients.iter().map(line).collect()
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
    let state = if client.active { "active" } else { "disabled" };
    format!("{}  {state:8}  {}  ({types})\n", client.id, client.name)
}

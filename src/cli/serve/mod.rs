//! `absah serve`: an instance, its HTTP service and what goes on in the background,
//! until it is told to end.

mod running;
mod workers;

use std::net::SocketAddr;

use clap::Args;
use rustix::process::{Resource, Rlimit, setrlimit};
use tokio::signal::unix::{SignalKind, signal};

use super::config::Config;
use super::instance::block_on;
use super::logging;
use super::outcome::{CliError, Outcome};
use super::settings::InstanceArguments;
use super::terminal::{self, Tone};

pub use running::Running;

/// `absah serve`
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    instance: InstanceArguments,
    /// Address and port to listen on
    #[arg(long, value_name = "ADDR:PORT")]
    listen: Option<SocketAddr>,
    /// What QR codes, certificates and links name
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
}

/// Serves until SIGTERM or SIGINT.
///
/// # Errors
/// The configuration cannot stand, or the instance or the listener does not open.
pub fn run(arguments: &Arguments) -> Result<Outcome, CliError> {
    let mut config = arguments.instance.unchecked().map_err(CliError::usage)?;
    if let Some(listen) = arguments.listen {
        config.server.listen = listen;
    }
    if let Some(url) = &arguments.public_url {
        config.server.public_url = Some(url.clone());
    }
    config.check().map_err(CliError::usage)?;
    logging::start(&config.log)?;
    leave_no_image()?;
    block_on(async {
        let running = Running::start(config).await?;
        terminal::print(&greeting(&running))?;
        let first = running.parts().entry.invite_first().await;
        if let Some(link) = first.map_err(CliError::world)? {
            terminal::print(&format!(
                "The first administrator makes his passkey here, once:\n\x20 {link}\n"
            ))?;
        }
        told_to_end().await?;
        tracing::info!("ending: running requests may finish");
        running.end().await;
        Ok(Outcome::Done)
    })
}

/// A crash leaves no image of the memory: signatories' keys pass through it.
fn leave_no_image() -> Result<(), CliError> {
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    setrlimit(Resource::Core, none).map_err(CliError::world)
}

async fn told_to_end() -> Result<(), CliError> {
    let mut terminate = signal(SignalKind::terminate()).map_err(CliError::world)?;
    tokio::select! {
        _ = terminate.recv() => {}
        pressed = tokio::signal::ctrl_c() => pressed.map_err(CliError::world)?,
    }
    Ok(())
}

fn greeting(running: &Running) -> String {
    let Config { storage, .. } = running.config();
    let url = running.public_url();
    let kind = if running.parts().authority.is_demonstration() {
        terminal::toned(
            Tone::Amber,
            "demonstration authority: nothing signed here is a valid permit",
        )
    } else {
        "authority of the office".to_owned()
    };
    let database = match &storage.database_url_file {
        Some(_) => "PostgreSQL",
        None => "SQLite",
    };
    format!(
        "Absah {version}, {kind}\n\
         \x20 first page    {url}/\n\
         \x20 console       {url}/console\n\
         \x20 API           {url}/api/v1/\n\
         \x20 trust         {url}/trust\n\
         \x20 listening on  {address}\n\
         \x20 data          {data} ({database})\n\
         People are managed with `absah user`, permit systems with `absah client`.\n",
        version = env!("CARGO_PKG_VERSION"),
        address = running.address(),
        data = storage.data.display(),
    )
}

//! `absah demo`: a sample office and the main job, step by step, over real HTTP:
//! submitted, reviewed, approved, issued, verified, tampered with, refused.
//!
//! It can be run again: people and permit type are found, a new permit is issued.

mod api;
mod office;
mod steps;

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Args;

use super::instance::{Instance, block_on};
use super::outcome::{CliError, Outcome};
use super::serve::Running;
use super::settings::InstanceArguments;
use super::terminal::{self, Tone};
use api::Api;
use office::SampleOffice;

/// `absah demo`
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    instance: InstanceArguments,
    /// The address of a service that runs on the same data folder; without one, a
    /// service is started for the demonstration
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// Go on serving afterwards, until Ctrl-C
    #[arg(long, conflicts_with = "url")]
    serve: bool,
}

/// Shows the main job.
///
/// # Errors
/// A step failed: the message says which.
pub fn run(arguments: &Arguments) -> Result<Outcome, CliError> {
    let config = arguments.instance.configuration()?;
    block_on(async {
        let began = Instant::now();
        if let Some(url) = &arguments.url {
            let instance = Instance::open(config).await?;
            // Where it serves, this configuration need not know.
            let shown = show(&instance, url, url.trim_end_matches('/')).await;
            instance.database.close().await;
            shown?;
            return summary(began.elapsed());
        }
        let running = Running::start(config).await?;
        let url = format!("http://{}", running.address());
        let shown = show(running.instance(), &url, &running.public_url()).await;
        let outcome = shown.and_then(|()| summary(began.elapsed()));
        if arguments.serve && outcome.is_ok() {
            terminal::print("\nServing. Stop with Ctrl-C.\n")?;
            let _ = tokio::signal::ctrl_c().await;
        }
        running.end().await;
        outcome
    })
}

fn summary(took: Duration) -> Result<Outcome, CliError> {
    let seconds = took.as_secs_f64();
    terminal::print(&format!(
        "\nDone in {seconds:.1} s: one permit issued and verified, one forgery refused.\n"
    ))?;
    Ok(Outcome::Done)
}

/// The whole main job.
async fn show(instance: &Instance, url: &str, public_url: &str) -> Result<(), CliError> {
    let progress = Progress::begin(instance)?;
    let office = progress
        .step(
            "Sample office: two reviewers, a head of office, a permit type",
            || SampleOffice::prepare(instance),
        )
        .await?;
    let api = Api::new(url)?;
    steps::main_job(&progress, &api, &office, public_url).await
}

/// Says what happens and how long it took; keeps the files to look at.
struct Progress {
    folder: PathBuf,
}

impl Progress {
    fn begin(instance: &Instance) -> Result<Self, CliError> {
        let folder = instance.config.storage.data.join("demo");
        fs::create_dir_all(&folder)
            .map_err(|error| CliError::world(format!("{}: {error}", folder.display())))?;
        Ok(Self { folder })
    }

    async fn step<T, F>(&self, what: &str, work: impl FnOnce() -> F) -> Result<T, CliError>
    where
        F: Future<Output = Result<T, CliError>>,
    {
        let began = Instant::now();
        let done = work().await.map_err(|error| error.in_step(what))?;
        let took = began.elapsed().as_millis();
        let tick = terminal::toned(Tone::Green, "✓");
        terminal::print(&format!("{tick} {what}  ({took} ms)\n"))?;
        Ok(done)
    }

    fn say(&self, text: &str) -> Result<(), CliError> {
        terminal::print(&format!("    {text}\n"))
    }

    fn keep(&self, name: &str, bytes: &[u8]) -> Result<PathBuf, CliError> {
        let path = self.folder.join(name);
        super::files::write(&path, bytes)?;
        Ok(path)
    }
}

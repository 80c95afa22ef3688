//! `absah augment`: raises a signed file to a level, or renews its archive timestamp.

use std::path::PathBuf;

use clap::Args;

use crate::kernel::hash::HashAlgorithm;
use crate::kernel::pades::Level;
use crate::services::levels::Levels;

use super::instance::block_on;
use super::outcome::{CliError, Outcome};
use super::sign::refusal;
use super::world::{World, WorldArguments};
use super::{files, terminal};

/// Raise the level of a signed PDF, or renew its archive timestamp.
#[derive(Debug, Args)]
pub struct Augment {
    /// The signed PDF
    #[arg(value_name = "IN.pdf")]
    input: PathBuf,
    /// Where the result goes
    #[arg(short, long, value_name = "OUT.pdf")]
    output: PathBuf,
    /// The level to reach: b-t, b-lt or b-lta (renews, where it is reached already)
    #[arg(long, default_value = "b-lta")]
    level: Level,
    #[command(flatten)]
    world: WorldArguments,
}

impl Augment {
    /// Writes the augmented file.
    ///
    /// # Errors
    /// [`CliError`]; nothing is written then.
    pub fn run(&self) -> Result<Outcome, CliError> {
        if self.level == Level::BB {
            return Err(CliError::usage("b-b is what every signature has")
                .mend("name b-t, b-lt or b-lta with --level"));
        }
        block_on(self.augment())
    }

    async fn augment(&self) -> Result<Outcome, CliError> {
        let limits = files::limits();
        let file = files::read(&self.input, limits.file_size as u64)?;
        let world = World::open(&self.world, self.world.tsa.is_empty()).await?;
        let timestamps = world.timestamps(self.level)?;
        let revocation = world.revocation()?;
        let levels = Levels {
            timestamps: timestamps.as_ref(),
            revocation: revocation.as_ref(),
            anchors: &world.anchors(),
            intermediates: &world.intermediates(),
            hash: HashAlgorithm::Sha256,
            limits: &limits,
        };
        let augmented = levels
            .augment(file, self.level)
            .await
            .map_err(|error| refusal(&error))?;
        files::write(&self.output, &augmented)?;
        terminal::print(&format!("{}: {}\n", self.output.display(), self.level))?;
        Ok(Outcome::Done)
    }
}

//! `absah augment`: raises a signed file to a level, or renews its archive timestamp.

use std::path::PathBuf;

use clap::Args;

use crate::kernel::hash::HashAlgorithm;
use crate::kernel::pades::Level;
use crate::kernel::pdf::Limits;
use crate::kernel::x509::Certificate;
use crate::services::levels::Levels;

use super::instance::{Instance, block_on};
use super::outcome::{CliError, Outcome};
use super::settings::InstanceArguments;
use super::sign::refusal;
use super::{files, terminal};

/// The largest certificate file that is read.
const CERTIFICATE_LIMIT: u64 = 1 << 20;

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
    /// A further trust anchor for the certificates in the file
    #[arg(long, value_name = "CERT")]
    trust: Vec<PathBuf>,
    #[command(flatten)]
    instance: InstanceArguments,
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
        let limits = Limits::default();
        let file = files::read(&self.input, limits.file_size as u64)?;
        let instance = Instance::create(self.instance.configuration()?).await?;
        let authority = instance.authority().await?;
        let anchors = self.anchors(authority.root())?;
        let timestamps = authority.timestamps();
        let revocation = authority.revocation_data();
        let levels = Levels {
            timestamps: timestamps.as_ref(),
            revocation: revocation.as_ref(),
            anchors: &anchors,
            intermediates: std::slice::from_ref(authority.issuing()),
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

    fn anchors(&self, own: &Certificate) -> Result<Vec<Certificate>, CliError> {
        let mut anchors = vec![own.clone()];
        for file in &self.trust {
            let bytes = files::read(file, CERTIFICATE_LIMIT)?;
            let read = Certificate::from_pem_or_der(&bytes);
            anchors.extend(read.map_err(CliError::usage)?);
        }
        Ok(anchors)
    }
}

//! Who gives the time and the proof to `sign` and `augment`: an instance's authority,
//! or others by their addresses.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use super::instance::{Instance, Others, certificates, foreign_timestamps};
use super::outcome::CliError;
use super::settings::InstanceArguments;
use crate::authority::Authority;
use crate::kernel::pades::Level;
use crate::kernel::validation::Anchors;
use crate::kernel::x509::Certificate;
use crate::services::clock::{SystemClock, SystemEntropy};
use crate::services::ports::{Clock, Entropy, RevocationData, Timestamps};

/// How long a foreign TSA may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Who gives the time and the proof.
#[derive(Debug, Args)]
pub(super) struct WorldArguments {
    #[command(flatten)]
    pub(super) instance: InstanceArguments,
    /// A time-stamping authority; more than once: the next one where one fails
    #[arg(long, value_name = "URL")]
    pub(super) tsa: Vec<String>,
    /// A trust anchor of foreign certificates: the signatory's, the time-stamping authority's
    #[arg(long, value_name = "CERT")]
    trust: Vec<PathBuf>,
    /// A host that may have a private address, where certificates name it for revocation data
    #[arg(long, value_name = "HOST")]
    private_host: Vec<String>,
}

/// The same, opened.
pub(super) struct World {
    pub(super) authority: Option<Authority>,
    pub(super) others: Others,
    tsa: Vec<String>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl World {
    /// Opens the instance that is named, or that must be there, and reads the anchors.
    pub(super) async fn open(arguments: &WorldArguments, needed: bool) -> Result<Self, CliError> {
        let InstanceArguments { config, data } = &arguments.instance;
        let (authority, mut others) = if needed || data.is_some() || config.is_some() {
            let config = arguments.instance.configuration()?;
            let others = Others::of(&config)?;
            let authority = Instance::create(config).await?.authority().await?;
            (Some(authority), others)
        } else {
            (None, Others::of(&super::config::Config::default())?)
        };
        others.trust(&certificates(&arguments.trust)?);
        for foreign in [&mut others.tsa, &mut others.signer] {
            let hosts = &mut foreign.hosts.private;
            hosts.extend(arguments.private_host.iter().cloned());
        }
        Ok(Self {
            authority,
            others,
            tsa: arguments.tsa.clone(),
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
        })
    }

    pub(super) fn timestamps(&self, level: Level) -> Result<Arc<dyn Timestamps>, CliError> {
        match &self.authority {
            Some(authority) if self.tsa.is_empty() => Ok(authority.timestamps()),
            None if self.tsa.is_empty() && level > Level::BB => {
                Err(CliError::usage(format!("{level} needs a timestamp"))
                    .mend("name a TSA with --tsa, an instance with --data, or --level b-b"))
            }
            _ => self.foreign_timestamps(level),
        }
    }

    fn foreign_timestamps(&self, level: Level) -> Result<Arc<dyn Timestamps>, CliError> {
        let foreign = foreign_timestamps(&self.tsa, "--tsa", PATIENCE, &self.clock, &self.entropy)?;
        if level <= Level::BT {
            return Ok(Arc::new(foreign));
        }
        let anchors = self.anchors().tsa;
        if anchors.is_empty() {
            let text = format!("{level} needs a time-stamping authority that is trusted");
            return Err(CliError::usage(text).mend("name its root with --trust"));
        }
        Ok(Arc::new(foreign.trusting(anchors, self.intermediates())))
    }

    /// Proof for the certificates: of our own from our own authority, of others from where
    /// they say.
    pub(super) fn revocation(&self) -> Result<Arc<dyn RevocationData>, CliError> {
        let own = self.authority.as_ref();
        let own = own.map(|own| (own.published(), own.revocation_data()));
        self.others.revocation(own, &self.clock)
    }

    pub(super) fn anchors(&self) -> Anchors {
        let own = self.authority.as_ref();
        self.others.anchors(own.map(Authority::published))
    }

    pub(super) fn intermediates(&self) -> Vec<Certificate> {
        let own = self.authority.as_ref();
        self.others.intermediates(own.map(Authority::published))
    }
}

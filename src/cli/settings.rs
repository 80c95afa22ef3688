//! The arguments by which every command of an instance finds its configuration.

use std::path::PathBuf;

use clap::Args;

use super::config::{Config, ConfigError, Environment};
use super::outcome::CliError;

/// Where the instance and its configuration are.
#[derive(Clone, Debug, Default, Args)]
pub struct InstanceArguments {
    /// The configuration file; without one, the embedded defaults
    #[arg(long, value_name = "FILE", env = "ABSAH_CONFIG")]
    pub config: Option<PathBuf>,
    /// The data folder
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
}

impl InstanceArguments {
    /// The configuration: arguments over environment over file over defaults.
    ///
    /// # Errors
    /// It cannot be read, or cannot stand: wrong use.
    pub fn configuration(&self) -> Result<Config, CliError> {
        let config = self.unchecked().map_err(CliError::usage)?;
        config.check().map_err(CliError::usage)?;
        Ok(config)
    }

    pub(super) fn unchecked(&self) -> Result<Config, ConfigError> {
        let mut config = Config::load(self.config.as_deref(), &Environment::of_process())?;
        if let Some(data) = &self.data {
            config.storage.data.clone_from(data);
        }
        Ok(config)
    }
}

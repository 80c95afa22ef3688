//! The configuration: `absah.toml`, each setting also as `ABSAH_SECTION_KEY` in the
//! environment (which wins), secrets by the path of a file that holds them.
//!
//! With no file and no variable everything has its embedded default. A name that
//! is none is an error that shows the nearest one: a misspelt setting must not
//! quietly keep its default.

mod checks;
mod sections;
mod settings;
mod source;

use std::path::{Path, PathBuf};

use serde::Deserialize;

pub use checks::Refused;
pub use sections::{
    Authority, Console, Limits, Log, LogFormat, Office, Psre, Server, Storage, Timestamps,
    Verification,
};
pub use settings::{SETTINGS, Setting, Shape};
pub use source::{ConfigError, Environment};

/// Everything that can be set.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Who issues.
    pub office: Office,
    /// Where and how requests arrive.
    pub server: Server,
    /// Where everything is kept.
    pub storage: Storage,
    /// Who certifies.
    pub authority: Authority,
    /// Who gives the time.
    pub timestamps: Timestamps,
    /// Which foreign certification providers signatories have certificates of.
    pub psre: Psre,
    /// How files of others are verified.
    pub verification: Verification,
    /// How long people stay signed in.
    pub console: Console,
    /// How much is accepted.
    pub limits: Limits,
    /// What is written to the log.
    pub log: Log,
    /// The program that examines files; no setting, this one where it is not named.
    #[serde(skip)]
    pub program: Option<PathBuf>,
}

impl Config {
    /// Reads the file, where one is named, and the environment over it.
    ///
    /// # Errors
    /// The file cannot be read, or a setting is unknown or of the wrong shape.
    pub fn load(file: Option<&Path>, environment: &Environment) -> Result<Self, ConfigError> {
        source::load(file, environment)
    }
}

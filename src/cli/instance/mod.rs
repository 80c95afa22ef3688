//! One instance: the parts that its configuration names, put together.
//!
//! Here alone it is decided what stands behind the services' ports.

mod enrolment;
mod foreign;
mod parts;

use std::fs::{self, DirBuilder};
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::Path;
use std::sync::Arc;

use crate::cli::config::Config;
use crate::cli::outcome::CliError;
use crate::cli::prompt;
use crate::domain::event::Actor;
use crate::services::ServiceError;
use crate::services::administration::{Administration, AdministrationError};
use crate::services::clock::{SystemClock, SystemEntropy};
use crate::services::ports::{Clock, Entropy};
use crate::storage::{Database, FileBlobs};

pub(super) use foreign::{Others, certificates, foreign_timestamps};

/// Who acts when someone at the machine itself runs a command.
pub const OPERATOR: Actor = Actor::Operator;

/// An open instance.
pub struct Instance {
    /// Its configuration.
    pub config: Config,
    /// Its database.
    pub database: Database,
    /// Its files.
    pub blobs: FileBlobs,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
}

impl Instance {
    /// Opens an instance, making its data folder where there is none.
    ///
    /// # Errors
    /// The folder or the database does not open.
    pub async fn create(config: Config) -> Result<Self, CliError> {
        make_folder(&config.storage.data)?;
        Self::open(config).await
    }

    /// Opens an instance that is there.
    ///
    /// # Errors
    /// There is none, or it does not open.
    pub async fn open(config: Config) -> Result<Self, CliError> {
        let data = config.storage.data.clone();
        if !data.is_dir() {
            return Err(
                CliError::usage(format!("there is no instance in {}", data.display()))
                    .mend("start one with `absah serve`, or name its folder with --data"),
            );
        }
        let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
        let database = open_database(&config, &data, &entropy).await?;
        let blobs = FileBlobs::open(&data.join("files"))
            .map_err(|error| CliError::world(format!("{}: {error}", data.display())))?;
        Ok(Self {
            config,
            database,
            blobs,
            clock: Arc::new(SystemClock),
            entropy,
        })
    }

    /// The administration.
    #[must_use]
    pub fn administration(&self) -> Administration {
        Administration::new(
            Arc::new(self.database.clone()),
            Arc::clone(&self.clock),
            Arc::clone(&self.entropy),
        )
    }
}

async fn open_database(
    config: &Config,
    data: &Path,
    entropy: &Arc<dyn Entropy>,
) -> Result<Database, CliError> {
    let entropy = Arc::clone(entropy);
    let opened = match &config.storage.database_url_file {
        None => Database::open_sqlite(&data.join("absah.db"), entropy).await,
        Some(file) => {
            let url = prompt::passphrase(Some(file), "database URL")?;
            Database::open_postgres(url.reveal(), entropy).await
        }
    };
    opened.map_err(CliError::world)
}

/// The folder holds keys and permits: it is its owner's alone from the start.
fn make_folder(folder: &Path) -> Result<(), CliError> {
    let failed = |error| CliError::world(format!("cannot make {}: {error}", folder.display()));
    if folder.is_dir() {
        if !folder.join("absah.db").exists() {
            // Someone made it for us, and perhaps left it open to others.
            let own = fs::Permissions::from_mode(0o700);
            fs::set_permissions(folder, own).map_err(failed)?;
        }
        return Ok(());
    }
    if let Some(parent) = folder.parent() {
        fs::create_dir_all(parent).map_err(failed)?;
    }
    DirBuilder::new().mode(0o700).create(folder).map_err(failed)
}

/// Runs what waits for databases and sockets.
///
/// # Errors
/// Those of what is run, or the system gives no threads.
pub fn block_on<T>(work: impl Future<Output = Result<T, CliError>>) -> Result<T, CliError> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(CliError::world)?
        .block_on(work)
}

/// Runs what opens no socket: the runtime has none to wait for, and none of its own.
///
/// # Errors
/// Those of what is run, or the system gives no threads.
pub fn block_on_without_network<T>(
    work: impl Future<Output = Result<T, CliError>>,
) -> Result<T, CliError> {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .map_err(CliError::world)?
        .block_on(work)
}

impl From<ServiceError> for CliError {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::Entry(_) | ServiceError::Forbidden(_) | ServiceError::NotFound(_) => {
                Self::usage(error)
            }
            _ => Self::world(error),
        }
    }
}

impl From<AdministrationError> for CliError {
    fn from(error: AdministrationError) -> Self {
        use AdministrationError::{Ambiguous, Commit, Entropy, Rule, Store, Unknown};
        match error {
            Unknown { .. } | Ambiguous { .. } | Rule(_) => Self::usage(error),
            Commit(_) | Entropy(_) | Store(_) => Self::world(error),
        }
    }
}

//! The authority of an instance, in the folder `authority` of its data folder;
//! a demonstration is made on first use, where the configuration allows one.

use std::path::Path;
use std::sync::Arc;

use crate::authority::clock::{Discipline, KernelDiscipline, SinceBoot, WatchedClock};
use crate::authority::{Authority, AuthorityPorts};

use super::config::Config;
use super::instance::Instance;
use super::outcome::CliError;
use super::prompt;
use crate::keys::Passphrase;

impl Instance {
    /// Opens the authority.
    ///
    /// # Errors
    /// There is none and none may be made, or it does not open.
    pub async fn authority(&self) -> Result<Authority, CliError> {
        let folder = self.config.storage.data.join("authority");
        if Authority::exists(&folder) {
            let authority = Authority::open(&folder, self.ports()?)?;
            return agreed(&self.config, authority);
        }
        if !self.config.authority.demonstration {
            return Err(CliError::usage("there is no authority yet")
                .mend("make one with `absah ca init`, or set authority.demonstration"));
        }
        let url = self.config.public_url();
        Ok(Authority::create_demonstration(&folder, &url, self.ports()?).await?)
    }

    /// The world, for this instance's authority.
    ///
    /// # Errors
    /// The file with the passphrase of the service keys cannot be read.
    pub fn ports(&self) -> Result<AuthorityPorts, CliError> {
        let database = Arc::new(self.database.clone());
        let health = WatchedClock::new(
            Arc::clone(&self.clock),
            Arc::new(SinceBoot),
            discipline(&self.config),
        );
        Ok(AuthorityPorts {
            register: database.clone(),
            marks: database,
            clock: Arc::clone(&self.clock),
            health: Arc::new(health),
            entropy: Arc::clone(&self.entropy),
            instance: replica_name(&self.config.storage.data),
            service_passphrase: self.service_passphrase()?.map(Arc::new),
        })
    }

    /// What opens the service keys, where the configuration names a file that holds it.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn service_passphrase(&self) -> Result<Option<Passphrase>, CliError> {
        let file = self.config.authority.service_passphrase_file.as_deref();
        file.map(|file| prompt::passphrase(Some(file), "passphrase of the service keys"))
            .transpose()
    }
}

/// A demonstration must not stand in for the authority that the configuration asks for.
fn agreed(config: &Config, authority: Authority) -> Result<Authority, CliError> {
    if authority.is_demonstration() && !config.authority.demonstration {
        let text = "the data folder holds a demonstration authority";
        return Err(
            CliError::usage(text).mend("use another data folder, or set authority.demonstration")
        );
    }
    Ok(authority)
}

/// Demonstrations run on machines whose clock nobody keeps, and say that they are one.
fn discipline(config: &Config) -> Option<Arc<dyn Discipline>> {
    (!config.authority.demonstration).then(|| Arc::new(KernelDiscipline) as Arc<_>)
}

/// Tells replicas apart: the machine and the folder.
fn replica_name(folder: &Path) -> String {
    let machine = rustix::system::uname();
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let machine = machine.nodename().to_string_lossy().into_owned();
    format!("{machine}:{}", folder.display())
}

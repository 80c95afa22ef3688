//! `absah ca`: the certification authority of an instance.

mod crl;
mod init;
mod issue;
mod list;
mod request;
mod revoke;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, Subcommand};

use super::instance::{Instance, block_on};
use super::outcome::{CliError, Outcome};
use super::settings::InstanceArguments;
use super::{prompt, terminal};
use crate::authority::{Authority, AuthorityError, IdentityError, OpenCa};
use crate::keys::KeyError;

/// `absah ca`
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
    /// Makes the authority: root, issuing CA, time-stamping, OCSP and seal
    Init(init::Init),
    /// Certifies a signatory, a request or a service
    Issue(issue::Issue),
    /// Makes a certificate request for a foreign PSrE
    Request(request::Make),
    /// Enrols the certificate that a foreign PSrE returned for a request
    Import(request::Import),
    /// Revokes a certificate, or releases it from hold
    Revoke(revoke::Revoke),
    /// Publishes the next list of revoked certificates, if it is due
    Crl(crl::Crl),
    /// Lists the certificates
    List(list::List),
    /// Puts the keys of the services under the passphrase that the configuration names
    Reseal,
}

/// Runs one act of the authority.
///
/// # Errors
/// What the act lacks, or what failed.
pub fn run(arguments: &Arguments) -> Result<Outcome, CliError> {
    let config = arguments.instance.configuration()?;
    let json = arguments.json;
    block_on(async {
        let instance = match &arguments.act {
            Act::Init(_) => Instance::create(config).await?,
            _ => Instance::open(config).await?,
        };
        let text = match &arguments.act {
            Act::Init(init) => init.run(&instance, json).await,
            Act::Issue(issue) => issue.run(&instance, json).await,
            Act::Request(request) => request.run(&instance).await,
            Act::Import(import) => import.run(&instance).await,
            Act::Revoke(revoke) => revoke.run(&instance, json).await,
            Act::Crl(crl) => crl.run(&instance, json).await,
            Act::List(list) => list.run(&instance, json).await,
            Act::Reseal => reseal(&instance),
        };
        instance.database.close().await;
        terminal::print(&text?)?;
        Ok(Outcome::Done)
    })
}

/// What opens the issuing CA.
#[derive(Debug, Args)]
struct IssuingArguments {
    /// A file that holds the passphrase of the issuing CA
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

impl IssuingArguments {
    /// Opens the issuing CA for this one act. A demonstration needs nobody.
    fn open(&self, authority: &Authority) -> Result<OpenCa, CliError> {
        open_issuing(authority, self.passphrase_file.as_deref())
    }
}

/// Opens the issuing CA for one act. A demonstration needs nobody.
pub(super) fn open_issuing(authority: &Authority, file: Option<&Path>) -> Result<OpenCa, CliError> {
    if authority.is_demonstration() {
        return Ok(authority.open_demonstration_issuing()?);
    }
    if file.is_none() && authority.issuing_is_in_token()? {
        // The token has its PIN from where the URI says; a passphrase opens nothing.
        return Ok(authority.open_issuing(&crate::keys::Passphrase::new(String::new()))?);
    }
    let passphrase = prompt::passphrase(file, "passphrase of the issuing CA")?;
    Ok(authority.open_issuing(&passphrase)?)
}

fn reseal(instance: &Instance) -> Result<String, CliError> {
    let passphrase = instance.service_passphrase()?.ok_or_else(|| {
        CliError::usage("no passphrase is configured")
            .mend("name its file in authority.service_passphrase_file")
    })?;
    Authority::reseal(&folder(instance), &Arc::new(passphrase))?;
    Ok("The service keys open with the configured passphrase alone.\n".to_owned())
}

/// An authority that is there already: no act but `init` makes one.
async fn existing(instance: &Instance) -> Result<Authority, CliError> {
    if Authority::exists(&folder(instance)) {
        return instance.authority().await;
    }
    Err(CliError::usage("there is no authority yet")
        .mend("make one with `absah ca init`, or start a demonstration with `absah serve`"))
}

fn folder(instance: &Instance) -> PathBuf {
    Path::new(&instance.config.storage.data).join("authority")
}

impl From<AuthorityError> for CliError {
    fn from(error: AuthorityError) -> Self {
        use AuthorityError as E;
        match &error {
            E::Exists(_) | E::Missing(_) | E::Profile(_) | E::NotADemonstration | E::Rule(_) => {
                Self::usage(error)
            }
            E::Identity(IdentityError::Key(KeyError::Seal(_) | KeyError::WrongPassphrase)) => {
                Self::usage(error)
            }
            _ => Self::world(error),
        }
    }
}

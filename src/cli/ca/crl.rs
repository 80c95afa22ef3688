//! `absah ca crl`: publishes the next list of revoked certificates, if it is due.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::IssuingArguments;
use crate::authority::{Authority, CrlPolicy, Due, OpenCa, open_root};
use crate::cli::instance::Instance;
use crate::cli::outcome::CliError;
use crate::cli::{files, prompt};
use crate::kernel::x509::Certificate;
use crate::services::ports::{Certificates as _, PublishedCrl};

/// `absah ca crl`
#[derive(Debug, Args)]
pub(super) struct Crl {
    #[command(flatten)]
    issuing: IssuingArguments,
    /// Publish the root's list: the folder with its key
    #[arg(long, value_name = "DIR")]
    root_folder: Option<PathBuf>,
    /// A file that holds the passphrase of the root
    #[arg(long, value_name = "FILE", requires = "root_folder")]
    root_passphrase_file: Option<PathBuf>,
    /// Publish the root's list of a demonstration
    #[arg(long, conflicts_with = "root_folder")]
    root: bool,
    /// Publish also if it is not due
    #[arg(long)]
    now: bool,
    /// Where the current list goes, DER
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Crl {
    pub(super) async fn run(&self, instance: &Instance, json: bool) -> Result<String, CliError> {
        let authority = super::existing(instance).await?;
        let (issuer, policy) = match self.root || self.root_folder.is_some() {
            true => (authority.root(), CrlPolicy::ROOT),
            false => (authority.issuing(), CrlPolicy::ISSUING),
        };
        let publisher = authority.publisher();
        let due = publisher
            .due(issuer, policy)
            .await
            .map_err(CliError::world)?;
        if self.now || due == Due::Now {
            let ca = self.open(&authority)?;
            if ca.certificate.spki_der() != issuer.spki_der() {
                return Err(CliError::usage(
                    "the folder holds another root than this instance's",
                ));
            }
            publisher
                .publish(ca.as_issuer(), policy)
                .await
                .map_err(CliError::world)?;
        }
        let current = current(instance, issuer).await?;
        if let Some(output) = &self.output {
            files::write(output, &current.crl)?;
        }
        let published = self.now || due == Due::Now;
        Ok(report(&current, published, json))
    }

    fn open(&self, authority: &Authority) -> Result<OpenCa, CliError> {
        if let Some(folder) = &self.root_folder {
            let file = self.root_passphrase_file.as_deref();
            return Ok(open_root(
                folder,
                &prompt::passphrase(file, "passphrase of the root")?,
            )?);
        }
        if self.root {
            return Ok(authority.open_demonstration_root()?);
        }
        self.issuing.open(authority)
    }
}

async fn current(instance: &Instance, issuer: &Certificate) -> Result<PublishedCrl, CliError> {
    let key = hex::encode(issuer.subject_key_identifier().unwrap_or_default());
    let current = instance
        .database
        .current_crl(&key)
        .await
        .map_err(CliError::world)?;
    current.ok_or_else(|| CliError::world("the list was not stored"))
}

fn report(crl: &PublishedCrl, published: bool, json: bool) -> String {
    if json {
        let answer = json!({
            "published": published,
            "number": crl.number,
            "this_update": crl.this_update.unix_timestamp(),
            "next_update": crl.next_update.unix_timestamp(),
        });
        return format!("{answer}\n");
    }
    let word = if published {
        "Published"
    } else {
        "Not due; current is"
    };
    format!(
        "{word} list {}, valid until {}.\n",
        crl.number, crl.next_update
    )
}

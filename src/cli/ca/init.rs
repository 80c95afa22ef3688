//! `absah ca init`: the ceremony of `certs/README.md`, or a demonstration.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::authority::{Authority, Ceremony};
use crate::cli::instance::Instance;
use crate::cli::outcome::CliError;
use crate::cli::{files, prompt};

/// The largest profile file that is read.
const LIMIT: u64 = 1 << 20;

/// `absah ca init`
#[derive(Debug, Args)]
pub(super) struct Init {
    /// Make a demonstration: no passphrases, no validity in law
    #[arg(long, conflicts_with_all = ["organization", "profiles", "root_folder"])]
    demonstration: bool,
    /// The organisation that the certificates name
    #[arg(long, required_unless_present = "demonstration")]
    organization: Option<String>,
    /// Certificate profiles with the organisation's own policy identifiers
    #[arg(long, value_name = "FILE", required_unless_present = "demonstration")]
    profiles: Option<PathBuf>,
    /// Where the root's encrypted key goes: a folder that is then taken offline
    #[arg(long, value_name = "DIR", required_unless_present = "demonstration")]
    root_folder: Option<PathBuf>,
    /// A file that holds the new passphrase of the root
    #[arg(long, value_name = "FILE")]
    root_passphrase_file: Option<PathBuf>,
    /// A file that holds the new passphrase of the issuing CA
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

impl Init {
    pub(super) async fn run(&self, instance: &Instance, json: bool) -> Result<String, CliError> {
        let authority = match (&self.organization, &self.profiles, &self.root_folder) {
            (Some(organization), Some(profiles), Some(root_folder)) => {
                let profiles =
                    String::from_utf8(files::read(profiles, LIMIT)?).map_err(CliError::usage)?;
                let root_file = self.root_passphrase_file.as_deref();
                let ceremony = Ceremony {
                    organization,
                    public_url: &instance.config.public_url(),
                    profiles: Some(&profiles),
                    root_folder,
                    root_passphrase: &prompt::new_passphrase(root_file, "passphrase of the root")?,
                    issuing_passphrase: &prompt::new_passphrase(
                        self.passphrase_file.as_deref(),
                        "passphrase of the issuing CA",
                    )?,
                };
                Authority::create(&super::folder(instance), &ceremony, instance.ports()?).await?
            }
            _ => {
                let url = instance.config.public_url();
                Authority::create_demonstration(&super::folder(instance), &url, instance.ports()?)
                    .await?
            }
        };
        Ok(self.report(&authority, json))
    }

    fn report(&self, authority: &Authority, json: bool) -> String {
        let fingerprint = authority.root().fingerprint();
        if json {
            let answer = json!({
                "demonstration": authority.is_demonstration(),
                "root": authority.root().subject().text(),
                "root_sha256": fingerprint.to_string(),
                "issuing_ca": authority.issuing().subject().text(),
            });
            return format!("{answer}\n");
        }
        let next = match &self.root_folder {
            Some(folder) => format!(
                "The root's key is in {} and nowhere else: copy it, check the copy, take both offline.\n",
                folder.display()
            ),
            None => "This is a demonstration: its signatures are valid nowhere.\n".to_owned(),
        };
        format!(
            "Root:       {}\nSHA-256:    {fingerprint}\nIssuing CA: {}\n{next}",
            authority.root().subject().text(),
            authority.issuing().subject().text(),
        )
    }
}

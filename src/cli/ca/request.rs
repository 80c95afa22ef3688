//! `absah ca request` and `absah ca import`: a signatory's key is made here and certified by
//! a foreign PSrE.

use std::path::PathBuf;

use clap::Args;

use super::folder;
use crate::authority::import::accept;
use crate::authority::pending::PendingKey;
use crate::authority::{ImportError, enrolment, request};
use crate::cli::files;
use crate::cli::instance::{Instance, OPERATOR, Others, certificates};
use crate::cli::outcome::CliError;
use crate::cli::signatory_key::SignatoryKeyArguments;

/// `absah ca request`
#[derive(Debug, Args)]
pub(super) struct Make {
    /// The signatory, by name or id
    #[arg(long)]
    person: String,
    /// The organisation that the request names; the office, if not given
    #[arg(long)]
    organization: Option<String>,
    #[command(flatten)]
    key: SignatoryKeyArguments,
    /// A file that holds the new passphrase of the key, or the token's PIN
    #[arg(long, value_name = "FILE")]
    key_passphrase_file: Option<PathBuf>,
    /// Where the request goes
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

impl Make {
    pub(super) async fn run(&self, instance: &Instance) -> Result<String, CliError> {
        let person = instance.administration().find_person(&self.person).await?;
        let (pending, signer) = self
            .key
            .make(&person, self.key_passphrase_file.as_deref())?;
        let office = &instance.config.office.name;
        let subject = enrolment::subject_of(&person, self.organization.as_ref().unwrap_or(office));
        let made =
            request::make(&subject, &pending.spki, signer.as_ref()).map_err(CliError::usage)?;
        // The key is safe before the request leaves: a certificate without it is worth nothing.
        pending.keep(&folder(instance), &person.id)?;
        files::write(&self.output, request::to_pem(&made).as_bytes())?;
        let output = self.output.display();
        Ok(format!(
            "{output}\nSend it to the PSrE; then `absah ca import CERTIFICATE --person \"{}\" --trust ROOT`.\n",
            self.person
        ))
    }
}

/// `absah ca import`
#[derive(Debug, Args)]
pub(super) struct Import {
    /// What the PSrE returned: the certificate and those above it, PEM or DER
    #[arg(required = true)]
    certificates: Vec<PathBuf>,
    /// The signatory, by name or id
    #[arg(long)]
    person: String,
    /// The root of the PSrE, its fingerprint compared over another channel; psre.anchors of
    /// the configuration, if not given
    #[arg(long, value_name = "CERT")]
    trust: Vec<PathBuf>,
}

impl Import {
    pub(super) async fn run(&self, instance: &Instance) -> Result<String, CliError> {
        let administration = instance.administration();
        let person = administration.find_person(&self.person).await?;
        let none = || {
            CliError::usage(format!(
                "no request of {} waits for a certificate",
                person.name
            ))
        };
        let pending = PendingKey::find(&folder(instance), &person.id)?;
        let pending = pending.ok_or_else(|| none().mend("make one with `absah ca request`"))?;
        let others = Others::of(&instance.config)?;
        let anchors = match self.trust.as_slice() {
            [] => others.psre.clone(),
            named => certificates(named)?,
        };
        let mut bundle = certificates(&self.certificates)?;
        bundle.extend(others.signer.intermediates);
        let now = instance.clock.now();
        let imported =
            accept(&pending.spki, &bundle, &anchors, now).map_err(|error| refused(&error))?;
        let record = enrolment::imported_key(&person, pending, &imported, now);
        administration.enrol_key(OPERATOR, record).await?;
        PendingKey::forget(&folder(instance), &person.id)?;
        let certificate = &imported.certificate;
        let known = imported
            .chain
            .last()
            .is_some_and(|root| others.psre.contains(root));
        let hint = match known {
            true => "",
            false => {
                "Name its root in psre.anchors and start the service anew: until then it believes no signature of this key.\n"
            }
        };
        Ok(format!(
            "Enrolled for {}: {}, issued by {}, valid until {}.\n{hint}",
            person.name,
            certificate.subject().text(),
            certificate.issuer().text(),
            certificate.not_after().date(),
        ))
    }
}

fn refused(error: &ImportError) -> CliError {
    CliError::usage(error)
}

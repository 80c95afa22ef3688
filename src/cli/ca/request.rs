//! `absah ca request` and `absah ca import`: a signatory's key is made here and certified by
//! a foreign PSrE.

use std::path::PathBuf;

use clap::Args;

use super::folder;
use crate::authority::import::accept;
use crate::authority::pending::PendingKey;
use crate::authority::{ImportError, enrolment, request};
use crate::cli::instance::{Instance, OPERATOR};
use crate::cli::outcome::CliError;
use crate::cli::{files, prompt};
use crate::domain::accounts::Person;
use crate::kernel::sign::Signer;
use crate::kernel::x509::Certificate;
use crate::keys::vault::{PKCS11, SEALED};
use crate::keys::{KdfCost, KeyType, Pkcs11Key, Pkcs11Uri, SoftwareKey, UnlockSecret, Vault};

/// The largest bundle of certificates that is read.
const LIMIT: u64 = 1 << 20;

/// `absah ca request`
#[derive(Debug, Args)]
pub(super) struct Make {
    /// The signatory, by name or id
    #[arg(long)]
    person: String,
    /// The organisation that the request names; the office, if not given
    #[arg(long)]
    organization: Option<String>,
    /// The kind of key that is made
    #[arg(long, value_name = "TYPE", default_value = "p-256")]
    key_type: KeyType,
    /// A key that is in a token already (RFC 7512), without its PIN
    #[arg(long, value_name = "URI", conflicts_with = "key_type")]
    pkcs11: Option<String>,
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
        let (pending, signer) = match &self.pkcs11 {
            Some(uri) => self.in_token(uri)?,
            None => self.software(&person)?,
        };
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

    fn software(&self, person: &Person) -> Result<(PendingKey, Box<dyn Signer>), CliError> {
        let what = format!("new passphrase of {}", person.name);
        let passphrase = prompt::new_passphrase(self.key_passphrase_file.as_deref(), &what)?;
        let secret = UnlockSecret::Passphrase(passphrase);
        let key = SoftwareKey::generate(self.key_type).map_err(CliError::world)?;
        let pending = PendingKey {
            algorithm: key.algorithm(),
            kind: SEALED.to_owned(),
            spki: key.spki_der().map_err(CliError::world)?,
            sealed: Vault::seal(&person.id, &key, &secret, KdfCost::RECOMMENDED)
                .map_err(CliError::world)?,
        };
        Ok((pending, Box::new(key)))
    }

    fn in_token(&self, text: &str) -> Result<(PendingKey, Box<dyn Signer>), CliError> {
        let uri: Pkcs11Uri = text.parse().map_err(CliError::usage)?;
        if uri.pin.is_some() {
            return Err(
                CliError::usage("the URI is stored: leave the PIN out of it")
                    .mend("give the PIN with --key-passphrase-file, or type it"),
            );
        }
        let pin = prompt::passphrase(self.key_passphrase_file.as_deref(), "PIN of the token")?;
        let key = Pkcs11Key::open_with_pin(&uri, pin).map_err(CliError::world)?;
        let pending = PendingKey {
            algorithm: key.algorithm(),
            kind: PKCS11.to_owned(),
            spki: key.spki_der().to_vec(),
            sealed: text.as_bytes().to_vec(),
        };
        Ok((pending, Box::new(key)))
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
    /// The root of the PSrE, its fingerprint compared over another channel
    #[arg(long, value_name = "CERT", required = true)]
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
        let (bundle, anchors) = (read(&self.certificates)?, read(&self.trust)?);
        let now = instance.clock.now();
        let imported =
            accept(&pending.spki, &bundle, &anchors, now).map_err(|error| refused(&error))?;
        let record = enrolment::imported_key(&person, pending, &imported, now);
        administration.enrol_key(OPERATOR, record).await?;
        PendingKey::forget(&folder(instance), &person.id)?;
        let certificate = &imported.certificate;
        Ok(format!(
            "Enrolled for {}: {}, issued by {}, valid until {}.\n",
            person.name,
            certificate.subject().text(),
            certificate.issuer().text(),
            certificate.not_after().date(),
        ))
    }
}

fn read(paths: &[PathBuf]) -> Result<Vec<Certificate>, CliError> {
    let mut all = Vec::new();
    for path in paths {
        let found = Certificate::from_pem_or_der(&files::read(path, LIMIT)?);
        all.extend(found.map_err(|error| CliError::usage(format!("{}: {error}", path.display())))?);
    }
    Ok(all)
}

fn refused(error: &ImportError) -> CliError {
    CliError::usage(error)
}

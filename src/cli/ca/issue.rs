//! `absah ca issue`: certifies a signatory's new key, somebody's request, or a
//! service's new key.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::IssuingArguments;
use crate::authority::{Authority, Request, Role, Subject, request};
use crate::cli::files;
use crate::cli::instance::Instance;
use crate::cli::outcome::CliError;
use crate::cli::signatory_key::SignatoryKeyArguments;
use crate::kernel::x509::{Certificate, pem};

/// The largest request that is read.
const LIMIT: u64 = 1 << 20;

/// `absah ca issue`
#[derive(Debug, Args)]
pub(super) struct Issue {
    #[command(flatten)]
    issuing: IssuingArguments,
    #[command(flatten)]
    what: What,
    #[command(flatten)]
    key: SignatoryKeyArguments,
    /// A file that holds the new passphrase of the signatory's key, or the token's PIN
    #[arg(long, value_name = "FILE")]
    key_passphrase_file: Option<PathBuf>,
    /// With --request: whom the certificate names
    #[arg(long, value_name = "NAME")]
    common_name: Option<String>,
    /// With --request: the office he holds
    #[arg(long)]
    title: Option<String>,
    /// With --request: certify as seal and not as signatory
    #[arg(long, requires = "request")]
    seal: bool,
    /// Where the certificate goes; with none it is printed
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct What {
    /// A signatory, by name or id: makes a key under his passphrase, or takes one in a token, and enrols it
    #[arg(long, value_name = "PERSON")]
    person: Option<String>,
    /// A certificate request (PKCS#10)
    #[arg(long, value_name = "FILE", requires = "common_name")]
    request: Option<PathBuf>,
    /// A service that gets a new key: tsa, ocsp or seal
    #[arg(long, value_name = "SERVICE", value_parser = service)]
    renew: Option<Role>,
}

fn service(text: &str) -> Result<Role, String> {
    match text.parse() {
        Ok(role @ (Role::Tsa | Role::Ocsp | Role::Seal)) => Ok(role),
        _ => Err("one of tsa, ocsp, seal".into()),
    }
}

impl Issue {
    pub(super) async fn run(&self, instance: &Instance, json: bool) -> Result<String, CliError> {
        let authority = super::existing(instance).await?;
        let certificate = match (&self.what.person, &self.what.request, self.what.renew) {
            (Some(person), _, _) => self.enrol(instance, &authority, person).await?,
            (_, Some(file), _) => self.certify(&authority, &files::read(file, LIMIT)?).await?,
            (_, _, Some(role)) => {
                let ca = self.issuing.open(&authority)?;
                authority.renew_service(role, &ca).await?
            }
            _ => return Err(CliError::usage("name a person, a request or a service")),
        };
        self.report(&certificate, json)
    }

    async fn enrol(
        &self,
        instance: &Instance,
        authority: &Authority,
        name: &str,
    ) -> Result<Certificate, CliError> {
        let administration = instance.administration();
        let person = administration.find_person(name).await?;
        let (key, _) = self
            .key
            .make(&person, self.key_passphrase_file.as_deref())?;
        let ca = self.issuing.open(authority)?;
        instance.enrol_key(authority, &ca, &person, key).await
    }

    async fn certify(&self, authority: &Authority, file: &[u8]) -> Result<Certificate, CliError> {
        let spki = request::key_of(file).map_err(CliError::usage)?;
        let name = self.common_name.as_deref().unwrap_or_default();
        let subject = Subject {
            title: self.title.clone(),
            ..Subject::named(name).of(&authority.manifest().organization)
        };
        let ca = self.issuing.open(authority)?;
        let role = if self.seal {
            Role::Seal
        } else {
            Role::Signatory
        };
        let request = Request {
            role,
            subject: &subject,
            spki: &spki,
        };
        let issued = authority.issuance().issue(ca.as_issuer(), request).await;
        issued.map_err(|error| CliError::from(crate::authority::AuthorityError::from(error)))
    }

    fn report(&self, certificate: &Certificate, json: bool) -> Result<String, CliError> {
        let text = pem::encode("CERTIFICATE", certificate.der());
        if let Some(output) = &self.output {
            files::write(output, text.as_bytes())?;
        }
        let (serial, subject) = (certificate.serial_hex(), certificate.subject().text());
        if json {
            let answer = json!({ "serial": serial, "subject": subject, "certificate": text });
            return Ok(format!("{answer}\n"));
        }
        Ok(match &self.output {
            Some(output) => format!("{serial}  {subject}\n{}\n", output.display()),
            None => format!("{serial}  {subject}\n{text}"),
        })
    }
}

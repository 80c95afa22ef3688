//! `absah ca revoke`: revokes a certificate, puts it on hold, or releases it.

use clap::Args;
use serde_json::json;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::authority::{Authority, CrlPolicy, RevokeError};
use crate::cli::instance::Instance;
use crate::cli::outcome::CliError;
use crate::kernel::x509::RevocationReason;
use crate::services::ports::{CertificateId, CertificateQuery, Certificates as _};

/// `absah ca revoke`
#[derive(Debug, Args)]
pub(super) struct Revoke {
    /// The certificate's serial number, in hexadecimal
    serial: String,
    /// Why: keyCompromise, affiliationChanged, superseded, cessationOfOperation,
    /// privilegeWithdrawn, cACompromise, unspecified; certificateHold until --release
    #[arg(long, value_parser = reason, default_value = "unspecified")]
    reason: RevocationReason,
    /// Since when the key is not to be trusted, RFC 3339
    #[arg(long, value_name = "TIME", value_parser = time)]
    invalid_since: Option<OffsetDateTime>,
    /// Release the certificate from hold
    #[arg(long, conflicts_with_all = ["reason", "invalid_since"])]
    release: bool,
}

fn reason(text: &str) -> Result<RevocationReason, String> {
    let parsed = text.parse::<RevocationReason>();
    parsed.map_err(|error| error.to_string())
}

fn time(text: &str) -> Result<OffsetDateTime, String> {
    OffsetDateTime::parse(text, &Rfc3339).map_err(|error| error.to_string())
}

impl Revoke {
    pub(super) async fn run(&self, instance: &Instance, json: bool) -> Result<String, CliError> {
        let authority = super::existing(instance).await?;
        let id = self.find(instance).await?;
        let revocations = authority.revocations();
        let done = if self.release {
            revocations.release(&id).await.map_err(failed)?;
            "released".to_owned()
        } else {
            let done = revocations
                .revoke(&id, self.reason, self.invalid_since)
                .await
                .map_err(failed)?;
            format!("revoked ({})", done.reason)
        };
        let published = publish(&authority).await?;
        if json {
            let answer = json!({ "serial": id.serial, "done": done, "crl_published": published });
            return Ok(format!("{answer}\n"));
        }
        let next = match published {
            true => "The new list of revoked certificates is published.",
            false => "The list of revoked certificates is due now: publish it with `absah ca crl`.",
        };
        Ok(format!("{} is {done}.\n{next}\n", id.serial))
    }

    async fn find(&self, instance: &Instance) -> Result<CertificateId, CliError> {
        let rows = instance.database.list(&CertificateQuery::default()).await;
        let serial = self.serial.replace(':', "").to_lowercase();
        let rows = rows.map_err(CliError::world)?.into_iter();
        let mut fitting = rows
            .map(|row| row.intent.id)
            .filter(|id| id.serial == serial);
        match (fitting.next(), fitting.next()) {
            (Some(id), None) => Ok(id),
            (None, _) => Err(CliError::usage(format!(
                "no certificate has the serial number {serial}"
            ))
            .mend("see `absah ca list`")),
            (Some(_), Some(_)) => Err(CliError::world(format!(
                "two issuers used the serial number {serial}"
            ))),
        }
    }
}

/// A demonstration publishes at once; elsewhere somebody must open the CA.
async fn publish(authority: &Authority) -> Result<bool, CliError> {
    if !authority.is_demonstration() {
        return Ok(false);
    }
    let publisher = authority.publisher();
    let cas = [
        (authority.open_demonstration_issuing()?, CrlPolicy::ISSUING),
        (authority.open_demonstration_root()?, CrlPolicy::ROOT),
    ];
    for (ca, policy) in cas {
        let published = publisher.publish_if_due(ca.as_issuer(), policy).await;
        published.map_err(CliError::world)?;
    }
    Ok(true)
}

fn failed(error: RevokeError) -> CliError {
    match error {
        RevokeError::Store(error) => CliError::world(error),
        refused => CliError::usage(refused),
    }
}

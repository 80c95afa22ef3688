//! `absah ca list`: the register of certificates.

use clap::Args;
use serde_json::{Value, json};

use crate::authority::Role;
use crate::cli::instance::Instance;
use crate::cli::outcome::CliError;
use crate::services::ports::{
    CertificateQuery, CertificateRecord, CertificateStatus, Certificates as _,
};

/// `absah ca list`
#[derive(Debug, Args)]
pub(super) struct List {
    /// Only those revoked or on hold
    #[arg(long)]
    revoked: bool,
    /// Only this kind: root, `issuing_ca`, signatory, seal, tsa, ocsp
    #[arg(long, value_name = "KIND")]
    role: Option<Role>,
}

impl List {
    pub(super) async fn run(&self, instance: &Instance, json: bool) -> Result<String, CliError> {
        let query = CertificateQuery {
            issuer: None,
            profile: self.role.map(|role| role.name().to_owned()),
            revoked: self.revoked,
        };
        let rows = instance
            .database
            .list(&query)
            .await
            .map_err(CliError::world)?;
        if json {
            let rows: Vec<Value> = rows.iter().map(value).collect();
            return Ok(format!("{}\n", Value::Array(rows)));
        }
        Ok(rows.iter().map(line).collect())
    }
}

fn state(row: &CertificateRecord) -> String {
    match (&row.status, &row.certificate) {
        (CertificateStatus::Revoked(revocation), _) => format!("revoked ({})", revocation.reason),
        (CertificateStatus::Good, Some(_)) => "good".into(),
        (CertificateStatus::Good, None) => "intended, never stored: revoke it".into(),
    }
}

fn line(row: &CertificateRecord) -> String {
    let intent = &row.intent;
    let until = intent.not_after.date();
    format!(
        "{}  {:<10}  {until}  {}  {}\n",
        intent.id.serial,
        intent.profile,
        state(row),
        intent.subject
    )
}

fn value(row: &CertificateRecord) -> Value {
    let intent = &row.intent;
    json!({
        "serial": intent.id.serial,
        "issuer_key": intent.id.issuer,
        "role": intent.profile,
        "subject": intent.subject,
        "not_before": intent.not_before.unix_timestamp(),
        "not_after": intent.not_after.unix_timestamp(),
        "issued": row.certificate.is_some(),
        "status": row.status,
    })
}

//! The register of certificates, and the lists of what was revoked of it.
//!
//! Every change appends its event in the same transaction. These ports do not say
//! who acts: the authority does, for the service.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::crls;
use super::database::Database;
use super::sql::{Connection, Row, corrupt, params};
use super::{events, writer::Work};
use crate::domain::event::{Act, Actor, Event, Subject};
use crate::kernel::hash::Sha256;
use crate::kernel::x509::RevocationReason;
use crate::services::ports::{
    CertificateId, CertificateQuery, CertificateRecord, CertificateStatus, Certificates,
    CommitError, Constraint, IssuanceIntent, Leaf, PublishedCrl, Revocation, StoreError,
};

const COLUMNS: &str = "SELECT issuer, serial, profile, subject, not_before, not_after, linted, at,
    certificate, revoked_at, reason, invalid_since FROM certificates";

fn record(row: &Row) -> Result<CertificateRecord, StoreError> {
    Ok(CertificateRecord {
        intent: IssuanceIntent {
            id: CertificateId {
                issuer: row.text("certificates.issuer")?,
                serial: row.text("certificates.serial")?,
            },
            profile: row.text("certificates.profile")?,
            subject: row.text("certificates.subject")?,
            not_before: row.time("certificates.not_before")?,
            not_after: row.time("certificates.not_after")?,
            linted: row.octets("certificates.linted")?,
            at: row.time("certificates.at")?,
        },
        certificate: row.optional_octets("certificates.certificate")?,
        status: status(row)?,
    })
}

fn status(row: &Row) -> Result<CertificateStatus, StoreError> {
    let Some(at) = row.optional_time("certificates.revoked_at")? else {
        return Ok(CertificateStatus::Good);
    };
    let reason: RevocationReason = row.parsed("certificates.reason")?;
    let invalid_since = row.optional_time("certificates.invalid_since")?;
    Ok(CertificateStatus::Revoked(Revocation {
        at,
        reason,
        invalid_since,
    }))
}

async fn reserve(connection: &mut Connection, intent: &IssuanceIntent) -> Result<(), CommitError> {
    let sql = "INSERT INTO certificates
                   (issuer, serial, profile, subject, not_before, not_after, linted, at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let values = params![
        intent.id.issuer.as_str(),
        intent.id.serial.as_str(),
        intent.profile.as_str(),
        intent.subject.as_str(),
        intent.not_before,
        intent.not_after,
        intent.linted.as_slice(),
        intent.at,
    ];
    connection.execute(sql, values).await?;
    Ok(())
}

async fn complete(
    connection: &mut Connection,
    id: &CertificateId,
    certificate: &[u8],
) -> Result<(), CommitError> {
    let sql = "UPDATE certificates SET certificate = $3
               WHERE issuer = $1 AND serial = $2 AND certificate IS NULL";
    let values = params![id.issuer.as_str(), id.serial.as_str(), certificate];
    changed(
        connection.execute(sql, values).await?,
        "it was not reserved, or is complete",
    )
}

async fn revoke(
    connection: &mut Connection,
    id: &CertificateId,
    revocation: &Revocation,
) -> Result<(), CommitError> {
    let sql = "UPDATE certificates SET revoked_at = COALESCE(revoked_at, $3), reason = $4,
                   invalid_since = COALESCE($5, invalid_since)
               WHERE issuer = $1 AND serial = $2
                   AND (revoked_at IS NULL OR (reason = $6 AND $4 <> $6))";
    let values = params![
        id.issuer.as_str(),
        id.serial.as_str(),
        revocation.at,
        revocation.reason.to_string(),
        revocation.invalid_since,
        RevocationReason::CertificateHold.to_string(),
    ];
    changed(
        connection.execute(sql, values).await?,
        "there is none such, or it is revoked for good",
    )
}

async fn release(connection: &mut Connection, id: &CertificateId) -> Result<(), CommitError> {
    let sql = "UPDATE certificates SET revoked_at = NULL, reason = NULL, invalid_since = NULL
               WHERE issuer = $1 AND serial = $2 AND reason = $3";
    let hold = RevocationReason::CertificateHold.to_string();
    let values = params![id.issuer.as_str(), id.serial.as_str(), hold];
    changed(connection.execute(sql, values).await?, "it is not on hold")
}

/// Refuses the transaction if the certificate is revoked. One that we did not issue
/// has no row here.
pub(super) async fn require_good(
    connection: &mut Connection,
    id: &CertificateId,
) -> Result<(), CommitError> {
    let sql = "SELECT serial FROM certificates
               WHERE issuer = $1 AND serial = $2 AND revoked_at IS NOT NULL";
    let rows = connection
        .rows(sql, params![id.issuer.as_str(), id.serial.as_str()])
        .await?;
    match rows.first() {
        Some(_) => Err(CommitError::Breaks(Constraint::GoodCertificate)),
        None => Ok(()),
    }
}

fn changed(rows: u64, otherwise: &str) -> Result<(), CommitError> {
    match rows {
        0 => Err(StoreError::Conflict(format!("certificate: {otherwise}")).into()),
        _ => Ok(()),
    }
}

fn about(id: &CertificateId, act: Act, at: OffsetDateTime) -> Event {
    let subject = Subject::Certificate(id.serial.clone());
    Event::new(at, Actor::Service, act, subject).with("issuer", id.issuer.as_str())
}

impl Database {
    /// Makes a change and its event durable together.
    pub(super) async fn write_with_event<F>(
        &self,
        event: &Event,
        change: F,
    ) -> Result<(), StoreError>
    where
        F: for<'c> FnOnce(&'c mut Connection) -> Work<'c, ()> + Send + 'static,
    {
        let leaf = Leaf::new(event, &*self.entropy)
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        let written = self.writer.write(move |connection| {
            Box::pin(async move {
                change(connection).await?;
                Ok(events::append(connection, &[leaf]).await?)
            })
        });
        Ok(written.await?)
    }
}

#[async_trait]
impl Certificates for Database {
    async fn reserve(&self, intent: &IssuanceIntent) -> Result<(), StoreError> {
        let event = about(&intent.id, Act::CertificateIntended, intent.at)
            .with("profile", intent.profile.as_str())
            .with("subject", intent.subject.as_str())
            .with("not_before", intent.not_before.unix_timestamp())
            .with("not_after", intent.not_after.unix_timestamp())
            .with("linted_sha256", Sha256::of(&intent.linted).to_string());
        let intent = intent.clone();
        self.write_with_event(&event, move |connection| {
            Box::pin(async move { reserve(connection, &intent).await })
        })
        .await
    }

    async fn complete(
        &self,
        id: &CertificateId,
        certificate: &[u8],
        at: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let event = about(id, Act::CertificateIssued, at)
            .with("sha256", Sha256::of(certificate).to_string());
        let (id, certificate) = (id.clone(), certificate.to_vec());
        self.write_with_event(&event, move |connection| {
            Box::pin(async move { complete(connection, &id, &certificate).await })
        })
        .await
    }

    async fn find(&self, id: &CertificateId) -> Result<Option<CertificateRecord>, StoreError> {
        let sql = format!("{COLUMNS} WHERE issuer = $1 AND serial = $2");
        let values = params![id.issuer.as_str(), id.serial.as_str()];
        let row = self.row(sqlx::AssertSqlSafe(sql), values).await?;
        row.as_ref().map(record).transpose()
    }

    async fn list(&self, query: &CertificateQuery) -> Result<Vec<CertificateRecord>, StoreError> {
        let sql = format!(
            "{COLUMNS} WHERE ($1 IS NULL OR issuer = $1) AND ($2 IS NULL OR profile = $2)
                AND ($3 = 0 OR revoked_at IS NOT NULL) ORDER BY at, issuer, serial"
        );
        let values = params![
            query.issuer.clone(),
            query.profile.clone(),
            i64::from(query.revoked)
        ];
        let rows = self.rows(sqlx::AssertSqlSafe(sql), values).await?;
        rows.iter().map(record).collect()
    }

    async fn revoke(&self, id: &CertificateId, revocation: &Revocation) -> Result<(), StoreError> {
        let event = about(id, Act::CertificateRevoked, revocation.at)
            .with("reason", revocation.reason.to_string());
        let (id, revocation) = (id.clone(), revocation.clone());
        self.write_with_event(&event, move |connection| {
            Box::pin(async move { revoke(connection, &id, &revocation).await })
        })
        .await
    }

    async fn release(&self, id: &CertificateId, at: OffsetDateTime) -> Result<(), StoreError> {
        let event = about(id, Act::CertificateReleased, at);
        let id = id.clone();
        self.write_with_event(&event, move |connection| {
            Box::pin(async move { release(connection, &id).await })
        })
        .await
    }

    async fn next_crl_number(&self, issuer: &str) -> Result<u64, StoreError> {
        let values = params![issuer];
        let number = self.writer.write(move |connection| {
            Box::pin(async move {
                let sql = "INSERT INTO crl_numbers (issuer, last) VALUES ($1, 1)
                           ON CONFLICT (issuer) DO UPDATE SET last = crl_numbers.last + 1
                           RETURNING last";
                let rows = connection.rows(sql, values).await?;
                let row = rows
                    .first()
                    .ok_or_else(|| corrupt("crl_numbers.last", &"is missing"))?;
                Ok(row.number("crl_numbers.last")?)
            })
        });
        Ok(number.await?)
    }

    async fn publish_crl(&self, issuer: &str, crl: &PublishedCrl) -> Result<(), StoreError> {
        crls::publish(self, issuer, crl).await
    }

    async fn current_crl(&self, issuer: &str) -> Result<Option<PublishedCrl>, StoreError> {
        crls::current(self, issuer).await
    }
}

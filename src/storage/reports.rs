//! What reports are made from: signatures by day and by person, the log by act.

use async_trait::async_trait;
use sqlx::AssertSqlSafe;
use time::OffsetDateTime;

use super::database::Database;
use super::events::event;
use super::sql::{Row, params};
use crate::domain::ids::PersonId;
use crate::services::ports::{
    EventFilter, LoggedEvent, Reports, SignatureMade, SignedBy, StoreError,
};

/// The columns of an event, in the order that [`event`] reads them.
const EVENT: &str = "leaf, at, commitment, salt, payload";

#[async_trait]
impl Reports for Database {
    async fn signed_between(
        &self,
        from: OffsetDateTime,
        until: OffsetDateTime,
    ) -> Result<Vec<SignatureMade>, StoreError> {
        let sql = "SELECT document, intent, at FROM signatures
                   WHERE at >= $1 AND at < $2 ORDER BY at, document";
        let rows = self.rows(sql, params![from, until]).await?;
        rows.iter().map(made).collect()
    }

    async fn signed_by(&self, person: &PersonId) -> Result<SignedBy, StoreError> {
        let sql = "SELECT documents.state_name AS state_name, COUNT(*) AS count
                   FROM approvals
                   JOIN intents ON intents.approval = approvals.id
                   JOIN signatures ON signatures.intent = intents.id
                   JOIN documents ON documents.id = signatures.document
                   WHERE approvals.signatory = $1
                   GROUP BY documents.state_name";
        let rows = self.rows(sql, params![person]).await?;
        let mut signed = SignedBy::default();
        for row in &rows {
            let count: u64 = row.number("count")?;
            if row.text("documents.state_name")? == "signed" {
                signed.unfinished += count;
            } else {
                signed.finished += count;
            }
        }
        Ok(signed)
    }

    async fn events_matching(&self, filter: &EventFilter) -> Result<Vec<LoggedEvent>, StoreError> {
        let sql = format!(
            "SELECT {EVENT} FROM events
             WHERE leaf < $1 AND at >= $2 AND at < $3 AND act LIKE $4
             ORDER BY leaf DESC LIMIT $5"
        );
        // Names of acts have letters, points and lines: nothing to escape.
        let act = format!("{}%", filter.act.as_deref().unwrap_or_default());
        let values = params![
            filter.before.map_or(i64::MAX, u64::cast_signed),
            filter.from.unwrap_or(OffsetDateTime::UNIX_EPOCH),
            filter.until.unwrap_or(LAST),
            act,
            filter.limit,
        ];
        let rows = self.rows(AssertSqlSafe(sql), values).await?;
        rows.iter().map(event).collect()
    }
}

/// The last moment that a time of ours can name.
const LAST: OffsetDateTime = time::macros::datetime!(9999-12-31 23:59:59 UTC);

fn made(row: &Row) -> Result<SignatureMade, StoreError> {
    Ok(SignatureMade {
        document: row.parsed("signatures.document")?,
        intent: row.parsed("signatures.intent")?,
        at: row.time("signatures.at")?,
    })
}

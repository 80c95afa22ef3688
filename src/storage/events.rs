//! The log's leaves: appended with what they tell of, in one transaction, numbered
//! without gaps.

use async_trait::async_trait;

use super::database::Database;
use super::sql::{Connection, Row, SqlError, corrupt, params};
use crate::domain::ids::DocumentId;
use crate::kernel::log::{Commitment, SALT_LEN, Salt};
use crate::services::ports::{Events, Leaf, LoggedEvent, StoreError};

/// Appends leaves. The counter's row is what orders them: it stays locked until the
/// transaction ends, and goes back with it.
pub(super) async fn append(connection: &mut Connection, leaves: &[Leaf]) -> Result<(), SqlError> {
    if leaves.is_empty() {
        return Ok(());
    }
    let count = leaves.len() as i64;
    let sql = "UPDATE log_state SET size = size + $1 WHERE id = 1 RETURNING size";
    let rows = connection.rows(sql, params![count]).await?;
    let size: Option<i64> = rows
        .first()
        .and_then(|row| row.number("log_state.size").ok());
    let first = size.ok_or(SqlError::RowNotFound)? - count;
    for (leaf, index) in leaves.iter().zip(first..) {
        append_one(connection, leaf, index).await?;
    }
    Ok(())
}

async fn append_one(connection: &mut Connection, leaf: &Leaf, index: i64) -> Result<(), SqlError> {
    connection
        .execute(
            "INSERT INTO events (leaf, at, act, document, commitment, leaf_sha256, salt, payload)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            params![
                index,
                leaf.at,
                leaf.act,
                leaf.document.map(|document| document.to_string()),
                leaf.commitment.as_sha256(),
                leaf.commitment.leaf_hash().as_sha256(),
                leaf.salt.as_bytes().as_slice(),
                leaf.payload.as_slice(),
            ],
        )
        .await?;
    Ok(())
}

pub(super) fn event(row: &Row) -> Result<LoggedEvent, StoreError> {
    let salt = row.optional_octets("events.salt")?;
    let payload = row.optional_octets("events.payload")?;
    let opening = match (salt, payload) {
        (Some(salt), Some(payload)) => {
            let salt: [u8; SALT_LEN] = salt
                .try_into()
                .map_err(|_| corrupt("events.salt", &"has another length"))?;
            Some((Salt::from_random(salt), payload))
        }
        _ => None,
    };
    Ok(LoggedEvent {
        index: row.number("events.leaf")?,
        at: row.time("events.at")?,
        commitment: Commitment::from_sha256(row.parsed("events.commitment")?),
        opening,
    })
}

#[async_trait]
impl Events for Database {
    async fn event_count(&self) -> Result<u64, StoreError> {
        let row = self
            .row("SELECT size FROM log_state WHERE id = 1", params![])
            .await?;
        row.map_or(Ok(0), |row| row.number("log_state.size"))
    }

    async fn events(&self, from: u64, limit: u32) -> Result<Vec<LoggedEvent>, StoreError> {
        let sql = "SELECT leaf, at, commitment, salt, payload FROM events
                   WHERE leaf >= $1 ORDER BY leaf LIMIT $2";
        let rows = self.rows(sql, params![from.cast_signed(), limit]).await?;
        rows.iter().map(event).collect()
    }

    async fn events_of(&self, document: &DocumentId) -> Result<Vec<LoggedEvent>, StoreError> {
        let sql = "SELECT leaf, at, commitment, salt, payload FROM events
                   WHERE document = $1 ORDER BY leaf";
        let rows = self.rows(sql, params![document]).await?;
        rows.iter().map(event).collect()
    }

    async fn erase_event(&self, index: u64) -> Result<(), StoreError> {
        let erased = self.writer.write(move |connection| {
            Box::pin(async move {
                let sql = "UPDATE events SET salt = NULL, payload = NULL WHERE leaf = $1";
                Ok(connection
                    .execute(sql, params![index.cast_signed()])
                    .await
                    .map(drop)?)
            })
        });
        Ok(erased.await?)
    }
}

//! The queue of what is still to be done.

use async_trait::async_trait;
use time::{Duration, OffsetDateTime};

use super::database::Database;
use super::sql::{Connection, Row, SqlError, params};
use crate::domain::ids::DocumentId;
use crate::services::ports::{Job, Jobs, OutboxMessage, StoreError};

/// No job is put off or leased for longer: a time further ahead was written by a clock
/// that has gone back since, and binds nobody.
const LONGEST_AHEAD: Duration = Duration::minutes(15);

pub(super) async fn save(connection: &mut Connection, job: &Job) -> Result<(), SqlError> {
    connection
        .execute(
            "INSERT INTO jobs (document, tries, waiting_for, due, leased_until)
             VALUES ($1, $2, $3, $4, 0)
             ON CONFLICT (document) DO UPDATE SET tries = excluded.tries,
                 waiting_for = excluded.waiting_for, due = excluded.due, leased_until = 0",
            params![job.document, job.tries, job.waiting_for.clone(), job.due],
        )
        .await?;
    Ok(())
}

pub(super) async fn end(connection: &mut Connection, document: DocumentId) -> Result<(), SqlError> {
    connection
        .execute("DELETE FROM jobs WHERE document = $1", params![document])
        .await?;
    Ok(())
}

pub(super) async fn add_message(
    connection: &mut Connection,
    message: &OutboxMessage,
) -> Result<(), SqlError> {
    connection
        .execute(
            "INSERT INTO outbox (id, kind, document, body, at) VALUES ($1, $2, $3, $4, $5)",
            params![
                message.id.as_str(),
                message.kind.as_str(),
                message.document.map(|document| document.to_string()),
                message.body.as_str(),
                message.at,
            ],
        )
        .await?;
    Ok(())
}

fn job(row: &Row) -> Result<Job, StoreError> {
    Ok(Job {
        document: row.parsed("jobs.document")?,
        tries: row.number("jobs.tries")?,
        waiting_for: row.optional_text("jobs.waiting_for")?,
        due: row.time("jobs.due")?,
    })
}

#[async_trait]
impl Jobs for Database {
    async fn lease_jobs(
        &self,
        now: OffsetDateTime,
        until: OffsetDateTime,
        limit: u32,
    ) -> Result<Vec<Job>, StoreError> {
        let never = now.saturating_add(LONGEST_AHEAD);
        // Nothing due is the common case: it is found without writing.
        let due = "SELECT document FROM jobs WHERE (due <= $1 OR due > $2)
                       AND (leased_until <= $1 OR leased_until > $2) LIMIT 1";
        if self.rows(due, params![now, never]).await?.is_empty() {
            return Ok(Vec::new());
        }
        let leased = self.writer.write(move |connection| {
            Box::pin(async move {
                let sql = "UPDATE jobs SET leased_until = $2 WHERE document IN (
                               SELECT document FROM jobs WHERE (due <= $1 OR due > $4)
                                   AND (leased_until <= $1 OR leased_until > $4)
                               ORDER BY due, document LIMIT $3)
                           RETURNING document, tries, waiting_for, due";
                let values = params![now, until, limit, never];
                let rows = connection.rows(sql, values).await?;
                Ok(rows.iter().map(job).collect::<Result<_, _>>()?)
            })
        });
        Ok(leased.await?)
    }

    async fn free_lease(&self, until: OffsetDateTime) -> Result<(), StoreError> {
        let freed = self.writer.write(move |connection| {
            Box::pin(async move {
                let sql = "UPDATE jobs SET leased_until = 0 WHERE leased_until = $1";
                Ok(connection.execute(sql, params![until]).await.map(drop)?)
            })
        });
        Ok(freed.await?)
    }

    async fn free_jobs(&self) -> Result<(), StoreError> {
        let freed = self.writer.write(|connection| {
            Box::pin(async move {
                let sql = "UPDATE jobs SET leased_until = 0";
                Ok(connection.execute(sql, params![]).await.map(drop)?)
            })
        });
        Ok(freed.await?)
    }

    async fn job(&self, document: &DocumentId) -> Result<Option<Job>, StoreError> {
        let sql = "SELECT document, tries, waiting_for, due FROM jobs WHERE document = $1";
        let row = self.row(sql, params![document]).await?;
        row.as_ref().map(job).transpose()
    }
}

//! Who affirmed to have read which file of a document.

use sqlx::AssertSqlSafe;

use super::database::Database;
use super::sql::{Connection, Row, SqlError, Value, params, placeholders};
use crate::domain::ids::{DocumentId, PersonId};
use crate::domain::reading::Reading;
use crate::services::ports::StoreError;

pub(super) async fn add(connection: &mut Connection, reading: &Reading) -> Result<(), SqlError> {
    connection
        .execute(
            "INSERT INTO readings (document, person, sha256, at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (document, person, sha256) DO NOTHING",
            params![reading.document, reading.person, reading.sha256, reading.at],
        )
        .await?;
    Ok(())
}

pub(super) async fn of(
    database: &Database,
    person: &PersonId,
    documents: &[DocumentId],
) -> Result<Vec<Reading>, StoreError> {
    if documents.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT document, person, sha256, at FROM readings
         WHERE document IN ({}) AND person = ${} ORDER BY at",
        placeholders(documents.len()),
        documents.len() + 1
    );
    let mut values: Vec<Value> = documents.iter().map(Value::from).collect();
    values.push(person.into());
    let rows = database.rows(AssertSqlSafe(sql), values).await?;
    rows.iter().map(reading).collect()
}

fn reading(row: &Row) -> Result<Reading, StoreError> {
    Ok(Reading {
        person: row.parsed("readings.person")?,
        document: row.parsed("readings.document")?,
        sha256: row.parsed("readings.sha256")?,
        at: row.time("readings.at")?,
    })
}

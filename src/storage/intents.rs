//! Intents, attempts and stored signature values.
//!
//! That at most one signature is stored for a place is the primary key of
//! `signatures`, in both databases.

use super::accounts::json;
use super::database::Database;
use super::sql::{Connection, Row, SqlError, params};
use crate::domain::ids::{DocumentId, IntentId};
use crate::domain::signing::{Attempt, Intent, SignaturePlace, StoredSignature};
use crate::kernel::hash::Sha256;
use crate::services::ports::StoreError;

pub(super) async fn add(connection: &mut Connection, intent: &Intent) -> Result<(), SqlError> {
    connection
        .execute(
            "INSERT INTO intents (id, document, approval, prepared_sha256, body)
             VALUES ($1, $2, $3, $4, $5)",
            params![
                intent.id,
                intent.place.document,
                intent.approval,
                intent.prepared,
                json(intent),
            ],
        )
        .await?;
    Ok(())
}

pub(super) async fn add_attempt(
    connection: &mut Connection,
    attempt: &Attempt,
) -> Result<(), SqlError> {
    connection
        .execute(
            "INSERT INTO attempts (id, intent, approval, at) VALUES ($1, $2, $3, $4)",
            params![
                attempt.id,
                attempt.intent,
                attempt.approval.map(|approval| approval.to_string()),
                attempt.at
            ],
        )
        .await?;
    Ok(())
}

pub(super) async fn add_signature(
    connection: &mut Connection,
    signature: &StoredSignature,
) -> Result<(), SqlError> {
    connection
        .execute(
            "INSERT INTO signatures
                 (document, revision, field, intent, attempt, value, value_sha256, at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            params![
                signature.place.document,
                signature.place.revision,
                signature.place.field.as_str(),
                signature.intent,
                signature.attempt,
                signature.value.as_slice(),
                Sha256::of(&signature.value),
                signature.at,
            ],
        )
        .await?;
    Ok(())
}

fn attempt(row: &Row) -> Result<Attempt, StoreError> {
    Ok(Attempt {
        id: row.parsed("attempts.id")?,
        intent: row.parsed("attempts.intent")?,
        approval: row.optional_parsed("attempts.approval")?,
        at: row.time("attempts.at")?,
    })
}

fn signature(row: &Row) -> Result<StoredSignature, StoreError> {
    Ok(StoredSignature {
        place: SignaturePlace {
            document: row.parsed("signatures.document")?,
            revision: row.number("signatures.revision")?,
            field: row.text("signatures.field")?,
        },
        intent: row.parsed("signatures.intent")?,
        attempt: row.parsed("signatures.attempt")?,
        value: row.octets("signatures.value")?,
        at: row.time("signatures.at")?,
    })
}

pub(super) async fn find(database: &Database, id: &IntentId) -> Result<Option<Intent>, StoreError> {
    let row = database
        .row("SELECT body FROM intents WHERE id = $1", params![id])
        .await?;
    row.map(|row| row.json("intents.body")).transpose()
}

pub(super) async fn of(
    database: &Database,
    document: &DocumentId,
) -> Result<Vec<Intent>, StoreError> {
    let sql = "SELECT body FROM intents WHERE document = $1 ORDER BY id";
    let rows = database.rows(sql, params![document]).await?;
    rows.iter().map(|row| row.json("intents.body")).collect()
}

pub(super) async fn attempts(
    database: &Database,
    intent: &IntentId,
) -> Result<Vec<Attempt>, StoreError> {
    let sql = "SELECT id, intent, approval, at FROM attempts WHERE intent = $1 ORDER BY id";
    let rows = database.rows(sql, params![intent]).await?;
    rows.iter().map(attempt).collect()
}

pub(super) async fn signature_at(
    database: &Database,
    place: &SignaturePlace,
) -> Result<Option<StoredSignature>, StoreError> {
    let sql = "SELECT document, revision, field, intent, attempt, value, at FROM signatures
               WHERE document = $1 AND revision = $2 AND field = $3";
    let values = params![place.document, place.revision, place.field.as_str()];
    let row = database.row(sql, values).await?;
    row.as_ref().map(signature).transpose()
}

pub(super) async fn signatures_of(
    database: &Database,
    document: &DocumentId,
) -> Result<Vec<StoredSignature>, StoreError> {
    let sql = "SELECT document, revision, field, intent, attempt, value, at FROM signatures
               WHERE document = $1 ORDER BY revision, field";
    let rows = database.rows(sql, params![document]).await?;
    rows.iter().map(signature).collect()
}

pub(super) async fn document_by_value(
    database: &Database,
    value: &Sha256,
) -> Result<Option<DocumentId>, StoreError> {
    let sql = "SELECT document FROM signatures WHERE value_sha256 = $1";
    let row = database.row(sql, params![value]).await?;
    row.map(|row| row.parsed("signatures.document")).transpose()
}

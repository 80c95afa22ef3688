//! Passkeys. A counter that another use has raised meanwhile is noticed, not overwritten.

use super::accounts::json;
use super::database::Database;
use super::sql::{Connection, SqlError, params};
use crate::domain::credentials::{Credential, CredentialId};
use crate::domain::ids::PersonId;
use crate::services::ports::{CommitError, StoreError};

pub(super) async fn add(
    connection: &mut Connection,
    credential: &Credential,
) -> Result<(), SqlError> {
    let sql = "INSERT INTO credentials (id, person, sign_count, ended_at, body)
               VALUES ($1, $2, $3, $4, $5)";
    let values = params![
        &credential.id,
        credential.person,
        credential.sign_count,
        credential.ended,
        json(credential),
    ];
    connection.execute(sql, values).await.map(drop)
}

pub(super) async fn used(
    connection: &mut Connection,
    credential: &Credential,
    before: u32,
) -> Result<(), CommitError> {
    let sql = "UPDATE credentials SET sign_count = $2, body = $3
               WHERE id = $1 AND sign_count = $4 AND ended_at IS NULL";
    let values = params![
        &credential.id,
        credential.sign_count,
        json(credential),
        before,
    ];
    match connection.execute(sql, values).await? {
        0 => Err(CommitError::Stale("the passkey")),
        _ => Ok(()),
    }
}

pub(super) async fn end(
    connection: &mut Connection,
    credential: &Credential,
) -> Result<(), SqlError> {
    let sql = "UPDATE credentials SET ended_at = $2, body = $3
               WHERE id = $1 AND ended_at IS NULL";
    let values = params![&credential.id, credential.ended, json(credential)];
    connection.execute(sql, values).await.map(drop)
}

pub(super) async fn find(
    database: &Database,
    id: &CredentialId,
) -> Result<Option<Credential>, StoreError> {
    let sql = "SELECT body FROM credentials WHERE id = $1";
    let row = database.row(sql, params![id]).await?;
    row.map(|row| row.json("credentials.body")).transpose()
}

pub(super) async fn of(
    database: &Database,
    person: &PersonId,
) -> Result<Vec<Credential>, StoreError> {
    let sql = "SELECT body FROM credentials WHERE person = $1";
    let rows = database.rows(sql, params![person]).await?;
    let all: Result<Vec<Credential>, _> = rows
        .iter()
        .map(|row| row.json("credentials.body"))
        .collect();
    let mut all = all?;
    all.sort_by_key(|one| one.added);
    Ok(all)
}

//! Sessions, by the SHA-256 of their cookies.

use time::OffsetDateTime;

use super::database::Database;
use super::sql::{Connection, Row, SqlError, params};
use crate::domain::ids::{PersonId, SessionId};
use crate::domain::sessions::Session;
use crate::kernel::hash::Sha256;
use crate::services::ports::{CommitError, StoreError};

pub(super) async fn add(
    connection: &mut Connection,
    session: &Session,
    token: &Sha256,
) -> Result<(), SqlError> {
    let sql = "INSERT INTO sessions
                   (id, token_sha256, person, credential, opened, seen, proven, ended_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let values = params![
        session.id,
        token,
        session.person,
        &session.credential,
        session.opened,
        session.seen,
        session.proven,
        session.ended,
    ];
    connection.execute(sql, values).await.map(drop)
}

pub(super) async fn prove(
    connection: &mut Connection,
    id: SessionId,
    at: OffsetDateTime,
) -> Result<(), CommitError> {
    let sql = "UPDATE sessions SET proven = $2 WHERE id = $1 AND ended_at IS NULL";
    match connection.execute(sql, params![id, at]).await? {
        0 => Err(CommitError::Stale("the session")),
        _ => Ok(()),
    }
}

pub(super) async fn end(
    connection: &mut Connection,
    id: SessionId,
    at: OffsetDateTime,
) -> Result<(), SqlError> {
    let sql = "UPDATE sessions SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL";
    connection.execute(sql, params![id, at]).await.map(drop)
}

pub(super) async fn end_all(
    connection: &mut Connection,
    person: PersonId,
    at: OffsetDateTime,
) -> Result<(), SqlError> {
    let sql = "UPDATE sessions SET ended_at = $2 WHERE person = $1 AND ended_at IS NULL";
    connection.execute(sql, params![person, at]).await.map(drop)
}

pub(super) async fn by_token(
    database: &Database,
    token: &Sha256,
) -> Result<Option<Session>, StoreError> {
    let sql = "SELECT id, person, credential, opened, seen, proven, ended_at FROM sessions
               WHERE token_sha256 = $1";
    let row = database.row(sql, params![token]).await?;
    row.as_ref().map(session).transpose()
}

pub(super) async fn find(
    database: &Database,
    id: &SessionId,
) -> Result<Option<Session>, StoreError> {
    let sql = "SELECT id, person, credential, opened, seen, proven, ended_at FROM sessions
               WHERE id = $1";
    let row = database.row(sql, params![id]).await?;
    row.as_ref().map(session).transpose()
}

pub(super) async fn see(
    database: &Database,
    id: SessionId,
    at: OffsetDateTime,
) -> Result<(), StoreError> {
    let seen = database.writer.write(move |connection| {
        Box::pin(async move {
            let sql = "UPDATE sessions SET seen = $2 WHERE id = $1 AND ended_at IS NULL";
            Ok(connection.execute(sql, params![id, at]).await.map(drop)?)
        })
    });
    Ok(seen.await?)
}

fn session(row: &Row) -> Result<Session, StoreError> {
    Ok(Session {
        id: row.parsed("sessions.id")?,
        person: row.parsed("sessions.person")?,
        credential: row.parsed("sessions.credential")?,
        opened: row.time("sessions.opened")?,
        seen: row.time("sessions.seen")?,
        proven: row.time("sessions.proven")?,
        ended: row.optional_time("sessions.ended_at")?,
    })
}

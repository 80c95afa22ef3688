//! Released revisions: the index by which an upload is recognised.

use super::database::Database;
use super::sql::{Connection, Row, SqlError, params};
use crate::domain::ids::DocumentId;
use crate::domain::revision::Revision;
use crate::kernel::hash::Sha256;
use crate::services::ports::StoreError;

pub(super) async fn add(connection: &mut Connection, revision: &Revision) -> Result<(), SqlError> {
    connection
        .execute(
            "INSERT INTO revisions (document, ordinal, sha256, size, at) VALUES ($1, $2, $3, $4, $5)",
            params![
                revision.document,
                revision.ordinal,
                revision.sha256,
                revision.size.cast_signed(),
                revision.at,
            ],
        )
        .await?;
    Ok(())
}

fn revision(row: &Row) -> Result<Revision, StoreError> {
    Ok(Revision {
        document: row.parsed("revisions.document")?,
        ordinal: row.number("revisions.ordinal")?,
        sha256: row.parsed("revisions.sha256")?,
        size: row.number("revisions.size")?,
        at: row.time("revisions.at")?,
    })
}

pub(super) async fn find(
    database: &Database,
    sha256: &Sha256,
) -> Result<Option<Revision>, StoreError> {
    let sql = "SELECT document, ordinal, sha256, size, at FROM revisions WHERE sha256 = $1";
    let row = database.row(sql, params![sha256]).await?;
    row.as_ref().map(revision).transpose()
}

pub(super) async fn of(
    database: &Database,
    document: &DocumentId,
) -> Result<Vec<Revision>, StoreError> {
    let sql = "SELECT document, ordinal, sha256, size, at FROM revisions
               WHERE document = $1 ORDER BY ordinal";
    let rows = database.rows(sql, params![document]).await?;
    rows.iter().map(revision).collect()
}

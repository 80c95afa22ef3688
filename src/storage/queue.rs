//! What is on its way: documents that wait for someone's turn, and how many wait where.
//!
//! All of it goes by `documents_waiting`: what was issued long ago is never read. How
//! many tiers have approved is counted from the reviews, of which a document on its way
//! has approvals alone.

use time::OffsetDateTime;

use super::database::Database;
use super::sql::{Row, Value, params, placeholders};
use crate::domain::document::Document;
use crate::domain::permit_type::PermitTypeCode;
use crate::services::ports::{Backlog, StoreError, Turn};

pub(super) async fn waiting(
    database: &Database,
    turn: Turn,
    permit_types: &[PermitTypeCode],
    limit: u32,
) -> Result<Vec<Document>, StoreError> {
    if permit_types.is_empty() {
        return Ok(Vec::new());
    }
    let types = placeholders(permit_types.len());
    let (first, second) = (permit_types.len() + 1, permit_types.len() + 2);
    let mut values: Vec<Value> = permit_types.iter().map(Value::from).collect();
    let (place, passed) = match turn {
        Turn::Review(tier) => (
            format!(
                "state_name = 'in_review' AND (SELECT COUNT(*) FROM reviews
                    WHERE reviews.document = documents.id) = ${first}"
            ),
            tier.saturating_sub(1),
        ),
        Turn::Signature(slot) => (
            format!("state_name IN ('ready', 'prepared') AND signatures = ${first}"),
            slot,
        ),
    };
    values.push(passed.into());
    values.push(limit.into());
    let rest =
        format!("permit_type IN ({types}) AND {place} ORDER BY submitted_at, id LIMIT ${second}");
    database.documents_where(&rest, values).await
}

pub(super) async fn backlog(database: &Database) -> Result<Vec<Backlog>, StoreError> {
    let sql = "SELECT permit_type, state_name, signatures, reviews, COUNT(*) AS documents,
                   MIN(submitted_at) AS oldest
               FROM (SELECT permit_type, state_name, signatures, submitted_at,
                         (SELECT COUNT(*) FROM reviews WHERE reviews.document = documents.id)
                             AS reviews
                     FROM documents
                     WHERE state_name IN
                         ('submitted', 'in_review', 'ready', 'prepared', 'signed')) AS open
               GROUP BY permit_type, state_name, signatures, reviews
               ORDER BY permit_type, state_name, signatures, reviews";
    let rows = database.rows(sql, params![]).await?;
    rows.iter().map(one).collect()
}

pub(super) async fn last_issued(
    database: &Database,
    permit_type: &PermitTypeCode,
    before: OffsetDateTime,
) -> Result<Option<Document>, StoreError> {
    let rest = "state_name = 'issued' AND permit_type = $1 AND submitted_at < $2
                ORDER BY submitted_at DESC LIMIT 1";
    let found = database
        .documents_where(rest, params![permit_type, before])
        .await?;
    Ok(found.into_iter().next())
}

fn one(row: &Row) -> Result<Backlog, StoreError> {
    Ok(Backlog {
        permit_type: row.parsed("documents.permit_type")?,
        state: row.text("documents.state_name")?,
        signatures: row.number("documents.signatures")?,
        reviews: row.number("reviews")?,
        documents: row.number("documents")?,
        oldest: row.time("oldest")?,
    })
}

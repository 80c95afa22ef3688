//! Approvals.

use super::accounts::json;
use super::database::Database;
use super::sql::{Connection, params};
use crate::domain::approval::{Approval, ApprovalState};
use crate::domain::ids::ApprovalId;
use crate::services::ports::{CommitError, StoreError};

/// Stores an approval that is asked for, or notes that it was given: once.
pub(super) async fn save(
    connection: &mut Connection,
    approval: &Approval,
) -> Result<(), CommitError> {
    let state = match approval.state {
        ApprovalState::Asked => "asked",
        ApprovalState::Given { .. } => "given",
    };
    let sql = "INSERT INTO approvals (id, signatory, state, asked, expires, body)
               VALUES ($1, $2, $3, $4, $5, $6)
               ON CONFLICT (id) DO UPDATE SET state = excluded.state, body = excluded.body
               WHERE approvals.state = 'asked' AND excluded.state = 'given'";
    let values = params![
        approval.id,
        approval.signatory,
        state,
        approval.asked,
        approval.expires,
        json(approval),
    ];
    match connection.execute(sql, values).await? {
        0 => Err(CommitError::Stale("the approval")),
        _ => Ok(()),
    }
}

pub(super) async fn find(
    database: &Database,
    id: &ApprovalId,
) -> Result<Option<Approval>, StoreError> {
    let row = database
        .row("SELECT body FROM approvals WHERE id = $1", params![id])
        .await?;
    row.map(|row| row.json("approvals.body")).transpose()
}

//! Invitations, by the SHA-256 of their links' secrets; and what is read of who gets in.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::accounts::json;
use super::database::Database;
use super::sql::{Connection, Row, SqlError, params};
use super::{ceremonies, credentials, sessions};
use crate::domain::ceremonies::Ceremony;
use crate::domain::credentials::{Credential, CredentialId};
use crate::domain::ids::{CeremonyId, InvitationId, PersonId, SessionId};
use crate::domain::invitations::Invitation;
use crate::domain::sessions::Session;
use crate::kernel::hash::Sha256;
use crate::services::ports::{CommitError, Passkeys, StoreError};

pub(super) async fn add(
    connection: &mut Connection,
    invitation: &Invitation,
    token: &Sha256,
) -> Result<(), SqlError> {
    let sql = "UPDATE invitations SET spent_at = $2 WHERE person = $1 AND spent_at IS NULL";
    connection
        .execute(sql, params![invitation.person, invitation.at])
        .await?;
    let sql = "INSERT INTO invitations (id, token_sha256, person, at, spent_at, body)
               VALUES ($1, $2, $3, $4, $5, $6)";
    let values = params![
        invitation.id,
        token,
        invitation.person,
        invitation.at,
        invitation.spent,
        json(invitation),
    ];
    connection.execute(sql, values).await.map(drop)
}

pub(super) async fn spend(
    connection: &mut Connection,
    id: InvitationId,
    at: OffsetDateTime,
) -> Result<(), CommitError> {
    let sql = "UPDATE invitations SET spent_at = $2 WHERE id = $1 AND spent_at IS NULL";
    match connection.execute(sql, params![id, at]).await? {
        0 => Err(CommitError::Stale("the invitation")),
        _ => Ok(()),
    }
}

fn invitation(row: &Row) -> Result<Invitation, StoreError> {
    Ok(Invitation {
        spent: row.optional_time("invitations.spent_at")?,
        ..row.json("invitations.body")?
    })
}

#[async_trait]
impl Passkeys for Database {
    async fn invitation_by_token(&self, token: &Sha256) -> Result<Option<Invitation>, StoreError> {
        let sql = "SELECT spent_at, body FROM invitations WHERE token_sha256 = $1";
        let row = self.row(sql, params![token]).await?;
        row.as_ref().map(invitation).transpose()
    }

    async fn invitations_of(&self, person: &PersonId) -> Result<Vec<Invitation>, StoreError> {
        let sql = "SELECT spent_at, body FROM invitations WHERE person = $1 ORDER BY id DESC";
        let rows = self.rows(sql, params![person]).await?;
        rows.iter().map(invitation).collect()
    }

    async fn take_ceremony(&self, id: &CeremonyId) -> Result<Option<Ceremony>, StoreError> {
        ceremonies::take(self, *id).await
    }

    async fn credential(&self, id: &CredentialId) -> Result<Option<Credential>, StoreError> {
        credentials::find(self, id).await
    }

    async fn credentials_of(&self, person: &PersonId) -> Result<Vec<Credential>, StoreError> {
        credentials::of(self, person).await
    }

    async fn session_by_token(&self, token: &Sha256) -> Result<Option<Session>, StoreError> {
        sessions::by_token(self, token).await
    }

    async fn session(&self, id: &SessionId) -> Result<Option<Session>, StoreError> {
        sessions::find(self, id).await
    }

    async fn see_session(&self, id: &SessionId, at: OffsetDateTime) -> Result<(), StoreError> {
        sessions::see(self, *id, at).await
    }
}

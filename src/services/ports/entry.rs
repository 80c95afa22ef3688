//! How people get into the console: invitations, ceremonies, passkeys and sessions.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::changes::Write;
use super::key_records::KeyCopy;
use super::store_error::StoreError;
use crate::domain::ceremonies::Ceremony;
use crate::domain::credentials::{Credential, CredentialId};
use crate::domain::ids::{CeremonyId, InvitationId, PersonId, SessionId};
use crate::domain::invitations::Invitation;
use crate::domain::sessions::Session;
use crate::kernel::hash::Sha256;

/// One write of who gets in. Secrets are named by their SHA-256.
#[derive(Debug, Clone)]
pub enum EntryWrite {
    /// A new invitation under the SHA-256 of its link's secret. Those that the person had
    /// are spent.
    AddInvitation(Invitation, Sha256),
    /// An invitation is used; refused as stale if it was spent.
    SpendInvitation(InvitationId, OffsetDateTime),
    /// A ceremony that a browser is asked to hold. Those that lapsed are forgotten.
    AddCeremony(Ceremony),
    /// A new passkey.
    AddCredential(Box<Credential>),
    /// A passkey was used; refused as stale unless its counter is the one before, and it
    /// has not ended.
    UseCredential(Box<Credential>, u32),
    /// A passkey ended.
    EndCredential(Box<Credential>),
    /// A signatory's key, sealed under one of his passkeys.
    AddKeyCopy(KeyCopy),
    /// A new session under the SHA-256 of its cookie.
    AddSession(Session, Sha256),
    /// A session's owner proved himself again; refused as stale if it was ended.
    ProveSession(SessionId, OffsetDateTime),
    /// A session ended.
    EndSession(SessionId, OffsetDateTime),
    /// All of a person's sessions ended.
    EndSessionsOf(PersonId, OffsetDateTime),
}

impl From<EntryWrite> for Write {
    fn from(write: EntryWrite) -> Self {
        Self::Entry(write)
    }
}

/// Reads of who gets in.
#[async_trait]
pub trait Passkeys: Send + Sync {
    /// The invitation whose link's secret has this hash.
    async fn invitation_by_token(&self, token: &Sha256) -> Result<Option<Invitation>, StoreError>;

    /// A person's invitations, newest first.
    async fn invitations_of(&self, person: &PersonId) -> Result<Vec<Invitation>, StoreError>;

    /// Takes a ceremony away: it is answered once.
    async fn take_ceremony(&self, id: &CeremonyId) -> Result<Option<Ceremony>, StoreError>;

    /// A passkey, ended or not.
    async fn credential(&self, id: &CredentialId) -> Result<Option<Credential>, StoreError>;

    /// A person's passkeys, oldest first, the ended ones too.
    async fn credentials_of(&self, person: &PersonId) -> Result<Vec<Credential>, StoreError>;

    /// The session whose cookie has this hash.
    async fn session_by_token(&self, token: &Sha256) -> Result<Option<Session>, StoreError>;

    /// A session.
    async fn session(&self, id: &SessionId) -> Result<Option<Session>, StoreError>;

    /// Notes that a session is being used.
    async fn see_session(&self, id: &SessionId, at: OffsetDateTime) -> Result<(), StoreError>;
}

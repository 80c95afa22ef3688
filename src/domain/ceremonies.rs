//! Ceremonies: what a browser was asked to have an authenticator do, until it answers. Each
//! challenge is random, lives for minutes and is taken once.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::credentials::CredentialId;
use super::ids::{CeremonyId, InvitationId, PersonId, SessionId};

/// How long an answer is waited for.
pub const CEREMONY_LIFETIME: Duration = Duration::minutes(5);

/// One ceremony under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ceremony {
    /// Its id.
    pub id: CeremonyId,
    /// What the authenticator signs.
    #[serde(with = "hex::serde")]
    pub challenge: [u8; 32],
    /// What for.
    pub purpose: Ritual,
    /// When it lapses.
    #[serde(with = "time::serde::rfc3339")]
    pub expires: OffsetDateTime,
}

/// What a ceremony is for, and what it must remember.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "for", rename_all = "snake_case")]
pub enum Ritual {
    /// Opening a session.
    SignIn,
    /// Proving oneself once more.
    Proof {
        /// In this session.
        session: SessionId,
    },
    /// Making a passkey.
    Creation(Newcomer),
    /// Using the new passkey for the first time: shows that it works and what it can.
    FirstUse {
        /// Whose it becomes.
        newcomer: Newcomer,
        /// What was made.
        made: Box<Made>,
    },
}

/// Who adds a passkey, and by what right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Newcomer {
    /// Who.
    pub person: PersonId,
    /// What the first administrator says of himself: his name and office.
    pub introduces: Option<(String, String)>,
    /// By what right.
    pub by: Right,
}

/// By what right a passkey is added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// An invitation.
    Invitation(InvitationId),
    /// A session, and the passkey that opened it.
    Session(SessionId, CredentialId),
}

/// A passkey that was made and not used yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// Its id.
    pub id: CredentialId,
    /// Its COSE_Key.
    #[serde(with = "hex::serde")]
    pub public_key: Vec<u8>,
    /// Its signature counter.
    pub sign_count: u32,
    /// The flag BE.
    pub backup_eligible: bool,
    /// The flag BS.
    pub backed_up: bool,
    /// What its owner calls it.
    pub label: String,
}

impl Ceremony {
    /// Whether an answer still counts.
    #[must_use]
    pub fn stands(&self, now: OffsetDateTime) -> bool {
        now < self.expires
            && now.saturating_add(CEREMONY_LIFETIME) >= self.expires - CEREMONY_LIFETIME
    }
}

//! Passkeys: the public half of what a person proves himself with, as WebAuthn calls it
//! a *credential*. It is not transferable (Karawang 40/2017 pasal 28(1)), is added by an
//! invitation or in a session that another one opened, and is never deleted: what was
//! approved with it stays provable.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::ids::{InvitationId, PersonId};

/// The longest credential id (WebAuthn L3, 4: *credential ID*).
const LONGEST_ID: usize = 1_023;
/// The longest label.
const LONGEST_LABEL: usize = 60;

/// The id that an authenticator gave a credential; base64url as text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct CredentialId(Vec<u8>);

/// Why some octets or a text are no credential's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a credential's id has 1 to 1023 octets, in base64url without padding")]
pub struct CredentialIdError;

/// One passkey of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    /// Its id.
    pub id: CredentialId,
    /// Whose it is.
    pub person: PersonId,
    /// The public key as it was registered: a COSE_Key.
    #[serde(with = "hex::serde")]
    pub public_key: Vec<u8>,
    /// The signature counter when it was last used.
    pub sign_count: u32,
    /// Whether it may be copied to other devices (the flag BE): fixed for its life.
    pub backup_eligible: bool,
    /// Whether it has been (the flag BS).
    pub backed_up: bool,
    /// Whether it gives PRF outputs, so that a key can be sealed under it.
    pub prf: bool,
    /// What its owner calls it.
    pub label: String,
    /// When it was added.
    #[serde(with = "time::serde::rfc3339")]
    pub added: OffsetDateTime,
    /// By what right it was added.
    pub added_by: AddedBy,
    /// When it was last used.
    #[serde(with = "time::serde::rfc3339")]
    pub used: OffsetDateTime,
    /// Since when it opens nothing any more.
    #[serde(with = "time::serde::rfc3339::option")]
    pub ended: Option<OffsetDateTime>,
}

/// By what right a passkey was added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum AddedBy {
    /// An invitation.
    Invitation {
        /// Which.
        invitation: InvitationId,
    },
    /// A session that another passkey of the same person opened.
    Passkey {
        /// The other one.
        credential: CredentialId,
    },
}

impl CredentialId {
    /// Takes the octets.
    ///
    /// # Errors
    /// There are none, or too many.
    pub fn new(octets: &[u8]) -> Result<Self, CredentialIdError> {
        if (1..=LONGEST_ID).contains(&octets.len()) {
            Ok(Self(octets.to_vec()))
        } else {
            Err(CredentialIdError)
        }
    }

    /// The octets.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl Credential {
    /// Whether it still opens anything.
    #[must_use]
    pub fn stands(&self) -> bool {
        self.ended.is_none()
    }
}

/// A label that can be shown: without control characters, not too long.
#[must_use]
pub fn label(text: &str) -> Option<String> {
    let shown = |c: &char| !c.is_control();
    let label: String = text
        .trim()
        .chars()
        .filter(shown)
        .take(LONGEST_LABEL)
        .collect();
    (!label.is_empty()).then_some(label)
}

impl fmt::Display for CredentialId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(&self.0))
    }
}

impl FromStr for CredentialId {
    type Err = CredentialIdError;

    fn from_str(text: &str) -> Result<Self, CredentialIdError> {
        let octets = URL_SAFE_NO_PAD
            .decode(text)
            .map_err(|_| CredentialIdError)?;
        Self::new(&octets)
    }
}

impl From<CredentialId> for String {
    fn from(id: CredentialId) -> Self {
        id.to_string()
    }
}

impl TryFrom<String> for CredentialId {
    type Error = CredentialIdError;

    fn try_from(text: String) -> Result<Self, CredentialIdError> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_and_has_bounds() {
        let id = CredentialId::new(&[0xfb, 0xff, 1]).unwrap();
        assert_eq!(id.to_string(), "-_8B");
        assert_eq!("-_8B".parse(), Ok(id));
        for text in ["", "-_8B=", "+/8B", "a"] {
            assert_eq!(
                text.parse::<CredentialId>(),
                Err(CredentialIdError),
                "{text}"
            );
        }
        assert!(CredentialId::new(&[0; LONGEST_ID]).is_ok());
        assert!(CredentialId::new(&[0; LONGEST_ID + 1]).is_err());
    }

    #[test]
    fn labels_are_cut_and_cleaned() {
        assert_eq!(label("  iPhone\u{7} saya "), Some("iPhone saya".into()));
        assert_eq!(label(" \n "), None);
        assert_eq!(label(&"x".repeat(99)).map(|label| label.len()), Some(60));
    }
}

//! What pages and browsers exchange about passkeys: octets in base64url, the rest as it is
//! called in WebAuthn.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::domain::credentials::CredentialId;
use crate::domain::ids::CeremonyId;
use crate::kernel::webauthn::{Assertion, Registration};

/// Octets, in base64url without padding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Octets(pub Vec<u8>);

/// What an authenticator is asked, and under which ceremony it is answered.
#[derive(Debug, Clone, Serialize)]
pub struct Asked<T> {
    /// The ceremony.
    pub ceremony: CeremonyId,
    /// What is asked.
    pub options: T,
}

/// How a passkey is asked to answer: `PublicKeyCredentialRequestOptions`.
#[derive(Debug, Clone, Serialize)]
pub struct UseOptions {
    /// The RP ID.
    pub rp_id: String,
    /// What it signs.
    pub challenge: Octets,
    /// Which passkeys; none named, any that the authenticator finds.
    pub allow: Vec<CredentialId>,
    /// What the PRF extension evaluates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prf: Option<Octets>,
    /// How long the browser waits, in milliseconds.
    pub timeout: u64,
}

/// How a passkey is asked for: `PublicKeyCredentialCreationOptions`.
#[derive(Debug, Clone, Serialize)]
pub struct CreationOptions {
    /// Who relies on it.
    pub rp: RelyingPartyEntity,
    /// Whose it will be.
    pub user: UserEntity,
    /// What is signed.
    pub challenge: Octets,
    /// The COSE algorithms that are taken, the liked ones first.
    pub algorithms: Vec<i64>,
    /// Passkeys that he has already.
    pub exclude: Vec<CredentialId>,
    /// How long the browser waits, in milliseconds.
    pub timeout: u64,
}

/// `PublicKeyCredentialRpEntity`
#[derive(Debug, Clone, Serialize)]
pub struct RelyingPartyEntity {
    /// The RP ID.
    pub id: String,
    /// The office.
    pub name: String,
}

/// `PublicKeyCredentialUserEntity`
#[derive(Debug, Clone, Serialize)]
pub struct UserEntity {
    /// The person's id, as octets.
    pub id: Octets,
    /// The name.
    pub name: String,
}

/// What the making of a passkey gave.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Creation {
    /// Its id.
    pub id: CredentialId,
    /// `clientDataJSON`
    pub client_data: Octets,
    /// `attestationObject`
    pub attestation: Octets,
}

/// What a passkey answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// Its id.
    pub id: CredentialId,
    /// `clientDataJSON`
    pub client_data: Octets,
    /// `authenticatorData`
    pub authenticator_data: Octets,
    /// `signature`
    pub signature: Octets,
    /// `userHandle`, where the authenticator knows it.
    pub user: Option<Octets>,
}

impl Creation {
    /// The same, as the kernel reads it.
    #[must_use]
    pub fn registration(&self) -> Registration<'_> {
        Registration {
            client_data: &self.client_data.0,
            attestation: &self.attestation.0,
        }
    }
}

impl Answer {
    /// The same, as the kernel reads it.
    #[must_use]
    pub fn assertion(&self) -> Assertion<'_> {
        Assertion {
            client_data: &self.client_data.0,
            authenticator_data: &self.authenticator_data.0,
            signature: &self.signature.0,
        }
    }
}

impl From<Octets> for String {
    fn from(octets: Octets) -> Self {
        URL_SAFE_NO_PAD.encode(octets.0)
    }
}

impl TryFrom<String> for Octets {
    type Error = base64::DecodeError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        URL_SAFE_NO_PAD.decode(text).map(Self)
    }
}

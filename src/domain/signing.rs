//! Intents, attempts and stored signature values: what makes "at most one
//! signature is stored" and "the same bytes may be signed again, others never"
//! matters of record.
//!
//! Architecture invariant: attempts ≥ key operations ≥ stored signatures, since an
//! attempt is recorded before its operation starts, and one signature is stored per
//! (document, revision, field).

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::ids::{ApprovalId, AttemptId, DocumentId, IntentId, PersonId};
use super::mandate::SigningRight;
use crate::kernel::hash::Sha256;

/// Where a signature goes: the key of the at-most-once constraint.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SignaturePlace {
    /// The document.
    pub document: DocumentId,
    /// Which of its signatures, counted from zero.
    pub revision: u8,
    /// The PDF field.
    pub field: String,
}

/// The decision to sign certain prepared bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// Its id.
    pub id: IntentId,
    /// Where the signature goes.
    pub place: SignaturePlace,
    /// The approval that it is part of.
    pub approval: ApprovalId,
    /// Who signs.
    pub signatory: PersonId,
    /// By what right.
    pub right: SigningRight,
    /// The SHA-256 of the signatory's certificate.
    pub certificate: Sha256,
    /// The prepared bytes: their SHA-256, which is also the blob's name.
    pub prepared: Sha256,
    /// Where the hole is in the prepared bytes, as the preparation wrote it down.
    pub layout: serde_json::Value,
    /// DER(signedAttrs).
    pub signed_attributes: Vec<u8>,
    /// The digest to be signed.
    pub digest: Vec<u8>,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}

/// One key operation, recorded before it starts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// Its id.
    pub id: AttemptId,
    /// Whose digest is signed.
    pub intent: IntentId,
    /// The approval that it is made under; its intent's where it is not said.
    #[serde(default)]
    pub approval: Option<ApprovalId>,
    /// When it was recorded.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}

/// A signature value as the key gave it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredSignature {
    /// Where it goes.
    pub place: SignaturePlace,
    /// The intent whose digest it signs.
    pub intent: IntentId,
    /// The attempt that made it.
    pub attempt: AttemptId,
    /// The value.
    pub value: Vec<u8>,
    /// When it was stored.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}

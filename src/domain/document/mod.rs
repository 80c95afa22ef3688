//! The document: one permit on its way from submission to issue, and after.
//!
//! ```text
//! submitted -> in_review (tier 1..n) -> ready (gates met) -> prepared -> signed -> issued
//! ```
//! Returned or rejected from any state before signed. A prepared document whose
//! approval lapses goes back to ready; a signed one that bears further signatures
//! goes back to ready for the next. Transitions consume the document and give back
//! the next, or the reason why not; nothing else changes a state.

mod progress;
mod state;
mod status;

pub use progress::{ReviewError, Waiting};
pub use state::{Decided, DocumentState, Ended, Issue, PermitStatus, Preparation, Standing};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::gate::MetGate;
use super::ids::{ClientId, DocumentId};
use super::metadata::Metadata;
use super::permit_type::PermitType;
use super::review::Review;
use crate::kernel::code::DocumentCode;
use crate::kernel::hash::Sha256;

/// One permit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// Its id.
    pub id: DocumentId,
    /// The client that submitted it, and alone sees it.
    pub client: ClientId,
    /// Its code: fixed now, printed when it is signed.
    pub code: DocumentCode,
    /// What the client said about it.
    pub metadata: Metadata,
    /// The file as it was submitted.
    pub submitted: SubmittedFile,
    /// The reviews of this file, in their order.
    pub reviews: Vec<Review>,
    /// The gates met so far.
    pub gates: Vec<MetGate>,
    /// How many of its signatures are finished.
    pub signatures: u8,
    /// The newest bytes: what the next signature is put on, or what was issued.
    pub current: Sha256,
    /// Where it stands.
    pub state: DocumentState,
    /// Counts its changes; a change that expects another count is refused.
    pub generation: u64,
}

/// The file as it was submitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubmittedFile {
    /// Its SHA-256.
    pub sha256: Sha256,
    /// Its length in octets.
    pub size: u64,
    /// When it came.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}

/// A new document's parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Submission {
    /// Its id.
    pub id: DocumentId,
    /// Who submits it.
    pub client: ClientId,
    /// Its code.
    pub code: DocumentCode,
    /// What is said about it.
    pub metadata: Metadata,
    /// The file.
    pub file: SubmittedFile,
}

/// An act that the document's state does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a document that is {state} cannot be {act}")]
pub struct TransitionError {
    /// What was tried, as a participle: "signed".
    pub act: &'static str,
    /// The state's name.
    pub state: &'static str,
}

impl Document {
    /// Takes a document in and sends it to its first tier, or on.
    #[must_use]
    pub fn submit(submission: Submission, permit_type: &PermitType) -> Self {
        let at = submission.file.at;
        Self {
            id: submission.id,
            client: submission.client,
            code: submission.code,
            metadata: submission.metadata,
            current: submission.file.sha256,
            submitted: submission.file,
            reviews: Vec::new(),
            gates: Vec::new(),
            signatures: 0,
            state: DocumentState::Submitted { since: at },
            generation: 0,
        }
        .advance(permit_type, at)
    }

    pub(super) fn refuse(&self, act: &'static str) -> TransitionError {
        TransitionError {
            act,
            state: self.state.name(),
        }
    }

    fn with(self, state: DocumentState) -> Self {
        Self { state, ..self }
    }
}

//! "I have read it": a person's affirmation about one version of a document, kept before
//! he approves it (PP 71/2019, pasal 62: known and understood).
//!
//! It binds the SHA-256 of the submitted file. A newer version is another file, so
//! nothing that was read before covers it.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::document::{Document, DocumentState, TransitionError};
use super::ids::{DocumentId, PersonId};
use crate::kernel::hash::Sha256;

/// One affirmation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// Who has read.
    pub person: PersonId,
    /// Which document.
    pub document: DocumentId,
    /// Which file of it.
    pub sha256: Sha256,
    /// When he said so.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}

/// Why an affirmation does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReadingError {
    /// The document is signed, or has ended.
    #[error(transparent)]
    State(#[from] TransitionError),
    /// Another file was shown than the document is now.
    #[error("what was read is the file {actual}, the document is {expected}")]
    File {
        /// The submitted file.
        expected: Sha256,
        /// The one that was shown.
        actual: Sha256,
    },
}

impl Reading {
    /// Whether it is of this document as it is now.
    #[must_use]
    pub fn covers(&self, document: &Document) -> bool {
        self.document == document.id && self.sha256 == document.submitted.sha256
    }
}

impl Document {
    /// Takes a person's word that he has read the file that he was shown.
    ///
    /// # Errors
    /// When he was shown another file, or nothing is left to decide.
    pub fn affirm(
        &self,
        person: PersonId,
        shown: Sha256,
        at: OffsetDateTime,
    ) -> Result<Reading, ReadingError> {
        if !matches!(
            self.state,
            DocumentState::Submitted { .. }
                | DocumentState::InReview { .. }
                | DocumentState::Ready { .. }
                | DocumentState::Prepared(_)
        ) {
            return Err(self.refuse("read before it is signed").into());
        }
        if shown != self.submitted.sha256 {
            return Err(ReadingError::File {
                expected: self.submitted.sha256,
                actual: shown,
            });
        }
        Ok(Reading {
            person,
            document: self.id,
            sha256: shown,
            at,
        })
    }
}

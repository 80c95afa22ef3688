//! Replay: every stored *Original* verified again, and its verdict held against the
//! one it had when it was issued. After an upgrade, or before another validation
//! policy is put in force.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::error::ServiceError;
use super::office::Services;
use super::ports::{BlobError, DocumentFilter};
use super::verify::{examined, unexamined};
use crate::domain::document::{Document, DocumentState};
use crate::domain::ids::DocumentId;
use crate::kernel::examination::Question;
use crate::kernel::hash::Sha256;
use crate::kernel::pades::Level;
use crate::kernel::validation::report::SignatureKind;
use crate::kernel::validation::{Policy, Report, Verdict};

/// The facts of the event that tells of an issue.
pub(super) const VERDICT: &str = "verdict";
pub(super) const LEVEL: &str = "level";

/// What a verification of an original came to, apart from the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The verdict's name; `unreadable` where the stored file is gone or damaged.
    pub verdict: String,
    /// The level of the newest signature.
    pub level: Option<String>,
    /// The finding that decides, or what is wrong with the stored file.
    pub reason: Option<String>,
}

impl Outcome {
    /// The outcome that a report tells.
    #[must_use]
    pub fn of(report: &Report) -> Self {
        let mut signatures = report.signatures.iter().rev();
        let newest = signatures.find(|one| one.kind == SignatureKind::Signature);
        let level = newest.and_then(|one| one.level);
        Self {
            verdict: report.verdict.name().to_owned(),
            level: level.map(|level| level.name().to_owned()),
            reason: report.reason().map(|finding| format!("{finding:?}")),
        }
    }

    fn unreadable(error: &BlobError) -> Self {
        Self {
            verdict: "unreadable".to_owned(),
            level: None,
            reason: Some(error.to_string()),
        }
    }

    /// The self-check has never let less pass than this.
    fn before_it_was_noted() -> Self {
        Self {
            verdict: Verdict::UnknownValid.name().to_owned(),
            level: Some(Level::BLta.name().to_owned()),
            reason: None,
        }
    }

    fn is_as(&self, other: &Self) -> bool {
        self.verdict == other.verdict && self.level == other.level
    }
}

/// One original, verified again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Replayed {
    /// The document.
    pub document: String,
    /// The code, as it is printed.
    pub code: String,
    /// The permit's number.
    pub number: String,
    /// SHA-256 of the *Original*.
    pub original: Sha256,
    /// What it was issued as.
    pub at_issue: Outcome,
    /// What it is now.
    pub now: Outcome,
}

impl Replayed {
    /// Whether the verdict is another than at issue.
    #[must_use]
    pub fn changed(&self) -> bool {
        !self.now.is_as(&self.at_issue)
    }
}

impl Services {
    /// How many originals there are.
    ///
    /// # Errors
    /// The store's.
    pub async fn count_originals(&self) -> Result<u64, ServiceError> {
        let counts = self.store().count_by_state().await?;
        let issued = counts.iter().find(|(state, _)| state == ISSUED);
        Ok(issued.map_or(0, |(_, count)| *count))
    }

    /// Verifies the next `limit` originals again, from the newest back; `before` is
    /// where the last call ended. The second value is where this one did, if there
    /// may be more.
    ///
    /// # Errors
    /// The store's, or nobody can examine files now. A file that is gone or damaged is
    /// an outcome.
    pub async fn replay(
        &self,
        before: Option<DocumentId>,
        limit: u32,
        policy: &Policy,
    ) -> Result<(Vec<Replayed>, Option<DocumentId>), ServiceError> {
        let filter = DocumentFilter {
            state: Some(ISSUED.to_owned()),
            before,
            limit,
            ..DocumentFilter::default()
        };
        let documents = self.store().documents(&filter).await?;
        let last = documents.last().map(|document| document.id);
        let mut question = self.question().await?;
        question.policy = policy.clone();
        let mut replayed = Vec::with_capacity(documents.len());
        for document in documents {
            replayed.extend(self.replay_one(document, &question).await?);
        }
        Ok((replayed, last))
    }

    async fn replay_one(
        &self,
        document: Document,
        question: &Question,
    ) -> Result<Option<Replayed>, ServiceError> {
        let DocumentState::Issued(issue) = &document.state else {
            return Ok(None);
        };
        let original = issue.original;
        let now = match self.blobs().read(&original).await {
            Ok(bytes) => {
                // By what it carries and our own lists: whoever else could be asked today
                // may be gone tomorrow.
                let asked = examined(
                    &*self.ports().examiner,
                    None,
                    Arc::new(bytes),
                    question.clone(),
                );
                Outcome::of(&asked.await.map_err(|error| unexamined(&error))?.report)
            }
            Err(error @ (BlobError::Missing(_) | BlobError::Damaged { .. })) => {
                Outcome::unreadable(&error)
            }
            Err(error) => return Err(error.into()),
        };
        Ok(Some(Replayed {
            code: document.code.to_string(),
            number: document.metadata.number.clone(),
            original,
            at_issue: self.at_issue(&document.id).await?,
            now,
            document: document.id.to_string(),
        }))
    }

    /// What the log says of the issue.
    async fn at_issue(&self, document: &DocumentId) -> Result<Outcome, ServiceError> {
        let events = self.store().events_of(document).await?;
        let noted = events.iter().rev().find_map(|event| {
            let (_, payload) = event.opening.as_ref()?;
            let payload: serde_json::Value = serde_json::from_slice(payload).ok()?;
            let facts = payload.get("facts")?;
            let text = |name: &str| Some(facts.get(name)?.as_str()?.to_owned());
            (facts.get("issued")? == true).then_some(())?;
            Some(Outcome {
                verdict: text(VERDICT)?,
                level: text(LEVEL),
                reason: None,
            })
        });
        Ok(noted.unwrap_or_else(Outcome::before_it_was_noted))
    }
}

/// The state of documents that have an original.
const ISSUED: &str = "issued";

//! From submission to the signature: reviews, gates, preparation, signing, issue.

use time::OffsetDateTime;

use super::state::{DocumentState, Ended, Issue, Preparation, Standing};
use super::{Document, TransitionError};
use crate::domain::gate::MetGate;
use crate::domain::ids::IntentId;
use crate::domain::permit_type::{GateName, PermitType};
use crate::domain::review::{Decision, Review};
use crate::kernel::hash::Sha256;

/// Why a review does not count.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReviewError {
    /// The document's state does not allow it.
    #[error(transparent)]
    State(#[from] TransitionError),
    /// Another tier's turn.
    #[error("it is the turn of tier {expected}, not of tier {actual}")]
    Tier {
        /// Whose turn it is.
        expected: u8,
        /// Who came.
        actual: u8,
    },
    /// All tiers have approved.
    #[error("every tier has approved already")]
    Complete,
    /// The person does not review at this tier.
    #[error("this person does not review at tier {0}")]
    Reviewer(u8),
    /// Another file was read than the one that was submitted.
    #[error("the review is of the file {actual}, the document is {expected}")]
    File {
        /// The submitted file.
        expected: Sha256,
        /// The reviewed one.
        actual: Sha256,
    },
    /// A return or a rejection without a reason.
    #[error("a return or a rejection needs a reason")]
    Reason,
}

/// What a document waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Waiting {
    /// The review of a tier, counted from one.
    Review(u8),
    /// A gate.
    Gate(GateName),
    /// The signatory.
    Approval,
    /// The rest of the signature: timestamps, revocation data, self-check.
    Finish,
}

impl Document {
    /// Applies one tier's decision.
    ///
    /// # Errors
    /// When it is not that tier's turn, not that person's tier, or not that file.
    pub fn review(self, review: Review, permit_type: &PermitType) -> Result<Self, ReviewError> {
        self.check_review(&review, permit_type)?;
        let (at, by, decision) = (review.at, review.reviewer, review.decision);
        let reason = review.reason.clone().unwrap_or_default();
        let ended = Ended {
            at,
            by: Some(by),
            reason,
        };
        let mut reviewed = self;
        reviewed.reviews.push(review);
        Ok(match decision {
            Decision::Approve => reviewed.advance(permit_type, at),
            Decision::Return => reviewed.with(DocumentState::Returned(ended)),
            Decision::Reject => reviewed.with(DocumentState::Rejected(ended)),
        })
    }

    fn check_review(&self, review: &Review, permit_type: &PermitType) -> Result<(), ReviewError> {
        if !matches!(self.state, DocumentState::InReview { .. }) {
            return Err(self.refuse("reviewed").into());
        }
        let expected = self.next_tier(permit_type).ok_or(ReviewError::Complete)?;
        if review.tier != expected {
            return Err(ReviewError::Tier {
                expected,
                actual: review.tier,
            });
        }
        let tier = permit_type.tiers.get(self.reviews.len());
        if !tier.is_some_and(|tier| tier.reviewers.contains(&review.reviewer)) {
            return Err(ReviewError::Reviewer(expected));
        }
        if review.sha256 != self.submitted.sha256 {
            return Err(ReviewError::File {
                expected: self.submitted.sha256,
                actual: review.sha256,
            });
        }
        let reasoned = review
            .reason
            .as_ref()
            .is_some_and(|reason| !reason.trim().is_empty());
        if review.decision != Decision::Approve && !reasoned {
            return Err(ReviewError::Reason);
        }
        Ok(())
    }

    /// Records a gate as met. Saying it again changes nothing.
    ///
    /// # Errors
    /// When the document no longer waits for gates.
    pub fn meet_gate(
        self,
        gate: MetGate,
        permit_type: &PermitType,
    ) -> Result<Self, TransitionError> {
        if !matches!(
            self.state,
            DocumentState::Submitted { .. }
                | DocumentState::InReview { .. }
                | DocumentState::Ready { .. }
        ) {
            return Err(self.refuse("given a gate"));
        }
        if self.gates.iter().any(|met| met.name == gate.name) {
            return Ok(self);
        }
        let at = gate.at;
        let mut met = self;
        met.gates.push(gate);
        Ok(met.advance(permit_type, at))
    }

    /// Moves an unsigned document on as far as its reviews and gates allow.
    pub(super) fn advance(self, permit_type: &PermitType, at: OffsetDateTime) -> Self {
        let state = match (&self.state, self.waiting_for(permit_type)) {
            (DocumentState::Submitted { .. } | DocumentState::InReview { .. }, None) => {
                DocumentState::Ready { since: at }
            }
            (DocumentState::Submitted { .. }, Some(_)) if !permit_type.tiers.is_empty() => {
                DocumentState::InReview { since: at }
            }
            _ => return self,
        };
        self.with(state)
    }

    fn next_tier(&self, permit_type: &PermitType) -> Option<u8> {
        let done = self.reviews.len();
        permit_type.tiers.get(done)?;
        u8::try_from(done.checked_add(1)?).ok()
    }

    fn unmet_gate<'a>(&self, permit_type: &'a PermitType) -> Option<&'a GateName> {
        permit_type
            .gates
            .iter()
            .find(|name| !self.gates.iter().any(|met| met.name == **name))
    }

    /// What stands between an unsigned document and its signature.
    fn pending(&self, permit_type: &PermitType) -> Option<Waiting> {
        self.next_tier(permit_type)
            .map(Waiting::Review)
            .or_else(|| self.unmet_gate(permit_type).cloned().map(Waiting::Gate))
    }

    /// What the document waits for; nothing once it is issued or has ended.
    #[must_use]
    pub fn waiting_for(&self, permit_type: &PermitType) -> Option<Waiting> {
        match &self.state {
            DocumentState::Submitted { .. } | DocumentState::InReview { .. } => {
                self.pending(permit_type)
            }
            DocumentState::Ready { .. } | DocumentState::Prepared(_) => Some(Waiting::Approval),
            DocumentState::Signed { .. } => Some(Waiting::Finish),
            DocumentState::Returned(_) | DocumentState::Rejected(_) | DocumentState::Issued(_) => {
                None
            }
        }
    }

    /// Notes that bytes were prepared for an approval.
    ///
    /// # Errors
    /// When it is not ready: a preparation that stands must lapse first.
    pub fn prepare(self, preparation: Preparation) -> Result<Self, TransitionError> {
        match self.state {
            DocumentState::Ready { .. } => Ok(self.with(DocumentState::Prepared(preparation))),
            _ => Err(self.refuse("prepared")),
        }
    }

    /// Gives up a preparation: its approval lapsed or was withdrawn.
    ///
    /// # Errors
    /// When nothing is prepared.
    pub fn lapse(self, at: OffsetDateTime) -> Result<Self, TransitionError> {
        match self.state {
            DocumentState::Prepared(_) => Ok(self.with(DocumentState::Ready { since: at })),
            _ => Err(self.refuse("unprepared")),
        }
    }

    /// Notes that the signature value over an intent's bytes is stored.
    ///
    /// # Errors
    /// When the document is not prepared with that very intent.
    pub fn sign(self, intent: IntentId, at: OffsetDateTime) -> Result<Self, TransitionError> {
        match &self.state {
            DocumentState::Prepared(preparation) if preparation.intent == intent => {
                Ok(self.with(DocumentState::Signed { since: at, intent }))
            }
            _ => Err(self.refuse("signed")),
        }
    }

    /// Takes the finished bytes of a signature. After the permit type's last
    /// signature the document is issued, before it is ready for the next one.
    ///
    /// # Errors
    /// When no signature is being finished.
    pub fn finish(
        self,
        bytes: Sha256,
        permit_type: &PermitType,
        at: OffsetDateTime,
    ) -> Result<Self, TransitionError> {
        if !matches!(self.state, DocumentState::Signed { .. }) {
            return Err(self.refuse("issued"));
        }
        let signatures = self.signatures.saturating_add(1);
        let state = if usize::from(signatures) < permit_type.signatures.len() {
            DocumentState::Ready { since: at }
        } else {
            DocumentState::Issued(Issue {
                at,
                original: bytes,
                permit: Standing::Active,
            })
        };
        Ok(Self {
            signatures,
            current: bytes,
            state,
            ..self
        })
    }

    /// Gives the document back to who submitted it.
    ///
    /// # Errors
    /// When it has been signed, or has ended.
    pub fn give_back(self, ended: Ended) -> Result<Self, TransitionError> {
        self.unsigned("returned")?;
        Ok(self.with(DocumentState::Returned(ended)))
    }

    /// Refuses the permit.
    ///
    /// # Errors
    /// When it has been signed, or has ended.
    pub fn reject(self, ended: Ended) -> Result<Self, TransitionError> {
        self.unsigned("rejected")?;
        Ok(self.with(DocumentState::Rejected(ended)))
    }

    fn unsigned(&self, act: &'static str) -> Result<(), TransitionError> {
        match self.state {
            DocumentState::Submitted { .. }
            | DocumentState::InReview { .. }
            | DocumentState::Ready { .. }
            | DocumentState::Prepared(_)
                if self.signatures == 0 =>
            {
                Ok(())
            }
            _ => Err(self.refuse(act)),
        }
    }
}

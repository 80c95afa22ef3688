//! After issue: the permit is suspended, resumed, superseded or cancelled. The
//! signature is not touched by any of it (Bogor 15/2019, pasal 31(2)).

use time::Date;

use super::state::{Decided, DocumentState, Issue, PermitStatus, Standing};
use super::{Document, TransitionError};
use crate::domain::ids::DocumentId;

impl Document {
    /// The permit's status on a day; none before it is issued.
    #[must_use]
    pub fn permit_status(&self, today: Date) -> Option<PermitStatus> {
        match &self.state {
            DocumentState::Issued(issue) => Some(issue.status(self.metadata.valid_until, today)),
            _ => None,
        }
    }

    /// Puts the permit out of force for a time.
    ///
    /// # Errors
    /// When it is not issued and standing.
    pub fn suspend(self, decided: Decided) -> Result<Self, TransitionError> {
        self.decide("suspended", |standing| match standing {
            Standing::Active => Some(Standing::Suspended(decided)),
            _ => None,
        })
    }

    /// Ends a suspension.
    ///
    /// # Errors
    /// When it is not suspended.
    pub fn resume(self) -> Result<Self, TransitionError> {
        self.decide("resumed", |standing| match standing {
            Standing::Suspended(_) => Some(Standing::Active),
            _ => None,
        })
    }

    /// Names the document that takes its place.
    ///
    /// # Errors
    /// When it is not issued, was cancelled or superseded, or would succeed itself.
    pub fn supersede(
        self,
        successor: DocumentId,
        decided: Decided,
    ) -> Result<Self, TransitionError> {
        if successor == self.id {
            return Err(self.refuse("superseded by itself"));
        }
        self.decide("superseded", |standing| match standing {
            Standing::Active | Standing::Suspended(_) => {
                Some(Standing::Superseded { decided, successor })
            }
            _ => None,
        })
    }

    /// Cancels the permit, for good.
    ///
    /// # Errors
    /// When it is not issued, or was cancelled already.
    pub fn cancel(self, decided: Decided) -> Result<Self, TransitionError> {
        self.decide("cancelled", |standing| match standing {
            Standing::Cancelled(_) => None,
            _ => Some(Standing::Cancelled(decided)),
        })
    }

    fn decide(
        self,
        act: &'static str,
        next: impl FnOnce(&Standing) -> Option<Standing>,
    ) -> Result<Self, TransitionError> {
        let DocumentState::Issued(issue) = &self.state else {
            return Err(self.refuse(act));
        };
        let Some(permit) = next(&issue.permit) else {
            return Err(TransitionError {
                act,
                state: issue.permit.name(),
            });
        };
        let issue = Issue {
            permit,
            ..issue.clone()
        };
        Ok(self.with(DocumentState::Issued(issue)))
    }
}

impl Standing {
    fn name(&self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended(_) => "suspended",
            Self::Superseded { .. } => "superseded",
            Self::Cancelled(_) => "cancelled",
        }
    }
}

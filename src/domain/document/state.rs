//! The states of a document, each with what is known in it.

use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};

use crate::domain::ids::{ApprovalId, DocumentId, IntentId, PersonId};
use crate::kernel::hash::Sha256;

/// Where a document stands on its way to being issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum DocumentState {
    /// Taken in; it has no tiers and waits for its gates.
    Submitted {
        /// Since when.
        #[serde(with = "time::serde::rfc3339")]
        since: OffsetDateTime,
    },
    /// Under review, or reviewed and waiting for its gates.
    InReview {
        /// Since when.
        #[serde(with = "time::serde::rfc3339")]
        since: OffsetDateTime,
    },
    /// Given back to who submitted it; a new version may follow.
    Returned(Ended),
    /// Refused.
    Rejected(Ended),
    /// Reviewed, gates met: it waits for the signatory.
    Ready {
        /// Since when.
        #[serde(with = "time::serde::rfc3339")]
        since: OffsetDateTime,
    },
    /// Bytes were prepared for an approval that is asked for.
    Prepared(Preparation),
    /// The signature value is stored; the rest is being finished.
    Signed {
        /// Since when.
        #[serde(with = "time::serde::rfc3339")]
        since: OffsetDateTime,
        /// Whose bytes were signed.
        intent: IntentId,
    },
    /// Issued.
    Issued(Issue),
}

/// How a document left the way to being signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// By whom; no one where a newer version took its place.
    pub by: Option<PersonId>,
    /// Why.
    pub reason: String,
}

/// What was prepared, for whom, until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preparation {
    /// Since when.
    #[serde(with = "time::serde::rfc3339")]
    pub since: OffsetDateTime,
    /// The intent that names the prepared bytes.
    pub intent: IntentId,
    /// The approval that was asked for.
    pub approval: ApprovalId,
    /// When the approval lapses.
    #[serde(with = "time::serde::rfc3339")]
    pub expires: OffsetDateTime,
}

impl Preparation {
    /// Whether its approval has not lapsed. A clock that went back by more than an
    /// approval's lifetime ends it too: a time from a wrong clock binds nobody.
    #[must_use]
    pub fn stands(&self, now: OffsetDateTime) -> bool {
        let lifetime = self.expires - self.since;
        now < self.expires && now.saturating_add(lifetime) >= self.since
    }
}

/// An issued document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    /// When it was issued.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// The first issued revision: the *Original*.
    pub original: Sha256,
    /// Whether the permit stands.
    pub permit: Standing,
}

/// What the office decided about an issued permit, apart from its signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "standing", rename_all = "snake_case")]
pub enum Standing {
    /// It stands.
    Active,
    /// It is out of force until it is resumed.
    Suspended(Decided),
    /// Another document took its place.
    Superseded {
        /// What was decided.
        decided: Decided,
        /// The document that took its place.
        successor: DocumentId,
    },
    /// It was cancelled, for good.
    Cancelled(Decided),
}

/// A decision about an issued permit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// Why.
    pub reason: String,
}

/// The permit's status as told to the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PermitStatus {
    /// In force.
    Active,
    /// Suspended.
    Suspended,
    /// Superseded by another document.
    Superseded,
    /// Cancelled.
    Cancelled,
    /// Past its last day.
    Expired,
}

impl DocumentState {
    /// The state's name in the external contract.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Submitted { .. } => "submitted",
            Self::InReview { .. } => "in_review",
            Self::Returned(_) => "returned",
            Self::Rejected(_) => "rejected",
            Self::Ready { .. } => "ready",
            Self::Prepared(_) => "prepared",
            Self::Signed { .. } => "signed",
            Self::Issued(_) => "issued",
        }
    }
}

impl PermitStatus {
    /// The status's name in the external contract.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Superseded => "superseded",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
        }
    }
}

impl Issue {
    /// The permit's status on a day, given the last day on which it is in force.
    /// What the office decided outweighs the calendar.
    #[must_use]
    pub fn status(&self, valid_until: Option<Date>, today: Date) -> PermitStatus {
        match &self.permit {
            Standing::Cancelled(_) => PermitStatus::Cancelled,
            Standing::Superseded { .. } => PermitStatus::Superseded,
            _ if valid_until.is_some_and(|last| last < today) => PermitStatus::Expired,
            Standing::Suspended(_) => PermitStatus::Suspended,
            Standing::Active => PermitStatus::Active,
        }
    }
}

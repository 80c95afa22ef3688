//! What is read for reports: what was signed, and the log by what was done.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::register::LoggedEvent;
use super::store_error::StoreError;
use crate::domain::ids::{DocumentId, IntentId, PersonId};

/// A signature that was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureMade {
    /// Of which document.
    pub document: DocumentId,
    /// Whose intent names signatory and right.
    pub intent: IntentId,
    /// When.
    pub at: OffsetDateTime,
}

/// What a person's key has made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SignedBy {
    /// Signatures whose document is past them: timestamped and checked.
    pub finished: u64,
    /// Signatures whose document is still being finished.
    pub unfinished: u64,
}

/// Which events to list, newest first. What is not said does not restrict.
#[derive(Debug, Clone, Default)]
pub struct EventFilter {
    /// Acts whose name begins so: `document.`, `key.enrolled`.
    pub act: Option<String>,
    /// Done at or after.
    pub from: Option<OffsetDateTime>,
    /// Done before.
    pub until: Option<OffsetDateTime>,
    /// Before this place in the log: where the last page ended.
    pub before: Option<u64>,
    /// No more than this many.
    pub limit: u32,
}

/// What reports are made from.
#[async_trait]
pub trait Reports: Send + Sync {
    /// The signatures stored from one moment on and before another, in their order.
    async fn signed_between(
        &self,
        from: OffsetDateTime,
        until: OffsetDateTime,
    ) -> Result<Vec<SignatureMade>, StoreError>;

    /// How many signatures a person made, by whether they are finished.
    async fn signed_by(&self, person: &PersonId) -> Result<SignedBy, StoreError>;

    /// Some events, newest first.
    async fn events_matching(&self, filter: &EventFilter) -> Result<Vec<LoggedEvent>, StoreError>;
}

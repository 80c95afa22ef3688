//! Work that outlives a crash: what is still to be done for a document, and
//! messages that must go out.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::store_error::StoreError;
use crate::domain::ids::DocumentId;

/// The finish of one document's signature: the only kind of job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// The document.
    pub document: DocumentId,
    /// How often it was tried.
    pub tries: u32,
    /// What it waits for, after a try that failed.
    pub waiting_for: Option<String>,
    /// When it is due.
    pub due: OffsetDateTime,
}

/// A message that must go out: its id stays the same over all tries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxMessage {
    /// Its id.
    pub id: String,
    /// What kind of message.
    pub kind: String,
    /// The document, where it is about one.
    pub document: Option<DocumentId>,
    /// The message, JSON.
    pub body: String,
    /// When it was written.
    pub at: OffsetDateTime,
}

/// The queue of jobs.
#[async_trait]
pub trait Jobs: Send + Sync {
    /// Takes jobs that are due. No one else gets them before `until`.
    async fn lease_jobs(
        &self,
        now: OffsetDateTime,
        until: OffsetDateTime,
        limit: u32,
    ) -> Result<Vec<Job>, StoreError>;

    /// Makes the jobs free whose lease ends at exactly this time: a lease whose answer was
    /// lost.
    async fn free_lease(&self, until: OffsetDateTime) -> Result<(), StoreError>;

    /// Makes every leased job free: the service that held the leases has just
    /// started, alone on this database.
    async fn free_jobs(&self) -> Result<(), StoreError>;

    /// A document's job, if something is still to be done.
    async fn job(&self, document: &DocumentId) -> Result<Option<Job>, StoreError>;
}

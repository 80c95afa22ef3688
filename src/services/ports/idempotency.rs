//! Idempotency keys: the same call twice is done once and answered alike.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::store_error::StoreError;
use crate::kernel::hash::Sha256;

/// One call under an idempotency key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Who calls: keys of different callers never meet.
    pub caller: String,
    /// The key.
    pub key: String,
    /// Random: tells this claim from a later one of the same key.
    pub serial: i64,
    /// The SHA-256 of what was asked, path and body.
    pub request: Sha256,
    /// When it was asked.
    pub at: OffsetDateTime,
    /// Until when no one else may take the claim over.
    pub until: OffsetDateTime,
}

/// The right to answer under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimToken {
    /// Who calls.
    pub caller: String,
    /// The key.
    pub key: String,
    /// Tells this claim from a later one of the same key.
    pub serial: i64,
}

/// What became of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claimed {
    /// Do it, and answer with the claim's token.
    Fresh,
    /// It is being done (409).
    InFlight,
    /// It was done, with this result.
    Done(Vec<u8>),
    /// The key was used for something else (422).
    OtherRequest,
}

/// Claims on idempotency keys. The answer is a [`super::Write`], so that it becomes
/// durable together with what was done.
#[async_trait]
pub trait Idempotency: Send + Sync {
    /// Claims a key.
    async fn claim(&self, claim: &Claim) -> Result<Claimed, StoreError>;

    /// Gives a claim up: the act failed, and may be tried again.
    async fn give_up_claim(&self, token: &ClaimToken) -> Result<(), StoreError>;

    /// Gives up every claim without a result: the service that made them has just
    /// started again, alone on this database.
    async fn free_claims(&self) -> Result<(), StoreError>;

    /// Forgets the keys that were claimed before a moment.
    async fn forget_claims(&self, before: OffsetDateTime) -> Result<(), StoreError>;
}

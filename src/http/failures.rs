//! How the services' errors become problems.

use super::problem::{Kind, Problem};
use crate::services::ports::{BlobError, CommitError, Constraint, StoreError};

const AWAY: &str = "The database does not answer. Nothing was acknowledged; try again.";

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full(_) => Self::storage_full(error),
            StoreError::Unavailable(_) => Self::unavailable(AWAY, error),
            StoreError::Conflict(_) | StoreError::Corrupt(_) => Self::internal(error),
        }
    }
}

impl From<CommitError> for Problem {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Breaks(Constraint::DocumentNumber) => Self::new(
                Kind::Conflict,
                "This number and version were submitted already; count `version` up.",
            ),
            CommitError::Breaks(_) => Self::internal(error),
            CommitError::Stale(_) => Self::new(
                Kind::Conflict,
                "It was changed by another request at the same moment. Read it again.",
            ),
            CommitError::Store(error) => error.into(),
        }
    }
}

impl From<BlobError> for Problem {
    fn from(error: BlobError) -> Self {
        match error {
            BlobError::Full => Self::storage_full(error),
            BlobError::Missing(_) | BlobError::Damaged { .. } | BlobError::Failed(_) => {
                Self::internal(error)
            }
        }
    }
}

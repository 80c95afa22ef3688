//! How a store fails.

/// Why a store did not do what it was asked. An absent row is not an error: it is `None`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// It is there already, or not in the state the change needs.
    #[error("conflict: {0}")]
    Conflict(String),
    /// The database or the disk does not answer.
    #[error("the store is not available: {0}")]
    Unavailable(String),
    /// A row that cannot be read: table, column, row.
    #[error("the store is corrupt: {0}")]
    Corrupt(String),
    /// No room.
    #[error("the store is full: {0}")]
    Full(String),
}

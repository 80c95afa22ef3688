//! Time and randomness.

use time::OffsetDateTime;

/// The time, for everything that is not a trusted timestamp.
pub trait Clock: Send + Sync {
    /// Now, in UTC.
    fn now(&self) -> OffsetDateTime;
}

/// The time, for what others will believe because we said it.
pub trait ClockHealth: Send + Sync {
    /// Now, in UTC, if the clock can be relied on to within a second.
    ///
    /// # Errors
    /// Why it cannot.
    fn sure_time(&self) -> Result<OffsetDateTime, ClockUnsure>;
}

/// Why the clock cannot be relied on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClockUnsure {
    /// The wall clock moved against the monotonic clock.
    #[error("the clock jumped by {milliseconds} ms since the service started")]
    Jumped {
        /// How far; negative is back.
        milliseconds: i64,
    },
    /// The kernel says that nothing disciplines the clock.
    #[error("the clock is not synchronised (NTP)")]
    NotSynchronised,
    /// The kernel's own estimate of the error is too large.
    #[error("the clock may be wrong by {milliseconds} ms")]
    ErrorTooLarge {
        /// The estimate.
        milliseconds: i64,
    },
    /// The state of the clock cannot be read.
    #[error("the state of the clock cannot be read: {0}")]
    Unreadable(String),
}

/// Randomness from the operating system.
pub trait Entropy: Send + Sync {
    /// Fills the bytes.
    ///
    /// # Errors
    /// There is none: nothing that needs it may go on.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError>;
}

/// The operating system gave no randomness.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gave no randomness: {0}")]
pub struct EntropyError(pub String);

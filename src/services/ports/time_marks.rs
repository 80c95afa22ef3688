//! How far into the future each time-stamping authority may already have spoken.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::StoreError;

/// High-water marks that only rise.
///
/// Before a TSA issues a time after its mark, it raises the mark; after a restart it
/// issues nothing at or before the mark it finds. So its times never go back, whatever the clock does.
#[async_trait]
pub trait TimeMarks: Send + Sync {
    /// The mark of every instance that ever raised one.
    ///
    /// # Errors
    /// The store's.
    async fn marks(&self) -> Result<Vec<(String, OffsetDateTime)>, StoreError>;

    /// Raises the mark of an instance; a lower value changes nothing.
    ///
    /// # Errors
    /// The store's.
    async fn raise(&self, instance: &str, to: OffsetDateTime) -> Result<(), StoreError>;
}

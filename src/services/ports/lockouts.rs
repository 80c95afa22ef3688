//! Wrong passphrases, counted by person.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::store_error::StoreError;
use crate::domain::ids::PersonId;
use crate::domain::lockout::Lockout;

/// The counts. A right passphrase ends a count through [`super::Write::EndLockout`].
#[async_trait]
pub trait Lockouts: Send + Sync {
    /// A person's wrong passphrases since the last right one.
    ///
    /// # Errors
    /// The store's.
    async fn lockout(&self, person: &PersonId) -> Result<Option<Lockout>, StoreError>;

    /// Counts one more, together with its event. Counts of several replicas add up.
    ///
    /// # Errors
    /// The store's; then the answer must not tell whether the passphrase was right.
    async fn count_wrong_secret(
        &self,
        person: &PersonId,
        at: OffsetDateTime,
    ) -> Result<Lockout, StoreError>;
}

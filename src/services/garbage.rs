//! Files that nothing names: of submissions that were refused after their file was
//! stored, of finishes that failed, of processes that died in between.
//!
//! Whatever names a file stores it first, in the same call. So a file goes only if it was
//! found unnamed twice, with hours between by the process's own clock, is a day old by
//! the wall clock, is unnamed still, and was not stored again meanwhile: no call lasts
//! that long, and no jump of the clock makes a fresh file old.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use time::Duration;

use super::error::ServiceError;
use super::office::Services;
use super::ports::StoredBlob;

/// The youngest file that is looked at.
const AGE: Duration = Duration::DAY;
/// The time between two looks.
const BETWEEN: std::time::Duration = std::time::Duration::from_secs(6 * 60 * 60);

/// What the last look found: which storing of which file.
#[derive(Debug, Default)]
pub(super) struct Marks(Mutex<Found>);

#[derive(Debug, Default)]
struct Found {
    at: Option<Instant>,
    unnamed: HashSet<(crate::kernel::hash::Sha256, u64)>,
}

impl Services {
    /// Clears away, in a task of its own, when the last look is long enough ago.
    pub(super) fn clear_away_if_due(&self) {
        let mut marks = self.garbage().lock();
        if marks.at.is_some_and(|last| last.elapsed() < BETWEEN) {
            return;
        }
        marks.at = Some(Instant::now());
        let services = self.clone();
        tokio::spawn(async move {
            if let Err(error) = services.clear_away().await {
                tracing::error!(%error, "files that nothing names cannot be cleared away");
            }
        });
    }

    /// Removes the files that nothing named the last time either, and notes those that
    /// nothing names now. Tells how many it removed.
    ///
    /// # Errors
    /// The stores'; what was not looked at is looked at the next time.
    pub async fn clear_away(&self) -> Result<usize, ServiceError> {
        let before = std::mem::take(&mut self.garbage().lock().unnamed);
        let mut unnamed = HashSet::new();
        let mut removed = 0;
        for first in 0..=u8::MAX {
            for blob in self.unnamed(first).await? {
                let mark = (blob.sha256, blob.stored);
                if before.contains(&mark) && self.blobs().remove(&blob).await? {
                    removed += 1;
                    tracing::info!(file = %blob.sha256, "a file that nothing names was removed");
                } else {
                    unnamed.insert(mark);
                }
            }
        }
        self.garbage().lock().unnamed = unnamed;
        Ok(removed)
    }

    /// The old files of one shelf that nothing names.
    async fn unnamed(&self, first: u8) -> Result<Vec<StoredBlob>, ServiceError> {
        let old = self.now() - AGE;
        let mut blobs = self.blobs().list(first).await?;
        blobs.retain(|blob| blob.at < old);
        if blobs.is_empty() {
            return Ok(blobs);
        }
        let hashes: Vec<_> = blobs.iter().map(|blob| blob.sha256).collect();
        let unnamed: HashSet<_> = self
            .store()
            .unnamed_files(&hashes)
            .await?
            .into_iter()
            .collect();
        blobs.retain(|blob| unnamed.contains(&blob.sha256));
        Ok(blobs)
    }
}

impl Marks {
    fn lock(&self) -> std::sync::MutexGuard<'_, Found> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

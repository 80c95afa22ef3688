//! The worker: takes jobs that are due and finishes them side by side.

use time::Duration;
use tokio::task::JoinSet;

use crate::services::error::ServiceError;
use crate::services::office::Services;
use crate::services::ports::Job;

/// How many signatures are finished side by side.
const SIDE_BY_SIDE: u32 = 32;
/// How long nobody else takes a leased job: longer than any try lasts.
const LEASE: Duration = Duration::minutes(2);
/// How often it looks where nobody rings.
const PAUSE: std::time::Duration = std::time::Duration::from_secs(1);
/// How often what time ends is looked for.
const HOUSEKEEPING: std::time::Duration = std::time::Duration::from_secs(30);

impl Services {
    /// Finishes what is due now, and tells how many jobs were tried.
    ///
    /// # Errors
    /// The store's; the jobs stay.
    pub async fn finish_due(&self) -> Result<usize, ServiceError> {
        let mut tried = 0;
        let mut running = JoinSet::new();
        loop {
            let jobs = self
                .lease(SIDE_BY_SIDE.saturating_sub(running.len() as u32))
                .await?;
            tried += jobs.len();
            for job in jobs {
                let services = self.clone();
                running.spawn(async move { services.finish(job).await });
            }
            tokio::select! {
                finished = running.join_next() => match finished {
                    None => return Ok(tried),
                    Some(finished) => {
                        finished.map_err(|error| ServiceError::Internal(error.to_string()))??;
                    }
                },
                // What comes while others wait for their timestamps does not wait for them.
                () = self.due().notified(), if running.len() < SIDE_BY_SIDE as usize => {}
            }
        }
    }

    async fn lease(&self, limit: u32) -> Result<Vec<Job>, ServiceError> {
        let now = self.now();
        Ok(self.store().lease_jobs(now, now + LEASE, limit).await?)
    }

    /// Finishes signatures, and ends what time ends, until it is dropped.
    pub async fn finish_forever(&self) {
        let mut housekeeping = tokio::time::interval(HOUSEKEEPING);
        loop {
            if let Err(error) = self.finish_due().await {
                tracing::error!(%error, "signatures cannot be finished");
            }
            tokio::select! {
                // A ring between two looks is kept.
                () = self.due().notified() => {}
                () = tokio::time::sleep(PAUSE) => {}
                _ = housekeeping.tick() => self.keep_house().await,
            }
        }
    }

    async fn keep_house(&self) {
        let kept = match self.lapse_expired().await {
            Ok(_) => self.forget_keys().await,
            Err(error) => Err(error),
        };
        if let Err(error) = kept {
            tracing::error!(%error, "lapsed approvals and old keys cannot be ended");
        }
        self.clear_away_if_due();
    }

    /// Takes up what an earlier process left: its leases and its idempotency keys are
    /// free again. For a service that is alone on its database.
    ///
    /// # Errors
    /// The store's.
    pub async fn take_up(&self) -> Result<(), ServiceError> {
        self.store().free_jobs().await?;
        Ok(self.store().free_claims().await?)
    }
}

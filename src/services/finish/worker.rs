//! The worker: takes jobs that are due and finishes them side by side.

use time::{Duration, OffsetDateTime};
use tokio::task::{JoinError, JoinSet};

use crate::services::error::ServiceError;
use crate::services::office::Services;
use crate::services::ports::{Changes, Job, Write};

/// How many signatures are finished side by side.
const SIDE_BY_SIDE: u32 = 32;
/// How long nobody else takes a leased job: longer than any try lasts.
const LEASE: Duration = Duration::minutes(2);
/// How often it looks where nobody rings.
const PAUSE: std::time::Duration = std::time::Duration::from_secs(1);
/// How often what time ends is looked for.
const HOUSEKEEPING: std::time::Duration = std::time::Duration::from_secs(30);

/// A job that was tried, and whether its outcome was written.
type Tried = (Job, Result<(), ServiceError>);

/// What the store was to be told, and could not be.
#[derive(Debug, Default)]
pub(in crate::services) struct Untold {
    /// Ends of leases that may have been given.
    leases: Vec<OffsetDateTime>,
    /// Jobs that were tried.
    jobs: Vec<Job>,
}

impl Services {
    /// Finishes what is due now, and tells how many jobs were tried.
    ///
    /// # Errors
    /// The store's; the jobs stay.
    pub async fn finish_due(&self) -> Result<usize, ServiceError> {
        self.give_back().await?;
        let mut tried = 0;
        let mut running = JoinSet::new();
        let mut failure = None;
        loop {
            if failure.is_none() {
                match self.start_due(&mut running).await {
                    Ok(started) => tried += started,
                    // What is running goes on: dropped, it would keep its leases.
                    Err(error) => failure = Some(error),
                }
            }
            let room = failure.is_none() && running.len() < SIDE_BY_SIDE as usize;
            tokio::select! {
                finished = running.join_next() => match finished {
                    None => return failure.map_or(Ok(tried), Err),
                    Some(finished) => self.note(finished),
                },
                // What comes while others wait for their timestamps does not wait for them.
                () = self.due().notified(), if room => {}
            }
        }
    }

    /// Starts what is due, as far as there is room, and tells how much.
    async fn start_due(&self, running: &mut JoinSet<Tried>) -> Result<usize, ServiceError> {
        let room = SIDE_BY_SIDE.saturating_sub(running.len() as u32);
        let jobs = self.lease(room).await?;
        let started = jobs.len();
        for job in jobs {
            let services = self.clone();
            running.spawn(async move { (job.clone(), services.finish(job).await) });
        }
        Ok(started)
    }

    fn note(&self, finished: Result<Tried, JoinError>) {
        match finished {
            Ok((_, Ok(()))) => {}
            Ok((job, Err(error))) => {
                tracing::error!(document = %job.document, %error, "not finished");
                self.untold().jobs.push(job);
            }
            Err(error) => tracing::error!(%error, "a try ended by itself"),
        }
    }

    /// Makes jobs free again whose outcome could not be written, or whose lease may have
    /// been: the store was away, and its leases would hold them up after it came back. A
    /// job that was done after all ends at the next look.
    async fn give_back(&self) -> Result<(), ServiceError> {
        let Untold { leases, jobs } = std::mem::take(&mut *self.untold());
        let given = self.give(&leases, &jobs).await;
        if given.is_err() {
            let mut untold = self.untold();
            untold.leases.extend(leases);
            untold.jobs.extend(jobs);
        }
        given
    }

    async fn give(&self, leases: &[OffsetDateTime], jobs: &[Job]) -> Result<(), ServiceError> {
        for until in leases {
            self.store().free_lease(*until).await?;
        }
        for job in jobs {
            let due = self.now();
            let free = Write::SaveJob(Job { due, ..job.clone() });
            self.store().commit(Changes::new().with(free)).await?;
        }
        Ok(())
    }

    async fn lease(&self, limit: u32) -> Result<Vec<Job>, ServiceError> {
        let now = self.now();
        let until = now + LEASE;
        let leased = self.store().lease_jobs(now, until, limit).await;
        if leased.is_err() {
            // The answer may be what was lost.
            self.untold().leases.push(until);
        }
        Ok(leased?)
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

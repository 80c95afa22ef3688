//! The finish of a signature: timestamp, validation data, document timestamp,
//! self-check, release. It needs no signatory's key and is tried until it succeeds:
//! the job is as durable as the signature value, and goes when the file is released.
//!
//! Fail-closed: without a timestamp, without fresh revocation data, or with a file
//! that does not pass its self-check, nothing is released; the document says what it
//! waits for. Until the last commit nothing is lost by starting over: a timestamp
//! that was obtained and not used is only a timestamp more.

mod housekeeping;
mod self_check;
mod worker;

pub(super) use worker::Untold;

use time::Duration;

use super::error::ServiceError;
use super::fault;
use super::layout::Layout;
use super::levels::{LevelError, Levels};
use super::office::Services;
use super::ports::{BlobError, Changes, Job, StoreError, Write};
use super::replay;
use crate::domain::document::{Document, DocumentState};
use crate::domain::event::{Act, Actor, Event, Subject};
use crate::domain::permit_type::PermitType;
use crate::domain::revision::Revision;
use crate::domain::signing::Intent;
use crate::kernel::hash::Sha256;
use crate::kernel::pades::{BaselineB, Level, ToBeSigned};
use crate::kernel::pdf::signing::Prepared;
use crate::kernel::x509::Certificate;

/// The longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::minutes(5);

/// Why a signature is not finished yet.
#[derive(Debug, thiserror::Error)]
enum Unfinished {
    /// The level was not reached.
    #[error("{word}: {0}", word = level_word(.0))]
    Level(#[from] LevelError),
    /// The finished file does not pass.
    #[error("self_check: {0}")]
    SelfCheck(String),
    /// The world.
    #[error("service: {0}")]
    Service(#[from] ServiceError),
    /// What was stored does not fit together.
    #[error("stored: {0}")]
    Stored(String),
}

fn level_word(error: &LevelError) -> &'static str {
    match error {
        LevelError::Timestamp(_) => "timestamp",
        LevelError::Revocation(_) => "revocation",
        _ => "signature",
    }
}

impl From<StoreError> for Unfinished {
    fn from(error: StoreError) -> Self {
        Self::Service(error.into())
    }
}

impl From<BlobError> for Unfinished {
    fn from(error: BlobError) -> Self {
        Self::Service(error.into())
    }
}

/// A signature that can be finished, with all that it needs.
struct Work {
    document: Document,
    permit_type: PermitType,
    intent: Intent,
    layout: Layout,
    signer: Certificate,
    signature: BaselineB,
}

impl Services {
    /// Tries one job. It goes when the file is released; else it says what it waits
    /// for, and when it is tried again.
    pub(super) async fn finish(&self, job: Job) -> Result<(), ServiceError> {
        let outcome = match self.work(&job).await {
            Ok(Some(work)) => self.finish_work(work).await,
            Ok(None) => return self.end(&job).await,
            Err(unfinished) => Err(unfinished),
        };
        match outcome {
            Ok(()) => Ok(()),
            Err(unfinished) => self.wait(job, &unfinished).await,
        }
    }

    async fn end(&self, job: &Job) -> Result<(), ServiceError> {
        let changes = Changes::new().with(Write::EndJob(job.document));
        Ok(self.store().commit(changes).await?)
    }

    /// What is to be finished; nothing where it is done already.
    async fn work(&self, job: &Job) -> Result<Option<Work>, Unfinished> {
        let missing = |what: &str| Unfinished::Stored(format!("{what} is gone"));
        let document = self.store().document(&job.document).await?;
        let document = document.ok_or_else(|| missing("the document"))?;
        let DocumentState::Signed { intent, .. } = &document.state else {
            return Ok(None);
        };
        let intent = self.store().intent(intent).await?;
        let intent = intent.ok_or_else(|| missing("the intent"))?;
        let permit_type = self.permit_type_of(&document).await?;
        let layout = Layout::from_json(&intent.layout)
            .map_err(|error| Unfinished::Stored(error.to_string()))?;
        let (signature, signer) = self.signature(&intent, &layout).await?;
        Ok(Some(Work {
            document,
            permit_type,
            intent,
            layout,
            signer,
            signature,
        }))
    }

    /// The signature as the key phase left it, put together from what was stored.
    async fn signature(
        &self,
        intent: &Intent,
        layout: &Layout,
    ) -> Result<(BaselineB, Certificate), Unfinished> {
        let missing = |what: &str| Unfinished::Stored(format!("{what} is gone"));
        let stored = |error: &dyn std::fmt::Display| Unfinished::Stored(error.to_string());
        let store = self.store();
        let value = store.signature(&intent.place).await?;
        let value = value.ok_or_else(|| missing("the signature value"))?.value;
        let key = store.key_of_certificate(&intent.certificate).await?;
        let key = key.ok_or_else(|| missing("the certificate"))?;
        let signer = Certificate::parse(&key.certificate).map_err(|error| stored(&error))?;
        let chain: Result<Vec<_>, _> = key
            .chain
            .iter()
            .map(|der| Certificate::parse(der))
            .collect();
        let mut chain = chain.map_err(|error| stored(&error))?;
        chain.retain(|certificate| !certificate.is_self_issued());
        let bytes = self.blobs().read(&intent.prepared).await?;
        let prepared =
            Prepared::restore(bytes, layout.hole.clone()).map_err(|error| stored(&error))?;
        let to_be_signed = ToBeSigned::restore(prepared, &intent.signed_attributes, &signer)
            .map_err(|error| stored(&error))?;
        Ok((to_be_signed.with_signature(value, &signer, &chain), signer))
    }

    async fn finish_work(&self, work: Work) -> Result<(), Unfinished> {
        let Work {
            document,
            permit_type,
            intent,
            layout,
            signer,
            signature,
        } = work;
        let policy = self.policy();
        let levels = Levels {
            timestamps: &*self.ports().timestamps,
            revocation: &*self.ports().revocation,
            anchors: &policy.anchors,
            intermediates: &policy.intermediates,
            hash: policy.hash,
            limits: &policy.limits,
        };
        fault::point("timestamp.before");
        let bytes = levels.raise(signature, &signer, Level::BLta).await?;
        fault::point("timestamp.after");
        let sha256 = self.blobs().put(bytes).await?;
        fault::point("self_check.before");
        let (size, outcome) = self.check(&document, &layout, sha256).await?;
        let finished = Finished {
            sha256,
            size,
            outcome,
        };
        fault::point("release.before");
        self.release(document, &permit_type, &intent, finished)
            .await?;
        fault::point("release.after");
        Ok(())
    }

    /// Makes the file the document's newest: issued after its last signature.
    async fn release(
        &self,
        document: Document,
        permit_type: &PermitType,
        intent: &Intent,
        finished: Finished,
    ) -> Result<(), ServiceError> {
        let at = self.now();
        let Finished {
            sha256,
            size,
            outcome,
        } = finished;
        let id = document.id;
        let document = document.finish(sha256, permit_type, at)?;
        let issued = matches!(document.state, DocumentState::Issued(_));
        let event = Event::new(
            at,
            Actor::Service,
            Act::DocumentFinished,
            Subject::Document(id),
        )
        .with("intent", intent.id.to_string())
        .with("issued", issued)
        .with("sha256", sha256.to_string())
        .with(replay::VERDICT, outcome.verdict)
        .with(replay::LEVEL, outcome.level.unwrap_or_default());
        let mut changes = Changes::new()
            .with(Write::SaveDocument(Box::new(document)))
            .with(Write::EndJob(id))
            .event(&event, &*self.ports().entropy)?;
        if issued {
            let revision = Revision {
                document: id,
                ordinal: 0,
                sha256,
                size,
                at,
            };
            changes = changes.with(Write::AddRevision(revision));
        }
        Ok(self.store().commit(changes).await?)
    }

    async fn wait(&self, job: Job, unfinished: &Unfinished) -> Result<(), ServiceError> {
        let why = unfinished.to_string();
        tracing::warn!(document = %job.document, tries = job.tries, why, "a signature waits");
        let tries = job.tries.saturating_add(1);
        let wait = Duration::seconds(1 << job.tries.min(16)).min(LONGEST_WAIT);
        let job = Job {
            tries,
            waiting_for: Some(why),
            due: self.now() + wait,
            ..job
        };
        Ok(self
            .store()
            .commit(Changes::new().with(Write::SaveJob(job)))
            .await?)
    }
}

/// A file that passed its self-check.
struct Finished {
    sha256: Sha256,
    size: u64,
    /// What it is released as: a replay years later is held against it.
    outcome: replay::Outcome,
}

//! What is durable before the key is used: prepared bytes, approval, intents,
//! attempts; and after it, the signature values.

use tokio::task::JoinSet;

use super::ask::preparation;
use super::key::{Recorded, Signed};
use super::prepare::{Candidate, NewOrKnown};
use super::{Approved, Approver, Outcomes};
use crate::domain::approval::{Approval, ApprovalState, Evidence};
use crate::domain::document::Document;
use crate::domain::event::{Act, Actor, Event, Subject};
use crate::domain::ids::{AttemptId, DocumentId, IntentId};
use crate::domain::signing::{Attempt, Intent, StoredSignature};
use crate::services::change::saved;
use crate::services::error::ServiceError;
use crate::services::fault;
use crate::services::office::Services;
use crate::services::once::Held;
use crate::services::ports::{Changes, CommitError, Job, Write};

impl Services {
    /// Makes everything durable that must be before the key is used. Where someone
    /// else changed a document meanwhile, none is signed: the caller may ask again.
    /// `forgiven`: wrong passphrases came before the right one, and are forgotten now.
    pub(super) async fn record(
        &self,
        approver: &Approver<'_>,
        candidates: Vec<Candidate>,
        forgiven: bool,
        outcomes: &mut Outcomes,
    ) -> Result<Vec<Recorded>, ServiceError> {
        let candidates = self.put_prepared(candidates, outcomes).await?;
        let at = self.now();
        let approval = self.given(approver, &candidates, at)?;
        let mut changes = Changes::new()
            .with(Write::RequireGood(approver.certificate_id()))
            .with(Write::SaveApproval(Box::new(approval.0.clone())))
            .event(&given_event(&approval.0), &*self.ports().entropy)?;
        if forgiven {
            changes = changes.with(Write::EndLockout(approver.person.id));
        }
        let mut recorded = Vec::with_capacity(candidates.len());
        for (candidate, id) in candidates.into_iter().zip(approval.1) {
            let is_new = matches!(candidate.intent, NewOrKnown::New(_));
            let (document, intent) = candidate.into_intent(id, approver, approval.0.id, at);
            let one = self.recorded(document, intent, &approval.0)?;
            changes = changes.and(self.attempt_changes(&one, is_new)?);
            recorded.push(Recorded {
                document: saved(&one.document),
                ..one
            });
        }
        fault::point("intent.before");
        self.store().commit(changes).await?;
        fault::point("intent.after");
        Ok(recorded)
    }

    /// Stores prepared bytes side by side: their fsyncs overlap.
    pub(super) async fn put_prepared(
        &self,
        candidates: Vec<Candidate>,
        outcomes: &mut Outcomes,
    ) -> Result<Vec<Candidate>, ServiceError> {
        let mut puts = JoinSet::new();
        for mut candidate in candidates {
            let services = self.clone();
            puts.spawn(async move {
                let put = match &mut candidate.intent {
                    // What comes after needs their hash alone.
                    NewOrKnown::New(composed) => {
                        let bytes = std::mem::take(&mut composed.bytes);
                        services.blobs().put(bytes).await.map(drop)
                    }
                    NewOrKnown::Known(_) => Ok(()),
                };
                (candidate, put)
            });
        }
        let mut stored = Vec::new();
        while let Some(done) = puts.join_next().await {
            let (candidate, put) =
                done.map_err(|error| ServiceError::Internal(error.to_string()))?;
            match put {
                Ok(()) => stored.push(candidate),
                Err(error) => outcomes.refuse(candidate.document.id, error.into()),
            }
        }
        Ok(stored)
    }

    /// The approval over these digests, given; and the ids of their intents.
    fn given(
        &self,
        approver: &Approver<'_>,
        candidates: &[Candidate],
        at: time::OffsetDateTime,
    ) -> Result<(Approval, Vec<IntentId>), ServiceError> {
        let (asked, ids) = self.asked(approver, candidates, at)?;
        fault::point("approve.before");
        let evidence = Evidence::Passphrase {
            via: approver.via.to_owned(),
        };
        Ok((asked.give(at, evidence)?, ids))
    }

    fn recorded(
        &self,
        document: Document,
        intent: Intent,
        approval: &Approval,
    ) -> Result<Recorded, ServiceError> {
        let preparation = preparation(approval, intent.id);
        let attempt = Attempt {
            id: AttemptId::new(approval.asked, self.random()?),
            intent: intent.id,
            approval: Some(approval.id),
            at: approval.asked,
        };
        Ok(Recorded {
            document: document.prepare(preparation)?,
            intent,
            attempt,
        })
    }

    pub(super) fn attempt_changes(
        &self,
        one: &Recorded,
        is_new: bool,
    ) -> Result<Changes, ServiceError> {
        let subject = Subject::Document(one.document.id);
        let actor = Actor::Person(one.intent.signatory);
        let event = Event::new(one.attempt.at, actor, Act::AttemptStarted, subject)
            .with("attempt", one.attempt.id.to_string())
            .with("certificate", one.intent.certificate.to_string())
            .with("digest", hex::encode(&one.intent.digest))
            .with("intent", one.intent.id.to_string())
            .with("prepared", one.intent.prepared.to_string());
        let event = match one.intent.right.mandate() {
            Some(mandate) => event.with("mandate", mandate.id.to_string()),
            None => event,
        };
        let mut changes = Changes::new();
        if is_new {
            changes = changes.with(Write::AddIntent(Box::new(one.intent.clone())));
        }
        let changes = changes
            .with(Write::AddAttempt(one.attempt.clone()))
            .with(Write::SaveDocument(Box::new(one.document.clone())));
        Ok(changes.event(&event, &*self.ports().entropy)?)
    }

    /// Stores every signature value with the answer to the call, in one commit, and gives
    /// up what the key refused. Until then nothing else happens to any of the values.
    pub(super) async fn store_signatures(
        &self,
        signed: Vec<Signed>,
        held: &Held,
        mut outcomes: Outcomes,
    ) -> Result<Vec<Approved>, ServiceError> {
        let mut values = Vec::with_capacity(signed.len());
        for one in signed {
            let id = one.recorded.document.id;
            match self.value(one).await {
                Ok(value) => values.push(value),
                Err(error) => outcomes.refuse(id, error),
            }
        }
        fault::point("signature.before");
        let list = if values.is_empty() {
            outcomes.into_list()?
        } else {
            self.store_values(values, held, outcomes).await?
        };
        fault::point("signature.after");
        Ok(list)
    }

    async fn store_values(
        &self,
        values: Vec<Value>,
        held: &Held,
        mut outcomes: Outcomes,
    ) -> Result<Vec<Approved>, ServiceError> {
        let mut all = Changes::new();
        for value in &values {
            all = all.and(value.changes.clone());
            outcomes.sign(value.document.clone());
        }
        let list = outcomes.list();
        match self.store().commit(held.answer(all, &list)?).await {
            Ok(()) => Ok(list),
            // One of them was changed by someone else, or the call's claim was lost: that
            // is no reason to lose the other values.
            Err(CommitError::Stale(_) | CommitError::Breaks(_)) => {
                self.store_apart(values, held, outcomes).await
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Stores each value by itself, then the answer.
    async fn store_apart(
        &self,
        values: Vec<Value>,
        held: &Held,
        mut outcomes: Outcomes,
    ) -> Result<Vec<Approved>, ServiceError> {
        for value in values {
            if let Err(error) = self.store().commit(value.changes).await {
                outcomes.refuse(value.document.id, error.into());
            }
        }
        let list = outcomes.into_list()?;
        let answer = held.answer(Changes::new(), &list)?;
        if answer.writes().is_empty() {
            return Ok(list);
        }
        match self.store().commit(answer).await {
            // Who took the claim over answers under it; the signatures stand.
            Ok(()) | Err(CommitError::Stale(_)) => Ok(list),
            Err(error) => Err(error.into()),
        }
    }

    /// What is written of one signature; where the key gave none, its document is ready
    /// again.
    async fn value(&self, signed: Signed) -> Result<Value, ServiceError> {
        let Recorded {
            document,
            intent,
            attempt,
        } = signed.recorded;
        let value = match signed.value {
            Ok(value) => value,
            Err(refusal) => return Err(self.give_up(document, refusal).await),
        };
        let at = self.now();
        let signature = StoredSignature {
            place: intent.place.clone(),
            intent: intent.id,
            attempt: attempt.id,
            value,
            at,
        };
        let job = Job {
            document: document.id,
            tries: 0,
            waiting_for: None,
            due: at,
        };
        let event = stored_event(document.id, &intent, &signature);
        let document = document.sign(intent.id, at)?;
        let changes = Changes::new()
            .with(Write::AddSignature(signature))
            .with(Write::SaveDocument(Box::new(document.clone())))
            .with(Write::SaveJob(job))
            .event(&event, &*self.ports().entropy)?;
        let document = saved(&document);
        Ok(Value { document, changes })
    }

    /// The key did not sign: the document is ready again. After a lost reply it is
    /// not, since a value may exist: the same bytes may be signed again until the
    /// preparation lapses.
    async fn give_up(&self, document: Document, refusal: super::key::Refusal) -> ServiceError {
        if !refusal.value_may_exist
            && let Err(error) = self.lapse(document, &refusal.reason).await
        {
            return error;
        }
        ServiceError::Unavailable(refusal.reason)
    }

    async fn lapse(&self, document: Document, reason: &str) -> Result<(), ServiceError> {
        let at = self.now();
        let subject = Subject::Document(document.id);
        let event =
            Event::new(at, Actor::Service, Act::ApprovalLapsed, subject).with("reason", reason);
        let changes = Changes::new()
            .with(Write::SaveDocument(Box::new(document.lapse(at)?)))
            .event(&event, &*self.ports().entropy)?;
        Ok(self.store().commit(changes).await?)
    }
}

/// A signature value on its way to being stored.
struct Value {
    /// The document once it is.
    document: Document,
    changes: Changes,
}

pub(super) fn given_event(approval: &Approval) -> Event {
    let actor = Actor::Person(approval.signatory);
    let documents: Vec<String> = approval
        .entries
        .iter()
        .map(|entry| entry.document.to_string())
        .collect();
    let (at, method, credential) = match &approval.state {
        ApprovalState::Given { at, evidence } => match evidence {
            Evidence::Passphrase { .. } => (*at, "passphrase", None),
            Evidence::Passkey(passkey) => (*at, "passkey", Some(passkey.credential.to_string())),
        },
        ApprovalState::Asked => (approval.asked, "none", None),
    };
    let subject = Subject::Person(approval.signatory);
    let event = Event::new(at, actor, Act::ApprovalGiven, subject)
        .with("approval", approval.id.to_string())
        .with("challenge", approval.challenge().to_string())
        .with("documents", documents)
        .with("method", method);
    match credential {
        Some(credential) => event.with("credential", credential),
        None => event,
    }
}

fn stored_event(document: DocumentId, intent: &Intent, signature: &StoredSignature) -> Event {
    let actor = Actor::Person(intent.signatory);
    let value = crate::kernel::hash::Sha256::of(&signature.value).to_string();
    Event::new(
        signature.at,
        actor,
        Act::SignatureStored,
        Subject::Document(document),
    )
    .with("attempt", signature.attempt.to_string())
    .with("intent", intent.id.to_string())
    .with("value_sha256", value)
}

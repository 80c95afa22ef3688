//! Tiered review, and the gates that permit systems report.

use serde::{Deserialize, Serialize};

use super::administration::Caller;
use super::error::ServiceError;
use super::office::Services;
use super::once::{Done, Once};
use super::ports::{Changes, Write};
use crate::domain::accounts::{Client, Person, Role};
use crate::domain::document::Document;
use crate::domain::event::{Act, Event, Subject};
use crate::domain::gate::MetGate;
use crate::domain::ids::DocumentId;
use crate::domain::permit_type::GateName;
use crate::domain::review::{Decision, Review};
use crate::kernel::hash::Sha256;

/// A tier's decision as it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewRequest {
    /// The tier, counted from one.
    pub tier: u8,
    /// The decision.
    pub decision: Decision,
    /// The SHA-256 of the file that was read.
    pub sha256: Sha256,
    /// Why; needed for a return or a rejection.
    #[serde(default)]
    pub reason: Option<String>,
}

impl Services {
    /// Records one tier's decision.
    ///
    /// # Errors
    /// When it does not count: see [`crate::domain::document::ReviewError`].
    pub async fn review(
        &self,
        reviewer: &Person,
        id: &DocumentId,
        request: &ReviewRequest,
        once: Option<Once>,
    ) -> Result<Done<Document>, ServiceError> {
        if !reviewer.is(Role::Reviewer) {
            return Err(ServiceError::Forbidden("only reviewers review".to_owned()));
        }
        let caller = Caller::Person(reviewer.clone());
        let review = Review {
            tier: request.tier,
            reviewer: reviewer.id,
            sha256: request.sha256,
            decision: request.decision,
            reason: request.reason.clone(),
            at: self.now(),
        };
        self.once(once, async |held| {
            self.change(&caller, id, held, |document, permit_type| {
                let reviewed = document.review(review.clone(), permit_type)?;
                let changes = Changes::new()
                    .with(Write::AddReview(*id, review.clone()))
                    .event(&review_event(*id, &caller, &review), &*self.ports().entropy)?;
                Ok((reviewed, changes))
            })
            .await
        })
        .await
    }

    /// Records a gate as met. Reporting it again changes nothing.
    ///
    /// # Errors
    /// When the permit type has no such gate, or the document does not wait any more.
    pub async fn meet_gate(
        &self,
        client: &Client,
        id: &DocumentId,
        name: &GateName,
        proof: &str,
        once: Option<Once>,
    ) -> Result<Done<Document>, ServiceError> {
        let caller = Caller::from(client);
        let gate = MetGate {
            name: name.clone(),
            reported_by: client.id,
            proof: proof.to_owned(),
            at: self.now(),
        };
        self.once(once, async |held| {
            self.change(&caller, id, held, |document, permit_type| {
                if !permit_type.gates.contains(name) {
                    return Err(ServiceError::NotFound("gate"));
                }
                let known = document.gates.iter().any(|met| met.name == *name);
                let met = document.meet_gate(gate.clone(), permit_type)?;
                let changes = Changes::new();
                if known {
                    return Ok((met, changes));
                }
                let changes = changes
                    .with(Write::AddGate(*id, gate.clone()))
                    .event(&gate_event(*id, &caller, &gate), &*self.ports().entropy)?;
                Ok((met, changes))
            })
            .await
        })
        .await
    }
}

fn review_event(id: DocumentId, caller: &Caller, review: &Review) -> Event {
    let decision = match review.decision {
        Decision::Approve => "approve",
        Decision::Return => "return",
        Decision::Reject => "reject",
    };
    let event = Event::new(
        review.at,
        caller.actor(),
        Act::DocumentReviewed,
        Subject::Document(id),
    )
    .with("decision", decision)
    .with("sha256", review.sha256.to_string())
    .with("tier", i64::from(review.tier));
    match &review.reason {
        Some(reason) => event.with("reason", reason.as_str()),
        None => event,
    }
}

fn gate_event(id: DocumentId, caller: &Caller, gate: &MetGate) -> Event {
    Event::new(gate.at, caller.actor(), Act::GateMet, Subject::Document(id))
        .with("name", gate.name.as_str())
        .with("proof", gate.proof.as_str())
}

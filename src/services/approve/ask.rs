//! Approval with a passkey, the first call: which documents, which bytes, which challenge. What is
//! asked for is durable before anyone sees it, and what is given later is that and nothing else.

use super::prepare::{Candidate, NewOrKnown};
use super::{Approved, Approver, Outcomes};
use crate::domain::accounts::Person;
use crate::domain::approval::{Approval, ApprovalEntry, ApprovalState};
use crate::domain::document::Preparation;
use crate::domain::event::{Act, Actor, Event, Subject};
use crate::domain::ids::{ApprovalId, DocumentId, IntentId};
use crate::services::error::ServiceError;
use crate::services::office::Services;
use crate::services::ports::{Changes, Write};

/// The door that the record of the approval names.
const VIA: &str = "console";

/// An approval that is asked for.
#[derive(Debug)]
pub struct Question {
    /// What is asked.
    pub approval: Approval,
    /// The documents that cannot be signed, and why.
    pub refused: Vec<Approved>,
}

impl Services {
    /// Asks a signatory to approve documents that he has read. One that cannot be signed does not
    /// hold up the others.
    ///
    /// # Errors
    /// He has not read them; or none can be signed, with the reason of the first.
    pub async fn ask_approval(
        &self,
        person: &Person,
        documents: &[DocumentId],
    ) -> Result<Question, ServiceError> {
        let approver = self.approver(person, VIA).await?;
        self.require_read(person, documents).await?;
        let (mine, busy) = self.approving().enter(documents);
        let mut outcomes = Outcomes::new(documents);
        for id in busy {
            outcomes.refuse(id, ServiceError::InFlight);
        }
        let candidates = self.prepare(&approver, mine.ids(), &mut outcomes).await?;
        let candidates = self.put_prepared(candidates, &mut outcomes).await?;
        if candidates.is_empty() {
            outcomes.into_list()?;
            return Err(ServiceError::NotFound("document"));
        }
        let at = self.now();
        let (approval, ids) = self.asked(&approver, &candidates, at)?;
        let changes = self.asked_changes(&approver, candidates, &approval, ids)?;
        self.store().commit(changes).await?;
        let mut refused = outcomes.list();
        refused.retain(|one| one.refused.is_some());
        Ok(Question { approval, refused })
    }

    /// The approval over these digests, asked for; and the ids of their intents.
    pub(super) fn asked(
        &self,
        approver: &Approver<'_>,
        candidates: &[Candidate],
        at: time::OffsetDateTime,
    ) -> Result<(Approval, Vec<IntentId>), ServiceError> {
        let mut entries = Vec::with_capacity(candidates.len());
        for candidate in candidates {
            let intent = match &candidate.intent {
                NewOrKnown::Known(intent) => intent.id,
                NewOrKnown::New(_) => IntentId::new(at, self.random()?),
            };
            entries.push(ApprovalEntry {
                document: candidate.document.id,
                submitted: candidate.document.submitted.sha256,
                intent,
                digest: candidate.digest().to_vec(),
            });
        }
        let ids = entries.iter().map(|entry| entry.intent).collect();
        let certificate = approver.key.fingerprint();
        let asked = Approval {
            id: ApprovalId::new(at, self.random()?),
            signatory: approver.person.id,
            key: certificate.as_bytes().to_vec(),
            certificate,
            nonce: self.random()?,
            asked: at,
            expires: at + self.policy().approval_lifetime,
            entries,
            state: ApprovalState::Asked,
        };
        Ok((asked, ids))
    }

    fn asked_changes(
        &self,
        approver: &Approver<'_>,
        candidates: Vec<Candidate>,
        approval: &Approval,
        ids: Vec<IntentId>,
    ) -> Result<Changes, ServiceError> {
        let mut changes = Changes::new()
            .with(Write::RequireGood(approver.certificate_id()))
            .with(Write::SaveApproval(Box::new(approval.clone())))
            .event(&asked_event(approval), &*self.ports().entropy)?;
        for (candidate, id) in candidates.into_iter().zip(ids) {
            let is_new = matches!(candidate.intent, NewOrKnown::New(_));
            let (document, intent) =
                candidate.into_intent(id, approver, approval.id, approval.asked);
            let document = document.prepare(preparation(approval, intent.id))?;
            if is_new {
                changes = changes.with(Write::AddIntent(Box::new(intent)));
            }
            changes = changes.with(Write::SaveDocument(Box::new(document)));
        }
        Ok(changes)
    }
}

/// What an approval makes of each of its documents.
pub(super) fn preparation(approval: &Approval, intent: IntentId) -> Preparation {
    Preparation {
        since: approval.asked,
        intent,
        approval: approval.id,
        expires: approval.expires,
    }
}

fn asked_event(approval: &Approval) -> Event {
    let signatory = approval.signatory;
    let documents: Vec<String> = approval
        .entries
        .iter()
        .map(|entry| entry.document.to_string())
        .collect();
    let (actor, subject) = (Actor::Person(signatory), Subject::Person(signatory));
    Event::new(approval.asked, actor, Act::ApprovalAsked, subject)
        .with("approval", approval.id.to_string())
        .with("challenge", approval.challenge().to_string())
        .with("documents", documents)
}

//! A signatory gives a document back, or refuses the permit, instead of signing it.

use crate::domain::accounts::Person;
use crate::domain::document::{Document, Ended};
use crate::domain::event::{Act, Actor, Event, Subject};
use crate::domain::ids::DocumentId;
use crate::kernel::hash::Sha256;
use crate::services::administration::Caller;
use crate::services::error::ServiceError;
use crate::services::office::Services;
use crate::services::once::{Done, Once};
use crate::services::ports::Changes;

use super::Duty;

/// How a document leaves a signatory's desk unsigned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Back to who submitted it, to be mended and sent as a new version.
    Return,
    /// The permit is refused.
    Reject,
}

impl Services {
    /// Gives a document back, or refuses the permit: an act of who may sign it.
    ///
    /// # Errors
    /// When he may not sign it, was shown another file, gives no reason, or it is signed.
    pub async fn refuse_to_sign(
        &self,
        person: &Person,
        id: &DocumentId,
        (refusal, shown): (Refusal, Sha256),
        reason: &str,
        once: Option<Once>,
    ) -> Result<Done<Document>, ServiceError> {
        if reason.trim().is_empty() {
            return Err(ServiceError::Reason);
        }
        let task = self.dossier(person, id).await?.task;
        if !task.is_some_and(|task| matches!(task.duty, Duty::Sign { .. })) {
            let said = "only who may sign this document now gives it back here";
            return Err(ServiceError::Forbidden(said.to_owned()));
        }
        let at = self.now();
        let caller = Caller::Person(person.clone());
        let ended = Ended {
            at,
            by: Some(person.id),
            reason: reason.trim().to_owned(),
        };
        let decision = match refusal {
            Refusal::Return => "return",
            Refusal::Reject => "reject",
        };
        let event = Event::new(
            at,
            Actor::Person(person.id),
            Act::DocumentReturned,
            Subject::Document(*id),
        )
        .with("decision", decision)
        .with("reason", ended.reason.as_str())
        .with("sha256", shown.to_string());
        self.once(once, async |held| {
            self.change(&caller, id, held, |document, _| {
                // The version that he was shown, or none.
                document.affirm(person.id, shown, at)?;
                let ended = match refusal {
                    Refusal::Return => document.give_back(ended.clone())?,
                    Refusal::Reject => document.reject(ended.clone())?,
                };
                let changes = Changes::new().event(&event, &*self.ports().entropy)?;
                Ok((ended, changes))
            })
            .await
        })
        .await
    }
}

//! What the office decides about a permit after it was issued.

use super::administration::Caller;
use super::error::ServiceError;
use super::office::Services;
use super::once::{Done, Once};
use super::ports::Changes;
use crate::domain::document::{Decided, Document};
use crate::domain::event::{Act, Event, Subject};
use crate::domain::ids::DocumentId;

/// A decision about an issued permit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StatusChange {
    /// Out of force for a time.
    Suspend {
        /// Why.
        reason: String,
    },
    /// In force again.
    Resume {
        /// Why.
        reason: String,
    },
    /// Another document takes its place.
    Supersede {
        /// That document: issued, and of the same client.
        successor: DocumentId,
        /// Why.
        reason: String,
    },
    /// Out of force for good.
    Cancel {
        /// Why.
        reason: String,
    },
}

impl StatusChange {
    fn reason(&self) -> &str {
        match self {
            Self::Suspend { reason }
            | Self::Resume { reason }
            | Self::Supersede { reason, .. }
            | Self::Cancel { reason } => reason,
        }
    }

    fn act(&self) -> Act {
        match self {
            Self::Suspend { .. } => Act::PermitSuspended,
            Self::Resume { .. } => Act::PermitResumed,
            Self::Supersede { .. } => Act::PermitSuperseded,
            Self::Cancel { .. } => Act::PermitCancelled,
        }
    }
}

impl Services {
    /// Changes the status of an issued permit.
    ///
    /// # Errors
    /// When the permit's status does not allow it, a reason is missing, or the
    /// successor is not an issued document of the same client.
    pub async fn change_status(
        &self,
        caller: &Caller,
        id: &DocumentId,
        change: StatusChange,
        once: Option<Once>,
    ) -> Result<Done<Document>, ServiceError> {
        if !caller.may_decide() {
            let refusal = "only the client that submitted it, or an administrator, decides this";
            return Err(ServiceError::Forbidden(refusal.to_owned()));
        }
        if change.reason().trim().is_empty() {
            return Err(ServiceError::Reason);
        }
        let at = self.now();
        self.once(once, async |held| {
            self.check_successor(caller, id, &change).await?;
            self.change(caller, id, held, |document, _| {
                let changed = apply(document, &change, at)?;
                let event = event(*id, caller, &change, at);
                Ok((
                    changed,
                    Changes::new().event(&event, &*self.ports().entropy)?,
                ))
            })
            .await
        })
        .await
    }

    async fn check_successor(
        &self,
        caller: &Caller,
        id: &DocumentId,
        change: &StatusChange,
    ) -> Result<(), ServiceError> {
        let StatusChange::Supersede { successor, .. } = change else {
            return Ok(());
        };
        let document = self.visible(caller, id).await?;
        let successor = self.visible(caller, successor).await?;
        if successor.client == document.client && successor.permit_status(self.today()).is_some() {
            Ok(())
        } else {
            Err(ServiceError::Exists(
                "the successor is not an issued document".to_owned(),
            ))
        }
    }
}

fn apply(
    document: Document,
    change: &StatusChange,
    at: time::OffsetDateTime,
) -> Result<Document, ServiceError> {
    let decided = Decided {
        at,
        reason: change.reason().to_owned(),
    };
    Ok(match change {
        StatusChange::Suspend { .. } => document.suspend(decided)?,
        StatusChange::Resume { .. } => document.resume()?,
        StatusChange::Supersede { successor, .. } => document.supersede(*successor, decided)?,
        StatusChange::Cancel { .. } => document.cancel(decided)?,
    })
}

fn event(
    id: DocumentId,
    caller: &Caller,
    change: &StatusChange,
    at: time::OffsetDateTime,
) -> Event {
    let event = Event::new(at, caller.actor(), change.act(), Subject::Document(id))
        .with("reason", change.reason());
    match change {
        StatusChange::Supersede { successor, .. } => event.with("successor", successor.to_string()),
        _ => event,
    }
}

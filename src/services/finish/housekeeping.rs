//! What time ends: preparations whose approval lapsed, and idempotency keys that
//! nobody will repeat any more.

use time::Duration;

use crate::domain::document::{Document, DocumentState};
use crate::domain::event::{Act, Actor, Event, Subject};
use crate::services::error::ServiceError;
use crate::services::office::Services;
use crate::services::ports::{Changes, CommitError, DocumentFilter, Write};

/// How long the answer to an idempotency key is kept.
const KEYS_KEPT: Duration = Duration::days(7);
/// Documents looked at in one pass.
const PAGE: u32 = 500;

impl Services {
    /// Makes documents ready again whose approval was asked for and lapsed. Tells how
    /// many.
    ///
    /// # Errors
    /// The store's.
    pub async fn lapse_expired(&self) -> Result<usize, ServiceError> {
        let prepared = DocumentFilter {
            state: Some("prepared".to_owned()),
            limit: PAGE,
            ..DocumentFilter::default()
        };
        let mut lapsed = 0;
        for document in self.store().documents(&prepared).await? {
            lapsed += usize::from(self.lapse_if_expired(document).await?);
        }
        Ok(lapsed)
    }

    async fn lapse_if_expired(&self, document: Document) -> Result<bool, ServiceError> {
        let at = self.now();
        let DocumentState::Prepared(preparation) = &document.state else {
            return Ok(false);
        };
        if preparation.stands(at) {
            return Ok(false);
        }
        let subject = Subject::Document(document.id);
        let event = Event::new(at, Actor::Service, Act::ApprovalLapsed, subject)
            .with("approval", preparation.approval.to_string());
        let changes = Changes::new()
            .with(Write::SaveDocument(Box::new(document.lapse(at)?)))
            .event(&event, &*self.ports().entropy)?;
        match self.store().commit(changes).await {
            Ok(()) => Ok(true),
            // Signed, or prepared anew, in this very moment.
            Err(CommitError::Stale(_)) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Forgets idempotency keys of long ago.
    ///
    /// # Errors
    /// The store's.
    pub async fn forget_keys(&self) -> Result<(), ServiceError> {
        Ok(self.store().forget_claims(self.now() - KEYS_KEPT).await?)
    }
}

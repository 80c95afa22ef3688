//! "I have read it", and that nothing joins a batch of the console without.

use crate::domain::accounts::{Person, Role};
use crate::domain::event::{Act, Actor, Event, Subject};
use crate::domain::ids::DocumentId;
use crate::domain::reading::Reading;
use crate::kernel::hash::Sha256;
use crate::services::error::ServiceError;
use crate::services::office::Services;
use crate::services::ports::{Changes, Write};

impl Services {
    /// Records that a person has read the file that he was shown. Saying it again changes
    /// nothing.
    ///
    /// # Errors
    /// When he was shown another file, nothing is left to decide, or he neither reviews
    /// nor signs.
    pub async fn affirm_reading(
        &self,
        person: &Person,
        id: &DocumentId,
        shown: Sha256,
    ) -> Result<Reading, ServiceError> {
        if !person.is(Role::Reviewer) && !person.is(Role::Signatory) {
            let refusal = "only who reviews or signs affirms to have read";
            return Err(ServiceError::Forbidden(refusal.to_owned()));
        }
        let document = self.store().document(id).await?;
        let document = document.ok_or(ServiceError::NotFound("document"))?;
        let reading = document.affirm(person.id, shown, self.now())?;
        let known = self.store().readings(&person.id, &[*id]).await?;
        if let Some(known) = known.into_iter().find(|one| one.covers(&document)) {
            return Ok(known);
        }
        let subject = Subject::Document(*id);
        let actor = Actor::Person(person.id);
        let event = Event::new(reading.at, actor, Act::DocumentRead, subject)
            .with("sha256", reading.sha256.to_string());
        let changes = Changes::new()
            .with(Write::AddReading(reading.clone()))
            .event(&event, &*self.ports().entropy)?;
        self.store().commit(changes).await?;
        Ok(reading)
    }

    /// Asks that a person has read each of these documents in its present version: the
    /// console asks no approval without.
    ///
    /// # Errors
    /// Which he has not.
    pub async fn require_read(
        &self,
        person: &Person,
        documents: &[DocumentId],
    ) -> Result<(), ServiceError> {
        let readings = self.store().readings(&person.id, documents).await?;
        let mut unread = Vec::new();
        for id in documents {
            let document = self.store().document(id).await?;
            let document = document.ok_or(ServiceError::NotFound("document"))?;
            if !readings.iter().any(|one| one.covers(&document)) {
                unread.push(document.metadata.number);
            }
        }
        if unread.is_empty() {
            return Ok(());
        }
        Err(ServiceError::Unread(unread))
    }
}

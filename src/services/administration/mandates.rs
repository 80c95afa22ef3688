//! Mandates: recorded with the decree that gives them, ended before their time.

use time::OffsetDateTime;

use super::{Administration, AdministrationError};
use crate::domain::accounts::Role;
use crate::domain::event::{Act, Actor, Event, Subject};
use crate::domain::ids::{MandateId, PersonId};
use crate::domain::mandate::{Mandate, MandateKind, Scope};
use crate::services::ports::Write;

/// A mandate to be recorded.
#[derive(Debug, Clone)]
pub struct NewMandate {
    /// Under which title it is used.
    pub kind: MandateKind,
    /// The number of the decree that gives it.
    pub decree: String,
    /// Whose right to sign it passes on.
    pub grantor: PersonId,
    /// Who holds it.
    pub holder: PersonId,
    /// Which permit types it covers.
    pub scope: Scope,
    /// From when it is in force.
    pub from: OffsetDateTime,
    /// The first moment at which it is no longer in force.
    pub until: OffsetDateTime,
}

impl Administration {
    /// Records a mandate.
    ///
    /// # Errors
    /// It has no decree or no duration, or names people who may not sign.
    pub async fn add_mandate(
        &self,
        actor: Actor,
        new: NewMandate,
    ) -> Result<Mandate, AdministrationError> {
        let rule = |text: &str| AdministrationError::Rule(text.to_owned());
        if new.decree.trim().is_empty() {
            return Err(rule("a mandate rests on a decree: give its number"));
        }
        if new.from >= new.until {
            return Err(rule("a mandate ends after it begins"));
        }
        if new.grantor == new.holder {
            return Err(rule("nobody gives a mandate to himself"));
        }
        self.person(new.grantor).await?;
        if !self.person(new.holder).await?.is(Role::Signatory) {
            return Err(rule("a mandate's holder is a signatory who may act"));
        }
        let mandate = Mandate {
            id: MandateId::new(self.now(), self.random()?),
            kind: new.kind,
            decree: new.decree,
            grantor: new.grantor,
            holder: new.holder,
            scope: new.scope,
            from: new.from,
            until: new.until,
            revoked_at: None,
        };
        self.save_mandate(actor, &mandate).await?;
        Ok(mandate)
    }

    /// Ends a mandate now.
    ///
    /// # Errors
    /// There is no such mandate, or it has ended.
    pub async fn end_mandate(
        &self,
        actor: Actor,
        id: MandateId,
    ) -> Result<Mandate, AdministrationError> {
        let mandates = self.store.mandates().await?;
        let mandate = mandates.into_iter().find(|mandate| mandate.id == id);
        let mandate = mandate.ok_or_else(|| AdministrationError::unknown("mandate", &id))?;
        let now = self.now();
        if mandate.revoked_at.is_some() || mandate.until <= now {
            return Err(AdministrationError::Rule(
                "the mandate has ended".to_owned(),
            ));
        }
        let mandate = Mandate {
            revoked_at: Some(now),
            ..mandate
        };
        self.save_mandate(actor, &mandate).await?;
        Ok(mandate)
    }

    /// All mandates, newest first.
    ///
    /// # Errors
    /// The store's.
    pub async fn mandates(&self) -> Result<Vec<Mandate>, AdministrationError> {
        Ok(self.store.mandates().await?)
    }

    async fn save_mandate(
        &self,
        actor: Actor,
        mandate: &Mandate,
    ) -> Result<(), AdministrationError> {
        let event = Event::new(
            self.now(),
            actor,
            Act::MandateSaved,
            Subject::Mandate(mandate.id),
        )
        .with("grantor", mandate.grantor.to_string())
        .with("holder", mandate.holder.to_string())
        .with("decree", mandate.decree.as_str())
        .with("ended", mandate.revoked_at.is_some());
        self.write(Write::SaveMandate(mandate.clone()), &event)
            .await
    }
}

//! Signatories' keys: enrolled with their certificate.

use super::{Administration, AdministrationError};
use crate::domain::accounts::Role;
use crate::domain::event::{Act, Actor, Event, Subject};
use crate::services::ports::{KeyRecord, Write};

impl Administration {
    /// Puts a signatory's key and certificate in use; the former ones end.
    ///
    /// # Errors
    /// The person is not there, or no signatory.
    pub async fn enrol_key(&self, actor: Actor, key: KeyRecord) -> Result<(), AdministrationError> {
        let person = self.person(key.person).await?;
        if !person.is(Role::Signatory) {
            let refusal = format!("{} is no signatory who may act", person.name);
            return Err(AdministrationError::Rule(refusal));
        }
        let event = Event::new(
            self.now(),
            actor,
            Act::KeyEnrolled,
            Subject::Person(person.id),
        )
        .with("certificate", key.fingerprint().to_string())
        .with("kind", key.kind.as_str());
        self.write(Write::SaveKey(key), &event).await
    }
}

//! Permit types: laid down whole, checked against who is there.

use std::collections::HashSet;

use super::{Administration, AdministrationError};
use crate::domain::accounts::Role;
use crate::domain::event::{Act, Actor, Event, Subject};
use crate::domain::ids::PersonId;
use crate::domain::permit_type::{PermitType, PermitTypeCode};
use crate::services::ports::Write;

impl Administration {
    /// Lays a permit type down, or changes it. Documents that are under way keep
    /// what they have passed.
    ///
    /// # Errors
    /// It asks for no signature, repeats a field, or names people who may not act.
    pub async fn save_permit_type(
        &self,
        actor: Actor,
        permit_type: &PermitType,
    ) -> Result<(), AdministrationError> {
        check_signatures(permit_type)?;
        for slot in &permit_type.signatures {
            self.check_people(&slot.signatories, Role::Signatory)
                .await?;
        }
        for tier in &permit_type.tiers {
            self.check_people(&tier.reviewers, Role::Reviewer).await?;
        }
        let subject = Subject::PermitType(permit_type.code.to_string());
        let event = Event::new(self.now(), actor, Act::PermitTypeSaved, subject)
            .with("active", permit_type.active);
        let write = Write::SavePermitType(Box::new(permit_type.clone()));
        self.write(write, &event).await
    }

    /// All permit types, by code.
    ///
    /// # Errors
    /// The store's.
    pub async fn permit_types(&self) -> Result<Vec<PermitType>, AdministrationError> {
        Ok(self.store.permit_types().await?)
    }

    /// One permit type.
    ///
    /// # Errors
    /// There is none of this code.
    pub async fn permit_type(
        &self,
        code: &PermitTypeCode,
    ) -> Result<PermitType, AdministrationError> {
        let permit_type = self.store.permit_type(code).await?;
        permit_type.ok_or_else(|| AdministrationError::unknown("permit type", code))
    }

    async fn check_people(
        &self,
        people: &[PersonId],
        role: Role,
    ) -> Result<(), AdministrationError> {
        if people.is_empty() {
            return Err(AdministrationError::Rule(format!(
                "every tier and every signature names at least one {}",
                role.name()
            )));
        }
        for id in people {
            let person = self.person(*id).await?;
            if !person.is(role) {
                return Err(AdministrationError::Rule(format!(
                    "{} is no {} who may act",
                    person.name,
                    role.name()
                )));
            }
        }
        Ok(())
    }
}

fn check_signatures(permit_type: &PermitType) -> Result<(), AdministrationError> {
    let rule = |text: &str| Err(AdministrationError::Rule(text.to_owned()));
    if permit_type.signatures.is_empty() {
        return rule("a permit type asks for at least one signature");
    }
    let mut fields = HashSet::new();
    if !permit_type
        .signatures
        .iter()
        .all(|slot| fields.insert(&slot.field))
    {
        return rule("every signature has a field of its own");
    }
    if permit_type.name.trim().is_empty() {
        return rule("a permit type has a name");
    }
    Ok(())
}

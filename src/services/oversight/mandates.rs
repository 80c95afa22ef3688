//! Who may sign now, permit type by permit type, in his own right or by a mandate.

use time::OffsetDateTime;

use crate::domain::accounts::{Person, Role};
use crate::domain::mandate::{Mandate, SigningRight};
use crate::domain::permit_type::{PermitType, PermitTypeCode};
use crate::services::error::ServiceError;
use crate::services::office::Services;

/// Who may give one signature of a permit type now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MayNow {
    /// The type's code.
    pub code: PermitTypeCode,
    /// Its name.
    pub name: String,
    /// The office that is printed.
    pub office: String,
    /// The people, those in their own right first. None: nobody can sign this now.
    pub people: Vec<MaySign>,
}

/// A person who may sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaySign {
    /// His name.
    pub name: String,
    /// By what right.
    pub right: SigningRight,
    /// Whether he has a key that can sign.
    pub has_key: bool,
}

impl Services {
    /// Who may sign now: every signature of every type in use.
    ///
    /// # Errors
    /// The store's.
    pub async fn may_sign_now(&self) -> Result<Vec<MayNow>, ServiceError> {
        let mandates = self.store().mandates().await?;
        let people = self.store().people().await?;
        let mut able = Vec::new();
        for person in people.into_iter().filter(|one| one.is(Role::Signatory)) {
            let has_key = self.key_standing(&person).await?.can_sign();
            able.push((person, has_key));
        }
        let now = self.now();
        let types = self.store().permit_types().await?;
        let types = types.iter().filter(|one| one.active);
        Ok(types
            .flat_map(|one| of_type(one, &able, &mandates, now))
            .collect())
    }
}

fn of_type(
    permit_type: &PermitType,
    able: &[(Person, bool)],
    mandates: &[Mandate],
    now: OffsetDateTime,
) -> Vec<MayNow> {
    let slots = permit_type.signatures.iter();
    slots
        .map(|slot| {
            let found = able.iter().filter_map(|(person, has_key)| {
                let code = &permit_type.code;
                let right = SigningRight::find(person.id, slot, code, mandates, now).ok()?;
                Some(MaySign {
                    name: person.name.clone(),
                    right,
                    has_key: *has_key,
                })
            });
            let mut people: Vec<MaySign> = found.collect();
            people.sort_by_key(|one| one.right.mandate().is_some());
            MayNow {
                code: permit_type.code.clone(),
                name: permit_type.name.clone(),
                office: slot.office.clone(),
                people,
            }
        })
        .collect()
}

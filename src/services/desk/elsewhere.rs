//! What waits for others, counted, and who must act.

use time::OffsetDateTime;

use crate::domain::accounts::Person;
use crate::domain::ids::PersonId;
use crate::domain::mandate::Mandate;
use crate::domain::permit_type::{GateName, PermitType, PermitTypeCode};
use crate::services::error::ServiceError;
use crate::services::office::Services;
use crate::services::ports::Backlog;

/// Documents of one type that wait at one point for someone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    /// The type's code.
    pub code: PermitTypeCode,
    /// Its name.
    pub name: String,
    /// What they wait for.
    pub stop: Stop,
    /// The people who may act; none where it is no person's turn.
    pub who: Vec<String>,
    /// How many they are.
    pub documents: u64,
    /// The last moment that is in time for the oldest of them.
    pub deadline: OffsetDateTime,
}

/// Where documents wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// For a tier's review.
    Review {
        /// The tier, counted from one.
        tier: u8,
        /// What it is called.
        name: String,
    },
    /// For what the permit system must report.
    Gates(Vec<GateName>),
    /// For a signature.
    Signature {
        /// The office that is printed.
        office: String,
    },
    /// For timestamps and revocation data.
    Finish,
}

impl Services {
    /// What waits for others than this person, what is due first at the head.
    ///
    /// # Errors
    /// The store's.
    pub async fn elsewhere(&self, person: &Person) -> Result<Vec<Elsewhere>, ServiceError> {
        let permit_types = self.store().permit_types().await?;
        let mandates = self.store().mandates().await?;
        let people = self.store().people().await?;
        let now = self.now();
        let mut found = Vec::new();
        for backlog in self.store().backlog().await? {
            let of = permit_types
                .iter()
                .find(|one| one.code == backlog.permit_type);
            let Some(of) = of else {
                continue;
            };
            let (stop, mut ids) = stop(&backlog, of);
            ids.extend(holders(&mandates, &ids, &of.code, now));
            if ids.contains(&person.id) {
                continue;
            }
            found.push(Elsewhere {
                code: of.code.clone(),
                name: of.name.clone(),
                stop,
                who: named(&people, &ids),
                documents: backlog.documents,
                deadline: of
                    .service_class
                    .deadline(backlog.oldest, self.policy().zone),
            });
        }
        found.sort_by_key(|one| one.deadline);
        Ok(found)
    }
}

/// Where they wait, and who may act there in his own right.
fn stop(backlog: &Backlog, of: &PermitType) -> (Stop, Vec<PersonId>) {
    if backlog.state == "signed" {
        return (Stop::Finish, Vec::new());
    }
    if matches!(backlog.state.as_str(), "ready" | "prepared") {
        let slot = of.signatures.get(usize::from(backlog.signatures));
        let office = slot.map(|slot| slot.office.clone()).unwrap_or_default();
        let who = slot.map(|slot| slot.signatories.clone());
        return (Stop::Signature { office }, who.unwrap_or_default());
    }
    match of.tiers.get(usize::from(backlog.reviews)) {
        Some(tier) => {
            let name = tier.name.clone();
            let tier_number = backlog.reviews.saturating_add(1);
            let stop = Stop::Review {
                tier: tier_number,
                name,
            };
            (stop, tier.reviewers.clone())
        }
        None => (Stop::Gates(of.gates.clone()), Vec::new()),
    }
}

/// Who may act for these people by a mandate that is in force.
fn holders(
    mandates: &[Mandate],
    grantors: &[PersonId],
    code: &PermitTypeCode,
    at: OffsetDateTime,
) -> Vec<PersonId> {
    mandates
        .iter()
        .filter(|one| grantors.contains(&one.grantor) && one.in_force(at) && one.covers(code))
        .map(|one| one.holder)
        .collect()
}

fn named(people: &[Person], ids: &[PersonId]) -> Vec<String> {
    let acting = people
        .iter()
        .filter(|person| person.active && ids.contains(&person.id));
    acting.map(|person| person.name.clone()).collect()
}

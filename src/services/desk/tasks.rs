//! A person's tasks: reviews of his tiers, signatures that he may give.

use std::collections::BTreeMap;

use time::OffsetDateTime;

use super::{Duty, Task};
use crate::domain::accounts::{Person, Role};
use crate::domain::document::{Document, DocumentState};
use crate::domain::ids::DocumentId;
use crate::domain::mandate::{Mandate, SigningRight};
use crate::domain::permit_type::{PermitType, PermitTypeCode};
use crate::services::error::ServiceError;
use crate::services::office::Services;
use crate::services::ports::Turn;

/// What a desk holds at most of each turn.
const MOST: u32 = 500;

/// What a person may be asked to do, as far as permit types and mandates say.
pub(super) struct Duties<'a> {
    person: &'a Person,
    permit_types: &'a [PermitType],
    mandates: Vec<Mandate>,
    people: Vec<Person>,
    at: OffsetDateTime,
}

impl Duties<'_> {
    /// The turns that may be his, each with the types for which it is.
    fn turns(&self) -> Vec<(Turn, Vec<PermitTypeCode>)> {
        let mut reviews: BTreeMap<u8, Vec<PermitTypeCode>> = BTreeMap::new();
        let mut signatures: BTreeMap<u8, Vec<PermitTypeCode>> = BTreeMap::new();
        for one in self.permit_types {
            for (number, tier) in (1..).zip(&one.tiers) {
                if self.person.is(Role::Reviewer) && tier.reviewers.contains(&self.person.id) {
                    reviews.entry(number).or_default().push(one.code.clone());
                }
            }
            for (number, slot) in (0..).zip(&one.signatures) {
                if self.person.is(Role::Signatory)
                    && SigningRight::find(self.person.id, slot, &one.code, &self.mandates, self.at)
                        .is_ok()
                {
                    signatures.entry(number).or_default().push(one.code.clone());
                }
            }
        }
        let reviews = reviews
            .into_iter()
            .map(|(tier, types)| (Turn::Review(tier), types));
        let signatures = signatures
            .into_iter()
            .map(|(slot, types)| (Turn::Signature(slot), types));
        reviews.chain(signatures).collect()
    }

    /// What he is to do with a document whose turn may be his; nothing where it names
    /// another signatory.
    pub(super) fn duty(&self, document: &Document, turn: Turn) -> Option<Duty> {
        let code = &document.metadata.permit_type;
        let permit_type = self.permit_types.iter().find(|one| one.code == *code)?;
        match turn {
            Turn::Review(tier) => {
                let place = permit_type.tiers.get(usize::from(tier).checked_sub(1)?)?;
                place
                    .reviewers
                    .contains(&self.person.id)
                    .then(|| Duty::Review {
                        tier,
                        name: place.name.clone(),
                    })
            }
            Turn::Signature(number) => {
                let slot = permit_type.signatures.get(usize::from(number))?;
                let slot = slot.narrowed(document.metadata.signatory.as_deref(), &self.people);
                let right =
                    SigningRight::find(self.person.id, &slot, code, &self.mandates, self.at);
                Some(Duty::Sign {
                    right: right.ok()?,
                    office: slot.office,
                })
            }
        }
    }
}

impl Services {
    pub(super) async fn duties<'a>(
        &self,
        person: &'a Person,
        permit_types: &'a [PermitType],
        at: OffsetDateTime,
    ) -> Result<Duties<'a>, ServiceError> {
        Ok(Duties {
            person,
            permit_types,
            mandates: self.store().mandates_of(&person.id).await?,
            people: self.store().people().await?,
            at,
        })
    }

    /// The person's tasks, and whether there are more than these.
    pub(super) async fn tasks_of(
        &self,
        person: &Person,
        permit_types: &[PermitType],
        at: OffsetDateTime,
    ) -> Result<(Vec<Task>, bool), ServiceError> {
        let duties = self.duties(person, permit_types, at).await?;
        let mut tasks = Vec::new();
        let mut more = false;
        for (turn, types) in duties.turns() {
            let waiting = self.store().waiting(turn, &types, MOST).await?;
            more |= waiting.len() >= MOST as usize;
            for document in waiting {
                if let Some(duty) = duties.duty(&document, turn) {
                    tasks.push(self.task(document, duty, permit_types));
                }
            }
        }
        self.mark_read(person, &mut tasks).await?;
        Ok((tasks, more))
    }

    pub(super) fn task(&self, document: Document, duty: Duty, permit_types: &[PermitType]) -> Task {
        let code = &document.metadata.permit_type;
        let of = permit_types.iter().find(|one| one.code == *code);
        let submitted = document.submitted.at;
        let deadline = of.map_or(submitted, |one| {
            one.service_class.deadline(submitted, self.policy().zone)
        });
        Task {
            since: since(&document),
            deadline,
            read: false,
            document,
            duty,
        }
    }

    pub(super) async fn mark_read(
        &self,
        person: &Person,
        tasks: &mut [Task],
    ) -> Result<(), ServiceError> {
        let ids: Vec<DocumentId> = tasks.iter().map(|task| task.document.id).collect();
        let readings = self.store().readings(&person.id, &ids).await?;
        for task in tasks {
            task.read = readings.iter().any(|one| one.covers(&task.document));
        }
        Ok(())
    }
}

/// Since when a document waits for whoever's turn it is: the last review, or its state.
fn since(document: &Document) -> OffsetDateTime {
    match &document.state {
        DocumentState::InReview { since } => document.reviews.last().map_or(*since, |last| last.at),
        DocumentState::Submitted { since }
        | DocumentState::Ready { since }
        | DocumentState::Signed { since, .. } => *since,
        DocumentState::Prepared(preparation) => preparation.since,
        DocumentState::Returned(ended) | DocumentState::Rejected(ended) => ended.at,
        DocumentState::Issued(issue) => issue.at,
    }
}

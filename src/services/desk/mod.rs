//! The desk: what waits for a person, until when, and what waits for others.
//!
//! A person's tasks are the reviews of his tiers and the signatures that he may give in
//! his own right or by a mandate that is in force. The three-hour service comes first,
//! then what is due first. What he may do is asked again when he does it.

mod dossier;
mod elsewhere;
mod pages;
mod reading;
mod returning;
mod tasks;

pub use dossier::{Difference, Dossier, Former, Reviewed};
pub use elsewhere::{Elsewhere, Stop};
pub use pages::{Pages, Picture, Width};
pub use returning::Refusal;

use time::OffsetDateTime;

use super::error::ServiceError;
use super::office::Services;
use crate::domain::accounts::Person;
use crate::domain::document::Document;
use crate::domain::ids::DocumentId;
use crate::domain::mandate::SigningRight;
use crate::domain::permit_type::{PermitType, PermitTypeCode, ServiceClass};
use crate::domain::service_clock::Left;

/// What a person finds on his desk.
#[derive(Debug, Clone)]
pub struct Desk {
    /// His tasks by permit type, the most urgent first.
    pub groups: Vec<Group>,
    /// Whether there are more than are shown.
    pub more: bool,
    /// When it was looked at.
    pub at: OffsetDateTime,
}

/// The tasks of one permit type, the most urgent first.
#[derive(Debug, Clone)]
pub struct Group {
    /// The type's code.
    pub code: PermitTypeCode,
    /// Its name.
    pub name: String,
    /// How fast it must be served.
    pub class: ServiceClass,
    /// What is to be done.
    pub tasks: Vec<Task>,
}

/// One document that waits for a person.
#[derive(Debug, Clone)]
pub struct Task {
    /// The document.
    pub document: Document,
    /// What he is to do.
    pub duty: Duty,
    /// Since when it waits for this.
    pub since: OffsetDateTime,
    /// The last moment that is in time.
    pub deadline: OffsetDateTime,
    /// Whether he affirmed to have read this version.
    pub read: bool,
}

/// What a person is to do with a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Duty {
    /// To review it.
    Review {
        /// The tier, counted from one.
        tier: u8,
        /// What the tier is called.
        name: String,
    },
    /// To approve its signature.
    Sign {
        /// By what right.
        right: SigningRight,
        /// The office that is printed.
        office: String,
    },
}

impl Duty {
    /// Whether it is a signature.
    #[must_use]
    pub fn is_signature(&self) -> bool {
        matches!(self, Self::Sign { .. })
    }
}

impl Task {
    /// What is left of its time.
    #[must_use]
    pub fn left(&self, now: OffsetDateTime) -> Left {
        Left::of(self.deadline, now)
    }
}

impl Desk {
    /// All tasks, in their order.
    pub fn tasks(&self) -> impl Iterator<Item = &Task> {
        self.groups.iter().flat_map(|group| &group.tasks)
    }

    /// How many tasks there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.tasks().count()
    }

    /// The tasks before and after a document's, where it is one of them.
    #[must_use]
    pub fn neighbours(&self, document: &DocumentId) -> (Option<&Task>, Option<&Task>) {
        let tasks: Vec<&Task> = self.tasks().collect();
        let Some(at) = tasks.iter().position(|task| task.document.id == *document) else {
            return (None, tasks.first().copied());
        };
        let before = at.checked_sub(1).and_then(|before| tasks.get(before));
        (before.copied(), tasks.get(at + 1).copied())
    }
}

impl Services {
    /// What waits for a person.
    ///
    /// # Errors
    /// The store's.
    pub async fn desk(&self, person: &Person) -> Result<Desk, ServiceError> {
        let permit_types = self.store().permit_types().await?;
        let at = self.now();
        let (tasks, more) = self.tasks_of(person, &permit_types, at).await?;
        Ok(Desk {
            groups: grouped(tasks, &permit_types),
            more,
            at,
        })
    }
}

/// By permit type: three-hour services first, then what is due first.
fn grouped(mut tasks: Vec<Task>, permit_types: &[PermitType]) -> Vec<Group> {
    tasks.sort_by_key(|task| (task.deadline, task.document.id));
    let mut groups: Vec<Group> = Vec::new();
    for task in tasks {
        let code = &task.document.metadata.permit_type;
        if let Some(group) = groups.iter_mut().find(|group| group.code == *code) {
            group.tasks.push(task);
            continue;
        }
        let Some(of) = permit_types.iter().find(|one| one.code == *code) else {
            continue;
        };
        groups.push(Group {
            code: of.code.clone(),
            name: of.name.clone(),
            class: of.service_class,
            tasks: vec![task],
        });
    }
    // Stable: within a class the groups stay in the order of what is due first.
    groups.sort_by_key(|group| group.class != ServiceClass::ThreeHours);
    groups
}

//! One document with all that a person weighs before he decides: who reviewed it,
//! which gates are met, and how it differs from the last permit of its type.

use std::collections::BTreeSet;

use time::OffsetDateTime;

use super::{Task, tasks::Duties};
use crate::domain::accounts::Person;
use crate::domain::document::{Document, DocumentState, Waiting};
use crate::domain::gate::MetGate;
use crate::domain::ids::{DocumentId, PersonId};
use crate::domain::permit_type::{GateName, PermitType};
use crate::domain::review::Review;
use crate::kernel::hash::Sha256;
use crate::services::administration::Caller;
use crate::services::error::ServiceError;
use crate::services::office::Services;
use crate::services::ports::Turn;
use crate::services::view::View;

/// A document as it lies before a person.
#[derive(Debug, Clone)]
pub struct Dossier {
    /// The document and its type.
    pub view: View,
    /// What the person is to do with it now.
    pub task: Option<Task>,
    /// The last moment that is in time.
    pub deadline: OffsetDateTime,
    /// Its reviews, with names.
    pub reviews: Vec<Reviewed>,
    /// What must be met before it is signed, each with what met it.
    pub gates: Vec<(GateName, Option<MetGate>)>,
    /// The client that submitted it.
    pub client: String,
    /// When this person affirmed to have read this version.
    pub read_at: Option<OffsetDateTime>,
    /// The last permit of its type, and how this one differs.
    pub former: Option<Former>,
    /// Earlier versions of the same number.
    pub versions: Vec<Document>,
    /// When it was looked at.
    pub at: OffsetDateTime,
}

/// A review with the reviewer's name.
#[derive(Debug, Clone)]
pub struct Reviewed {
    /// The review.
    pub review: Review,
    /// Who decided.
    pub name: String,
}

/// The permit of the same type that was issued last.
#[derive(Debug, Clone)]
pub struct Former {
    /// The document.
    pub document: Document,
    /// What is not as it was there.
    pub differences: Vec<Difference>,
}

/// One thing that is not as in the last permit of the type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// A data element that it did not have.
    FieldAdded(String),
    /// A data element that it had.
    FieldMissing(String),
    /// The file's length: then, now.
    Size(u64, u64),
    /// Who signs: then, now.
    Signatory(String, String),
    /// It had a last day, or has one now: whether it has one now.
    ValidUntil(bool),
    /// The number of pages: then, now.
    Pages(usize, usize),
}

impl Services {
    /// A document as it lies before a person of the office.
    ///
    /// # Errors
    /// There is none such, or the store's.
    pub async fn dossier(&self, person: &Person, id: &DocumentId) -> Result<Dossier, ServiceError> {
        let caller = Caller::Person(person.clone());
        let document = self.visible(&caller, id).await?;
        let view = self.view(document).await?;
        let (document, permit_type) = (&view.document, &view.permit_type);
        let at = self.now();
        let types = std::slice::from_ref(permit_type);
        let duties = self.duties(person, types, at).await?;
        let readings = self.store().readings(&person.id, &[*id]).await?;
        let read = readings.iter().find(|one| one.covers(document));
        let task = self.own_task(document, permit_type, &duties, read.is_some());
        let client = self.store().client(&document.client).await?;
        Ok(Dossier {
            task,
            deadline: permit_type
                .service_class
                .deadline(document.submitted.at, self.policy().zone),
            reviews: self.reviewed(document).await?,
            gates: gates(document, permit_type),
            client: client.map(|client| client.name).unwrap_or_default(),
            read_at: read.map(|one| one.at),
            former: self.former(document).await?,
            versions: self.other_versions(document).await?,
            at,
            view,
        })
    }

    fn own_task(
        &self,
        document: &Document,
        permit_type: &PermitType,
        duties: &Duties<'_>,
        read: bool,
    ) -> Option<Task> {
        let turn = match document.waiting_for(permit_type)? {
            Waiting::Review(tier) => Turn::Review(tier),
            Waiting::Approval => Turn::Signature(document.signatures),
            Waiting::Gate(_) | Waiting::Finish => return None,
        };
        let duty = duties.duty(document, turn)?;
        let types = std::slice::from_ref(permit_type);
        Some(Task {
            read,
            ..self.task(document.clone(), duty, types)
        })
    }

    async fn reviewed(&self, document: &Document) -> Result<Vec<Reviewed>, ServiceError> {
        let mut found = Vec::with_capacity(document.reviews.len());
        for review in &document.reviews {
            found.push(Reviewed {
                review: review.clone(),
                name: self.name_of(&review.reviewer).await?,
            });
        }
        Ok(found)
    }

    pub(super) async fn name_of(&self, person: &PersonId) -> Result<String, ServiceError> {
        let person = self.store().person(person).await?;
        Ok(person.map(|person| person.name).unwrap_or_default())
    }

    async fn other_versions(&self, document: &Document) -> Result<Vec<Document>, ServiceError> {
        let number = &document.metadata.number;
        let versions = self.store().documents_by_number(&document.client, number);
        let mut versions = versions.await?;
        versions.retain(|other| other.id != document.id);
        Ok(versions)
    }

    async fn former(&self, document: &Document) -> Result<Option<Former>, ServiceError> {
        let code = &document.metadata.permit_type;
        let before = document.submitted.at;
        let Some(former) = self.store().last_issued(code, before).await? else {
            return Ok(None);
        };
        let mut differences = differences(&former, document);
        differences.extend(self.other_pages(&former, document).await);
        differences.extend(self.other_signatory(&former, document).await?);
        Ok(Some(Former {
            document: former,
            differences,
        }))
    }

    /// Where the document names its signatory, and another one signed the last.
    async fn other_signatory(
        &self,
        former: &Document,
        document: &Document,
    ) -> Result<Option<Difference>, ServiceError> {
        let Some(wanted) = &document.metadata.signatory else {
            return Ok(None);
        };
        let signed = self.store().signatures(&former.id).await?;
        let Some(first) = signed.first() else {
            return Ok(None);
        };
        let people = self.store().people().await?;
        let now = people.iter().find(|person| person.is_called(wanted));
        let intent = self.store().intent(&first.intent).await?;
        let then = intent.and_then(|one| people.iter().find(|who| who.id == one.signatory));
        Ok(match (then, now) {
            (Some(then), Some(now)) if then.id != now.id => {
                Some(Difference::Signatory(then.name.clone(), now.name.clone()))
            }
            _ => None,
        })
    }

    /// Where both files can be looked at, and one has more pages.
    async fn other_pages(&self, former: &Document, document: &Document) -> Option<Difference> {
        let then = self.page_count(&former.submitted.sha256).await?;
        let now = self.page_count(&document.submitted.sha256).await?;
        (then != now).then_some(Difference::Pages(then, now))
    }

    async fn page_count(&self, file: &Sha256) -> Option<usize> {
        let outline = self.outline(file, None).await.ok()?;
        Some(outline.pages.len())
    }
}

fn gates(document: &Document, permit_type: &PermitType) -> Vec<(GateName, Option<MetGate>)> {
    let met = |name: &GateName| document.gates.iter().find(|met| met.name == *name);
    permit_type
        .gates
        .iter()
        .map(|name| (name.clone(), met(name).cloned()))
        .collect()
}

/// What the metadata of two permits of a type tells apart. Values differ from permit to
/// permit; which of them there are should not.
fn differences(former: &Document, document: &Document) -> Vec<Difference> {
    let names =
        |of: &Document| -> BTreeSet<String> { of.metadata.fields.keys().cloned().collect() };
    let (then, now) = (names(former), names(document));
    let mut found: Vec<Difference> = now
        .difference(&then)
        .cloned()
        .map(Difference::FieldAdded)
        .collect();
    found.extend(then.difference(&now).cloned().map(Difference::FieldMissing));
    let ends = |of: &Document| of.metadata.valid_until.is_some();
    if ends(former) != ends(document) {
        found.push(Difference::ValidUntil(ends(document)));
    }
    let (then, now) = (former.submitted.size, document.submitted.size);
    if then.abs_diff(now) > then / 4 {
        found.push(Difference::Size(then, now));
    }
    found
}

impl Dossier {
    /// Whether it can still be decided about: returned, signed and issued ones are only
    /// shown.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(
            self.view.document.state,
            DocumentState::Submitted { .. }
                | DocumentState::InReview { .. }
                | DocumentState::Ready { .. }
                | DocumentState::Prepared(_)
        )
    }
}

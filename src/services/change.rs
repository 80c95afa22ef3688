//! Reading a document, changing it, and storing it unless it was changed meanwhile.

use super::administration::Caller;
use super::error::ServiceError;
use super::office::Services;
use super::once::Held;
use super::ports::{Changes, CommitError, Write};
use crate::domain::document::Document;
use crate::domain::ids::DocumentId;
use crate::domain::permit_type::PermitType;

/// How often a change is tried again on what is there now.
const TRIES: u8 = 8;

impl Services {
    /// A document that the caller may see.
    pub(super) async fn visible(
        &self,
        caller: &Caller,
        id: &DocumentId,
    ) -> Result<Document, ServiceError> {
        let document = self.store().document(id).await?;
        document
            .filter(|document| caller.sees(document))
            .ok_or(ServiceError::NotFound("document"))
    }

    pub(super) async fn permit_type_of(
        &self,
        document: &Document,
    ) -> Result<PermitType, ServiceError> {
        let code = &document.metadata.permit_type;
        let found = self.store().permit_type(code).await?;
        found.ok_or_else(|| ServiceError::Internal(format!("the permit type {code} is gone")))
    }

    /// Changes a document. `change` gives the changed document and what is written
    /// beside it; it is asked again where someone else was faster.
    pub(super) async fn change(
        &self,
        caller: &Caller,
        id: &DocumentId,
        held: &Held,
        change: impl Fn(Document, &PermitType) -> Result<(Document, Changes), ServiceError>,
    ) -> Result<Document, ServiceError> {
        for _ in 0..TRIES {
            let document = self.visible(caller, id).await?;
            let permit_type = self.permit_type_of(&document).await?;
            let (changed, beside) = change(document, &permit_type)?;
            let changes = beside.with(Write::SaveDocument(Box::new(changed.clone())));
            let changes = held.answer(changes, &saved(&changed))?;
            match self.store().commit(changes).await {
                Ok(()) => return Ok(saved(&changed)),
                Err(CommitError::Stale("the document")) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(ServiceError::Contended)
    }
}

/// The document as the store has it after a save.
pub(super) fn saved(document: &Document) -> Document {
    Document {
        generation: document.generation.saturating_add(1),
        ..document.clone()
    }
}

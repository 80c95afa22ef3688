//! What callers see of documents: state, files, lists.

use super::administration::Caller;
use super::error::ServiceError;
use super::office::Services;
use super::ports::{DocumentFilter, Job};
use crate::domain::document::{Document, DocumentState, PermitStatus, Waiting};
use crate::domain::ids::DocumentId;
use crate::domain::permit_type::PermitType;
use crate::kernel::hash::Sha256;

/// A document with what it waits for.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// The document.
    pub document: Document,
    /// Its type.
    pub permit_type: PermitType,
    /// What it waits for, as the external contract says it.
    pub waiting_for: Option<String>,
    /// The permit's status, once it is issued.
    pub permit_status: Option<PermitStatus>,
}

impl Services {
    /// A document that the caller may see.
    ///
    /// # Errors
    /// The store's.
    pub async fn document(
        &self,
        caller: &Caller,
        id: &DocumentId,
    ) -> Result<Option<View>, ServiceError> {
        let document = self.store().document(id).await?;
        match document.filter(|document| caller.sees(document)) {
            Some(document) => Ok(Some(self.view(document).await?)),
            None => Ok(None),
        }
    }

    /// A document as it is seen.
    ///
    /// # Errors
    /// The store's.
    pub async fn view(&self, document: Document) -> Result<View, ServiceError> {
        let mut view = self.view_as_left(document).await?;
        if matches!(view.document.state, DocumentState::Signed { .. }) {
            let job = self.store().job(&view.document.id).await?;
            view.waiting_for = Some(finishing(job));
        }
        Ok(view)
    }

    /// A document as an act left it, without what has happened to it since.
    ///
    /// # Errors
    /// The store's.
    pub async fn view_as_left(&self, document: Document) -> Result<View, ServiceError> {
        let permit_type = self.permit_type_of(&document).await?;
        let waiting_for = document.waiting_for(&permit_type);
        let waiting_for = waiting_for.map(|waiting| in_words(&waiting));
        let permit_status = document.permit_status(self.today());
        Ok(View {
            document,
            permit_type,
            waiting_for,
            permit_status,
        })
    }

    /// A page of documents, newest first: a client's own, or all for the office's
    /// people.
    ///
    /// # Errors
    /// The store's.
    pub async fn documents(
        &self,
        caller: &Caller,
        filter: DocumentFilter,
    ) -> Result<Vec<Document>, ServiceError> {
        let filter = match caller {
            Caller::Client(client) => DocumentFilter {
                client: Some(client.id),
                ..filter
            },
            Caller::Person(_) => filter,
        };
        Ok(self.store().documents(&filter).await?)
    }

    /// The document's file: what was submitted until it is issued, the newest issued
    /// revision from then on. Nothing that carries a QR code leaves before.
    ///
    /// # Errors
    /// When there is no such document, or its file is damaged.
    pub async fn file(&self, caller: &Caller, id: &DocumentId) -> Result<Vec<u8>, ServiceError> {
        let document = self.visible(caller, id).await?;
        let shown = self.shown_file(&document).await?;
        Ok(self.blobs().read(&shown).await?)
    }

    /// The name of the file that leaves the service.
    pub(super) async fn shown_file(&self, document: &Document) -> Result<Sha256, ServiceError> {
        let released = self.store().revisions(&document.id).await?;
        let newest = released.last().map(|revision| revision.sha256);
        Ok(newest.unwrap_or(document.submitted.sha256))
    }

    /// How many documents are in each state.
    ///
    /// # Errors
    /// The store's.
    pub async fn count_by_state(&self) -> Result<Vec<(String, u64)>, ServiceError> {
        Ok(self.store().count_by_state().await?)
    }
}

fn in_words(waiting: &Waiting) -> String {
    match waiting {
        Waiting::Review(tier) => format!("review:{tier}"),
        Waiting::Gate(name) => format!("gate:{name}"),
        Waiting::Approval => "approval".to_owned(),
        Waiting::Finish => "finish".to_owned(),
    }
}

fn finishing(job: Option<Job>) -> String {
    let why = job.and_then(|job| job.waiting_for);
    why.unwrap_or_else(|| in_words(&Waiting::Finish))
}

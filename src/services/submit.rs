//! Submission: a permit's PDF and what is said about it come in.
//!
//! The file is inspected before anything is stored; what cannot be signed later is
//! refused now, the place of the signature block and the pages of further QR codes
//! included. A newer version of a number takes the place of the unsigned ones before
//! it: those are returned, and their reviews with them.

use super::error::ServiceError;
use super::office::Services;
use super::once::{Done, Held, Once};
use super::ports::{Changes, CommitError, Constraint, Write};
use crate::domain::accounts::{Client, Role};
use crate::domain::document::{Document, Ended, Submission, SubmittedFile};
use crate::domain::event::{Act, Actor, Event, Subject};
use crate::domain::ids::DocumentId;
use crate::domain::metadata::{Metadata, MetadataError};
use crate::domain::permit_type::PermitType;
use crate::kernel::code::DocumentCode;
use crate::kernel::hash::Sha256;
use crate::kernel::pdf::Limits;
use crate::kernel::pdf::intake::inspect;
use crate::kernel::pdf::placement::{self, Placement};

/// How often a submission is tried again beside others of the same number.
const TRIES: u8 = 8;

impl Services {
    /// Takes a document in.
    ///
    /// # Errors
    /// What is wrong with file or metadata, or that its number and version are taken.
    pub async fn submit(
        &self,
        client: &Client,
        file: Vec<u8>,
        metadata: Metadata,
        once: Option<Once>,
    ) -> Result<Done<Document>, ServiceError> {
        self.once(once, async |held| {
            self.take_in(client, file, metadata, held).await
        })
        .await
    }

    async fn take_in(
        &self,
        client: &Client,
        file: Vec<u8>,
        metadata: Metadata,
        held: &Held,
    ) -> Result<Document, ServiceError> {
        let permit_type = self.submittable(client, &metadata).await?;
        self.check_signatory(&metadata, &permit_type).await?;
        let file = self.admit(file, &metadata, &permit_type).await?;
        // What is taken already is refused before its file is stored; the register's own
        // rule decides where two come at once.
        self.check_number(client, &metadata).await?;
        let size = file.len() as u64;
        let sha256 = self.blobs().put(file).await?;
        let submitted = SubmittedFile {
            sha256,
            size,
            at: self.now(),
        };
        for _ in 0..TRIES {
            let document = self.new_document(client, metadata.clone(), submitted, &permit_type)?;
            let changes = self.replacing(&document).await?;
            let changes = changes
                .with(Write::AddDocument(Box::new(document.clone())))
                .event(&submitted_event(&document), &*self.ports().entropy)?;
            match self.store().commit(held.answer(changes, &document)?).await {
                Ok(()) => return Ok(document),
                Err(
                    CommitError::Stale("the document")
                    | CommitError::Breaks(Constraint::DocumentCode),
                ) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(ServiceError::Contended)
    }

    async fn submittable(
        &self,
        client: &Client,
        metadata: &Metadata,
    ) -> Result<PermitType, ServiceError> {
        let code = &metadata.permit_type;
        let known = self
            .store()
            .permit_type(code)
            .await?
            .filter(|permit_type| permit_type.active);
        let permit_type = known.ok_or_else(|| wrong("permit_type", "is not known here"))?;
        if !client.may_submit(code) {
            let refusal = format!("this client may not submit documents of type {code}");
            return Err(ServiceError::Forbidden(refusal));
        }
        Ok(permit_type)
    }

    /// Who is named as the signatory must be one, for this permit type.
    async fn check_signatory(
        &self,
        metadata: &Metadata,
        permit_type: &PermitType,
    ) -> Result<(), ServiceError> {
        let Some(wanted) = &metadata.signatory else {
            return Ok(());
        };
        let people = self.store().people().await?;
        let found = people.iter().find(|person| person.is_called(wanted));
        let slot = permit_type.signatures.first();
        let signs = found.zip(slot).is_some_and(|(person, slot)| {
            person.is(Role::Signatory) && slot.signatories.contains(&person.id)
        });
        if signs {
            Ok(())
        } else {
            Err(wrong(
                "signatory",
                "is not the id or NIP of a signatory of this permit type",
            )
            .into())
        }
    }

    /// Inspects the file on a thread of its own.
    async fn admit(
        &self,
        file: Vec<u8>,
        metadata: &Metadata,
        permit_type: &PermitType,
    ) -> Result<Vec<u8>, ServiceError> {
        let limits = self.policy().limits;
        let placement = block_placement(metadata, permit_type);
        let pages = metadata.qr_pages.clone();
        let inspected = tokio::task::spawn_blocking(move || {
            admit(&file, &limits, placement.as_ref(), &pages).map(|()| file)
        });
        inspected
            .await
            .map_err(|error| ServiceError::Internal(error.to_string()))?
    }

    fn new_document(
        &self,
        client: &Client,
        metadata: Metadata,
        file: SubmittedFile,
        permit_type: &PermitType,
    ) -> Result<Document, ServiceError> {
        let submission = Submission {
            id: DocumentId::new(file.at, self.random()?),
            client: client.id,
            code: DocumentCode::from_random(self.random()?),
            metadata,
            file,
        };
        Ok(Document::submit(submission, permit_type))
    }

    async fn check_number(&self, client: &Client, metadata: &Metadata) -> Result<(), ServiceError> {
        let versions = self
            .store()
            .documents_by_number(&client.id, &metadata.number);
        let taken = |other: &Document| other.metadata.version == metadata.version;
        if versions.await?.iter().any(taken) {
            return Err(CommitError::Breaks(Constraint::DocumentNumber).into());
        }
        Ok(())
    }

    /// Returns the unsigned versions before this one.
    async fn replacing(&self, document: &Document) -> Result<Changes, ServiceError> {
        let metadata = &document.metadata;
        let versions = self
            .store()
            .documents_by_number(&document.client, &metadata.number)
            .await?;
        if versions
            .iter()
            .any(|other| other.metadata.version > metadata.version)
        {
            return Err(ServiceError::Exists(
                "a newer version is there already".to_owned(),
            ));
        }
        let at = document.submitted.at;
        let mut changes = Changes::new();
        for earlier in versions {
            let ended = Ended {
                at,
                by: None,
                reason: format!("replaced by version {}", metadata.version),
            };
            let earlier_id = earlier.id;
            // One that is signed, or has ended, stays as it is.
            let Ok(returned) = earlier.give_back(ended) else {
                continue;
            };
            let event = Event::new(
                at,
                Actor::Client(document.client),
                Act::DocumentReplaced,
                Subject::Document(earlier_id),
            );
            let event = event.with("by", document.id.to_string());
            changes = changes
                .with(Write::SaveDocument(Box::new(returned)))
                .event(&event, &*self.ports().entropy)?;
        }
        Ok(changes)
    }
}

/// Where the first signature's block goes.
pub(super) fn block_placement(metadata: &Metadata, permit_type: &PermitType) -> Option<Placement> {
    let of_type = permit_type.signatures.first().map(|slot| &slot.placement);
    metadata.placement.as_ref().or(of_type).cloned()
}

fn admit(
    file: &[u8],
    limits: &Limits,
    placement: Option<&Placement>,
    qr_pages: &[u32],
) -> Result<(), ServiceError> {
    let intake = inspect(file, limits)?;
    if intake.doc_mdp == Some(1) {
        let refusal = "the file is certified and its author permits no further signature";
        return Err(ServiceError::Placement(refusal.to_owned()));
    }
    if let Some(placement) = placement {
        placement::resolve(&intake.pdf, placement)
            .map_err(|error| ServiceError::Placement(error.to_string()))?;
    }
    let beyond = qr_pages.iter().find(|page| **page as usize > intake.pages);
    match beyond {
        Some(page) => Err(wrong("qr_pages", &format!("the file has no page {page}")).into()),
        None => Ok(()),
    }
}

fn wrong(member: &str, reason: &str) -> MetadataError {
    MetadataError {
        member: member.to_owned(),
        reason: reason.to_owned(),
    }
}

fn submitted_event(document: &Document) -> Event {
    let actor = Actor::Client(document.client);
    let subject = Subject::Document(document.id);
    Event::new(
        document.submitted.at,
        actor,
        Act::DocumentSubmitted,
        subject,
    )
    .with(
        "code_sha256",
        Sha256::of(document.code.compact().as_bytes()).to_string(),
    )
    .with("number", document.metadata.number.as_str())
    .with("permit_type", document.metadata.permit_type.as_str())
    .with("sha256", document.submitted.sha256.to_string())
    .with("version", i64::from(document.metadata.version))
}

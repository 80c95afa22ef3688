//! Which documents a person may sign now, and the bytes that he would sign.

use std::sync::Arc;

use super::compose::{Order, compose};
use super::{Approver, Outcomes};
use crate::domain::document::{Document, DocumentState, TransitionError};
use crate::domain::ids::{DocumentId, IntentId};
use crate::domain::mandate::{Mandate, SigningRight};
use crate::domain::metadata::Metadata;
use crate::domain::permit_type::{PermitType, SignatureSlot};
use crate::domain::signing::{Intent, SignaturePlace};
use crate::kernel::hash::Sha256;
use crate::services::administration::Caller;
use crate::services::error::ServiceError;
use crate::services::layout::Layout;
use crate::services::office::Services;

/// A document that may be signed, with what would be signed.
pub(super) struct Candidate {
    /// Ready; a preparation that this one takes up again, or that lapsed, is undone.
    pub(super) document: Document,
    pub(super) intent: NewOrKnown,
}

/// What is to be signed.
pub(super) enum NewOrKnown {
    /// Newly composed bytes.
    New(Box<Composed>),
    /// Bytes that were prepared for the same person before: they alone are signed
    /// again, where a reply was lost or the service stopped.
    Known(Box<Intent>),
}

/// Newly composed bytes, not stored yet.
pub(super) struct Composed {
    pub(super) place: SignaturePlace,
    pub(super) right: SigningRight,
    pub(super) bytes: Vec<u8>,
    pub(super) sha256: Sha256,
    pub(super) layout: Layout,
    pub(super) signed_attributes: Vec<u8>,
    pub(super) digest: Vec<u8>,
}

impl Services {
    pub(super) async fn prepare(
        &self,
        approver: &Approver<'_>,
        documents: &[DocumentId],
        outcomes: &mut Outcomes,
    ) -> Result<Vec<Candidate>, ServiceError> {
        let mandates = self.store().mandates_of(&approver.person.id).await?;
        let mut candidates = Vec::with_capacity(documents.len());
        for id in documents {
            match self.candidate(approver, &mandates, id).await {
                Ok(candidate) => candidates.push(candidate),
                Err(error) => outcomes.refuse(*id, error),
            }
        }
        Ok(candidates)
    }

    async fn candidate(
        &self,
        approver: &Approver<'_>,
        mandates: &[Mandate],
        id: &DocumentId,
    ) -> Result<Candidate, ServiceError> {
        let caller = Caller::Person(approver.person.clone());
        let document = self.visible(&caller, id).await?;
        let permit_type = self.permit_type_of(&document).await?;
        let slot = slot(&document, &permit_type)?;
        let slot = self.narrowed(slot, &document.metadata).await?;
        let right = self.right_at(approver, &slot, &permit_type, mandates)?;
        match self.standing(approver, &document).await? {
            Some(intent) => {
                let document = document.lapse(self.now())?;
                Ok(Candidate {
                    document,
                    intent: NewOrKnown::Known(Box::new(intent)),
                })
            }
            None => {
                self.compose(
                    approver,
                    ready(document, self.now())?,
                    &permit_type,
                    slot,
                    right,
                )
                .await
            }
        }
    }

    /// By what right a person signs a document now.
    pub(super) async fn right(
        &self,
        approver: &Approver<'_>,
        document: &Document,
        mandates: &[Mandate],
    ) -> Result<SigningRight, ServiceError> {
        let permit_type = self.permit_type_of(document).await?;
        let slot = slot(document, &permit_type)?;
        let slot = self.narrowed(slot, &document.metadata).await?;
        self.right_at(approver, &slot, &permit_type, mandates)
    }

    fn right_at(
        &self,
        approver: &Approver<'_>,
        slot: &SignatureSlot,
        permit_type: &PermitType,
        mandates: &[Mandate],
    ) -> Result<SigningRight, ServiceError> {
        let (person, code) = (approver.person.id, &permit_type.code);
        Ok(SigningRight::find(
            person,
            slot,
            code,
            mandates,
            self.now(),
        )?)
    }

    /// Where a document names its signatory, only he signs, or who holds his mandate.
    async fn narrowed(
        &self,
        slot: &SignatureSlot,
        metadata: &Metadata,
    ) -> Result<SignatureSlot, ServiceError> {
        let people = match &metadata.signatory {
            Some(_) => self.store().people().await?,
            None => Vec::new(),
        };
        Ok(slot.narrowed(metadata.signatory.as_deref(), &people))
    }

    /// The intent of a preparation that stands, if this person can take it up again.
    async fn standing(
        &self,
        approver: &Approver<'_>,
        document: &Document,
    ) -> Result<Option<Intent>, ServiceError> {
        let DocumentState::Prepared(preparation) = &document.state else {
            return Ok(None);
        };
        if !preparation.stands(self.now()) {
            return Ok(None);
        }
        let intent = self.store().intent(&preparation.intent).await?;
        let intent =
            intent.ok_or_else(|| ServiceError::Internal("an intent is gone".to_owned()))?;
        if intent.signatory != approver.person.id {
            return Err(TransitionError {
                act: "approved by another person",
                state: "prepared",
            }
            .into());
        }
        // Bytes that no key has seen are composed anew: each time of asking has its own digest.
        let seen = !self.store().attempts(&intent.id).await?.is_empty();
        let same = intent.certificate == approver.key.fingerprint();
        Ok((seen && same).then_some(intent))
    }

    async fn compose(
        &self,
        approver: &Approver<'_>,
        document: Document,
        permit_type: &PermitType,
        slot: SignatureSlot,
        right: SigningRight,
    ) -> Result<Candidate, ServiceError> {
        let file = self.blobs().read(&document.current).await?;
        let order = Order {
            services: self.clone(),
            file,
            person: approver.person.clone(),
            certificate: approver.certificate.clone(),
            algorithm: approver.key.algorithm,
            certifier: self.certifier_of(&approver.key),
            chain_len: approver.key.chain.iter().map(Vec::len).sum(),
            document: Arc::new(document),
            permit_type: permit_type.clone(),
            slot,
            right,
            at: self.now(),
        };
        let document = Arc::clone(&order.document);
        let composed = tokio::task::spawn_blocking(move || compose(order)).await;
        let composed = composed.map_err(|error| ServiceError::Internal(error.to_string()))??;
        let document = Arc::unwrap_or_clone(document);
        Ok(Candidate {
            document,
            intent: NewOrKnown::New(Box::new(composed)),
        })
    }
}

/// The signature that the document waits for.
fn slot<'t>(
    document: &Document,
    permit_type: &'t PermitType,
) -> Result<&'t SignatureSlot, ServiceError> {
    let slot = permit_type.signatures.get(usize::from(document.signatures));
    slot.ok_or_else(|| {
        TransitionError {
            act: "signed once more",
            state: document.state.name(),
        }
        .into()
    })
}

/// The document as ready: a preparation that nobody takes up again is given up.
fn ready(document: Document, at: time::OffsetDateTime) -> Result<Document, ServiceError> {
    match &document.state {
        DocumentState::Ready { .. } => Ok(document),
        DocumentState::Prepared(_) => Ok(document.lapse(at)?),
        other => Err(TransitionError {
            act: "approved",
            state: other.name(),
        }
        .into()),
    }
}

impl Candidate {
    /// The digest to be signed.
    pub(super) fn digest(&self) -> &[u8] {
        match &self.intent {
            NewOrKnown::New(composed) => &composed.digest,
            NewOrKnown::Known(intent) => &intent.digest,
        }
    }

    /// The intent: the one that is known, or a new one under this id.
    pub(super) fn into_intent(
        self,
        id: IntentId,
        approver: &Approver<'_>,
        approval: crate::domain::ids::ApprovalId,
        at: time::OffsetDateTime,
    ) -> (Document, Intent) {
        let intent = match self.intent {
            NewOrKnown::Known(intent) => *intent,
            NewOrKnown::New(composed) => Intent {
                id,
                place: composed.place,
                approval,
                signatory: approver.person.id,
                right: composed.right,
                certificate: approver.key.fingerprint(),
                prepared: composed.sha256,
                layout: composed.layout.to_json(),
                signed_attributes: composed.signed_attributes,
                digest: composed.digest,
                at,
            },
        };
        (self.document, intent)
    }
}

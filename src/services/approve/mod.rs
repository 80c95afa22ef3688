//! Approval: one act over any number of documents, with the signatory's passphrase in one call
//! (the API), or with his passkey in two (the console: [`ask`], [`give`]).
//!
//! ```text
//! prepare   which documents may he sign, and by what right; the bytes are composed
//! open      the passphrase opens the key; a wrong one is counted and leaves nothing else
//! record    prepared bytes, intents, approval and attempts become durable
//! key       every digest is signed; the key is dropped
//! store     every signature value becomes durable, with the job to finish it and the
//!           answer to the call, in one commit
//! ```
//! One document that cannot be signed does not hold up the others. Timestamps and
//! the rest are the business of [`super::finish`], which needs no signatory.

mod ask;
mod compose;
mod give;
mod guesses;
mod key;
mod prepare;
mod record;

pub use ask::Question;
pub(super) use guesses::Guesses;

use std::collections::HashSet;
use std::sync::Mutex;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::error::ServiceError;
use super::fault;
use super::office::Services;
use super::once::{Done, Held, Once};
use super::ports::{CertificateId, KeyRecord, UnlockError, UnlockSecret};
use crate::domain::accounts::{Person, Role};
use crate::domain::document::Document;
use crate::domain::ids::DocumentId;
use crate::kernel::x509::Certificate;

/// What became of one document of an approval.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Approved {
    /// The document.
    pub document: DocumentId,
    /// Why it was not signed; `None` if it was.
    pub refused: Option<String>,
    /// The document as it was once its signature was stored: what a repeated call is
    /// answered with, whatever has become of it since.
    pub signed: Option<Box<Document>>,
}

/// Who approves, with which key, through which door.
struct Approver<'a> {
    person: &'a Person,
    key: KeyRecord,
    certificate: Certificate,
    via: &'a str,
}

impl<'a> Approver<'a> {
    fn new(person: &'a Person, key: KeyRecord, via: &'a str) -> Result<Self, ServiceError> {
        let certificate = Certificate::parse(&key.certificate)
            .map_err(|error| ServiceError::Internal(format!("a stored certificate: {error}")))?;
        Ok(Self {
            person,
            key,
            certificate,
            via,
        })
    }

    fn check_validity(&self, at: OffsetDateTime) -> Result<(), ServiceError> {
        let (from, until) = (self.certificate.not_before(), self.certificate.not_after());
        if from <= at && at <= until {
            return Ok(());
        }
        let refusal = format!("the signatory's certificate is valid from {from} to {until} only");
        Err(ServiceError::Forbidden(refusal))
    }

    /// How our own register would know the certificate.
    fn certificate_id(&self) -> CertificateId {
        let issuer = self
            .certificate
            .authority_key_identifier()
            .unwrap_or_default();
        CertificateId {
            issuer: hex::encode(issuer),
            serial: hex::encode(self.certificate.serial()),
        }
    }
}

impl Services {
    /// Signs documents with the signatory's key. `via` says through which door he
    /// came: it belongs to the record.
    ///
    /// # Errors
    /// When the key does not open; or no document of the list could be signed, with
    /// the reason of the first one. Otherwise each document has its own outcome.
    pub async fn approve(
        &self,
        person: &Person,
        documents: &[DocumentId],
        secret: &UnlockSecret,
        via: &str,
        once: Option<Once>,
    ) -> Result<Done<Vec<Approved>>, ServiceError> {
        let approver = self.approver(person, via).await?;
        self.once(once, async |held| {
            self.sign_all(&approver, documents, secret, held).await
        })
        .await
    }

    /// Who approves, with the key that he has now.
    async fn approver<'a>(
        &self,
        person: &'a Person,
        via: &'a str,
    ) -> Result<Approver<'a>, ServiceError> {
        if !person.is(Role::Signatory) {
            return Err(ServiceError::Forbidden(
                "only signatories approve".to_owned(),
            ));
        }
        let key = self.store().key_in_use(&person.id).await?;
        let key = key.ok_or_else(|| UnlockError::NoKey(person.name.clone()))?;
        let approver = Approver::new(person, key, via)?;
        approver.check_validity(self.now())?;
        Ok(approver)
    }

    async fn sign_all(
        &self,
        approver: &Approver<'_>,
        documents: &[DocumentId],
        secret: &UnlockSecret,
        held: &Held,
    ) -> Result<Vec<Approved>, ServiceError> {
        self.wrong_ones(&approver.person.id).await?;
        let (mine, busy) = self.approving().enter(documents);
        let mut outcomes = Outcomes::new(documents);
        for id in busy {
            outcomes.refuse(id, ServiceError::InFlight);
        }
        fault::point("prepare.before");
        let candidates = self.prepare(approver, mine.ids(), &mut outcomes).await?;
        fault::point("prepare.after");
        if candidates.is_empty() {
            return outcomes.into_list();
        }
        let guess = self.may_guess(&approver.person.id).await?;
        let opened = self.open(&guess, secret).await?;
        let forgiven = guess.follows_wrong_ones();
        drop(guess);
        if opened.certificate.der() != approver.key.certificate {
            return Err(ServiceError::Internal(
                "the key has another certificate".to_owned(),
            ));
        }
        let recorded = self.record(approver, candidates, forgiven, &mut outcomes);
        let recorded = recorded.await?;
        let signed = key::sign(opened.signer, recorded).await?;
        let list = self.store_signatures(signed, held, outcomes).await?;
        self.due().notify_one();
        Ok(list)
    }
}

/// The documents that this process is signing just now: two calls for one document
/// would waste a key operation. That at most one signature is stored does not rest
/// on it.
#[derive(Default)]
pub(super) struct Approving(Mutex<HashSet<DocumentId>>);

/// Documents that nobody else in this process signs until it is dropped.
struct Entered<'a> {
    approving: &'a Approving,
    ids: Vec<DocumentId>,
}

impl Approving {
    /// Takes what is free; gives the rest back.
    fn enter(&self, wanted: &[DocumentId]) -> (Entered<'_>, Vec<DocumentId>) {
        let mut inside = self.lock();
        let (ids, busy) = wanted.iter().partition(|id| inside.insert(**id));
        (
            Entered {
                approving: self,
                ids,
            },
            busy,
        )
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashSet<DocumentId>> {
        self.0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Entered<'_> {
    fn ids(&self) -> &[DocumentId] {
        &self.ids
    }
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        let mut inside = self.approving.lock();
        for id in &self.ids {
            inside.remove(id);
        }
    }
}

/// What becomes of each document, in the order asked for.
struct Outcomes {
    documents: Vec<DocumentId>,
    refused: Vec<(DocumentId, ServiceError)>,
    signed: Vec<Document>,
}

impl Outcomes {
    fn new(documents: &[DocumentId]) -> Self {
        Self {
            documents: documents.to_vec(),
            refused: Vec::new(),
            signed: Vec::new(),
        }
    }

    fn sign(&mut self, document: Document) {
        self.signed.push(document);
    }

    fn refuse(&mut self, document: DocumentId, error: ServiceError) {
        self.refused.push((document, error));
    }

    /// The list; or, where nothing was signed, the first refusal.
    fn into_list(mut self) -> Result<Vec<Approved>, ServiceError> {
        if self.refused.len() >= self.documents.len() && !self.refused.is_empty() {
            return Err(self.refused.remove(0).1);
        }
        Ok(self.list())
    }

    fn list(&self) -> Vec<Approved> {
        let outcome = |document: &DocumentId| {
            let refusal = self.refused.iter().find(|(refused, _)| refused == document);
            let signed = self.signed.iter().find(|signed| signed.id == *document);
            let signed = signed.filter(|_| refusal.is_none());
            Approved {
                document: *document,
                refused: refusal.map(|(_, error)| error.to_string()),
                signed: signed.cloned().map(Box::new),
            }
        };
        self.documents.iter().map(outcome).collect()
    }
}

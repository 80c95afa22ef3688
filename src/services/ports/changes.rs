//! Changes: what one act writes, all together or not at all.

use time::OffsetDateTime;

use super::certificates::CertificateId;
use super::clock::{Entropy, EntropyError};
use super::entry::EntryWrite;
use super::idempotency::ClaimToken;
use super::key_records::KeyRecord;
use super::store_error::StoreError;
use super::work::{Job, OutboxMessage};
use crate::domain::accounts::{Client, Person};
use crate::domain::approval::Approval;
use crate::domain::document::Document;
use crate::domain::event::Event;
use crate::domain::gate::MetGate;
use crate::domain::ids::{DocumentId, PersonId};
use crate::domain::mandate::Mandate;
use crate::domain::permit_type::PermitType;
use crate::domain::reading::Reading;
use crate::domain::review::Review;
use crate::domain::revision::Revision;
use crate::domain::signing::{Attempt, Intent, StoredSignature};
use crate::kernel::hash::Sha256;
use crate::kernel::log::{Commitment, SALT_LEN, Salt};

/// One write.
#[derive(Debug, Clone)]
pub enum Write {
    /// A new document.
    AddDocument(Box<Document>),
    /// A document as it is now. It is refused as stale unless the stored one has
    /// the same generation; the stored generation then rises by one.
    SaveDocument(Box<Document>),
    /// A tier's review of a document.
    AddReview(DocumentId, Review),
    /// A document's gate that was met.
    AddGate(DocumentId, MetGate),
    /// A person's word that he has read a document; saying it again changes nothing.
    AddReading(Reading),
    /// A released revision.
    AddRevision(Revision),
    /// A new or changed permit type.
    SavePermitType(Box<PermitType>),
    /// A new or changed client, with the SHA-256 of its API key where that is new.
    SaveClient(Client, Option<Sha256>),
    /// A new or changed person, with the SHA-256 of his API key where that is new.
    SavePerson(Person, Option<Sha256>),
    /// A new or ended mandate.
    SaveMandate(Mandate),
    /// A new approval, or one that was given.
    SaveApproval(Box<Approval>),
    /// A new intent.
    AddIntent(Box<Intent>),
    /// An attempt that is about to start.
    AddAttempt(Attempt),
    /// A signature value; refused if its place holds one.
    AddSignature(StoredSignature),
    /// A signatory's new key; the former one ends.
    SaveKey(KeyRecord),
    /// The right passphrase was given: the wrong ones before it are forgotten.
    EndLockout(PersonId),
    /// Work that must be done, or tried again.
    SaveJob(Job),
    /// Work that is done.
    EndJob(DocumentId),
    /// A message that must go out.
    AddMessage(OutboxMessage),
    /// A setting's value.
    SaveSetting(String, String),
    /// Nothing is written of all these changes if this certificate is ours and is
    /// revoked by now.
    RequireGood(CertificateId),
    /// The result of an act that was claimed; refused if the claim was lost.
    Answer(ClaimToken, Vec<u8>),
    /// Who gets into the console.
    Entry(EntryWrite),
}

/// One leaf of the log on its way there.
#[derive(Debug, Clone)]
pub struct Leaf {
    /// When the act was done.
    pub at: OffsetDateTime,
    /// The act's name.
    pub act: &'static str,
    /// The document, where it is about one.
    pub document: Option<DocumentId>,
    /// The salt.
    pub salt: Salt,
    /// The canonical payload.
    pub payload: Vec<u8>,
    /// The commitment to both.
    pub commitment: Commitment,
}

impl Leaf {
    /// Commits to an event under a fresh salt.
    ///
    /// # Errors
    /// When there is no randomness for the salt.
    pub fn new(event: &Event, entropy: &dyn Entropy) -> Result<Self, EntropyError> {
        let mut random = [0; SALT_LEN];
        entropy.fill(&mut random)?;
        let salt = Salt::from_random(random);
        let payload = event.payload();
        Ok(Self {
            at: event.at,
            act: event.act.name(),
            document: event.document(),
            commitment: Commitment::new(&salt, &payload),
            salt,
            payload,
        })
    }
}

/// A rule of the register that a write would have broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Constraint {
    /// One document per (client, number, version).
    DocumentNumber,
    /// One document per code.
    DocumentCode,
    /// One stored signature per (document, revision, field).
    Signature,
    /// One account per API key.
    ApiKey,
    /// Who signs has a certificate that stands.
    GoodCertificate,
    /// One row per id; and a row that another names must be there.
    Row,
}

/// Why changes were not made. Nothing of them was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommitError {
    /// A write would break a rule.
    #[error("the write would break the rule {0:?}")]
    Breaks(Constraint),
    /// What was read has been changed since.
    #[error("{0} was changed by someone else: read it again")]
    Stale(&'static str),
    /// The store failed. Where it was not [`StoreError::Conflict`] or
    /// [`StoreError::Full`], the changes may have been made nevertheless: read again.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// All that one act writes.
#[derive(Debug, Clone, Default)]
#[must_use = "changes do nothing until they are committed"]
pub struct Changes {
    writes: Vec<Write>,
    leaves: Vec<Leaf>,
}

impl Changes {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a write.
    pub fn with(mut self, write: Write) -> Self {
        self.writes.push(write);
        self
    }

    /// Adds the event that says what was done.
    ///
    /// # Errors
    /// When there is no randomness for the salt.
    pub fn event(mut self, event: &Event, entropy: &dyn Entropy) -> Result<Self, EntropyError> {
        self.leaves.push(Leaf::new(event, entropy)?);
        Ok(self)
    }

    /// Adds all of the other's changes after these.
    pub fn and(mut self, other: Self) -> Self {
        self.writes.extend(other.writes);
        self.leaves.extend(other.leaves);
        self
    }

    /// The writes, in their order.
    #[must_use]
    pub fn writes(&self) -> &[Write] {
        &self.writes
    }

    /// The leaves, in their order.
    #[must_use]
    pub fn leaves(&self) -> &[Leaf] {
        &self.leaves
    }
}

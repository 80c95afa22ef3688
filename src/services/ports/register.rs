//! What is read of the office's register. Written through [`super::Ledger`].

use async_trait::async_trait;
use time::OffsetDateTime;

use super::store_error::StoreError;
use crate::domain::accounts::{Client, Person};
use crate::domain::approval::Approval;
use crate::domain::document::Document;
use crate::domain::ids::{ApprovalId, ClientId, DocumentId, IntentId, PersonId};
use crate::domain::mandate::Mandate;
use crate::domain::permit_type::{PermitType, PermitTypeCode};
use crate::domain::reading::Reading;
use crate::domain::revision::Revision;
use crate::domain::signing::{Attempt, Intent, SignaturePlace, StoredSignature};
use crate::kernel::code::DocumentCode;
use crate::kernel::hash::Sha256;
use crate::kernel::log::{Commitment, Salt};

/// Which documents to list, newest first. What is not said does not restrict.
#[derive(Debug, Clone, Default)]
pub struct DocumentFilter {
    /// Of this client.
    pub client: Option<ClientId>,
    /// With this number.
    pub number: Option<String>,
    /// Of this type.
    pub permit_type: Option<PermitTypeCode>,
    /// In the state of this name.
    pub state: Option<String>,
    /// Submitted at or after.
    pub from: Option<OffsetDateTime>,
    /// Submitted before.
    pub until: Option<OffsetDateTime>,
    /// Older than this document: where the last page ended.
    pub before: Option<DocumentId>,
    /// No more than this many.
    pub limit: u32,
}

/// Whose turn documents wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// The review of a tier, counted from one.
    Review(u8),
    /// A signature, counted from zero.
    Signature(u8),
}

/// How many documents of one type stand at one point of their way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backlog {
    /// Their type.
    pub permit_type: PermitTypeCode,
    /// The name of their state.
    pub state: String,
    /// How many signatures they bear.
    pub signatures: u8,
    /// How many tiers have approved.
    pub reviews: u8,
    /// How many they are.
    pub documents: u64,
    /// When the oldest of them was submitted.
    pub oldest: OffsetDateTime,
}

/// Documents and what belongs to them.
#[async_trait]
pub trait Documents: Send + Sync {
    /// One document.
    async fn document(&self, id: &DocumentId) -> Result<Option<Document>, StoreError>;

    /// The document that bears a code.
    async fn document_by_code(&self, code: DocumentCode) -> Result<Option<Document>, StoreError>;

    /// The versions of a client's number, newest first.
    async fn documents_by_number(
        &self,
        client: &ClientId,
        number: &str,
    ) -> Result<Vec<Document>, StoreError>;

    /// A page of documents.
    async fn documents(&self, filter: &DocumentFilter) -> Result<Vec<Document>, StoreError>;

    /// Documents of these types that wait for a turn, the longest waiting first. How many
    /// tiers a type has is not known here: who asks names one that it has.
    async fn waiting(
        &self,
        turn: Turn,
        permit_types: &[PermitTypeCode],
        limit: u32,
    ) -> Result<Vec<Document>, StoreError>;

    /// Everything that is on its way and not yet issued, counted.
    async fn backlog(&self) -> Result<Vec<Backlog>, StoreError>;

    /// The document of a type that was submitted last of those that are issued, before a
    /// moment.
    async fn last_issued(
        &self,
        permit_type: &PermitTypeCode,
        before: OffsetDateTime,
    ) -> Result<Option<Document>, StoreError>;

    /// What a person has read of these documents, in whatever version.
    async fn readings(
        &self,
        person: &PersonId,
        documents: &[DocumentId],
    ) -> Result<Vec<Reading>, StoreError>;

    /// Documents whose submitted file has this hash.
    async fn documents_by_submitted(&self, sha256: &Sha256) -> Result<Vec<Document>, StoreError>;

    /// How many documents are in each state, by the state's name.
    async fn count_by_state(&self) -> Result<Vec<(String, u64)>, StoreError>;

    /// The released revision of this hash.
    async fn revision(&self, sha256: &Sha256) -> Result<Option<Revision>, StoreError>;

    /// A document's released revisions, the *Original* first.
    async fn revisions(&self, document: &DocumentId) -> Result<Vec<Revision>, StoreError>;

    /// An intent.
    async fn intent(&self, id: &IntentId) -> Result<Option<Intent>, StoreError>;

    /// A document's intents, oldest first.
    async fn intents(&self, document: &DocumentId) -> Result<Vec<Intent>, StoreError>;

    /// An intent's attempts, oldest first.
    async fn attempts(&self, intent: &IntentId) -> Result<Vec<Attempt>, StoreError>;

    /// The signature stored at a place.
    async fn signature(
        &self,
        place: &SignaturePlace,
    ) -> Result<Option<StoredSignature>, StoreError>;

    /// A document's stored signatures, in their order.
    async fn signatures(&self, document: &DocumentId) -> Result<Vec<StoredSignature>, StoreError>;

    /// The document whose signature's value has this hash.
    async fn document_by_signature(&self, value: &Sha256)
    -> Result<Option<DocumentId>, StoreError>;

    /// Which of these files nothing in the register names: no document, revision or
    /// intent. What is to name files as well must be asked here too, or its files go.
    async fn unnamed_files(&self, files: &[Sha256]) -> Result<Vec<Sha256>, StoreError>;

    /// An approval.
    async fn approval(&self, id: &ApprovalId) -> Result<Option<Approval>, StoreError>;
}

/// Permit types.
#[async_trait]
pub trait PermitTypes: Send + Sync {
    /// One permit type.
    async fn permit_type(&self, code: &PermitTypeCode) -> Result<Option<PermitType>, StoreError>;

    /// All permit types, by code.
    async fn permit_types(&self) -> Result<Vec<PermitType>, StoreError>;
}

/// Clients and people.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// One client.
    async fn client(&self, id: &ClientId) -> Result<Option<Client>, StoreError>;

    /// All clients, by name.
    async fn clients(&self) -> Result<Vec<Client>, StoreError>;

    /// The client whose API key has this hash.
    async fn client_by_key(&self, hash: &Sha256) -> Result<Option<Client>, StoreError>;

    /// One person.
    async fn person(&self, id: &PersonId) -> Result<Option<Person>, StoreError>;

    /// All people, by name.
    async fn people(&self) -> Result<Vec<Person>, StoreError>;

    /// The person whose API key has this hash.
    async fn person_by_key(&self, hash: &Sha256) -> Result<Option<Person>, StoreError>;
}

/// Mandates.
#[async_trait]
pub trait Mandates: Send + Sync {
    /// All mandates that a person holds or held.
    async fn mandates_of(&self, holder: &PersonId) -> Result<Vec<Mandate>, StoreError>;

    /// All mandates, newest first.
    async fn mandates(&self) -> Result<Vec<Mandate>, StoreError>;
}

/// One event as the log holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedEvent {
    /// Its place in the tree, from zero, without gaps.
    pub index: u64,
    /// When the act was done.
    pub at: OffsetDateTime,
    /// The commitment: never erased.
    pub commitment: Commitment,
    /// Salt and payload, unless they were erased.
    pub opening: Option<(Salt, Vec<u8>)>,
}

/// The log's events.
#[async_trait]
pub trait Events: Send + Sync {
    /// How many there are.
    async fn event_count(&self) -> Result<u64, StoreError>;

    /// Some events, from an index on.
    async fn events(&self, from: u64, limit: u32) -> Result<Vec<LoggedEvent>, StoreError>;

    /// The events about a document, in their order.
    async fn events_of(&self, document: &DocumentId) -> Result<Vec<LoggedEvent>, StoreError>;

    /// Erases salt and payload of one event. The tree is not touched.
    async fn erase_event(&self, index: u64) -> Result<(), StoreError>;
}

/// Settings by name.
#[async_trait]
pub trait Settings: Send + Sync {
    /// A setting's value.
    async fn setting(&self, name: &str) -> Result<Option<String>, StoreError>;
}

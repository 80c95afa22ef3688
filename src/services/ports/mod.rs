//! The world as the services see it: traits that `storage`, `keys`, `authority` and
//! `clients` implement.
//!
//! A port that keeps something durable returns only after it is durable.
//!
//! Reading and writing are apart. Each entity of the register has a trait of reads,
//! where `Option` means "not found". Everything is written through one door,
//! [`Ledger::commit`], as a [`Changes`] value: all of it becomes durable together,
//! with its events, or none of it. What must read and write at once (a lease, a
//! serial number) has a method of its own.
//!
//! To add an entity: its type in `domain`, a read trait here, a variant of [`Write`],
//! a module in `storage`, a migration for both databases, and a test in
//! `tests/storage` that both databases pass.

pub mod blobs;
pub mod certificates;
pub mod changes;
pub mod clock;
pub mod drawings;
pub mod entry;
pub mod examiner;
pub mod idempotency;
pub mod key_maker;
pub mod key_records;
pub mod lockouts;
pub mod register;
pub mod reports;
pub mod revocation_data;
pub mod secret;
pub mod signatory_keys;
pub mod store_error;
pub mod time_marks;
pub mod timestamps;
pub mod work;

pub use blobs::{BlobError, Blobs, StoredBlob};
pub use certificates::{
    CertificateId, CertificateQuery, CertificateRecord, CertificateStatus, Certificates,
    IssuanceIntent, PublishedCrl, Revocation,
};
pub use changes::{Changes, CommitError, Constraint, Leaf, Write};
pub use clock::{Clock, ClockHealth, ClockUnsure, Entropy, EntropyError};
pub use drawings::Drawings;
pub use entry::{EntryWrite, Passkeys};
pub use examiner::{Ending, Examiner, ExaminerError};
pub use idempotency::{Claim, ClaimToken, Claimed, Idempotency};
pub use key_maker::{KeyMaker, KeyMakerError, MadeKey};
pub use key_records::{KeyCopy, KeyRecord, KeyRecords};
pub use lockouts::Lockouts;
pub use register::{
    Accounts, Backlog, DocumentFilter, Documents, Events, LoggedEvent, Mandates, PermitTypes,
    Settings, Turn,
};
pub use reports::{EventFilter, Reports, SignatureMade, SignedBy};
pub use revocation_data::{RevocationData, RevocationDataError, RevocationEvidence};
pub use secret::{Passphrase, PrfOutput, UnlockSecret};
pub use signatory_keys::{SignatoryKeys, UnlockError};
pub use store_error::StoreError;
pub use time_marks::TimeMarks;
pub use timestamps::{TimestampError, Timestamps};
pub use work::{Job, Jobs, OutboxMessage};

use async_trait::async_trait;

/// The one door through which the register is written.
#[async_trait]
pub trait Ledger: Send + Sync {
    /// Makes all of the changes durable, with their events, or none of them.
    ///
    /// # Errors
    /// Why nothing was written; see [`CommitError::Store`] for when that is not sure.
    async fn commit(&self, changes: Changes) -> Result<(), CommitError>;
}

/// A database: every store at once.
pub trait Store:
    Ledger
    + Documents
    + PermitTypes
    + Accounts
    + Passkeys
    + Mandates
    + Events
    + Reports
    + Certificates
    + TimeMarks
    + KeyRecords
    + Lockouts
    + Idempotency
    + Jobs
    + Settings
{
}

impl<T> Store for T where
    T: Ledger
        + Documents
        + PermitTypes
        + Accounts
        + Passkeys
        + Mandates
        + Events
        + Reports
        + Reports
        + Certificates
        + TimeMarks
        + KeyRecords
        + Lockouts
        + Idempotency
        + Jobs
        + Settings
{
}

//! Why a service did not do as asked, by what the caller can do about it.

use time::Duration;

use super::entry::EntryError;
use super::ports::{
    BlobError, CommitError, Constraint, EntropyError, ExaminerError, StoreError, UnlockError,
};
use crate::domain::approval::ApprovalError;
use crate::domain::document::{ReviewError, TransitionError};
use crate::domain::mandate::NoSigningRight;
use crate::domain::metadata::MetadataError;
use crate::domain::reading::ReadingError;
use crate::kernel::examination::PagesError;
use crate::kernel::pdf::intake::Refusal;

/// Why it was not done. Unless it says otherwise, nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// There is none such, or it is another client's.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The caller may not do this.
    #[error("{0}")]
    Forbidden(String),
    /// The metadata is wrong.
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    /// The file may not be signed.
    #[error(transparent)]
    Unsupported(#[from] Refusal),
    /// The file does not take the signature as it is to be placed.
    #[error("the signature cannot be placed: {0}")]
    Placement(String),
    /// The document's state does not allow it.
    #[error(transparent)]
    State(#[from] TransitionError),
    /// The review does not count.
    #[error(transparent)]
    Review(#[from] ReviewError),
    /// The approval cannot be given.
    #[error(transparent)]
    Approval(#[from] ApprovalError),
    /// The person may not sign this now.
    #[error(transparent)]
    Right(#[from] NoSigningRight),
    /// The key did not open.
    #[error(transparent)]
    Key(UnlockError),
    /// The passphrase is not the one that opens the key; it was counted.
    #[error("the passphrase does not open this key; {tries_left} more tries before a wait")]
    WrongSecret {
        /// How many more are tried at once.
        tries_left: u32,
        /// How long none is tried now.
        wait: Option<Duration>,
    },
    /// After too many wrong passphrases none is tried for some time.
    #[error("too many wrong passphrases: none is tried for {} seconds", .wait.whole_seconds())]
    Locked {
        /// How long it still is.
        wait: Duration,
    },
    /// What a person affirmed to have read is not the document.
    #[error(transparent)]
    Reading(#[from] ReadingError),
    /// He has not affirmed to have read these, by their numbers, as they are now.
    #[error("not yet read in this version: {}", .0.join(", "))]
    Unread(Vec<String>),
    /// A page cannot be shown.
    #[error("{0}")]
    Pages(PagesError),
    /// Nobody gets in this way.
    #[error(transparent)]
    Entry(#[from] EntryError),
    /// A decision without a reason.
    #[error("a reason is needed")]
    Reason,
    /// It is there already, or what it rests on is not.
    #[error("{0}")]
    Exists(String),
    /// A call with this idempotency key is being worked on (409).
    #[error("a call with this idempotency key is being worked on")]
    InFlight,
    /// The idempotency key was used for another request (422).
    #[error("this idempotency key was used for another request")]
    OtherRequest,
    /// Others change the same thing all the time.
    #[error("others are changing this at the same time: try again")]
    Contended,
    /// The disk is full (507).
    #[error("the disk is full")]
    Full,
    /// A part of the world does not answer; the same call may work later.
    #[error("{0}")]
    Unavailable(String),
    /// What should be there and well is not: for the operator.
    #[error("{0}")]
    Internal(String),
}

impl From<StoreError> for ServiceError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full(_) => Self::Full,
            StoreError::Unavailable(why) => Self::Unavailable(why),
            StoreError::Conflict(why) => Self::Exists(why),
            StoreError::Corrupt(_) => Self::Internal(error.to_string()),
        }
    }
}

impl From<CommitError> for ServiceError {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Stale(_) => Self::Contended,
            CommitError::Breaks(constraint) => Self::Exists(taken(constraint).to_owned()),
            CommitError::Store(error) => error.into(),
        }
    }
}

fn taken(constraint: Constraint) -> &'static str {
    match constraint {
        Constraint::DocumentNumber => "a document of this number and version is there already",
        Constraint::DocumentCode => "a document of this code is there already",
        Constraint::Signature => "the document is signed already",
        Constraint::ApiKey => "this API key belongs to another account",
        Constraint::GoodCertificate => "the signatory's certificate is revoked",
        Constraint::Row => "it is there already, or names something that is not",
    }
}

impl From<BlobError> for ServiceError {
    fn from(error: BlobError) -> Self {
        match error {
            BlobError::Full => Self::Full,
            BlobError::Failed(why) => Self::Unavailable(why),
            BlobError::Missing(_) | BlobError::Damaged { .. } => Self::Internal(error.to_string()),
        }
    }
}

impl From<ExaminerError> for ServiceError {
    fn from(error: ExaminerError) -> Self {
        match error {
            // The file's fault: asking again would end the same way.
            ExaminerError::Ended(why) => Self::Pages(PagesError::Unreadable(why.to_string())),
            other => Self::Unavailable(other.to_string()),
        }
    }
}

impl From<PagesError> for ServiceError {
    fn from(error: PagesError) -> Self {
        match error {
            PagesError::NoSuchPage => Self::NotFound("page"),
            other => Self::Pages(other),
        }
    }
}

impl From<EntropyError> for ServiceError {
    fn from(error: EntropyError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl From<UnlockError> for ServiceError {
    fn from(error: UnlockError) -> Self {
        match error {
            UnlockError::Store(error) => error.into(),
            other => Self::Key(other),
        }
    }
}

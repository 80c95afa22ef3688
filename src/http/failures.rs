//! How the services' errors become problems.

use std::time::Duration;

use super::problem::{Kind, Problem};
use crate::kernel::pdf::intake::Refusal;
use crate::services::ServiceError;
use crate::services::administration::AdministrationError;
use crate::services::entry::EntryError;
use crate::services::ports::{StoreError, UnlockError};

const AWAY: &str = "The database does not answer. Nothing was acknowledged; try again.";

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full(_) => Self::storage_full(error),
            StoreError::Unavailable(_) => Self::unavailable(AWAY, error),
            StoreError::Conflict(_) | StoreError::Corrupt(_) => Self::internal(error),
        }
    }
}

impl From<ServiceError> for Problem {
    fn from(error: ServiceError) -> Self {
        use ServiceError as E;
        let said = sentence(&error);
        match error {
            E::NotFound(_) => Self::not_found(said),
            E::Forbidden(_) | E::Right(_) => Self::new(Kind::Forbidden, said),
            E::Metadata(error) => {
                Self::new(Kind::InvalidMetadata, said).with("member", error.member)
            }
            E::Unsupported(refusal) => unsupported(&refusal),
            E::Placement(_) => {
                Self::new(Kind::UnsupportedDocument, said).with("reason", "placement")
            }
            E::Pages(_) => Self::new(Kind::UnsupportedDocument, said).with("reason", "pages"),
            E::State(_)
            | E::Review(_)
            | E::Approval(_)
            | E::Exists(_)
            | E::Reading(_)
            | E::Unread(_) => Self::new(Kind::Conflict, said),
            E::Key(error) => key(&error, said),
            E::WrongSecret { tries_left, wait } => wrong_passphrase(said, tries_left, wait),
            E::Locked { wait } => locked(said, wait),
            E::Entry(error) => entry(&error, said),
            E::Reason => Self::new(Kind::InvalidRequest, "Give the reason as `reason`."),
            E::InFlight | E::Contended => {
                Self::new(Kind::Conflict, said).retry_after(Duration::from_secs(1))
            }
            E::OtherRequest => Self::new(Kind::IdempotencyKeyReused, said),
            E::Full => Self::storage_full(said),
            E::Unavailable(cause) => Self::unavailable(AWAY, cause),
            E::Internal(cause) => Self::internal(cause),
        }
    }
}

impl From<AdministrationError> for Problem {
    fn from(error: AdministrationError) -> Self {
        use AdministrationError as E;
        match error {
            E::Unknown { .. } => Self::not_found(sentence(&error)),
            E::Ambiguous { .. } | E::Rule(_) => Self::new(Kind::InvalidRequest, sentence(&error)),
            E::Commit(error) => ServiceError::from(error).into(),
            E::Store(error) => error.into(),
            E::Entropy(error) => Self::unavailable(AWAY, error),
        }
    }
}

fn unsupported(refusal: &Refusal) -> Problem {
    let detail = format!("{}; nothing was stored.", refusal.detail);
    let problem =
        Problem::new(Kind::UnsupportedDocument, detail).with("reason", refusal.reason.code());
    match refusal.object {
        Some(object) => problem.with("object", object.to_string()),
        None => problem,
    }
}

fn key(error: &UnlockError, said: String) -> Problem {
    match error {
        UnlockError::WrongSecret => {
            Problem::new(Kind::Forbidden, said).with("reason", "wrong-passphrase")
        }
        UnlockError::OpenedOtherwise(how) => {
            let reason = format!("needs-{how}");
            Problem::new(Kind::Forbidden, said).with("reason", reason)
        }
        UnlockError::NoKey(_) => Problem::new(Kind::Forbidden, said).with("reason", "no-key"),
        _ => Problem::unavailable("The key store does not answer; nothing was signed.", said),
    }
}

/// A passkey or a link that opens nothing. What exactly is wrong with it belongs to the log: a
/// guest learns nothing about accounts.
fn entry(error: &EntryError, said: String) -> Problem {
    let reason = match error {
        EntryError::Lapsed => "expired",
        EntryError::Invitation => "invitation",
        EntryError::Rule(_) => return Problem::new(Kind::Conflict, said),
        EntryError::UnknownPasskey | EntryError::Passkey(_) | EntryError::KnownPasskey => {
            tracing::info!(why = said, "a passkey was refused");
            let detail = "This passkey is not accepted.";
            return Problem::new(Kind::Forbidden, detail).with("reason", "passkey");
        }
    };
    Problem::new(Kind::Forbidden, said).with("reason", reason)
}

fn wrong_passphrase(said: String, tries_left: u32, wait: Option<time::Duration>) -> Problem {
    let problem = Problem::new(Kind::Forbidden, said)
        .with("reason", "wrong-passphrase")
        .with("tries_left", tries_left);
    match wait {
        Some(wait) => problem.with("retry_after", seconds(wait)),
        None => problem,
    }
}

fn locked(said: String, wait: time::Duration) -> Problem {
    let seconds = seconds(wait);
    Problem::new(Kind::RateLimited, said)
        .with("reason", "wrong-passphrases")
        .with("retry_after", seconds)
        .retry_after(Duration::from_secs(seconds))
}

/// Whole seconds, rounded up: who waits that long has waited long enough.
fn seconds(wait: time::Duration) -> u64 {
    u64::try_from(wait.whole_seconds()).unwrap_or_default() + 1
}

/// An error's text as a sentence.
fn sentence(error: &impl std::fmt::Display) -> String {
    let text = error.to_string();
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => format!("{}{}.", first.to_uppercase(), characters.as_str()),
        None => text,
    }
}

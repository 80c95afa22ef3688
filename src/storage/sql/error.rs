//! What a database's error means to the caller.

use sqlx::error::ErrorKind;

use crate::services::fault;
use crate::services::ports::{CommitError, Constraint, StoreError};

/// An error of either database.
pub(in crate::storage) type SqlError = sqlx::Error;

/// The rules that a write may break: SQLite tells the columns, PostgreSQL the name.
const RULES: [(&str, &str, Constraint); 7] = [
    ("documents.code", "documents_code", Constraint::DocumentCode),
    (
        "documents.client, documents.number, documents.version",
        "documents_number",
        Constraint::DocumentNumber,
    ),
    (
        "signatures.document, signatures.revision, signatures.field",
        "signatures_place",
        Constraint::Signature,
    ),
    (
        "signatures.intent",
        "signatures_intent",
        Constraint::Signature,
    ),
    ("clients.key_sha256", "clients_key", Constraint::ApiKey),
    ("people.key_sha256", "people_key", Constraint::ApiKey),
    (
        "certificates.issuer, certificates.serial",
        "certificates_serial",
        Constraint::Row,
    ),
];

/// SQLite's primary result codes (the low octet of the extended ones).
const SQLITE_IOERR: i64 = 10;
const SQLITE_CORRUPT: i64 = 11;
const SQLITE_FULL: i64 = 13;
/// Extended codes of [`SQLITE_IOERR`] that lose nothing: no memory, and the shared
/// memory beside the database (open, lock, map).
const SQLITE_IOERR_HARMLESS: [i64; 4] = [3082, 4618, 5130, 5386];
/// That shared memory cannot grow, because the disk is full: nothing is lost either.
const SQLITE_IOERR_SHMSIZE: i64 = 4874;
/// PostgreSQL: disk_full.
const POSTGRES_DISK_FULL: &str = "53100";

impl From<SqlError> for CommitError {
    fn from(error: SqlError) -> Self {
        let Some(database) = error.as_database_error() else {
            return StoreError::Unavailable(error.to_string()).into();
        };
        match database.kind() {
            ErrorKind::UniqueViolation => Self::Breaks(rule(database)),
            ErrorKind::ForeignKeyViolation => Self::Breaks(Constraint::Row),
            _ => other_error(database),
        }
    }
}

/// For ports that know no rules of the register: a rule broken is a conflict.
impl From<CommitError> for StoreError {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Store(error) => error,
            other => Self::Conflict(other.to_string()),
        }
    }
}

impl From<SqlError> for StoreError {
    fn from(error: SqlError) -> Self {
        CommitError::from(error).into()
    }
}

fn rule(error: &dyn sqlx::error::DatabaseError) -> Constraint {
    let message = error.message();
    let columns = message.rsplit(": ").next().unwrap_or(message);
    RULES
        .iter()
        .find(|(sqlite, postgres, _)| columns == *sqlite || error.constraint() == Some(postgres))
        .map_or(Constraint::Row, |(_, _, constraint)| *constraint)
}

fn other_error(error: &dyn sqlx::error::DatabaseError) -> CommitError {
    let message = error.message().to_owned();
    if error
        .try_downcast_ref::<sqlx::sqlite::SqliteError>()
        .is_none()
    {
        return match error.code().as_deref() {
            Some(POSTGRES_DISK_FULL) => StoreError::Full(message).into(),
            _ => StoreError::Unavailable(message).into(),
        };
    }
    let code: i64 = error
        .code()
        .and_then(|code| code.parse().ok())
        .unwrap_or_default();
    match code & 0xff {
        _ if code == SQLITE_IOERR_SHMSIZE => StoreError::Full(message).into(),
        // A failed read, write or fsync of the database file. SQLite would carry on
        // committing after it; what the disk then holds is not known.
        SQLITE_IOERR if !SQLITE_IOERR_HARMLESS.contains(&code) => {
            fault::stop(&format!("the database file failed: {message} ({code})"))
        }
        SQLITE_FULL => StoreError::Full(message).into(),
        SQLITE_CORRUPT => StoreError::Corrupt(message).into(),
        _ => StoreError::Unavailable(message).into(),
    }
}

//! The files of an authority's folder: what each is called, how it is read and replaced.

use std::path::{Path, PathBuf};

use super::identity_file::{IdentityError, IdentityFile};
use super::issuance::IssueError;
use super::private_file;
use super::profile::ProfileError;
use super::role::Role;

/// Why an authority was not made or opened.
#[derive(Debug, thiserror::Error)]
pub enum AuthorityError {
    /// There is one already.
    #[error("there is an authority in {0}")]
    Exists(PathBuf),
    /// There is none.
    #[error("there is no authority in {0}: run `absah ca init`")]
    Missing(PathBuf),
    /// A file of the folder.
    #[error("{path}: {error}")]
    File {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        error: String,
    },
    /// A certificate or a key of the folder.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The profiles.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// A certificate was not issued.
    #[error(transparent)]
    Issue(#[from] IssueError),
    /// A CRL was not published.
    #[error(transparent)]
    Publish(#[from] super::crl::PublishError),
    /// What only a demonstration may do.
    #[error("only a demonstration authority opens its issuing key by itself")]
    NotADemonstration,
    /// A production authority's rule that the ceremony broke.
    #[error("{0}")]
    Rule(&'static str),
}

pub(super) fn identity_path(folder: &Path, role: Role) -> PathBuf {
    let name = match role {
        Role::IssuingCa => "issuing",
        other => other.name(),
    };
    folder.join(format!("{name}.toml"))
}

pub(super) fn identity(folder: &Path, role: Role) -> Result<IdentityFile, IdentityError> {
    IdentityFile::read(&identity_path(folder, role))
}

pub(super) fn read(folder: &Path, name: &str) -> Result<String, AuthorityError> {
    std::fs::read_to_string(folder.join(name)).map_err(|error| file_error(folder, name, &error))
}

pub(super) fn write(folder: &Path, name: &str, content: &[u8]) -> Result<(), AuthorityError> {
    private_file::replace(&folder.join(name), content)
        .map_err(|error| file_error(folder, name, &error))
}

pub(super) fn file_error(
    folder: &Path,
    name: &str,
    error: &dyn std::fmt::Display,
) -> AuthorityError {
    AuthorityError::File {
        path: folder.join(name),
        error: error.to_string(),
    }
}

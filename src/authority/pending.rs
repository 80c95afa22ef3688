//! A signatory's key that waits for its certificate from a foreign PSrE.
//!
//! One file for each person in the authority's folder `requests`: the key is sealed
//! under the person's own secret before the request leaves, and is enrolled when the
//! certificate comes. A second request takes the place of the first.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::instance::{AuthorityError, file_error};
use super::private_file;
use crate::domain::ids::PersonId;
use crate::kernel::sign::SignatureAlgorithm;

/// A key without certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PendingKey {
    /// How it signs.
    pub algorithm: SignatureAlgorithm,
    /// The kind of key, as `keys::vault` names it.
    pub kind: String,
    /// SubjectPublicKeyInfo.
    #[serde(with = "hex::serde")]
    pub spki: Vec<u8>,
    /// The sealed key, or the token's URI.
    #[serde(with = "hex::serde")]
    pub sealed: Vec<u8>,
}

impl PendingKey {
    /// Keeps it for a person.
    ///
    /// # Errors
    /// The disk's.
    pub fn keep(&self, authority: &Path, person: &PersonId) -> Result<(), AuthorityError> {
        let folder = authority.join("requests");
        let failed = |error: &dyn std::fmt::Display| file_error(&folder, "", error);
        private_file::folder(&folder).map_err(|error| failed(&error))?;
        let text = serde_json::to_vec_pretty(self).map_err(|error| failed(&error))?;
        private_file::replace(&path(authority, person), &text).map_err(|error| failed(&error))
    }

    /// The key that waits for a person; `None` if none does.
    ///
    /// # Errors
    /// The disk's, or a damaged file.
    pub fn find(authority: &Path, person: &PersonId) -> Result<Option<Self>, AuthorityError> {
        let path = path(authority, person);
        let failed = |error: &dyn std::fmt::Display| AuthorityError::File {
            path: path.clone(),
            error: error.to_string(),
        };
        match std::fs::read(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(&error)),
            Ok(text) => serde_json::from_slice(&text)
                .map(Some)
                .map_err(|error| failed(&error)),
        }
    }

    /// Forgets the key that waited: it is enrolled.
    ///
    /// # Errors
    /// The disk's.
    pub fn forget(authority: &Path, person: &PersonId) -> Result<(), AuthorityError> {
        let path = path(authority, person);
        std::fs::remove_file(&path).map_err(|error| AuthorityError::File {
            path,
            error: error.to_string(),
        })
    }
}

fn path(authority: &Path, person: &PersonId) -> PathBuf {
    authority.join("requests").join(format!("{person}.json"))
}

//! A signatory's key that has no certificate yet: ours is made in the same act, that of a
//! foreign PSrE is waited for.
//!
//! One that waits is one file for each person in the authority's folder `requests`: the key is sealed
//! under the person's own secret before the request leaves, and is enrolled when the
//! certificate comes. A second request takes the place of the first.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::folder::{AuthorityError, file_error};
use super::private_file;
use crate::domain::ids::PersonId;
use crate::kernel::sign::{SignatureAlgorithm, Signer as _};
use crate::keys::vault::{PASSKEYS, PKCS11, SEALED};
use crate::keys::{KdfCost, KeyError, Pkcs11Key, SoftwareKey, UnlockSecret, Vault};

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
    /// A software key, sealed under what its owner alone can give.
    ///
    /// # Errors
    /// See [`crate::keys::sealed::seal`].
    pub fn sealed(
        person: &PersonId,
        key: &SoftwareKey,
        secret: &UnlockSecret,
        cost: KdfCost,
    ) -> Result<Self, KeyError> {
        Ok(Self {
            algorithm: key.algorithm(),
            kind: match secret {
                UnlockSecret::Passphrase(_) => SEALED,
                UnlockSecret::PasskeyPrf { .. } => PASSKEYS,
            }
            .to_owned(),
            spki: key.spki_der()?,
            sealed: Vault::seal(person, key, secret, cost)?,
        })
    }

    /// A key in a token, by its URI without PIN.
    #[must_use]
    pub fn in_token(uri: &str, key: &Pkcs11Key) -> Self {
        Self {
            algorithm: key.algorithm(),
            kind: PKCS11.to_owned(),
            spki: key.spki_der().to_vec(),
            sealed: uri.as_bytes().to_vec(),
        }
    }

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

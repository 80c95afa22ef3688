//! What everyone may know of an authority: its kind, its names, the certificates of its CAs.
//! Reading it opens no key.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::folder::{AuthorityError, file_error, identity_path, read};
use super::identity_file::IdentityFile;
use super::instance::Authority;
use super::role::Role;
use crate::kernel::x509::Certificate;

/// What everyone may know.
#[derive(Debug, Clone)]
pub struct Published {
    /// What it says of itself.
    pub manifest: Manifest,
    /// The anchor.
    pub root: Certificate,
    /// The issuing CA.
    pub issuing: Certificate,
}

impl Published {
    /// Reads it from an authority's folder.
    ///
    /// # Errors
    /// There is no authority, or a file is damaged.
    pub fn read(folder: &Path) -> Result<Self, AuthorityError> {
        let manifest = Manifest::read(folder)?;
        let certificate = |role| IdentityFile::read(&identity_path(folder, role))?.certificate();
        Ok(Self {
            manifest,
            root: certificate(Role::Root)?,
            issuing: certificate(Role::IssuingCa)?,
        })
    }

    /// The certificates of the services in a folder; no key is opened.
    ///
    /// # Errors
    /// A file is missing or damaged.
    pub fn services(folder: &Path) -> Result<[(Role, Certificate); 3], AuthorityError> {
        let certificate = |role| -> Result<_, AuthorityError> {
            let file = IdentityFile::read(&identity_path(folder, role))?;
            Ok((role, file.certificate()?))
        };
        Ok([
            certificate(Role::Tsa)?,
            certificate(Role::Ocsp)?,
            certificate(Role::Seal)?,
        ])
    }

    /// Whether it is a demonstration.
    #[must_use]
    pub fn is_demonstration(&self) -> bool {
        self.manifest.kind == Kind::Demonstration
    }
}

/// What `authority.toml` says.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    version: u32,
    /// Whether it is a demonstration.
    pub kind: Kind,
    /// The organisation that its certificates name.
    pub organization: String,
    /// The URL that addresses in certificates begin with.
    pub public_url: String,
}

/// Whether an authority is to be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Made in one call, all keys in one place: for showing and testing.
    Demonstration,
    /// Made in a ceremony, its root offline.
    Production,
}

impl Manifest {
    pub(super) fn new(kind: Kind, organization: &str, public_url: &str) -> Self {
        Self {
            version: 1,
            kind,
            organization: organization.to_owned(),
            public_url: public_url.trim_end_matches('/').to_owned(),
        }
    }

    pub(super) fn read(folder: &Path) -> Result<Self, AuthorityError> {
        if !Authority::exists(folder) {
            return Err(AuthorityError::Missing(folder.to_owned()));
        }
        toml::from_str(&read(folder, "authority.toml")?)
            .map_err(|error| file_error(folder, "authority.toml", &error))
    }
}

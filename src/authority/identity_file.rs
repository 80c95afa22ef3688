//! One file for a certificate and what opens its key: replaced as a whole, so that a
//! certificate never stands beside another's key.
//!
//! ```toml
//! certificate = """-----BEGIN CERTIFICATE----- …"""
//! sealed_key = "base64 of a sealed key"      # or
//! pkcs11 = "pkcs11:token=…;object=…?module-path=…&pin-source=file:…"
//! ```
//! Without either the key is elsewhere: the root's, in a folder taken offline.

use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::folder::AuthorityError;
use super::private_file;
use super::service_secret::ServiceSecret;
use super::services::Identity;
use crate::kernel::sign::Signer;
use crate::kernel::x509::{Certificate, pem};
use crate::keys::{
    KdfCost, KeyError, Passphrase, Pkcs11Error, Pkcs11Key, SoftwareKey, UnlockSecret,
};

/// A certificate and what opens its key.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IdentityFile {
    certificate: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    sealed_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pkcs11: Option<String>,
}

/// Why an identity was not read, written or opened.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The file.
    #[error("{path}: {error}")]
    File {
        /// Which.
        path: String,
        /// What is wrong.
        error: String,
    },
    /// There is no key in the file: it is kept elsewhere.
    #[error("the key of {0} is not here")]
    KeyElsewhere(String),
    /// The key is not the certificate's.
    #[error("the key of {0} does not belong to its certificate")]
    Mismatch(String),
    /// The key did not open.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The token.
    #[error(transparent)]
    Token(#[from] Pkcs11Error),
}

impl IdentityFile {
    /// A certificate whose key is elsewhere.
    pub(super) fn without_key(certificate: &Certificate) -> Self {
        Self {
            certificate: pem::encode("CERTIFICATE", certificate.der()),
            sealed_key: None,
            pkcs11: None,
        }
    }

    /// A certificate with its software key, sealed.
    pub(super) fn sealing(
        certificate: &Certificate,
        key: &SoftwareKey,
        passphrase: &Passphrase,
        cost: KdfCost,
    ) -> Result<Self, IdentityError> {
        let secret = UnlockSecret::Passphrase(Passphrase::new(passphrase.reveal().to_owned()));
        let sealed = key.seal(&secret, &context(certificate), cost)?;
        Ok(Self {
            sealed_key: Some(STANDARD.encode(sealed)),
            ..Self::without_key(certificate)
        })
    }

    pub(super) fn read(path: &Path) -> Result<Self, IdentityError> {
        let failed = |error: String| IdentityError::File {
            path: path.display().to_string(),
            error,
        };
        let text = std::fs::read_to_string(path).map_err(|error| failed(error.to_string()))?;
        toml::from_str(&text).map_err(|error| failed(error.to_string()))
    }

    pub(super) fn write(&self, path: &Path) -> Result<(), IdentityError> {
        let failed = |error: String| IdentityError::File {
            path: path.display().to_string(),
            error,
        };
        let text = toml::to_string(self).map_err(|error| failed(error.to_string()))?;
        private_file::replace(path, text.as_bytes()).map_err(|error| failed(error.to_string()))
    }

    pub(super) fn certificate(&self) -> Result<Certificate, IdentityError> {
        let mut read =
            Certificate::from_pem_or_der(self.certificate.as_bytes()).unwrap_or_default();
        match (read.pop(), read.is_empty()) {
            (Some(certificate), true) => Ok(certificate),
            _ => Err(IdentityError::File {
                path: "certificate".into(),
                error: "it must hold one certificate in PEM".into(),
            }),
        }
    }

    pub(super) fn is_in_token(&self) -> bool {
        self.pkcs11.is_some()
    }

    /// Opens the key. A token's PIN is where its URI says.
    pub(super) fn open(
        &self,
        passphrase: Option<&Passphrase>,
    ) -> Result<Arc<dyn Signer>, IdentityError> {
        let certificate = self.certificate()?;
        let name = || certificate.subject().text();
        if let Some(uri) = &self.pkcs11 {
            let uri = uri
                .parse()
                .map_err(|error: crate::keys::UriError| IdentityError::File {
                    path: "pkcs11".into(),
                    error: error.to_string(),
                })?;
            let key = Pkcs11Key::open(&uri)?;
            let fits = key.spki_der() == certificate.spki_der();
            return fits
                .then(|| Arc::new(key) as Arc<dyn Signer>)
                .ok_or_else(|| IdentityError::Mismatch(name()));
        }
        let passphrase = passphrase.ok_or_else(|| IdentityError::KeyElsewhere(name()))?;
        Ok(Arc::new(self.software_key(&certificate, passphrase)?))
    }

    /// The certificate with its key, opened by the services' secret.
    pub(super) fn identity(&self, secret: &ServiceSecret) -> Result<Identity, AuthorityError> {
        Ok((self.certificate()?, self.open(Some(&secret.passphrase))?))
    }

    /// The same certificate, its software key under another passphrase.
    pub(super) fn resealed(
        &self,
        former: &Passphrase,
        next: &Passphrase,
        cost: KdfCost,
    ) -> Result<Self, IdentityError> {
        let certificate = self.certificate()?;
        let key = self.software_key(&certificate, former)?;
        Self::sealing(&certificate, &key, next, cost)
    }

    fn software_key(
        &self,
        certificate: &Certificate,
        passphrase: &Passphrase,
    ) -> Result<SoftwareKey, IdentityError> {
        let name = || certificate.subject().text();
        let Some(sealed) = &self.sealed_key else {
            return Err(IdentityError::KeyElsewhere(name()));
        };
        let sealed = STANDARD
            .decode(sealed)
            .map_err(|_| IdentityError::Mismatch(name()))?;
        let secret = UnlockSecret::Passphrase(Passphrase::new(passphrase.reveal().to_owned()));
        let key = SoftwareKey::open(&sealed, &secret, &context(certificate))?;
        if key.spki_der()? != certificate.spki_der() {
            return Err(IdentityError::Mismatch(name()));
        }
        Ok(key)
    }
}

/// A sealed key opens beside its own certificate's key identifier only.
fn context(certificate: &Certificate) -> String {
    format!(
        "authority/{}",
        hex::encode(certificate.subject_key_identifier().unwrap_or_default())
    )
}

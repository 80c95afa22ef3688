//! Signatories' keys: opened by their owner for one approval, closed with it.
//!
//! A key is a sealed software key or a key in a token whose PIN the signatory gives. A software key
//! is sealed under a passphrase, under passkeys (one sealed copy for each), or both. What is opened
//! is checked against the certificate before anything is signed with it.

use std::sync::Arc;

use async_trait::async_trait;

use super::pkcs11::{Pkcs11Error, Pkcs11Key, Pkcs11Uri};
use super::residue::without_residue;
use super::sealed::{KdfCost, SealError};
use super::software::{KeyError, SoftwareKey};
use crate::domain::ids::PersonId;
use crate::kernel::hash::Sha256;
use crate::kernel::sign::Signer;
use crate::kernel::x509::Certificate;
use crate::services::ports::signatory_keys::OpenedKey;
use crate::services::ports::{
    KeyRecord, KeyRecords, Passphrase, SignatoryKeys, UnlockError, UnlockSecret,
};

/// The kind of a [`KeyRecord`] that holds a sealed software key.
pub const SEALED: &str = "sealed";

/// The kind of a [`KeyRecord`] whose software key is sealed under passkeys alone: it holds none.
pub const PASSKEYS: &str = "passkeys";

/// The kind of a [`KeyRecord`] that holds a PKCS#11 URI without PIN.
pub const PKCS11: &str = "pkcs11";

/// Opens the keys in a store.
pub struct Vault {
    records: Arc<dyn KeyRecords>,
}

impl Vault {
    /// Opens the keys of this store.
    #[must_use]
    pub fn new(records: Arc<dyn KeyRecords>) -> Self {
        Self { records }
    }

    /// Seals a signatory's key for storage: under [`SEALED`] with a passphrase, as a copy with a
    /// passkey.
    ///
    /// # Errors
    /// See [`super::sealed::seal`].
    pub fn seal(
        person: &PersonId,
        key: &SoftwareKey,
        secret: &UnlockSecret,
        cost: KdfCost,
    ) -> Result<Vec<u8>, KeyError> {
        key.seal(secret, &context(person, &key.spki_der()?, secret), cost)
    }

    /// The sealed key that a secret opens.
    async fn sealed(
        &self,
        record: &KeyRecord,
        secret: &UnlockSecret,
    ) -> Result<Vec<u8>, UnlockError> {
        match (record.kind.as_str(), secret) {
            (SEALED | PASSKEYS, UnlockSecret::PasskeyPrf { credential, .. }) => {
                let copy = self
                    .records
                    .key_copy(&record.fingerprint(), credential)
                    .await?;
                copy.ok_or(UnlockError::OpenedOtherwise("passphrase"))
            }
            (PASSKEYS, UnlockSecret::Passphrase(_)) => Err(UnlockError::OpenedOtherwise("passkey")),
            _ => Ok(record.sealed.clone()),
        }
    }
}

#[async_trait]
impl SignatoryKeys for Vault {
    async fn unlock(
        &self,
        signatory: &str,
        secret: &UnlockSecret,
    ) -> Result<OpenedKey, UnlockError> {
        let unknown = || UnlockError::NoKey(signatory.to_owned());
        let person: PersonId = signatory.parse().map_err(|_| unknown())?;
        let record = self
            .records
            .key_in_use(&person)
            .await?
            .ok_or_else(unknown)?;
        let sealed = self.sealed(&record, secret).await?;
        let secret = copy(secret);
        // Argon2id is made to be slow and a token may be: not on a thread that serves others.
        let opened = tokio::task::spawn_blocking(move || {
            without_residue(|| open(&record, &sealed, &secret))
        });
        let opened = opened.await;
        opened.map_err(|error| UnlockError::KeyStore(error.to_string()))?
    }
}

fn open(
    record: &KeyRecord,
    sealed: &[u8],
    secret: &UnlockSecret,
) -> Result<OpenedKey, UnlockError> {
    let certificate = Certificate::parse(&record.certificate).map_err(failed)?;
    let (spki, signer): (Vec<u8>, Box<dyn Signer>) = match record.kind.as_str() {
        SEALED | PASSKEYS => {
            let context = context(&record.person, certificate.spki_der(), secret);
            let key = SoftwareKey::open(sealed, secret, &context)
                .and_then(|key| key.with_algorithm(record.algorithm))
                .map_err(refused)?;
            (key.spki_der().map_err(failed)?, Box::new(key))
        }
        PKCS11 => {
            let key = in_token(sealed, secret)?;
            (key.spki_der().to_vec(), Box::new(key))
        }
        other => {
            return Err(UnlockError::KeyStore(format!(
                "unknown kind of key \"{other}\""
            )));
        }
    };
    if spki != certificate.spki_der() {
        return Err(UnlockError::KeyStore(
            "the key does not belong to the certificate".into(),
        ));
    }
    if signer.algorithm() != record.algorithm {
        return Err(UnlockError::KeyStore(
            "the key signs with another algorithm than it was enrolled for".into(),
        ));
    }
    Ok(OpenedKey {
        signer,
        certificate,
    })
}

fn in_token(uri: &[u8], secret: &UnlockSecret) -> Result<Pkcs11Key, UnlockError> {
    let UnlockSecret::Passphrase(pin) = secret else {
        return Err(UnlockError::WrongSecret);
    };
    let text = std::str::from_utf8(uri).map_err(failed)?;
    let uri: Pkcs11Uri = text.parse().map_err(failed)?;
    Pkcs11Key::open_with_pin(&uri, Passphrase::new(pin.reveal().to_owned())).map_err(|error| {
        match error {
            Pkcs11Error::Pin(_) => UnlockError::WrongSecret,
            other => failed(other),
        }
    })
}

fn refused(error: KeyError) -> UnlockError {
    match error {
        KeyError::Seal(SealError::WrongSecret | SealError::WrongKindOfSecret { .. }) => {
            UnlockError::WrongSecret
        }
        other => failed(other),
    }
}

fn failed(error: impl std::fmt::Display) -> UnlockError {
    UnlockError::KeyStore(error.to_string())
}

fn copy(secret: &UnlockSecret) -> UnlockSecret {
    match secret {
        UnlockSecret::Passphrase(text) => {
            UnlockSecret::Passphrase(Passphrase::new(text.reveal().to_owned()))
        }
        UnlockSecret::PasskeyPrf { credential, output } => UnlockSecret::PasskeyPrf {
            credential: credential.clone(),
            output: output.again(),
        },
    }
}

/// Whose key it is, and which; with a passkey also under which one it is sealed.
fn context(person: &PersonId, spki: &[u8], secret: &UnlockSecret) -> String {
    match secret {
        UnlockSecret::Passphrase(_) => format!("signatory/{person}"),
        UnlockSecret::PasskeyPrf { credential, .. } => {
            let key = Sha256::of(spki);
            format!("signatory/{person}/key/{key}/passkey/{credential}")
        }
    }
}

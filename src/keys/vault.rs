//! Signatories' keys: opened by their owner for one approval, closed with it.
//!
//! A key is a sealed software key or a key in a token whose PIN the signatory gives. What
//! is opened is checked against the certificate before anything is signed with it.

use std::sync::Arc;

use async_trait::async_trait;

use super::pkcs11::{Pkcs11Error, Pkcs11Key, Pkcs11Uri};
use super::sealed::{KdfCost, SealError};
use super::software::{KeyError, SoftwareKey};
use crate::domain::ids::PersonId;
use crate::kernel::sign::Signer;
use crate::kernel::x509::Certificate;
use crate::services::ports::signatory_keys::OpenedKey;
use crate::services::ports::{
    KeyRecord, KeyRecords, Passphrase, PrfOutput, SignatoryKeys, UnlockError, UnlockSecret,
};

/// The kind of a [`KeyRecord`] that holds a sealed software key.
pub const SEALED: &str = "sealed";

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

    /// Seals a signatory's new key for storage under [`SEALED`].
    ///
    /// # Errors
    /// See [`super::sealed::seal`].
    pub fn seal(
        person: &PersonId,
        key: &SoftwareKey,
        secret: &UnlockSecret,
        cost: KdfCost,
    ) -> Result<Vec<u8>, KeyError> {
        key.seal(secret, &context(person), cost)
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
        let secret = copy(secret);
        // Argon2id is made to be slow and a token may be: not on a thread that serves others.
        let opened = tokio::task::spawn_blocking(move || open(&record, &secret)).await;
        opened.map_err(|error| UnlockError::KeyStore(error.to_string()))?
    }
}

fn open(record: &KeyRecord, secret: &UnlockSecret) -> Result<OpenedKey, UnlockError> {
    let certificate = Certificate::parse(&record.certificate).map_err(failed)?;
    let (spki, signer): (Vec<u8>, Box<dyn Signer>) = match record.kind.as_str() {
        SEALED => {
            let key = SoftwareKey::open(&record.sealed, secret, &context(&record.person))
                .and_then(|key| key.with_algorithm(record.algorithm))
                .map_err(refused)?;
            (key.spki_der().map_err(failed)?, Box::new(key))
        }
        PKCS11 => {
            let key = in_token(&record.sealed, secret)?;
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
        UnlockSecret::PasskeyPrf(output) => {
            UnlockSecret::PasskeyPrf(PrfOutput::new(*output.reveal()))
        }
    }
}

fn context(person: &PersonId) -> String {
    format!("signatory/{person}")
}

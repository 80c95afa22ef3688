//! The authority as the maker of signatories' keys while they enrol. A demonstration opens its
//! issuing key itself; any other authority's is opened by an administrator, so it makes none here.

use std::sync::Arc;

use async_trait::async_trait;

use super::enrolment::certified_key;
use super::instance::Authority;
use super::pending::PendingKey;
use crate::domain::accounts::Person;
use crate::keys::residue::without_residue;
use crate::keys::{KdfCost, KeyError, KeyType, SoftwareKey, UnlockSecret};
use crate::services::ports::{KeyCopy, KeyMaker, KeyMakerError, KeyRecord, MadeKey};

/// Makes keys that an authority certifies.
pub struct AuthorityKeys(pub Arc<Authority>);

#[async_trait]
impl KeyMaker for AuthorityKeys {
    fn makes(&self) -> bool {
        self.0.is_demonstration()
    }

    async fn make(&self, person: &Person, secret: &UnlockSecret) -> Result<MadeKey, KeyMakerError> {
        if !self.makes() {
            return Err(KeyMakerError::ByAdministrator);
        }
        // In place: the secret goes to no other thread, and nothing here takes long but Argon2id.
        let key = tokio::task::block_in_place(|| without_residue(|| sealed(person, secret)));
        let pending = key.map_err(failed)?;
        let ca = self.0.open_demonstration_issuing().map_err(failed)?;
        let record = certified_key(&self.0, &ca, person, pending).await;
        Ok(made(record.map_err(failed)?, secret))
    }
}

fn sealed(person: &Person, secret: &UnlockSecret) -> Result<PendingKey, KeyError> {
    let key = SoftwareKey::generate(KeyType::P256)?;
    PendingKey::sealed(&person.id, &key, secret, KdfCost::RECOMMENDED)
}

/// What a passkey seals is a copy beside the record, which holds no other.
fn made(record: KeyRecord, secret: &UnlockSecret) -> MadeKey {
    match secret {
        UnlockSecret::Passphrase(_) => MadeKey { record, copy: None },
        UnlockSecret::PasskeyPrf { credential, .. } => {
            let copy = KeyCopy {
                certificate: record.fingerprint(),
                credential: credential.clone(),
                sealed: record.sealed,
                at: record.at,
            };
            let record = KeyRecord {
                sealed: Vec::new(),
                ..record
            };
            MadeKey {
                record,
                copy: Some(copy),
            }
        }
    }
}

fn failed(error: impl std::fmt::Display) -> KeyMakerError {
    KeyMakerError::Failed(error.to_string())
}

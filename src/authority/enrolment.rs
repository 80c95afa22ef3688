//! A signatory's key with its certificate: the record that is enrolled.

use time::OffsetDateTime;

use super::folder::AuthorityError;
use super::import::Imported;
use super::instance::{Authority, OpenCa};
use super::issuance::{IssueError, Request};
use super::pending::PendingKey;
use super::role::Role;
use super::subject::Subject;
use crate::domain::accounts::Person;
use crate::keys::{KdfCost, KeyType, SoftwareKey};
use crate::services::ports::{KeyRecord, UnlockSecret};

/// Makes a key for a person, sealed under what only he can give, and certifies it.
///
/// # Errors
/// The certificate was not issued, or the key could not be sealed.
pub async fn new_signatory_key(
    authority: &Authority,
    ca: &OpenCa,
    person: &Person,
    secret: &UnlockSecret,
    (kind, cost): (KeyType, KdfCost),
) -> Result<KeyRecord, AuthorityError> {
    let key = SoftwareKey::generate(kind).map_err(IssueError::from)?;
    let key = PendingKey::sealed(&person.id, &key, secret, cost).map_err(IssueError::from)?;
    certified_key(authority, ca, person, key).await
}

/// Certifies a person's key, wherever it is: the record that puts it in use.
///
/// # Errors
/// The certificate was not issued.
pub async fn certified_key(
    authority: &Authority,
    ca: &OpenCa,
    person: &Person,
    key: PendingKey,
) -> Result<KeyRecord, AuthorityError> {
    let subject = subject_of(person, &authority.manifest().organization);
    let request = Request {
        role: Role::Signatory,
        subject: &subject,
        spki: &key.spki,
    };
    let certificate = authority.issuance().issue(ca.as_issuer(), request).await?;
    let imported = Imported {
        chain: authority.chain_of(&certificate).split_off(1),
        certificate,
    };
    Ok(imported_key(person, key, &imported, authority.now()))
}

/// The record of a key whose certificate came from elsewhere.
#[must_use]
pub fn imported_key(
    person: &Person,
    pending: PendingKey,
    imported: &Imported,
    at: OffsetDateTime,
) -> KeyRecord {
    KeyRecord {
        person: person.id,
        certificate: imported.certificate.der().to_vec(),
        chain: imported
            .chain
            .iter()
            .map(|one| one.der().to_vec())
            .collect(),
        algorithm: pending.algorithm,
        kind: pending.kind,
        sealed: pending.sealed,
        at,
    }
}

/// Whom a person's certificate names. The staff number is not in it: certificates are
/// public. The person's id tells two of the same name apart.
#[must_use]
pub fn subject_of(person: &Person, organization: &str) -> Subject {
    Subject {
        title: Some(person.office.clone()).filter(|title| title.chars().count() <= 64),
        serial_number: Some(person.id.to_string()),
        ..Subject::named(&person.name).of(organization)
    }
}

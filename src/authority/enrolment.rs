//! A signatory's key and certificate, made together: the record that is enrolled.

use time::OffsetDateTime;

use super::instance::{Authority, AuthorityError, OpenCa};
use super::issuance::{IssueError, Request};
use super::role::Role;
use super::subject::Subject;
use crate::domain::accounts::Person;
use crate::kernel::sign::Signer as _;
use crate::kernel::x509::Certificate;
use crate::keys::vault::SEALED;
use crate::keys::{KdfCost, KeyType, SoftwareKey, Vault};
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
    let sealed = Vault::seal(&person.id, &key, secret, cost).map_err(IssueError::from)?;
    let subject = subject_of(person, &authority.manifest().organization);
    let spki = key.spki_der().map_err(IssueError::from)?;
    let request = Request {
        role: Role::Signatory,
        subject: &subject,
        spki: &spki,
    };
    let certificate = authority.issuance().issue(ca.as_issuer(), request).await?;
    let chain = authority.chain_of(&certificate);
    Ok(KeyRecord {
        person: person.id,
        certificate: certificate.der().to_vec(),
        chain: above(&chain),
        algorithm: key.algorithm(),
        kind: SEALED.to_owned(),
        sealed,
        at: authority.now(),
    })
}

/// The record of a key whose certificate came from elsewhere.
#[must_use]
pub fn imported_key(
    person: &Person,
    pending: super::pending::PendingKey,
    imported: &super::import::Imported,
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

fn above(chain: &[Certificate]) -> Vec<Vec<u8>> {
    chain.iter().skip(1).map(|one| one.der().to_vec()).collect()
}

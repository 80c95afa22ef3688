//! The two ceremonies, step by step: registration (WebAuthn 7.1) and assertion (7.2).

use super::attestation::AttestationObject;
use super::authenticator_data::AuthenticatorData;
use super::client_data::{self, Kind};
use super::cose_key::CoseKey;
use super::{RelyingParty, WebAuthnError};
use crate::kernel::hash::Sha256;

/// What a browser brings back from making a credential.
#[derive(Debug, Clone, Copy)]
pub struct Registration<'a> {
    /// `clientDataJSON`
    pub client_data: &'a [u8],
    /// `attestationObject`
    pub attestation: &'a [u8],
}

/// A credential that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCredential {
    /// Its id.
    pub id: Vec<u8>,
    /// Its COSE_Key, as it was given.
    pub public_key: Vec<u8>,
    /// Its signature counter.
    pub sign_count: u32,
    /// The flag BE.
    pub backup_eligible: bool,
    /// The flag BS.
    pub backed_up: bool,
}

/// What a browser brings back from using a credential.
#[derive(Debug, Clone, Copy)]
pub struct Assertion<'a> {
    /// `clientDataJSON`
    pub client_data: &'a [u8],
    /// `authenticatorData`
    pub authenticator_data: &'a [u8],
    /// `signature`
    pub signature: &'a [u8],
}

/// What is known of a credential.
#[derive(Debug, Clone, Copy)]
pub struct KnownCredential<'a> {
    /// Its COSE_Key, as it was registered.
    pub public_key: &'a [u8],
    /// Its counter when it was last used.
    pub sign_count: u32,
    /// The flag BE, as it was registered.
    pub backup_eligible: bool,
}

/// What is new about a credential that was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsedCredential {
    /// Its counter.
    pub sign_count: u32,
    /// The flag BS.
    pub backed_up: bool,
}

/// Checks the making of a credential. That its id is not known yet is the caller's to ask
/// (7.1 step 26).
///
/// # Errors
/// The step that refuses it.
pub fn verify_registration(
    party: RelyingParty<'_>,
    challenge: &[u8],
    registration: &Registration<'_>,
) -> Result<NewCredential, WebAuthnError> {
    client_data::check(registration.client_data, Kind::Create, party, challenge)?;
    let hash = Sha256::of(registration.client_data);
    let object = AttestationObject::read(registration.attestation)?;
    let data = AuthenticatorData::read(object.data)?;
    data.check(party)?;
    let attested = data.attested.as_ref();
    let attested = attested.ok_or(WebAuthnError::AuthenticatorData)?;
    let key = CoseKey::read(attested.public_key)?;
    object.check(attested, &key, hash.as_bytes())?;
    Ok(NewCredential {
        id: attested.id.to_vec(),
        public_key: attested.public_key.to_vec(),
        sign_count: data.sign_count,
        backup_eligible: data.backup_eligible(),
        backed_up: data.backed_up(),
    })
}

/// Checks the use of a credential. Whose it is, and that it has not ended, is the caller's to
/// ask (7.2 steps 5 to 7).
///
/// # Errors
/// The step that refuses it.
pub fn verify_assertion(
    party: RelyingParty<'_>,
    challenge: &[u8],
    known: KnownCredential<'_>,
    assertion: &Assertion<'_>,
) -> Result<UsedCredential, WebAuthnError> {
    client_data::check(assertion.client_data, Kind::Get, party, challenge)?;
    let data = AuthenticatorData::read(assertion.authenticator_data)?;
    data.check(party)?;
    if data.backup_eligible() != known.backup_eligible {
        return Err(WebAuthnError::BackupFlags);
    }
    let hash = Sha256::of(assertion.client_data);
    let signed = [assertion.authenticator_data, hash.as_bytes()].concat();
    CoseKey::read(known.public_key)?.verify(&signed, assertion.signature)?;
    // Both zero: an authenticator without a counter, as synced passkeys are.
    let counts = data.sign_count != 0 || known.sign_count != 0;
    if counts && data.sign_count <= known.sign_count {
        return Err(WebAuthnError::SignCount);
    }
    Ok(UsedCredential {
        sign_count: data.sign_count,
        backed_up: data.backed_up(),
    })
}

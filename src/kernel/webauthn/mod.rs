//! WebAuthn Level 3, the relying party's side: what a browser brings back from an authenticator
//! is read and checked here, for registration (7.1) and for assertions (7.2).
//!
//! Pure: the challenge, the relying party and what is known of the credential are arguments.
//! Attestation is asked for as `none`, so that is accepted, and self attestation, which browsers
//! may pass on (5.1.3); who made an authenticator is not asked. Hostile input is bounded and never
//! recursed into without a bound.

mod attestation;
mod authenticator_data;
mod cbor;
mod ceremony;
mod client_data;
mod cose_key;

pub use ceremony::{Assertion, KnownCredential, NewCredential, Registration, UsedCredential};
pub use ceremony::{verify_assertion, verify_registration};
pub use cose_key::CoseKey;

/// Who relies on the credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RelyingParty<'a> {
    /// The RP ID: a host name.
    pub id: &'a str,
    /// The origin of our own pages.
    pub origin: &'a str,
}

/// Why an answer does not count. What follows each is the step of 7.1 or 7.2 that refuses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WebAuthnError {
    /// The client data is not what 5.8.1 describes.
    #[error("the client data cannot be read")]
    ClientData,
    /// It is about another kind of ceremony (7.1 step 7, 7.2 step 10).
    #[error("the client data is of another kind of ceremony")]
    Type,
    /// It answers another challenge (7.1 step 8, 7.2 step 11).
    #[error("the answer is to another challenge")]
    Challenge,
    /// Another site asked (7.1 step 9, 7.2 step 12).
    #[error("the answer was given to another origin")]
    Origin,
    /// A page inside another site's page asked (7.1 steps 10, 11; 7.2 steps 13, 14).
    #[error("the answer was given to a page inside another page")]
    CrossOrigin,
    /// The authenticator data is not what 6.1 describes.
    #[error("the authenticator data cannot be read")]
    AuthenticatorData,
    /// It is for another relying party (7.1 step 14, 7.2 step 15).
    #[error("the answer is for another relying party")]
    RelyingParty,
    /// Nobody was there (7.1 step 15, 7.2 step 16).
    #[error("the authenticator did not notice that anyone was there")]
    UserPresence,
    /// Nobody was verified (7.1 step 16, 7.2 step 17).
    #[error("the authenticator did not verify who was there")]
    UserVerification,
    /// Backed up without being eligible, or eligibility changed (7.1 steps 17 to 19, 7.2 steps
    /// 18, 19).
    #[error("the backup flags contradict one another or what is known")]
    BackupFlags,
    /// The counter did not rise: the credential may have been copied (7.2 step 22).
    #[error("the signature counter did not rise")]
    SignCount,
    /// The attestation object is not what 6.5 describes.
    #[error("the attestation object cannot be read")]
    AttestationObject,
    /// An attestation that was not asked for, or does not hold (7.1 steps 21 to 23).
    #[error("the attestation is none that is accepted here")]
    Attestation,
    /// The credential's public key is not what RFC 9052 describes.
    #[error("the public key cannot be read")]
    PublicKey,
    /// A kind of key that was not asked for (7.1 step 20).
    #[error("the public key is of a kind that was not asked for")]
    Algorithm,
    /// The credential's id is empty or too long (7.1 step 25).
    #[error("the credential's id is empty or too long")]
    CredentialId,
    /// The signature does not verify (7.2 step 21).
    #[error("the signature does not verify")]
    Signature,
}

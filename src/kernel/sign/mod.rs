//! Signature algorithms, the seam to whatever holds a private key, and the
//! check of a signature value.
//!
//! RSA PKCS#1 v1.5 and RSA-PSS (RFC 8017, RFC 4055), ECDSA (FIPS 186-5, RFC 5758).
//! Whether a key is long enough or a hash still good is the validation policy's question.

mod algorithm;
mod pss;
mod public_key;
mod signer;
mod verify;

pub use algorithm::{AlgorithmError, SignatureAlgorithm};
pub use public_key::PublicKey;
pub use signer::{SignError, Signer};
pub use verify::{VerifyError, verify, verify_digest};

//! What holds a private key. The kernel never sees the key.

use super::SignatureAlgorithm;

/// A private key with the one algorithm it is used with. Implementations live in `keys`.
pub trait Signer: Send + Sync {
    /// How this key signs.
    fn algorithm(&self) -> SignatureAlgorithm;

    /// Signs a digest made with the hash of [`Signer::algorithm`]. An ECDSA value is
    /// a DER `Ecdsa-Sig-Value`, an RSA value as long as the modulus.
    ///
    /// The digest is what an approval names, so it is what the key is given.
    fn sign_digest(&self, digest: &[u8]) -> Result<Vec<u8>, SignError>;

    /// Hashes and signs a message.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        self.sign_digest(&self.algorithm().hash().digest(&[message]))
    }
}

/// Why there is no signature value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// The key store refused or failed; nothing was signed.
    #[error("the key store failed: {0}")]
    KeyStore(String),
    /// The device is gone; nothing is known to have been signed.
    #[error("the key device is lost: {0}")]
    DeviceLost(String),
    /// The request was sent and no answer came: a value may exist that we do not have.
    #[error("the key device's reply was lost: {0}")]
    ReplyLost(String),
    /// The digest is not of the algorithm's hash.
    #[error("the digest has {found} octets, the algorithm needs {expected}")]
    WrongDigestLength {
        /// The length of the algorithm's hash.
        expected: usize,
        /// The length given.
        found: usize,
    },
}

impl SignError {
    /// Refuses a digest that is not of the algorithm's hash.
    pub fn check_digest(algorithm: SignatureAlgorithm, digest: &[u8]) -> Result<(), Self> {
        let expected = algorithm.hash().output_len();
        if digest.len() == expected {
            return Ok(());
        }
        Err(Self::WrongDigestLength {
            expected,
            found: digest.len(),
        })
    }
}

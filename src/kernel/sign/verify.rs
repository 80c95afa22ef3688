//! The check of a signature value under a public key, by OpenSSL.

use openssl::ec::EcKeyRef;
use openssl::ecdsa::EcdsaSig;
use openssl::error::ErrorStack;
use openssl::md::{Md, MdRef};
use openssl::pkey::Public;
use openssl::pkey_ctx::PkeyCtx;
use openssl::rsa::Padding;
use openssl::sign::RsaPssSaltlen;

use super::{PublicKey, SignatureAlgorithm};
use crate::kernel::hash::HashAlgorithm;

/// Why a signature value does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// The subjectPublicKeyInfo cannot be read, or holds a key OpenSSL refuses.
    #[error("the public key cannot be read")]
    PublicKey,
    /// The key is not of the algorithm's kind.
    #[error("the key is not of the kind the signature algorithm needs")]
    KeyKind,
    /// The digest is not of the algorithm's hash.
    #[error("the digest has the wrong length")]
    DigestLength,
    /// The value was not made over this message by this key.
    #[error("the signature value does not verify")]
    Signature,
}

impl PublicKey {
    /// Checks a signature over a message.
    pub fn verify(
        &self,
        algorithm: SignatureAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        self.verify_digest(algorithm, &algorithm.hash().digest(&[message]), signature)
    }

    /// Checks a signature over a digest.
    pub fn verify_digest(
        &self,
        algorithm: SignatureAlgorithm,
        digest: &[u8],
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        if digest.len() != algorithm.hash().output_len() {
            return Err(VerifyError::DigestLength);
        }
        if !self.fits(algorithm) {
            return Err(VerifyError::KeyKind);
        }
        match self.openssl_verify(algorithm, digest, signature) {
            Ok(true) => Ok(()),
            // OpenSSL reports a malformed value as an error, not as a mismatch.
            Ok(false) | Err(_) => Err(VerifyError::Signature),
        }
    }

    fn fits(&self, algorithm: SignatureAlgorithm) -> bool {
        match algorithm {
            SignatureAlgorithm::RsaPkcs1(_) => self.is_plain_rsa(),
            SignatureAlgorithm::RsaPss(_) => self.is_rsa(),
            SignatureAlgorithm::Ecdsa(_) => self.is_ec(),
        }
    }

    fn openssl_verify(
        &self,
        algorithm: SignatureAlgorithm,
        digest: &[u8],
        signature: &[u8],
    ) -> Result<bool, ErrorStack> {
        if let (SignatureAlgorithm::Ecdsa(_), Some(key)) = (algorithm, self.on_curve()) {
            return verify_on_curve(key, digest, signature);
        }
        let hash = message_digest(algorithm.hash());
        let mut context = PkeyCtx::new(self.openssl())?;
        context.verify_init()?;
        match algorithm {
            SignatureAlgorithm::RsaPkcs1(_) => context.set_rsa_padding(Padding::PKCS1)?,
            SignatureAlgorithm::RsaPss(_) => {
                context.set_rsa_padding(Padding::PKCS1_PSS)?;
                context.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH)?;
                context.set_rsa_mgf1_md(hash)?;
            }
            SignatureAlgorithm::Ecdsa(_) => {}
        }
        context.set_signature_md(hash)?;
        context.verify(digest, signature)
    }
}

/// What OpenSSL's provider does with an ECDSA value, without the provider: to hand it a key
/// takes a quarter of the time that the verification takes. An `Ecdsa-Sig-Value` has one
/// encoding.
fn verify_on_curve(
    key: &EcKeyRef<Public>,
    digest: &[u8],
    signature: &[u8],
) -> Result<bool, ErrorStack> {
    let value = EcdsaSig::from_der(signature)?;
    Ok(value.to_der()? == signature && value.verify(digest, key)?)
}

/// Checks a signature over a message under a subjectPublicKeyInfo.
pub fn verify(
    spki_der: &[u8],
    algorithm: SignatureAlgorithm,
    message: &[u8],
    signature: &[u8],
) -> Result<(), VerifyError> {
    PublicKey::from_spki(spki_der)?.verify(algorithm, message, signature)
}

/// Checks a signature over a digest under a subjectPublicKeyInfo.
pub fn verify_digest(
    spki_der: &[u8],
    algorithm: SignatureAlgorithm,
    digest: &[u8],
    signature: &[u8],
) -> Result<(), VerifyError> {
    PublicKey::from_spki(spki_der)?.verify_digest(algorithm, digest, signature)
}

fn message_digest(hash: HashAlgorithm) -> &'static MdRef {
    match hash {
        HashAlgorithm::Sha1 => Md::sha1(),
        HashAlgorithm::Sha224 => Md::sha224(),
        HashAlgorithm::Sha256 => Md::sha256(),
        HashAlgorithm::Sha384 => Md::sha384(),
        HashAlgorithm::Sha512 => Md::sha512(),
    }
}

//! A private key in this process's memory.
//!
//! OpenSSL does the arithmetic and wipes the key when it is dropped. Signing a
//! digest is RSA PKCS#1 v1.5, RSA-PSS (RFC 8017) or ECDSA (FIPS 186-5); the algorithm is
//! fixed when the key is taken up, so a caller cannot ask for another.

use openssl::error::ErrorStack;
use openssl::md::{Md, MdRef};
use openssl::pkey::{Id, PKey, Private};
use openssl::pkey_ctx::PkeyCtx;
use openssl::rsa::Padding;
use openssl::sign::RsaPssSaltlen;
use zeroize::Zeroizing;

use super::key_type::KeyType;
use super::p256;
use super::sealed::{self, KdfCost, SealError};
use crate::kernel::hash::HashAlgorithm;
use crate::kernel::sign::{SignError, SignatureAlgorithm, Signer};
use crate::services::ports::secret::UnlockSecret;

/// A software key and the algorithm it signs with.
#[derive(Clone)]
pub struct SoftwareKey {
    key: PKey<Private>,
    algorithm: SignatureAlgorithm,
}

/// Why there is no usable key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// OpenSSL failed.
    #[error("OpenSSL: {0}")]
    OpenSsl(#[from] ErrorStack),
    /// A key of a kind, curve or length that is not used here.
    #[error("the key is not RSA of 2048, 3072 or 4096 bits, P-256 or P-384")]
    UnsupportedKey,
    /// An algorithm that does not fit the key, or a hash too weak to sign with.
    #[error("a {key} key does not sign with {algorithm}")]
    UnsuitableAlgorithm {
        /// The key.
        key: KeyType,
        /// The algorithm.
        algorithm: SignatureAlgorithm,
    },
    /// It is sealed and did not open.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The passphrase of an encrypted file is wrong, or the file is damaged.
    #[error("the passphrase does not open this file, or the file is damaged")]
    WrongPassphrase,
    /// A file that should hold a key and its certificate does not.
    #[error("the file holds no {0}")]
    Missing(&'static str),
    /// The certificate is another key's.
    #[error("the certificate does not belong to the key")]
    CertificateMismatch,
}

impl SoftwareKey {
    /// Makes a new key, with its kind's usual algorithm.
    ///
    /// # Errors
    /// OpenSSL's.
    pub fn generate(kind: KeyType) -> Result<Self, KeyError> {
        Self::from_pkey(kind.generate()?)
    }

    /// Takes up a key, with its kind's usual algorithm.
    ///
    /// # Errors
    /// [`KeyError::UnsupportedKey`].
    pub fn from_pkey(key: PKey<Private>) -> Result<Self, KeyError> {
        let kind = KeyType::of(&key).ok_or(KeyError::UnsupportedKey)?;
        let algorithm = kind.usual_algorithm();
        Ok(Self { key, algorithm })
    }

    /// The same key, signing with another algorithm.
    ///
    /// # Errors
    /// [`KeyError::UnsuitableAlgorithm`].
    pub fn with_algorithm(self, algorithm: SignatureAlgorithm) -> Result<Self, KeyError> {
        let kind = self.kind()?;
        let fits = match algorithm {
            SignatureAlgorithm::RsaPkcs1(_) | SignatureAlgorithm::RsaPss(_) => kind.is_rsa(),
            SignatureAlgorithm::Ecdsa(_) => !kind.is_rsa(),
        };
        if fits && algorithm.hash().is_strong() {
            return Ok(Self { algorithm, ..self });
        }
        Err(KeyError::UnsuitableAlgorithm {
            key: kind,
            algorithm,
        })
    }

    /// What kind of key it is.
    ///
    /// # Errors
    /// Never for a key that was taken up.
    pub fn kind(&self) -> Result<KeyType, KeyError> {
        KeyType::of(&self.key).ok_or(KeyError::UnsupportedKey)
    }

    /// The public key as SubjectPublicKeyInfo.
    ///
    /// # Errors
    /// OpenSSL's.
    pub fn spki_der(&self) -> Result<Vec<u8>, KeyError> {
        Ok(self.key.public_key_to_der()?)
    }

    /// Seals it for storage; see [`sealed`].
    ///
    /// # Errors
    /// See [`sealed::seal`].
    pub fn seal(
        &self,
        secret: &UnlockSecret,
        context: &str,
        cost: KdfCost,
    ) -> Result<Vec<u8>, KeyError> {
        let pkcs8 = match p256::encode(&self.key)? {
            Some(pkcs8) => pkcs8,
            None => Zeroizing::new(self.key.private_key_to_pkcs8()?),
        };
        Ok(sealed::seal(&pkcs8, secret, context, cost)?)
    }

    /// Opens a sealed key.
    ///
    /// # Errors
    /// [`SealError::WrongSecret`] and the others of [`sealed::open`].
    pub fn open(sealed_key: &[u8], secret: &UnlockSecret, context: &str) -> Result<Self, KeyError> {
        let pkcs8 = sealed::open(sealed_key, secret, context)?;
        match p256::decode(&pkcs8)? {
            Some(key) => Self::from_pkey(key),
            None => Self::from_pkey(PKey::private_key_from_pkcs8(&pkcs8)?),
        }
    }

    pub(super) fn pkey(&self) -> &PKey<Private> {
        &self.key
    }

    fn sign_with_openssl(&self, digest: &[u8]) -> Result<Vec<u8>, ErrorStack> {
        let mut context = PkeyCtx::new(&self.key)?;
        context.sign_init()?;
        let hash = message_digest(self.algorithm.hash());
        if self.key.id() == Id::RSA {
            let pss = matches!(self.algorithm, SignatureAlgorithm::RsaPss(_));
            context.set_rsa_padding(if pss {
                Padding::PKCS1_PSS
            } else {
                Padding::PKCS1
            })?;
            context.set_signature_md(hash)?;
            if pss {
                context.set_rsa_mgf1_md(hash)?;
                context.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH)?;
            }
        } else {
            context.set_signature_md(hash)?;
        }
        let mut signature = Vec::new();
        context.sign_to_vec(digest, &mut signature)?;
        Ok(signature)
    }
}

impl KeyType {
    /// The algorithm a key of this kind signs with unless told otherwise: PKCS#1 v1.5 for
    /// RSA, since more validators in offices read it than PSS.
    #[must_use]
    pub fn usual_algorithm(self) -> SignatureAlgorithm {
        match self {
            Self::P384 => SignatureAlgorithm::Ecdsa(HashAlgorithm::Sha384),
            Self::P256 => SignatureAlgorithm::Ecdsa(HashAlgorithm::Sha256),
            Self::Rsa2048 | Self::Rsa3072 | Self::Rsa4096 => {
                SignatureAlgorithm::RsaPkcs1(HashAlgorithm::Sha256)
            }
        }
    }
}

impl Signer for SoftwareKey {
    fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    fn sign_digest(&self, digest: &[u8]) -> Result<Vec<u8>, SignError> {
        SignError::check_digest(self.algorithm, digest)?;
        self.sign_with_openssl(digest)
            .map_err(|error| SignError::KeyStore(error.to_string()))
    }
}

impl std::fmt::Debug for SoftwareKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SoftwareKey({})", self.algorithm)
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::sign::{PublicKey, VerifyError};
    use crate::services::ports::secret::Passphrase;

    fn public(key: &SoftwareKey) -> PublicKey {
        PublicKey::from_spki(&key.spki_der().unwrap()).unwrap()
    }

    #[test]
    fn every_algorithm_verifies_and_a_flipped_bit_does_not() {
        use HashAlgorithm::{Sha256, Sha384, Sha512};
        for hash in [Sha256, Sha384, Sha512] {
            for (kind, algorithm) in [
                (KeyType::Rsa2048, SignatureAlgorithm::RsaPkcs1(hash)),
                (KeyType::Rsa2048, SignatureAlgorithm::RsaPss(hash)),
                (KeyType::P256, SignatureAlgorithm::Ecdsa(hash)),
                (KeyType::P384, SignatureAlgorithm::Ecdsa(hash)),
            ] {
                let key = SoftwareKey::generate(kind)
                    .unwrap()
                    .with_algorithm(algorithm)
                    .unwrap();
                let signature = key.sign(b"izin").unwrap();
                assert_eq!(
                    public(&key).verify(algorithm, b"izin", &signature),
                    Ok(()),
                    "{algorithm}"
                );
                assert_eq!(
                    public(&key).verify(algorithm, b"izim", &signature),
                    Err(VerifyError::Signature),
                    "{algorithm}"
                );
            }
        }
    }

    #[test]
    fn unfit_algorithms_and_digests_are_refused() {
        let key = SoftwareKey::generate(KeyType::P256).unwrap();
        assert!(matches!(
            key.sign_digest(&[0; 20]),
            Err(SignError::WrongDigestLength {
                expected: 32,
                found: 20
            })
        ));
        for algorithm in [
            SignatureAlgorithm::RsaPss(HashAlgorithm::Sha256),
            SignatureAlgorithm::Ecdsa(HashAlgorithm::Sha1),
        ] {
            assert!(matches!(
                key.clone().with_algorithm(algorithm),
                Err(KeyError::UnsuitableAlgorithm { .. })
            ));
        }
    }

    #[test]
    fn a_sealed_key_signs_again_after_opening() {
        let key = SoftwareKey::generate(KeyType::P256).unwrap();
        let secret = UnlockSecret::Passphrase(Passphrase::new("sandi panjang".into()));
        let sealed = key.seal(&secret, "p1", KdfCost::LEAST).unwrap();
        let opened = SoftwareKey::open(&sealed, &secret, "p1").unwrap();
        assert_eq!(opened.spki_der().unwrap(), key.spki_der().unwrap());
        assert!(matches!(
            SoftwareKey::open(&sealed, &secret, "p2"),
            Err(KeyError::Seal(SealError::WrongSecret))
        ));
    }
}

//! The storage format of a sealed private key.
//!
//! ```text
//! "ABSAHKEY" | version 1 | kdf | m_cost KiB | t_cost | lanes | salt 16 | nonce 12 | AES-256-GCM(PKCS#8) | tag 16
//!     8           1         1      4 BE        4 BE     4 BE
//! ```
//! `kdf` 1 is Argon2id v1.3 (RFC 9106) over a passphrase, with the cost it was
//! sealed with; `kdf` 2 is HKDF-SHA-256 (RFC 5869) over a passkey's PRF output with the context in
//! its info, whose cost fields are zero. The whole header and the caller's `context` (whose
//! key this is) are authenticated, so a sealed key cannot be moved to another
//! person or its cost rewritten.
//!
//! It does not say who may unlock, and it does not limit guesses: a service
//! that takes passphrases from the network does that.

use argon2::{Algorithm, Argon2, Params, Version};
use openssl::symm::{Cipher, decrypt_aead, encrypt_aead};
use zeroize::Zeroizing;

use crate::services::ports::secret::UnlockSecret;

const MAGIC: &[u8; 8] = b"ABSAHKEY";
const VERSION: u8 = 1;
const KDF_ARGON2ID: u8 = 1;
const KDF_HKDF_SHA256: u8 = 2;
const SALT: usize = 16;
const NONCE: usize = 12;
const TAG: usize = 16;
const HEADER: usize = MAGIC.len() + 2 + 12 + SALT + NONCE;
/// Sealed keys are PKCS#8: RSA-4096 takes under 3 KB.
const MAX_SEALED: usize = 64 * 1024;

/// Argon2id's cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KdfCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl KdfCost {
    /// RFC 9106 section 4, second recommendation: 64 MiB, three passes, four lanes.
    pub const RECOMMENDED: Self = Self {
        memory_kib: 64 * 1024,
        passes: 3,
        lanes: 4,
    };

    /// The least that is accepted for a secret that guards nothing but
    /// demonstration data (OWASP's floor: 19 MiB, two passes).
    pub const LEAST: Self = Self {
        memory_kib: 19 * 1024,
        passes: 2,
        lanes: 1,
    };

    /// The most that is spent on a header read from storage: whoever can
    /// write there must not be able to exhaust the machine.
    const MOST: Self = Self {
        memory_kib: 1024 * 1024,
        passes: 16,
        lanes: 16,
    };

    fn within_bounds(self) -> bool {
        let ranges = [
            (
                self.memory_kib,
                Self::LEAST.memory_kib,
                Self::MOST.memory_kib,
            ),
            (self.passes, Self::LEAST.passes, Self::MOST.passes),
            (self.lanes, Self::LEAST.lanes, Self::MOST.lanes),
        ];
        ranges
            .iter()
            .all(|(value, least, most)| (least..=most).contains(&value))
    }
}

/// Why a key could not be sealed or opened.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum SealError {
    /// The secret does not open this key, or the sealed bytes were changed:
    /// authenticated encryption cannot tell these apart.
    #[error("the passphrase does not open this key")]
    WrongSecret,
    /// A passphrase was given for a key sealed under a passkey, or the reverse.
    #[error("this key is opened by a {expected}, not by a {given}")]
    WrongKindOfSecret {
        /// What the header asks for.
        expected: &'static str,
        /// What was given.
        given: &'static str,
    },
    /// An empty passphrase seals nothing.
    #[error("an empty passphrase is refused")]
    EmptyPassphrase,
    /// Not this format.
    #[error("this is not a sealed key")]
    NotASealedKey,
    /// A later version than this program knows.
    #[error("the sealed key has version {0}, this program reads version 1")]
    UnknownVersion(u8),
    /// A cost outside the accepted range.
    #[error("the sealed key's Argon2id cost is out of range: {0:?}")]
    CostOutOfRange(KdfCost),
    /// OpenSSL or Argon2 failed.
    #[error("sealing failed: {0}")]
    Crypto(String),
}

/// Seals `plaintext` (a PKCS#8 key) for whoever holds `secret`; `context` names
/// whose key it is and must be given again to open it.
///
/// # Errors
/// An empty passphrase, a cost out of range, or no randomness.
pub fn seal(
    plaintext: &[u8],
    secret: &UnlockSecret,
    context: &str,
    cost: KdfCost,
) -> Result<Vec<u8>, SealError> {
    let header = Header::fresh(secret, cost)?;
    let key = header.derive(secret, context)?;
    let encoded = header.encode();
    let mut tag = [0; TAG];
    let ciphertext = encrypt_aead(
        Cipher::aes_256_gcm(),
        key.as_slice(),
        Some(&header.nonce),
        &associated(&encoded, context),
        plaintext,
        &mut tag,
    )
    .map_err(crypto)?;
    Ok([encoded.as_slice(), &ciphertext, &tag].concat())
}

/// Opens a sealed key.
///
/// # Errors
/// [`SealError::WrongSecret`] if the secret or the context is not the one it was sealed with.
pub fn open(
    sealed: &[u8],
    secret: &UnlockSecret,
    context: &str,
) -> Result<Zeroizing<Vec<u8>>, SealError> {
    if sealed.len() > MAX_SEALED {
        return Err(SealError::NotASealedKey);
    }
    let (encoded, body) = sealed
        .split_at_checked(HEADER)
        .ok_or(SealError::NotASealedKey)?;
    let header = Header::parse(encoded)?;
    let tag_at = body
        .len()
        .checked_sub(TAG)
        .ok_or(SealError::NotASealedKey)?;
    let (ciphertext, tag) = body.split_at(tag_at);
    let key = header.derive(secret, context)?;
    decrypt_aead(
        Cipher::aes_256_gcm(),
        key.as_slice(),
        Some(&header.nonce),
        &associated(encoded, context),
        ciphertext,
        tag,
    )
    .map(Zeroizing::new)
    .map_err(|_| SealError::WrongSecret)
}

struct Header {
    kdf: u8,
    cost: KdfCost,
    salt: [u8; SALT],
    nonce: [u8; NONCE],
}

impl Header {
    fn fresh(secret: &UnlockSecret, cost: KdfCost) -> Result<Self, SealError> {
        let (kdf, cost) = match secret {
            UnlockSecret::Passphrase(passphrase) if passphrase.is_empty() => {
                return Err(SealError::EmptyPassphrase);
            }
            UnlockSecret::Passphrase(_) if !cost.within_bounds() => {
                return Err(SealError::CostOutOfRange(cost));
            }
            UnlockSecret::Passphrase(_) => (KDF_ARGON2ID, cost),
            UnlockSecret::PasskeyPrf { .. } => (KDF_HKDF_SHA256, NO_COST),
        };
        let (mut salt, mut nonce) = ([0; SALT], [0; NONCE]);
        openssl::rand::rand_bytes(&mut salt).map_err(crypto)?;
        openssl::rand::rand_bytes(&mut nonce).map_err(crypto)?;
        Ok(Self {
            kdf,
            cost,
            salt,
            nonce,
        })
    }

    fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(HEADER);
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&[VERSION, self.kdf]);
        for cost in [self.cost.memory_kib, self.cost.passes, self.cost.lanes] {
            out.extend_from_slice(&cost.to_be_bytes());
        }
        out.extend_from_slice(&self.salt);
        out.extend_from_slice(&self.nonce);
        out
    }

    fn parse(bytes: &[u8]) -> Result<Self, SealError> {
        let mut rest = bytes.strip_prefix(MAGIC).ok_or(SealError::NotASealedKey)?;
        let [version, kdf] = take(&mut rest)?;
        if version != VERSION {
            return Err(SealError::UnknownVersion(version));
        }
        let cost = KdfCost {
            memory_kib: u32::from_be_bytes(take(&mut rest)?),
            passes: u32::from_be_bytes(take(&mut rest)?),
            lanes: u32::from_be_bytes(take(&mut rest)?),
        };
        match kdf {
            KDF_ARGON2ID if !cost.within_bounds() => return Err(SealError::CostOutOfRange(cost)),
            KDF_HKDF_SHA256 if cost != NO_COST => return Err(SealError::CostOutOfRange(cost)),
            KDF_ARGON2ID | KDF_HKDF_SHA256 => {}
            _ => return Err(SealError::NotASealedKey),
        }
        let (salt, nonce) = (take(&mut rest)?, take(&mut rest)?);
        Ok(Self {
            kdf,
            cost,
            salt,
            nonce,
        })
    }

    fn derive(&self, secret: &UnlockSecret, context: &str) -> Result<Kek, SealError> {
        match (self.kdf, secret) {
            (KDF_ARGON2ID, UnlockSecret::Passphrase(passphrase)) => {
                argon2id(passphrase.reveal().as_bytes(), &self.salt, self.cost)
            }
            (KDF_HKDF_SHA256, UnlockSecret::PasskeyPrf { output, .. }) => {
                hkdf(output.reveal(), &self.salt, context)
            }
            (KDF_ARGON2ID, UnlockSecret::PasskeyPrf { .. }) => Err(SealError::WrongKindOfSecret {
                expected: "passphrase",
                given: "passkey",
            }),
            _ => Err(SealError::WrongKindOfSecret {
                expected: "passkey",
                given: "passphrase",
            }),
        }
    }
}

const NO_COST: KdfCost = KdfCost {
    memory_kib: 0,
    passes: 0,
    lanes: 0,
};

fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], SealError> {
    let (head, tail) = rest
        .split_first_chunk::<N>()
        .ok_or(SealError::NotASealedKey)?;
    *rest = tail;
    Ok(*head)
}

fn associated(header: &[u8], context: &str) -> Vec<u8> {
    [header, context.as_bytes()].concat()
}

/// The key-encryption key, on the heap: what is moved leaves a copy.
type Kek = Zeroizing<Vec<u8>>;

fn argon2id(secret: &[u8], salt: &[u8], cost: KdfCost) -> Result<Kek, SealError> {
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(32)).map_err(crypto)?;
    let mut key = Zeroizing::new(vec![0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(secret, salt, key.as_mut_slice())
        .map_err(crypto)?;
    Ok(key)
}

fn hkdf(secret: &[u8], salt: &[u8], context: &str) -> Result<Kek, SealError> {
    let derived = || -> Result<Kek, openssl::error::ErrorStack> {
        let mut hkdf = openssl::pkey_ctx::PkeyCtx::new_id(openssl::pkey::Id::HKDF)?;
        hkdf.derive_init()?;
        hkdf.set_hkdf_md(openssl::md::Md::sha256())?;
        hkdf.set_hkdf_key(secret)?;
        hkdf.set_hkdf_salt(salt)?;
        hkdf.add_hkdf_info(b"absah sealed key v1\n")?;
        hkdf.add_hkdf_info(context.as_bytes())?;
        let mut key = Zeroizing::new(vec![0; 32]);
        hkdf.derive(Some(key.as_mut_slice()))?;
        Ok(key)
    };
    derived().map_err(crypto)
}

fn crypto(error: impl std::fmt::Display) -> SealError {
    SealError::Crypto(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::credentials::CredentialId;
    use crate::services::ports::secret::{Passphrase, PrfOutput};

    fn prf(byte: u8) -> UnlockSecret {
        UnlockSecret::PasskeyPrf {
            credential: CredentialId::new(&[1]).unwrap(),
            output: PrfOutput::new(vec![byte; 32].into()).unwrap(),
        }
    }

    fn passphrase(text: &str) -> UnlockSecret {
        UnlockSecret::Passphrase(Passphrase::new(text.into()))
    }

    #[test]
    fn opens_with_the_same_secret_only() {
        let sealed = seal(b"key", &passphrase("benar"), "s1", KdfCost::LEAST).unwrap();
        assert_eq!(*open(&sealed, &passphrase("benar"), "s1").unwrap(), b"key");
        assert_eq!(
            open(&sealed, &passphrase("salah"), "s1"),
            Err(SealError::WrongSecret)
        );
        assert_eq!(
            open(&sealed, &passphrase("benar"), "s2"),
            Err(SealError::WrongSecret)
        );
        assert!(matches!(
            open(&sealed, &prf(7), "s1"),
            Err(SealError::WrongKindOfSecret { .. })
        ));
    }

    #[test]
    fn opens_with_a_passkey() {
        let secret = prf(7);
        let sealed = seal(b"key", &secret, "s1", KdfCost::LEAST).unwrap();
        assert_eq!(*open(&sealed, &secret, "s1").unwrap(), b"key");
        let other = prf(8);
        assert_eq!(open(&sealed, &other, "s1"), Err(SealError::WrongSecret));
        assert!(matches!(
            open(&sealed, &passphrase("benar"), "s1"),
            Err(SealError::WrongKindOfSecret { .. })
        ));
    }

    #[test]
    fn every_flipped_byte_is_refused() {
        let secret = prf(7);
        let sealed = seal(b"key", &secret, "s1", KdfCost::LEAST).unwrap();
        for at in 0..sealed.len() {
            let mut broken = sealed.clone();
            broken[at] ^= 1;
            assert!(open(&broken, &secret, "s1").is_err(), "byte {at}");
            assert!(open(&sealed[..at], &secret, "s1").is_err(), "cut at {at}");
        }
    }

    #[test]
    fn hostile_costs_and_empty_passphrases_are_refused() {
        assert_eq!(
            seal(b"key", &passphrase(""), "s1", KdfCost::LEAST),
            Err(SealError::EmptyPassphrase)
        );
        let sealed = seal(b"key", &passphrase("benar"), "s1", KdfCost::LEAST).unwrap();
        let mut hungry = sealed.clone();
        hungry[10..14].copy_from_slice(&u32::MAX.to_be_bytes());
        assert!(matches!(
            open(&hungry, &passphrase("benar"), "s1"),
            Err(SealError::CostOutOfRange(_))
        ));
        let mut later = sealed;
        later[8] = 2;
        assert_eq!(
            open(&later, &passphrase("benar"), "s1"),
            Err(SealError::UnknownVersion(2))
        );
        let weak = KdfCost {
            memory_kib: 64,
            passes: 1,
            lanes: 1,
        };
        assert_eq!(
            seal(b"key", &passphrase("benar"), "s1", weak),
            Err(SealError::CostOutOfRange(weak))
        );
    }
}

//! Envelopes: how a secret comes from a page to the key phase without lying in the buffers on its
//! way (of sockets, TLS, proxies, HTTP, JSON).
//!
//! HPKE (RFC 9180) in base mode, single shot: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM.
//! The page seals to a key that was made for this one gesture; the key is used once, lives for
//! minutes, in this process alone, and is wiped. After that nobody can open what was sent, whoever
//! kept it. It does not stop a server that is hostile while it runs.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use openssl::bn::BigNumContext;
use openssl::derive::Deriver;
use openssl::ec::{EcGroup, EcKey, EcPoint, PointConversionForm};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private, Public};
use openssl::sign::Signer;
use openssl::symm::{Cipher, decrypt_aead};
use time::{Duration, OffsetDateTime};
use zeroize::Zeroizing;

/// How long an envelope's key is kept.
const LIFETIME: Duration = Duration::minutes(15);
/// Keys kept at most; more than an office's people ask for at once.
const KEPT: usize = 4_096;
const TAG: usize = 16;
/// A passphrase is no longer.
const LONGEST: usize = 4_096;

const KEM: &[u8] = b"KEM\x00\x10";
const SUITE: &[u8] = b"HPKE\x00\x10\x00\x01\x00\x01";

/// What a page seals to: the public key as an uncompressed point, which also names it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EnvelopeKey(pub Vec<u8>);

/// What a page sent.
#[derive(Debug, Clone, Copy)]
pub struct Sealed<'a> {
    /// The public key that it was sealed to.
    pub to: &'a [u8],
    /// The encapsulated key.
    pub enc: &'a [u8],
    /// The ciphertext with its tag.
    pub ciphertext: &'a [u8],
}

/// An envelope that cannot be opened: its key is gone, or it was sealed to another, for another
/// purpose, or changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the envelope cannot be opened: ask for a new one")]
pub struct Unopened;

/// The keys of envelopes that are out.
#[derive(Default)]
pub struct Envelopes(Mutex<HashMap<EnvelopeKey, Kept>>);

struct Kept {
    key: EcKey<Private>,
    until: OffsetDateTime,
}

impl Envelopes {
    /// A new key to seal to.
    ///
    /// # Errors
    /// OpenSSL's.
    pub fn fresh(&self, now: OffsetDateTime) -> Result<EnvelopeKey, ErrorStack> {
        let group = group()?;
        let key = EcKey::generate(&group)?;
        let public = EnvelopeKey(point(&key)?);
        let until = now + LIFETIME;
        let mut kept = self.lock();
        kept.retain(|_, one| now < one.until);
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(public.clone(), Kept { key, until });
        Ok(public)
    }

    /// Opens what was sealed for a purpose. The key is gone afterwards, whatever came of it.
    ///
    /// # Errors
    /// [`Unopened`].
    pub fn open(
        &self,
        sealed: Sealed<'_>,
        purpose: &str,
        now: OffsetDateTime,
    ) -> Result<Zeroizing<Vec<u8>>, Unopened> {
        let known = EnvelopeKey(sealed.to.to_vec());
        let kept = self.lock().remove(&known).ok_or(Unopened)?;
        if now >= kept.until || sealed.ciphertext.len() > LONGEST {
            return Err(Unopened);
        }
        let opened = open(&kept.key, sealed, purpose.as_bytes(), b"");
        opened.map_err(|_| Unopened)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<EnvelopeKey, Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

type Secret = Zeroizing<Vec<u8>>;

/// OpenBase (RFC 9180 6.1).
fn open(
    key: &EcKey<Private>,
    sealed: Sealed<'_>,
    info: &[u8],
    associated: &[u8],
) -> Result<Secret, ErrorStack> {
    let shared = decapsulate(key, sealed)?;
    let psk = labeled_extract(&[], SUITE, b"psk_id_hash", &[])?;
    let info = labeled_extract(&[], SUITE, b"info_hash", info)?;
    let context = [&[0], psk.as_slice(), &info].concat();
    let secret = labeled_extract(&shared, SUITE, b"secret", &[])?;
    let key = labeled_expand(&secret, SUITE, b"key", &context, 16)?;
    let nonce = labeled_expand(&secret, SUITE, b"base_nonce", &context, 12)?;
    let at = sealed.ciphertext.len().checked_sub(TAG);
    let at = at.ok_or_else(ErrorStack::get)?;
    let (text, tag) = sealed.ciphertext.split_at(at);
    let cipher = Cipher::aes_128_gcm();
    decrypt_aead(cipher, &key, Some(&nonce), associated, text, tag).map(Zeroizing::new)
}

/// Decap (RFC 9180 4.1).
fn decapsulate(key: &EcKey<Private>, sealed: Sealed<'_>) -> Result<Secret, ErrorStack> {
    let group = group()?;
    // Refuses a point that is not on the curve.
    let theirs = EcPoint::from_bytes(&group, sealed.enc, &mut *BigNumContext::new()?)?;
    let theirs: PKey<Public> = PKey::from_ec_key(EcKey::from_public_key(&group, &theirs)?)?;
    let ours = PKey::from_ec_key(key.clone())?;
    let mut deriver = Deriver::new(&ours)?;
    deriver.set_peer(&theirs)?;
    let shared = Zeroizing::new(deriver.derive_to_vec()?);
    let context = [sealed.enc, &point(key)?].concat();
    let extracted = labeled_extract(&[], KEM, b"eae_prk", &shared)?;
    labeled_expand(&extracted, KEM, b"shared_secret", &context, 32)
}

fn labeled_extract(
    salt: &[u8],
    suite: &[u8],
    label: &[u8],
    input: &[u8],
) -> Result<Secret, ErrorStack> {
    // An absent salt is as many zeros as the hash has octets (RFC 5869 2.2).
    let salt = if salt.is_empty() { &[0; 32] } else { salt };
    hmac(salt, &[b"HPKE-v1", suite, label, input])
}

/// For no more than one block of the hash.
fn labeled_expand(
    key: &[u8],
    suite: &[u8],
    label: &[u8],
    info: &[u8],
    length: u8,
) -> Result<Secret, ErrorStack> {
    let parts: [&[u8]; 6] = [&[0, length], b"HPKE-v1", suite, label, info, &[1]];
    let mut block = hmac(key, &parts)?;
    block.truncate(length.into());
    Ok(block)
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> Result<Secret, ErrorStack> {
    let key = PKey::hmac(key)?;
    let mut signer = Signer::new(MessageDigest::sha256(), &key)?;
    for part in parts {
        signer.update(part)?;
    }
    signer.sign_to_vec().map(Zeroizing::new)
}

fn group() -> Result<EcGroup, ErrorStack> {
    EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)
}

fn point(key: &EcKey<Private>) -> Result<Vec<u8>, ErrorStack> {
    let form = PointConversionForm::UNCOMPRESSED;
    let mut context = BigNumContext::new()?;
    key.public_key().to_bytes(key.group(), form, &mut context)
}

#[cfg(test)]
mod tests {
    use openssl::bn::BigNum;
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-22 04:00 UTC);

    /// RFC 9180 A.3.1: recipient, encapsulated key, first message.
    const RECIPIENT: &str = "f3ce7fdae57e1a310d87f1ebbde6f328be0a99cdbcadf4d6589cf29de4b8ffd2";
    const PUBLIC: &str = "04fe8c19ce0905191ebc298a9245792531f26f0cece2460639e8bc39cb7f706a826a779b4cf969b8a0e539c7f62fb3d30ad6aa8f80e30f1d128aafd68a2ce72ea0";
    const ENC: &str = "04a92719c6195d5085104f469a8b9814d5838ff72b60501e2c4466e5e67b325ac98536d7b61a1af4b78e5b7f951c0900be863c403ce65c9bfcb9382657222d18c4";
    const TEXT: &str = "5ad590bb8baa577f8619db35a36311226a896e7342a6d836d8b7bcd2f20b6c7f9076ac232e3ab2523f39513434";

    fn recipient() -> EcKey<Private> {
        let group = group().unwrap();
        let number = BigNum::from_hex_str(RECIPIENT).unwrap();
        let mut context = BigNumContext::new().unwrap();
        let public = hex::decode(PUBLIC).unwrap();
        let public = EcPoint::from_bytes(&group, &public, &mut context).unwrap();
        EcKey::from_private_components(&group, &number, &public).unwrap()
    }

    #[test]
    fn the_standards_vector_opens_and_its_twins_do_not() {
        let (to, enc) = (hex::decode(PUBLIC).unwrap(), hex::decode(ENC).unwrap());
        let text = hex::decode(TEXT).unwrap();
        let opened = |enc: &[u8], ciphertext: &[u8], info: &[u8], associated: &[u8]| {
            let sealed = Sealed {
                to: &to,
                enc,
                ciphertext,
            };
            open(&recipient(), sealed, info, associated)
        };
        let info = b"Ode on a Grecian Urn";
        let plain = opened(&enc, &text, info, b"Count-0").unwrap();
        assert_eq!(*plain, b"Beauty is truth, truth beauty");
        assert!(opened(&enc, &text, b"Ode", b"Count-0").is_err());
        assert!(opened(&enc, &text, info, b"Count-1").is_err());
        assert!(opened(&enc, &text[1..], info, b"Count-0").is_err());
        assert!(opened(&enc, &[], info, b"Count-0").is_err());
        assert!(opened(&to, &text, info, b"Count-0").is_err());
        let mut beside = enc;
        *beside.last_mut().unwrap() ^= 1;
        assert!(opened(&beside, &text, info, b"Count-0").is_err());
    }

    #[test]
    fn a_key_serves_once_and_for_minutes() {
        let envelopes = Envelopes::default();
        let key = envelopes.fresh(NOW).unwrap();
        let sealed = Sealed {
            to: &key.0,
            enc: &key.0,
            ciphertext: &[0; 20],
        };
        assert!(envelopes.open(sealed, "a", NOW).is_err());
        assert!(envelopes.lock().is_empty());
        envelopes.fresh(NOW).unwrap();
        envelopes.fresh(NOW + LIFETIME).unwrap();
        assert_eq!(envelopes.lock().len(), 1);
    }
}

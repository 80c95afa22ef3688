//! A credential's public key: COSE_Key (RFC 9052 7, RFC 9053 7) of the three kinds that are asked
//! for, and the signatures that are made with it (WebAuthn 6.5.5).

use openssl::bn::{BigNum, BigNumContext};
use openssl::ec::{EcGroup, EcKey, EcPoint};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{Id, PKey, Public};
use openssl::rsa::Rsa;
use openssl::sign::Verifier;

use super::WebAuthnError;
use super::cbor::{NotCbor, Reader};

const ES256: i64 = -7;
const EDDSA: i64 = -8;
const RS256: i64 = -257;
const OKP: i64 = 1;
const EC2: i64 = 2;
const RSA: i64 = 3;
const P256: i64 = 1;
const ED25519: i64 = 6;
/// Fewer bits are weak, more than this only slow.
const MODULUS: std::ops::RangeInclusive<usize> = 256..=1_024;
/// More parameters than any key has.
const MOST_PARAMETERS: u64 = 8;

/// A public key, ready for use.
#[derive(Debug, Clone)]
pub struct CoseKey {
    algorithm: i64,
    key: PKey<Public>,
}

/// The parameters of a COSE_Key, as they stand.
#[derive(Default)]
struct Parameters<'a> {
    kind: Option<i64>,
    algorithm: Option<i64>,
    curve: Option<i64>,
    /// -1 of an RSA key, where other kinds have their curve.
    modulus: Option<&'a [u8]>,
    /// -2: x; of an RSA key the exponent.
    second: Option<&'a [u8]>,
    /// -3: y.
    third: Option<&'a [u8]>,
}

impl CoseKey {
    /// The algorithms that are asked for, the liked ones first: ES256, EdDSA (Ed25519), RS256.
    pub const ALGORITHMS: [i64; 3] = [ES256, EDDSA, RS256];

    /// Reads a COSE_Key; nothing may follow.
    ///
    /// # Errors
    /// [`WebAuthnError::PublicKey`], or [`WebAuthnError::Algorithm`] for one that was not asked
    /// for.
    pub fn read(bytes: &[u8]) -> Result<Self, WebAuthnError> {
        let parameters = Parameters::read(bytes).map_err(|NotCbor| WebAuthnError::PublicKey)?;
        let algorithm = parameters.algorithm.ok_or(WebAuthnError::PublicKey)?;
        let key = match algorithm {
            ES256 => parameters.p256(),
            EDDSA => parameters.ed25519(),
            RS256 => parameters.rsa(),
            _ => return Err(WebAuthnError::Algorithm),
        };
        let key = key.ok_or(WebAuthnError::PublicKey)?;
        let key = key.map_err(|_| WebAuthnError::PublicKey)?;
        Ok(Self { algorithm, key })
    }

    /// Its COSE algorithm.
    #[must_use]
    pub fn algorithm(&self) -> i64 {
        self.algorithm
    }

    /// Checks a signature over a message.
    ///
    /// # Errors
    /// [`WebAuthnError::Signature`].
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), WebAuthnError> {
        match self.openssl_verify(message, signature) {
            Ok(true) => Ok(()),
            // OpenSSL reports a malformed value as an error, not as a mismatch.
            Ok(false) | Err(_) => Err(WebAuthnError::Signature),
        }
    }

    fn openssl_verify(&self, message: &[u8], signature: &[u8]) -> Result<bool, ErrorStack> {
        let mut verifier = match self.algorithm {
            EDDSA => Verifier::new_without_digest(&self.key)?,
            _ => Verifier::new(MessageDigest::sha256(), &self.key)?,
        };
        verifier.verify_oneshot(signature, message)
    }
}

impl<'a> Parameters<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, NotCbor> {
        let mut reader = Reader::new(bytes);
        let count = reader.map()?;
        if count > MOST_PARAMETERS {
            return Err(NotCbor);
        }
        let mut parameters = Self::default();
        for _ in 0..count {
            parameters.take(&mut reader)?;
        }
        if reader.rest().is_empty() {
            Ok(parameters)
        } else {
            Err(NotCbor)
        }
    }

    fn take(&mut self, reader: &mut Reader<'a>) -> Result<(), NotCbor> {
        match reader.integer()? {
            1 => once(&mut self.kind, reader.integer()?),
            3 => once(&mut self.algorithm, reader.integer()?),
            // Of the key's kind depends what stands here; the kind comes first (canonical order).
            -1 if self.kind == Some(RSA) => once(&mut self.modulus, reader.bytes()?),
            -1 => once(&mut self.curve, reader.integer()?),
            -2 => once(&mut self.second, reader.bytes()?),
            -3 => once(&mut self.third, reader.bytes()?),
            _ => Err(NotCbor),
        }
    }

    fn p256(&self) -> Option<Result<PKey<Public>, ErrorStack>> {
        let (x, y) = (self.second?, self.third?);
        let fits = self.kind == Some(EC2) && self.curve == Some(P256);
        let point = [&[4], x, y].concat();
        (fits && x.len() == 32 && y.len() == 32).then(|| on_p256(&point))
    }

    fn ed25519(&self) -> Option<Result<PKey<Public>, ErrorStack>> {
        let x = self.second?;
        let fits = self.kind == Some(OKP) && self.curve == Some(ED25519) && self.third.is_none();
        fits.then(|| PKey::public_key_from_raw_bytes(x, Id::ED25519))
    }

    fn rsa(&self) -> Option<Result<PKey<Public>, ErrorStack>> {
        let (modulus, exponent) = (self.modulus?, self.second?);
        let fits = MODULUS.contains(&modulus.len()) && modulus.first() > Some(&0x7f);
        // 65537 is what authenticators use; even and tiny exponents are no RSA.
        let sound = exponent == [1, 0, 1];
        (fits && sound && self.third.is_none()).then(|| with_numbers(modulus, exponent))
    }
}

fn once<T>(place: &mut Option<T>, value: T) -> Result<(), NotCbor> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(NotCbor),
    }
}

/// Refuses a point that is not on the curve.
fn on_p256(point: &[u8]) -> Result<PKey<Public>, ErrorStack> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?;
    let point = EcPoint::from_bytes(&group, point, &mut *BigNumContext::new()?)?;
    PKey::from_ec_key(EcKey::from_public_key(&group, &point)?)
}

fn with_numbers(modulus: &[u8], exponent: &[u8]) -> Result<PKey<Public>, ErrorStack> {
    let (modulus, exponent) = (BigNum::from_slice(modulus)?, BigNum::from_slice(exponent)?);
    PKey::from_rsa(Rsa::from_public_components(modulus, exponent)?)
}

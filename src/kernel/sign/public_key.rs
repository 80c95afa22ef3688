//! Public keys (RFC 3279 2.3, RFC 5480), read from a subjectPublicKeyInfo.
//!
//! RSA keys and keys on the NIST curves are put together from their numbers: OpenSSL 3's
//! general decoder takes longer for a key than a P-256 verification does (measured: 400 µs
//! beside 230 µs; put together, 4 µs). Every other key goes through that decoder.

use std::sync::OnceLock;

use const_oid::ObjectIdentifier;
use openssl::bn::{BigNum, BigNumContext};
use openssl::ec::{EcGroup, EcKey, EcKeyRef, EcPoint};
use openssl::error::ErrorStack;
use openssl::nid::Nid;
use openssl::pkey::{Id, PKey, PKeyRef, Public};
use openssl::rsa::Rsa;

use super::VerifyError;
use crate::kernel::asn1::{Asn1Error, Element, Reader, Tag, oids};
use crate::kernel::hash::null_or_absent;

/// The longest RSA modulus, in octets (16384 bits, OpenSSL's own limit for verification).
const MAX_MODULUS: usize = 2048;

/// A public key, ready for use.
#[derive(Debug, Clone)]
pub struct PublicKey {
    key: PKey<Public>,
    /// The same, where it is on a curve that we know.
    on_curve: Option<EcKey<Public>>,
}

/// The parts of a subjectPublicKeyInfo of a kind that we put together.
enum Parts<'a> {
    Rsa {
        modulus: &'a [u8],
        exponent: &'a [u8],
    },
    Ec {
        curve: Curve,
        point: &'a [u8],
    },
}

#[derive(Clone, Copy)]
enum Curve {
    P256,
    P384,
    P521,
}

impl PublicKey {
    /// Reads a subjectPublicKeyInfo.
    pub fn from_spki(der: &[u8]) -> Result<Self, VerifyError> {
        let key = match Parts::read(der).map_err(|_| VerifyError::PublicKey)? {
            Some(parts) => parts.assemble(),
            None => PKey::public_key_from_der(der).map(|key| Self {
                key,
                on_curve: None,
            }),
        };
        key.map_err(|_| VerifyError::PublicKey)
    }

    /// The size of the key in bits, as policies count it (RSA modulus, curve order).
    pub fn bits(&self) -> u32 {
        self.key.bits()
    }

    /// Whether this is an RSA key (also one restricted to PSS).
    pub fn is_rsa(&self) -> bool {
        self.is_plain_rsa() || self.key.id() == Id::RSA_PSS
    }

    /// Whether this is an elliptic-curve key.
    pub fn is_ec(&self) -> bool {
        self.key.id() == Id::EC
    }

    /// Whether this is an RSA key without restriction to PSS.
    pub(super) fn is_plain_rsa(&self) -> bool {
        self.key.id() == Id::RSA
    }

    pub(super) fn openssl(&self) -> &PKeyRef<Public> {
        &self.key
    }

    pub(super) fn on_curve(&self) -> Option<&EcKeyRef<Public>> {
        self.on_curve.as_deref()
    }
}

impl<'a> Parts<'a> {
    /// `None`: a key of another kind.
    fn read(der: &'a [u8]) -> Result<Option<Self>, Asn1Error> {
        let mut fields = Element::parse(der)?.reader()?;
        let mut algorithm = fields.sequence()?;
        let bits = fields.expect(Tag::BIT_STRING)?.bit_octets()?;
        fields.finish()?;
        match algorithm.oid()? {
            oids::RSA_ENCRYPTION => {
                null_or_absent(&mut algorithm)?;
                rsa(bits).map(Some)
            }
            oids::ID_EC_PUBLIC_KEY => {
                Ok(named_curve(&mut algorithm).map(|curve| Self::Ec { curve, point: bits }))
            }
            _ => Ok(None),
        }
    }

    fn assemble(self) -> Result<PublicKey, ErrorStack> {
        match self {
            Self::Rsa { modulus, exponent } => {
                let modulus = BigNum::from_slice(modulus)?;
                let exponent = BigNum::from_slice(exponent)?;
                let key = Rsa::from_public_components(modulus, exponent)?;
                Ok(PublicKey {
                    key: PKey::from_rsa(key)?,
                    on_curve: None,
                })
            }
            Self::Ec { curve, point } => {
                let group = curve.group().ok_or_else(ErrorStack::get)?;
                // Refuses a point that is not on the curve.
                let point = EcPoint::from_bytes(group, point, &mut *BigNumContext::new()?)?;
                let key = EcKey::from_public_key(group, &point)?;
                Ok(PublicKey {
                    key: PKey::from_ec_key(key.clone())?,
                    on_curve: Some(key),
                })
            }
        }
    }
}

/// RSAPublicKey (RFC 8017 A.1.1)
fn rsa(bits: &[u8]) -> Result<Parts<'_>, Asn1Error> {
    let mut fields = Element::parse(bits)?.reader()?;
    let modulus = positive(&mut fields)?;
    let exponent = positive(&mut fields)?;
    fields.finish()?;
    if modulus.len() > MAX_MODULUS {
        return Err(Asn1Error::Value("RSA modulus"));
    }
    Ok(Parts::Rsa { modulus, exponent })
}

fn positive<'a>(fields: &mut Reader<'a>) -> Result<&'a [u8], Asn1Error> {
    match fields.expect(Tag::INTEGER)?.integer()? {
        [first, ..] if *first > 0x7f => Err(Asn1Error::Value("RSAPublicKey")),
        number => Ok(number),
    }
}

/// The curve that the parameters name, where it is one of NIST's (RFC 5480 2.1.1.1).
fn named_curve(parameters: &mut Reader<'_>) -> Option<Curve> {
    let oid: ObjectIdentifier = parameters.oid().ok()?;
    match oid {
        oids::SECP256R1 => Some(Curve::P256),
        oids::SECP384R1 => Some(Curve::P384),
        oids::SECP521R1 => Some(Curve::P521),
        _ => None,
    }
}

impl Curve {
    /// The curve's group, made once: a group carries its tables.
    fn group(self) -> Option<&'static EcGroup> {
        static P256: OnceLock<Option<EcGroup>> = OnceLock::new();
        static P384: OnceLock<Option<EcGroup>> = OnceLock::new();
        static P521: OnceLock<Option<EcGroup>> = OnceLock::new();
        let (group, name) = match self {
            Self::P256 => (&P256, Nid::X9_62_PRIME256V1),
            Self::P384 => (&P384, Nid::SECP384R1),
            Self::P521 => (&P521, Nid::SECP521R1),
        };
        group
            .get_or_init(|| EcGroup::from_curve_name(name).ok())
            .as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::asn1::write;

    fn same_as_openssl(spki: &[u8]) {
        let ours = PublicKey::from_spki(spki).unwrap();
        let theirs = PKey::public_key_from_der(spki).unwrap();
        assert!(ours.key.public_eq(&theirs));
        assert_eq!(ours.bits(), theirs.bits());
    }

    #[test]
    fn keys_put_together_are_those_that_openssl_decodes() {
        for name in [
            Nid::X9_62_PRIME256V1,
            Nid::SECP384R1,
            Nid::SECP521R1,
            Nid::SECP256K1,
        ] {
            let group = EcGroup::from_curve_name(name).unwrap();
            let key = PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap();
            same_as_openssl(&key.public_key_to_der().unwrap());
        }
        let key = PKey::from_rsa(Rsa::generate(1024).unwrap()).unwrap();
        same_as_openssl(&key.public_key_to_der().unwrap());
        same_as_openssl(
            &PKey::generate_ed25519()
                .unwrap()
                .public_key_to_der()
                .unwrap(),
        );
    }

    #[test]
    fn a_point_beside_the_curve_is_refused() {
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
        let key = PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap();
        let mut spki = key.public_key_to_der().unwrap();
        *spki.last_mut().unwrap() ^= 1;
        assert_eq!(
            PublicKey::from_spki(&spki).unwrap_err(),
            VerifyError::PublicKey
        );
    }

    #[test]
    fn a_negative_or_endless_modulus_is_refused() {
        let algorithm = write::sequence(&[&write::oid(&oids::RSA_ENCRYPTION), &write::NULL]);
        let spki = |modulus: &[u8]| {
            let key = write::sequence(&[&write::integer_verbatim(modulus), &write::small(3)]);
            write::sequence(&[&algorithm, &write::bit_string(&key)])
        };
        assert!(PublicKey::from_spki(&spki(&[0x5b; 128])).is_ok());
        assert!(PublicKey::from_spki(&spki(&[0x8b; 128])).is_err());
        assert!(PublicKey::from_spki(&spki(&[0x5b; MAX_MODULUS + 1])).is_err());
    }
}

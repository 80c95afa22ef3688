//! The public half of a key pair in a token, as SubjectPublicKeyInfo.
//!
//! RSA private keys carry modulus and exponent themselves; for ECDSA the public key
//! object with the same CKA_ID is read.

use cryptoki::object::{Attribute, AttributeType, ObjectClass, ObjectHandle};
use cryptoki::session::Session;
use openssl::bn::BigNum;
use openssl::error::ErrorStack;
use openssl::pkey::{PKey, Public};
use openssl::rsa::Rsa;

use crate::kernel::asn1::{Element, Tag, write};
use crate::keys::KeyType;

/// The SubjectPublicKeyInfo, if the token has it and its kind is used here.
pub(super) fn spki(session: &Session, private: ObjectHandle) -> Option<Vec<u8>> {
    let key = rsa(session, private).or_else(|| ec(session, private))?;
    KeyType::of(&key)?;
    key.public_key_to_der().ok()
}

fn rsa(session: &Session, private: ObjectHandle) -> Option<PKey<Public>> {
    let wanted = [AttributeType::Modulus, AttributeType::PublicExponent];
    let (mut modulus, mut exponent) = (None, None);
    for attribute in session.get_attributes(private, &wanted).ok()? {
        match attribute {
            Attribute::Modulus(value) => modulus = Some(value),
            Attribute::PublicExponent(value) => exponent = Some(value),
            _ => {}
        }
    }
    let build = |n: &[u8], e: &[u8]| -> Result<PKey<Public>, ErrorStack> {
        let (n, e) = (BigNum::from_slice(n)?, BigNum::from_slice(e)?);
        PKey::from_rsa(Rsa::from_public_components(n, e)?)
    };
    build(&modulus?, &exponent?).ok()
}

fn ec(session: &Session, private: ObjectHandle) -> Option<PKey<Public>> {
    let id = session
        .get_attributes(private, &[AttributeType::Id])
        .ok()?
        .pop()?;
    let wanted = [Attribute::Class(ObjectClass::PUBLIC_KEY), id];
    let public = match session.find_objects(&wanted).ok()?.as_slice() {
        [one] => *one,
        _ => return None,
    };
    let wanted = [AttributeType::EcParams, AttributeType::EcPoint];
    let (mut parameters, mut point) = (None, None);
    for attribute in session.get_attributes(public, &wanted).ok()? {
        match attribute {
            Attribute::EcParams(value) => parameters = Some(value),
            Attribute::EcPoint(value) => point = Some(value),
            _ => {}
        }
    }
    let (parameters, point) = (parameters?, point?);
    // CKA_EC_POINT is an OCTET STRING around the point (PKCS#11 v2.40, 2.3.3).
    let point = Element::parse(&point)
        .ok()
        .filter(|e| e.tag() == Tag::OCTET_STRING)?;
    let algorithm = write::sequence(&[&write::oid(&EC_PUBLIC_KEY), &parameters]);
    let spki = write::sequence(&[&algorithm, &write::bit_string(point.content())]);
    PKey::public_key_from_der(&spki).ok()
}

/// id-ecPublicKey (RFC 5480)
const EC_PUBLIC_KEY: const_oid::ObjectIdentifier =
    const_oid::ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");

/// Turns the pair r, s of a token into DER (RFC 3279 section 2.2.3).
pub(super) fn ecdsa_to_der(raw: &[u8]) -> Option<Vec<u8>> {
    let half = raw
        .len()
        .checked_div(2)
        .filter(|half| *half > 0 && raw.len().is_multiple_of(2))?;
    let (r, s) = raw.split_at(half);
    Some(write::sequence(&[&write::unsigned(r), &write::unsigned(s)]))
}

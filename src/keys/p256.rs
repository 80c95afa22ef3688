//! PKCS#8 (RFC 5958) of a P-256 key (RFC 5915), put together and taken apart here: OpenSSL 3.0's general
//! encoder and decoder leave the private number in memory that they free without wiping it
//! (`tests/console/scenarios/memory.py` found it there). Keys of other kinds go through OpenSSL.

use openssl::bn::{BigNum, BigNumContext};
use openssl::ec::{EcGroup, EcKey, EcPoint, PointConversionForm};
use openssl::error::ErrorStack;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use zeroize::Zeroizing;

/// Up to the private number: version, algorithm and curve, version again.
const HEAD: [u8; 36] = [
    0x30, 0x81, 0x87, 0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02,
    0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x04, 0x6d, 0x30, 0x6b, 0x02,
    0x01, 0x01, 0x04, 0x20,
];
/// Between the private number and the public point.
const MIDDLE: [u8; 5] = [0xa1, 0x44, 0x03, 0x42, 0x00];
const NUMBER: usize = 32;
const POINT: usize = 65;

/// The PKCS#8 of a P-256 key; `None` for another kind.
pub(super) fn encode(key: &PKey<Private>) -> Result<Option<Zeroizing<Vec<u8>>>, ErrorStack> {
    let Ok(key) = key.ec_key() else {
        return Ok(None);
    };
    if key.group().curve_name() != Some(Nid::X9_62_PRIME256V1) {
        return Ok(None);
    }
    let number = Zeroizing::new(key.private_key().to_vec_padded(32)?);
    let form = PointConversionForm::UNCOMPRESSED;
    let point = key
        .public_key()
        .to_bytes(key.group(), form, &mut *BigNumContext::new()?)?;
    // All of it at once: a vector that grows leaves copies.
    let mut der = Zeroizing::new(Vec::with_capacity(
        HEAD.len() + NUMBER + MIDDLE.len() + POINT,
    ));
    for part in [&HEAD[..], &number, &MIDDLE, &point] {
        der.extend_from_slice(part);
    }
    Ok(Some(der))
}

/// The key of a PKCS#8 as [`encode`] and OpenSSL write it; `None` for any other.
pub(super) fn decode(der: &[u8]) -> Result<Option<PKey<Private>>, ErrorStack> {
    let Some((number, point)) = parts(der) else {
        return Ok(None);
    };
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?;
    let point = EcPoint::from_bytes(&group, point, &mut *BigNumContext::new()?)?;
    // Marked as secret: OpenSSL wipes every copy of such a number that it makes.
    let mut secret = BigNum::new_secure()?;
    secret.copy_from_slice(number)?;
    let key = EcKey::from_private_components(&group, &secret, &point);
    secret.clear();
    PKey::from_ec_key(key?).map(Some)
}

fn parts(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let rest = der.strip_prefix(&HEAD)?;
    let (number, rest) = rest.split_at_checked(NUMBER)?;
    let point = rest.strip_prefix(&MIDDLE)?;
    (point.len() == POINT).then_some((number, point))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::KeyType;

    #[test]
    fn the_bytes_are_openssls_and_lead_back() {
        let key = KeyType::P256.generate().unwrap();
        let der = encode(&key).unwrap().unwrap();
        assert_eq!(*der, key.private_key_to_pkcs8().unwrap());
        let again = decode(&der).unwrap().unwrap();
        assert!(again.public_eq(&key));
        assert_eq!(*encode(&again).unwrap().unwrap(), *der);
    }

    #[test]
    fn other_keys_and_bytes_are_left_to_openssl() {
        let other = KeyType::P384.generate().unwrap();
        assert!(encode(&other).unwrap().is_none());
        assert!(
            decode(&other.private_key_to_pkcs8().unwrap())
                .unwrap()
                .is_none()
        );
        let der = encode(&KeyType::P256.generate().unwrap()).unwrap().unwrap();
        assert!(decode(&der[..der.len() - 1]).unwrap().is_none());
        assert!(decode(&[]).unwrap().is_none());
    }
}

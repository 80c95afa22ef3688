//! Hash functions (FIPS 180-4): the ones this system makes and the ones it only recognises.
//!
//! SHA-2 comes from the `sha2` crate. SHA-1 and SHA-224 are here so that a
//! validator can say "weak" instead of "unknown"; nothing we make uses them.

mod beginnings;

use std::fmt;
use std::str::FromStr;

use const_oid::ObjectIdentifier;
use serde::{Deserialize, Serialize};
use sha2::Digest;

use super::asn1::{Asn1Error, Element, Reader, Tag, oids, write};

pub use beginnings::Beginnings;

/// A hash function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum HashAlgorithm {
    /// Only read, and judged weak.
    #[serde(rename = "SHA-1")]
    Sha1,
    /// Only read, and judged weak.
    #[serde(rename = "SHA-224")]
    Sha224,
    /// SHA-256
    #[serde(rename = "SHA-256")]
    Sha256,
    /// SHA-384
    #[serde(rename = "SHA-384")]
    Sha384,
    /// SHA-512
    #[serde(rename = "SHA-512")]
    Sha512,
}

impl HashAlgorithm {
    /// Every hash function known here.
    pub const ALL: [Self; 5] = [
        Self::Sha1,
        Self::Sha224,
        Self::Sha256,
        Self::Sha384,
        Self::Sha512,
    ];

    /// The hash of the parts, one after another.
    pub fn digest(self, parts: &[&[u8]]) -> Vec<u8> {
        match self {
            Self::Sha1 => sha1(parts).to_vec(),
            Self::Sha224 => sha2_parts::<sha2::Sha224>(parts).to_vec(),
            Self::Sha256 => sha2_parts::<sha2::Sha256>(parts).to_vec(),
            Self::Sha384 => sha2_parts::<sha2::Sha384>(parts).to_vec(),
            Self::Sha512 => sha2_parts::<sha2::Sha512>(parts).to_vec(),
        }
    }

    /// The length of a hash in octets.
    pub const fn output_len(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha224 => 28,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// The name in FIPS 180-4.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "SHA-1",
            Self::Sha224 => "SHA-224",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        }
    }

    /// Whether a signature may be made with it today (ETSI TS 119 312, table 1).
    pub const fn is_strong(self) -> bool {
        !matches!(self, Self::Sha1 | Self::Sha224)
    }

    /// Its object identifier.
    pub const fn oid(self) -> ObjectIdentifier {
        match self {
            Self::Sha1 => oids::ID_SHA1,
            Self::Sha224 => oids::ID_SHA224,
            Self::Sha256 => oids::ID_SHA256,
            Self::Sha384 => oids::ID_SHA384,
            Self::Sha512 => oids::ID_SHA512,
        }
    }

    /// The hash function that an object identifier names.
    pub fn from_oid(oid: &ObjectIdentifier) -> Option<Self> {
        Self::ALL.into_iter().find(|hash| hash.oid() == *oid)
    }

    /// Its AlgorithmIdentifier; parameters are absent (RFC 5754 2).
    pub fn algorithm_identifier(self) -> Vec<u8> {
        write::sequence(&[&write::oid(&self.oid())])
    }

    /// Reads an AlgorithmIdentifier; `None` for a hash function not known here.
    /// Parameters are absent or NULL (RFC 5754 2).
    pub fn from_algorithm_identifier(element: &Element<'_>) -> Result<Option<Self>, Asn1Error> {
        let mut fields = element.reader()?;
        let oid = fields.oid()?;
        null_or_absent(&mut fields)?;
        Ok(Self::from_oid(&oid))
    }
}

/// Refuses parameters other than NULL.
pub(super) fn null_or_absent(fields: &mut Reader<'_>) -> Result<(), Asn1Error> {
    if let Some(null) = fields.optional(Tag::NULL)?
        && !null.content().is_empty()
    {
        return Err(Asn1Error::Value("NULL"));
    }
    fields.finish()
}

fn sha2_parts<D: Digest>(parts: &[&[u8]]) -> sha2::digest::Output<D> {
    let mut hasher = D::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize()
}

fn sha1(parts: &[&[u8]]) -> [u8; 20] {
    let mut hasher = openssl::sha::Sha1::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finish()
}

impl fmt::Display for HashAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A SHA-256 value: how files, originals and certificates are named here.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sha256([u8; 32]);

/// Text that is not a SHA-256 in hexadecimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a SHA-256 is 64 hexadecimal digits")]
pub struct NotSha256;

impl Sha256 {
    /// The hash of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self::of_parts(&[bytes])
    }

    /// The hash of the parts, one after another.
    pub fn of_parts(parts: &[&[u8]]) -> Self {
        Self(sha2_parts::<sha2::Sha256>(parts).into())
    }

    /// A value computed elsewhere.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 octets.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // In one piece: reports are full of them.
        let mut digits = [0; 64];
        hex::encode_to_slice(self.0, &mut digits).map_err(|_| fmt::Error)?;
        f.write_str(std::str::from_utf8(&digits).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Sha256 {
    type Err = NotSha256;

    fn from_str(text: &str) -> Result<Self, NotSha256> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| NotSha256)?;
        Ok(Self(bytes))
    }
}

impl Serialize for Sha256 {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Sha256 {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn known_answers_of_fips_180() {
        assert_eq!(Sha256::of(b"abc").to_string(), ABC);
        assert_eq!(Sha256::of_parts(&[b"a", b"bc"]).to_string(), ABC);
        let sha1 = HashAlgorithm::Sha1.digest(&[b"ab", b"c"]);
        assert_eq!(
            hex::encode(sha1),
            "a9993e364706816aba3e25717850c26c9cd0d89d"
        );
    }

    #[test]
    fn every_hash_has_its_length_and_identifier() {
        for hash in HashAlgorithm::ALL {
            assert_eq!(hash.digest(&[b"x"]).len(), hash.output_len());
            let der = hash.algorithm_identifier();
            let element = Element::parse(&der).unwrap();
            assert_eq!(
                HashAlgorithm::from_algorithm_identifier(&element),
                Ok(Some(hash))
            );
        }
    }

    #[test]
    fn parameters_other_than_null_are_refused() {
        let oid = write::oid(&oids::ID_SHA256);
        let null = write::sequence(&[&oid, &write::NULL]);
        let odd = write::sequence(&[&oid, &write::small(1)]);
        let read =
            |der: &[u8]| HashAlgorithm::from_algorithm_identifier(&Element::parse(der).unwrap());
        assert_eq!(read(&null), Ok(Some(HashAlgorithm::Sha256)));
        assert!(read(&odd).is_err());
    }

    #[test]
    fn text_and_json_forms() {
        let value: Sha256 = ABC.parse().unwrap();
        assert_eq!(serde_json::to_string(&value).unwrap(), format!("\"{ABC}\""));
        assert_eq!(
            serde_json::from_str::<Sha256>(&format!("\"{ABC}\"")).unwrap(),
            value
        );
        assert_eq!("ba78".parse::<Sha256>(), Err(NotSha256));
    }
}

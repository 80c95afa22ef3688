//! The kinds of key the authority makes and certifies.
//!
//! RSA from 2048 bits and the NIST curves P-256 and P-384 (ETSI TS 119 312).
//! Not made here: RSA under 2048 bits, other curves, EdDSA (Adobe Reader and
//! most PAdES validators do not read them).

use openssl::ec::{EcGroup, EcKey};
use openssl::error::ErrorStack;
use openssl::nid::Nid;
use openssl::pkey::{HasPublic, Id, PKey, PKeyRef, Private};
use openssl::rsa::Rsa;
use serde::{Deserialize, Serialize};

/// A kind of key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum KeyType {
    /// RSA, 2048 bits.
    #[serde(rename = "rsa-2048")]
    Rsa2048,
    /// RSA, 3072 bits.
    #[serde(rename = "rsa-3072")]
    Rsa3072,
    /// RSA, 4096 bits.
    #[serde(rename = "rsa-4096")]
    Rsa4096,
    /// ECDSA on P-256.
    #[serde(rename = "p-256")]
    P256,
    /// ECDSA on P-384.
    #[serde(rename = "p-384")]
    P384,
}

impl KeyType {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Rsa2048,
        Self::Rsa3072,
        Self::Rsa4096,
        Self::P256,
        Self::P384,
    ];

    /// The name used in profiles and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Rsa2048 => "rsa-2048",
            Self::Rsa3072 => "rsa-3072",
            Self::Rsa4096 => "rsa-4096",
            Self::P256 => "p-256",
            Self::P384 => "p-384",
        }
    }

    /// The kind of an existing key; `None` for kinds the authority does not certify.
    #[must_use]
    pub fn of<T: HasPublic>(key: &PKeyRef<T>) -> Option<Self> {
        match (key.id(), key.bits()) {
            (Id::RSA, 2048) => Some(Self::Rsa2048),
            (Id::RSA, 3072) => Some(Self::Rsa3072),
            (Id::RSA, 4096) => Some(Self::Rsa4096),
            (Id::EC, _) => match key.ec_key().ok()?.group().curve_name()? {
                Nid::X9_62_PRIME256V1 => Some(Self::P256),
                Nid::SECP384R1 => Some(Self::P384),
                _ => None,
            },
            _ => None,
        }
    }

    /// True for RSA.
    #[must_use]
    pub fn is_rsa(self) -> bool {
        matches!(self, Self::Rsa2048 | Self::Rsa3072 | Self::Rsa4096)
    }

    /// Makes a key from OpenSSL's random generator.
    ///
    /// # Errors
    /// OpenSSL's, for want of randomness or memory.
    pub fn generate(self) -> Result<PKey<Private>, ErrorStack> {
        match self {
            Self::Rsa2048 => PKey::from_rsa(Rsa::generate(2048)?),
            Self::Rsa3072 => PKey::from_rsa(Rsa::generate(3072)?),
            Self::Rsa4096 => PKey::from_rsa(Rsa::generate(4096)?),
            Self::P256 => on_curve(Nid::X9_62_PRIME256V1),
            Self::P384 => on_curve(Nid::SECP384R1),
        }
    }
}

fn on_curve(curve: Nid) -> Result<PKey<Private>, ErrorStack> {
    PKey::from_ec_key(EcKey::generate(EcGroup::from_curve_name(curve)?.as_ref())?)
}

impl std::fmt::Display for KeyType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl std::str::FromStr for KeyType {
    type Err = UnknownKeyType;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let lower = text.to_ascii_lowercase();
        Self::ALL
            .into_iter()
            .find(|kind| kind.name() == lower)
            .ok_or_else(|| UnknownKeyType(text.to_owned()))
    }
}

/// Not a kind of key made here.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("unknown key type \"{0}\": use rsa-2048, rsa-3072, rsa-4096, p-256 or p-384")]
pub struct UnknownKeyType(String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back_and_made_keys_are_of_their_kind() {
        for kind in KeyType::ALL {
            assert_eq!(kind.name().parse(), Ok(kind));
        }
        for kind in [KeyType::Rsa2048, KeyType::P256, KeyType::P384] {
            assert_eq!(KeyType::of(&kind.generate().unwrap()), Some(kind));
        }
    }

    #[test]
    fn weak_and_foreign_kinds_have_no_name() {
        assert!("rsa-1024".parse::<KeyType>().is_err());
        let weak = PKey::from_rsa(Rsa::generate(1024).unwrap()).unwrap();
        assert_eq!(KeyType::of(&weak), None);
        assert_eq!(KeyType::of(&on_curve(Nid::SECP521R1).unwrap()), None);
        assert_eq!(KeyType::of(&PKey::generate_ed25519().unwrap()), None);
    }
}

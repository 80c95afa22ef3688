//! Signature AlgorithmIdentifiers (RFC 4055, RFC 5754, RFC 5758), both ways.

use std::fmt;

use const_oid::ObjectIdentifier;
use serde::{Deserialize, Serialize};

use super::pss;
use crate::kernel::asn1::{Asn1Error, Element, oids, write};
use crate::kernel::hash::{HashAlgorithm, null_or_absent};

/// How a signature value is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SignatureAlgorithm {
    /// RSASSA-PKCS1-v1_5
    RsaPkcs1(HashAlgorithm),
    /// RSASSA-PSS with MGF1 over the same hash and a salt of its length
    RsaPss(HashAlgorithm),
    /// ECDSA; the value is a DER `Ecdsa-Sig-Value`
    Ecdsa(HashAlgorithm),
}

/// Why an AlgorithmIdentifier is not one of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AlgorithmError {
    /// It is malformed.
    #[error("malformed algorithm identifier: {0}")]
    Malformed(#[from] Asn1Error),
    /// A signature algorithm that is not known here.
    #[error("unknown signature algorithm {0}")]
    UnknownSignature(ObjectIdentifier),
    /// A hash function that is not known here.
    #[error("unknown hash function {0}")]
    UnknownHash(ObjectIdentifier),
    /// PSS parameters other than MGF1 over the same hash, salt of its length, trailer 1.
    #[error("unsupported RSASSA-PSS parameters: {0}")]
    PssParameters(&'static str),
    /// `rsaEncryption` as signature algorithm with no hash function to go with it.
    #[error("rsaEncryption names no hash function")]
    MissingHash,
}

use HashAlgorithm::{Sha1, Sha224, Sha256, Sha384, Sha512};
use SignatureAlgorithm::{Ecdsa, RsaPkcs1, RsaPss};

/// Algorithms whose identifier names the hash function.
const WITH_HASH: [(ObjectIdentifier, SignatureAlgorithm); 10] = [
    (oids::SHA1_WITH_RSA, RsaPkcs1(Sha1)),
    (oids::SHA224_WITH_RSA, RsaPkcs1(Sha224)),
    (oids::SHA256_WITH_RSA, RsaPkcs1(Sha256)),
    (oids::SHA384_WITH_RSA, RsaPkcs1(Sha384)),
    (oids::SHA512_WITH_RSA, RsaPkcs1(Sha512)),
    (oids::ECDSA_WITH_SHA1, Ecdsa(Sha1)),
    (oids::ECDSA_WITH_SHA224, Ecdsa(Sha224)),
    (oids::ECDSA_WITH_SHA256, Ecdsa(Sha256)),
    (oids::ECDSA_WITH_SHA384, Ecdsa(Sha384)),
    (oids::ECDSA_WITH_SHA512, Ecdsa(Sha512)),
];

impl SignatureAlgorithm {
    /// The hash function applied to the message.
    pub const fn hash(self) -> HashAlgorithm {
        match self {
            RsaPkcs1(hash) | RsaPss(hash) | Ecdsa(hash) => hash,
        }
    }

    /// The AlgorithmIdentifier in DER.
    pub fn algorithm_identifier(self) -> Vec<u8> {
        let oid = write::oid(&self.oid());
        match self {
            RsaPkcs1(_) => write::sequence(&[&oid, &write::NULL]),
            RsaPss(hash) => write::sequence(&[&oid, &pss::parameters(hash)]),
            Ecdsa(_) => write::sequence(&[&oid]),
        }
    }

    /// The identifier without parameters.
    pub fn oid(self) -> ObjectIdentifier {
        WITH_HASH
            .iter()
            .find(|(_, algorithm)| *algorithm == self)
            .map_or(oids::ID_RSASSA_PSS, |(oid, _)| *oid)
    }

    /// Reads the AlgorithmIdentifier of a certificate, CRL or OCSP response.
    pub fn from_der(der: &[u8]) -> Result<Self, AlgorithmError> {
        Self::read(&Element::parse(der)?, None)
    }

    /// Reads an AlgorithmIdentifier. CMS may say `rsaEncryption` and leave the hash
    /// function to `digestAlgorithm` (RFC 3370 3.2): that is `hash`.
    pub fn read(
        element: &Element<'_>,
        hash: Option<HashAlgorithm>,
    ) -> Result<Self, AlgorithmError> {
        let mut fields = element.reader()?;
        let oid = fields.oid()?;
        if oid == oids::ID_RSASSA_PSS {
            return pss::read_parameters(&mut fields).map(RsaPss);
        }
        // RFC 4055 2.1 asks for NULL and for tolerance where it is absent.
        null_or_absent(&mut fields)?;
        if oid == oids::RSA_ENCRYPTION {
            return hash.map(RsaPkcs1).ok_or(AlgorithmError::MissingHash);
        }
        WITH_HASH
            .iter()
            .find(|(known, _)| *known == oid)
            .map(|(_, algorithm)| *algorithm)
            .ok_or(AlgorithmError::UnknownSignature(oid))
    }
}

impl fmt::Display for SignatureAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RsaPkcs1(hash) => write!(f, "RSA-PKCS1 with {hash}"),
            RsaPss(hash) => write!(f, "RSA-PSS with {hash}"),
            Ecdsa(hash) => write!(f, "ECDSA with {hash}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_algorithm_reads_back() {
        for hash in HashAlgorithm::ALL {
            for algorithm in [RsaPkcs1(hash), RsaPss(hash), Ecdsa(hash)] {
                let der = algorithm.algorithm_identifier();
                assert_eq!(SignatureAlgorithm::from_der(&der), Ok(algorithm));
            }
        }
    }

    #[test]
    fn rsa_encryption_takes_the_hash_from_outside() {
        let der = write::sequence(&[&write::oid(&oids::RSA_ENCRYPTION), &write::NULL]);
        let element = Element::parse(&der).unwrap();
        assert_eq!(
            SignatureAlgorithm::read(&element, Some(Sha384)),
            Ok(RsaPkcs1(Sha384))
        );
        assert_eq!(
            SignatureAlgorithm::read(&element, None),
            Err(AlgorithmError::MissingHash)
        );
    }

    #[test]
    fn foreign_algorithms_and_parameters_are_named() {
        let ed25519 = ObjectIdentifier::new_unwrap("1.3.101.112");
        let der = write::sequence(&[&write::oid(&ed25519)]);
        assert_eq!(
            SignatureAlgorithm::from_der(&der),
            Err(AlgorithmError::UnknownSignature(ed25519))
        );
        let der = write::sequence(&[&write::oid(&oids::SHA256_WITH_RSA), &write::small(1)]);
        assert!(matches!(
            SignatureAlgorithm::from_der(&der),
            Err(AlgorithmError::Malformed(_))
        ));
    }
}

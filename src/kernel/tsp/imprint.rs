//! MessageImprint (RFC 3161 2.4.1): the hash of what is time-stamped.

use const_oid::ObjectIdentifier;

use crate::kernel::asn1::{Asn1Error, Reader, Tag, write};
use crate::kernel::hash::HashAlgorithm;

/// A hash function and a value of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageImprint {
    /// hashAlgorithm
    pub hash: HashAlgorithm,
    /// hashedMessage
    pub digest: Vec<u8>,
}

/// An imprint as it was read: the hash function may be unknown.
pub(super) struct RawImprint {
    pub oid: ObjectIdentifier,
    pub hash: Option<HashAlgorithm>,
    pub digest: Vec<u8>,
}

impl MessageImprint {
    /// The imprint of a message, in parts.
    pub fn of(hash: HashAlgorithm, message: &[&[u8]]) -> Self {
        Self {
            hash,
            digest: hash.digest(message),
        }
    }

    /// Whether it is the imprint of this message.
    pub fn covers(&self, message: &[&[u8]]) -> bool {
        self.hash.digest(message) == self.digest
    }

    pub(super) fn der(&self) -> Vec<u8> {
        write::sequence(&[
            &self.hash.algorithm_identifier(),
            &write::octet_string(&self.digest),
        ])
    }
}

impl RawImprint {
    pub(super) fn read(fields: &mut Reader<'_>) -> Result<Self, Asn1Error> {
        let mut imprint = fields.sequence()?;
        let algorithm = imprint.expect(Tag::SEQUENCE)?;
        let digest = imprint.expect(Tag::OCTET_STRING)?.octets()?.into_owned();
        imprint.finish()?;
        Ok(Self {
            oid: algorithm.reader()?.oid()?,
            hash: HashAlgorithm::from_algorithm_identifier(&algorithm)?,
            digest,
        })
    }
}

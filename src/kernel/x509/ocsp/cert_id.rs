//! CertID (RFC 6960 4.1.1): a certificate named by hashes of its issuer.

use const_oid::ObjectIdentifier;

use crate::kernel::asn1::{Asn1Error, Element, Tag, write};
use crate::kernel::hash::HashAlgorithm;
use crate::kernel::x509::Certificate;

/// Names a certificate. SHA-1 is the common choice and harmless here: it only
/// selects, the response's signature is what convinces (RFC 6960 4.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertId {
    /// hashAlgorithm; an unknown one is kept by its identifier.
    pub hash: Result<HashAlgorithm, ObjectIdentifier>,
    /// issuerNameHash
    pub issuer_name_hash: Vec<u8>,
    /// issuerKeyHash
    pub issuer_key_hash: Vec<u8>,
    /// The content octets of the serial number.
    pub serial: Vec<u8>,
    der: Vec<u8>,
}

impl CertId {
    /// Names a certificate by its issuer and serial number.
    pub fn new(hash: HashAlgorithm, issuer: &Certificate, serial: &[u8]) -> Self {
        let issuer_name_hash = hash.digest(&[issuer.subject().der()]);
        let issuer_key_hash = hash.digest(&[issuer.public_key_bits()]);
        let null_parameters = write::sequence(&[&write::oid(&hash.oid()), &write::NULL]);
        let der = write::sequence(&[
            &null_parameters,
            &write::octet_string(&issuer_name_hash),
            &write::octet_string(&issuer_key_hash),
            &write::integer_verbatim(serial),
        ]);
        Self {
            hash: Ok(hash),
            issuer_name_hash,
            issuer_key_hash,
            serial: serial.to_vec(),
            der,
        }
    }

    pub(super) fn read(element: &Element<'_>) -> Result<Self, Asn1Error> {
        let mut fields = element.reader()?;
        let algorithm = fields.expect(Tag::SEQUENCE)?;
        let oid = algorithm.reader()?.oid()?;
        let issuer_name_hash = fields.expect(Tag::OCTET_STRING)?.octets()?.into_owned();
        let issuer_key_hash = fields.expect(Tag::OCTET_STRING)?.octets()?.into_owned();
        let serial = fields.expect(Tag::INTEGER)?.integer()?.to_vec();
        fields.finish()?;
        Ok(Self {
            hash: HashAlgorithm::from_algorithm_identifier(&algorithm)?.ok_or(oid),
            issuer_name_hash,
            issuer_key_hash,
            serial,
            der: element.raw().to_vec(),
        })
    }

    /// The encoding; a responder echoes the request's.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Whether the issuer it names is this one.
    pub fn is_issued_by(&self, issuer: &Certificate) -> bool {
        let Ok(hash) = self.hash else {
            return false;
        };
        hash.digest(&[issuer.subject().der()]) == self.issuer_name_hash
            && hash.digest(&[issuer.public_key_bits()]) == self.issuer_key_hash
    }

    /// Whether it names this certificate of this issuer.
    pub fn names(&self, certificate: &Certificate, issuer: &Certificate) -> bool {
        self.serial == certificate.serial() && self.is_issued_by(issuer)
    }
}

//! The signed attributes of a CAdES baseline signature (EN 319 122-1 6.3), made
//! before any key is touched.

use const_oid::ObjectIdentifier;

use super::attribute::{Attributes, attribute};
use super::ess::signing_certificate_v2;
use super::signed_data::CmsError;
use crate::kernel::asn1::{Element, Tag, oids, write};
use crate::kernel::hash::HashAlgorithm;
use crate::kernel::sign::SignatureAlgorithm;
use crate::kernel::x509::Certificate;

/// What the set holds, each once.
const OURS: [ObjectIdentifier; 4] = [
    oids::ID_CONTENT_TYPE,
    oids::ID_MESSAGE_DIGEST,
    oids::ID_AA_SIGNING_CERTIFICATE_V2,
    oids::ID_AA_CMS_ALGORITHM_PROTECTION,
];

/// content-type, message-digest, signing-certificate-v2 and CMS algorithm protection.
///
/// There is no signing-time: PAdES puts the claimed time in the signature dictionary
/// (EN 319 142-1 6.3), and the digest must not depend on a clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedAttributes {
    der: Vec<u8>,
    algorithm: SignatureAlgorithm,
}

impl SignedAttributes {
    /// Attributes over a content. `message_digest` is made with the algorithm's hash.
    pub fn new(
        content_type: ObjectIdentifier,
        message_digest: &[u8],
        signer: &Certificate,
        algorithm: SignatureAlgorithm,
    ) -> Self {
        let der = write::set_of(vec![
            attribute(&oids::ID_CONTENT_TYPE, &write::oid(&content_type)),
            attribute(
                &oids::ID_MESSAGE_DIGEST,
                &write::octet_string(message_digest),
            ),
            attribute(
                &oids::ID_AA_SIGNING_CERTIFICATE_V2,
                &signing_certificate_v2(signer),
            ),
            attribute(
                &oids::ID_AA_CMS_ALGORITHM_PROTECTION,
                &algorithm_protection(algorithm),
            ),
        ]);
        Self { der, algorithm }
    }

    /// Attributes that were stored between two phases. What is not of our making is refused.
    pub fn from_der(der: &[u8]) -> Result<Self, CmsError> {
        let element = Element::parse(der)?;
        let attributes = Attributes::read(&element)?;
        let is_ours = attributes.is_der() && attributes.iter().count() == OURS.len();
        if element.tag() != Tag::SET || !is_ours {
            return Err(CmsError::StoredAttributes);
        }
        for oid in OURS {
            attributes.single(oid)?;
        }
        let protection = attributes.single(oids::ID_AA_CMS_ALGORITHM_PROTECTION)?;
        let algorithm = protected_algorithm(protection)?;
        Ok(Self {
            der: der.to_vec(),
            algorithm,
        })
    }

    /// The SET OF that is hashed.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// How they are to be signed.
    pub const fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    /// The digest to be signed.
    pub fn digest(&self) -> Vec<u8> {
        self.algorithm.hash().digest(&[&self.der])
    }
}

/// The attribute's value (RFC 6211 2): the very identifiers of the SignerInfo.
fn algorithm_protection(algorithm: SignatureAlgorithm) -> Vec<u8> {
    let signature = retag(&algorithm.algorithm_identifier(), Tag::context(1));
    write::sequence(&[&algorithm.hash().algorithm_identifier(), &signature])
}

/// Reads the value of algorithm protection as we write it.
fn protected_algorithm(value: &[u8]) -> Result<SignatureAlgorithm, CmsError> {
    let mut fields = Element::parse(value)?.reader()?;
    let digest = HashAlgorithm::from_algorithm_identifier(&fields.expect(Tag::SEQUENCE)?)?;
    let signature = fields.expect(Tag::context(1))?;
    fields.finish()?;
    let algorithm = SignatureAlgorithm::read(&signature, digest)?;
    if digest != Some(algorithm.hash()) {
        return Err(CmsError::StoredAttributes);
    }
    Ok(algorithm)
}

/// The same contents under an implicit tag.
fn retag(der: &[u8], tag: Tag) -> Vec<u8> {
    let mut retagged = der.to_vec();
    if let Some(identifier) = retagged.first_mut() {
        *identifier = tag.0;
    }
    retagged
}

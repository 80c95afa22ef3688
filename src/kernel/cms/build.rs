//! SignedData with one signer (RFC 5652 5), assembled from verbatim pieces.

use const_oid::ObjectIdentifier;

use super::attribute::attribute;
use super::signed_attributes::SignedAttributes;
use crate::kernel::asn1::{Tag, oids, write};
use crate::kernel::x509::Certificate;

/// The pieces of a signature; [`build`](Self::build) puts them together.
#[derive(Debug, Clone)]
pub struct SignedDataBuilder<'a> {
    /// What was signed.
    pub attributes: &'a SignedAttributes,
    /// The value of the signature over the attributes.
    pub signature: &'a [u8],
    /// Whose signature it is.
    pub signer: &'a Certificate,
    /// Every certificate to carry, the signer's among them if it is to be carried.
    pub certificates: &'a [Certificate],
    /// The content, where it is inside. None: detached, of type id-data.
    pub econtent: Option<(ObjectIdentifier, &'a [u8])>,
    /// Unsigned attributes: type and value.
    pub unsigned: &'a [(ObjectIdentifier, Vec<u8>)],
}

impl SignedDataBuilder<'_> {
    /// The ContentInfo in DER.
    pub fn build(&self) -> Vec<u8> {
        let digest_algorithm = self.attributes.algorithm().hash().algorithm_identifier();
        let signed_data = write::sequence(&[
            &write::small(self.version()),
            &write::set_of(vec![digest_algorithm]),
            &self.encapsulated_content(),
            &self.certificate_set(),
            &write::set_of(vec![self.signer_info()]),
        ]);
        write::sequence(&[
            &write::oid(&oids::ID_SIGNED_DATA),
            &write::explicit(0, &[&signed_data]),
        ])
    }

    /// RFC 5652 5.1: 3 where the content is not id-data, else 1, since certificates are
    /// X.509 and the signer is named by issuer and serial number.
    fn version(&self) -> u32 {
        match self.econtent {
            Some((content_type, _)) if content_type != oids::ID_DATA => 3,
            _ => 1,
        }
    }

    fn encapsulated_content(&self) -> Vec<u8> {
        match self.econtent {
            Some((content_type, content)) => {
                let content = write::explicit(0, &[&write::octet_string(content)]);
                write::sequence(&[&write::oid(&content_type), &content])
            }
            None => write::sequence(&[&write::oid(&oids::ID_DATA)]),
        }
    }

    fn certificate_set(&self) -> Vec<u8> {
        if self.certificates.is_empty() {
            return Vec::new();
        }
        let certificates = self.certificates.iter();
        let ders = certificates.map(|certificate| certificate.der().to_vec());
        write::implicit_set_of(Tag::context(0), ders.collect())
    }

    /// RFC 5652 5.3, version 1.
    fn signer_info(&self) -> Vec<u8> {
        let algorithm = self.attributes.algorithm();
        let identifier = write::sequence(&[
            self.signer.issuer().der(),
            &write::integer_verbatim(self.signer.serial()),
        ]);
        write::sequence(&[
            &write::small(1),
            &identifier,
            &algorithm.hash().algorithm_identifier(),
            &self.signed_attributes(),
            &algorithm.algorithm_identifier(),
            &write::octet_string(self.signature),
            &self.unsigned_attributes(),
        ])
    }

    /// The attributes under their implicit `[0]`.
    fn signed_attributes(&self) -> Vec<u8> {
        let mut der = self.attributes.der().to_vec();
        if let Some(identifier) = der.first_mut() {
            *identifier = Tag::context(0).0;
        }
        der
    }

    fn unsigned_attributes(&self) -> Vec<u8> {
        if self.unsigned.is_empty() {
            return Vec::new();
        }
        let attributes = self.unsigned.iter();
        let attributes = attributes.map(|(oid, value)| attribute(oid, value));
        write::implicit_set_of(Tag::context(1), attributes.collect())
    }
}

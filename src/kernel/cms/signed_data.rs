//! SignedData as it is found (RFC 5652 5): BER is read and flagged, an odd
//! certificate does not sink the rest.

use const_oid::ObjectIdentifier;

use super::attribute::AttributeError;
use super::signer_info::SignerInfo;
use crate::kernel::asn1::{Asn1Error, Element, Reader, Tag, is_der, oids};
use crate::kernel::sign::AlgorithmError;
use crate::kernel::x509::Certificate;

const MAX_CERTIFICATES: usize = 256;
const MAX_CRLS: usize = 64;
const MAX_SIGNERS: usize = 16;
const MAX_ALGORITHMS: usize = 16;

/// Why bytes are not a SignedData we can read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CmsError {
    /// The structure is not that of RFC 5652.
    #[error("malformed CMS: {0}")]
    Malformed(#[from] Asn1Error),
    /// Another content type.
    #[error("the content type is {0}, not signed-data")]
    NotSignedData(ObjectIdentifier),
    /// An attribute is missing, repeated or has several values.
    #[error(transparent)]
    Attribute(#[from] AttributeError),
    /// An algorithm identifier we cannot use.
    #[error(transparent)]
    Algorithm(#[from] AlgorithmError),
    /// Stored signed attributes that this system did not make.
    #[error("the stored signed attributes are not of our making")]
    StoredAttributes,
}

/// A SignedData, read.
#[derive(Debug, Clone)]
pub struct SignedData {
    /// version
    pub version: u32,
    /// eContentType
    pub content_type: ObjectIdentifier,
    /// eContent, where the content is inside.
    pub content: Option<Vec<u8>>,
    /// The X.509 certificates that could be read.
    pub certificates: Vec<Certificate>,
    /// How many certificates could not be read, or are not X.509.
    pub skipped_certificates: usize,
    /// The CRLs, as encoded.
    pub crls: Vec<Vec<u8>>,
    /// The OCSP responses among the revocation data (RFC 5940), as encoded.
    pub ocsp_responses: Vec<Vec<u8>>,
    /// Every signer.
    pub signer_infos: Vec<SignerInfo>,
    /// The ContentInfo, as encoded.
    der: Vec<u8>,
    /// How many octets follow it.
    pub trailing: usize,
}

impl SignedData {
    /// Reads the ContentInfo that the input starts with. What follows is counted, not read.
    pub fn parse(bytes: &[u8]) -> Result<Self, CmsError> {
        let (element, rest) = Element::parse_prefix(bytes)?;
        let mut content_info = element.reader()?;
        let kind = content_info.oid()?;
        if kind != oids::ID_SIGNED_DATA {
            return Err(CmsError::NotSignedData(kind));
        }
        let mut wrapped = content_info.expect(Tag::context(0))?.reader()?;
        content_info.finish()?;
        let mut fields = wrapped.sequence()?;
        wrapped.finish()?;
        let mut found = Self::read(&mut fields)?;
        found.der = element.raw().to_vec();
        found.trailing = rest.len();
        Ok(found)
    }

    /// The ContentInfo, as encoded.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Whether lengths and strings are those of DER throughout.
    pub fn is_der(&self) -> bool {
        is_der(&self.der)
    }

    fn read(fields: &mut Reader<'_>) -> Result<Self, CmsError> {
        let version = fields.small()?;
        fields
            .set()?
            .elements(MAX_ALGORITHMS, "digest algorithms")?;
        let (content_type, content) = encapsulated_content(&mut fields.sequence()?)?;
        let mut found = Self {
            version,
            content_type,
            content,
            certificates: Vec::new(),
            skipped_certificates: 0,
            crls: Vec::new(),
            ocsp_responses: Vec::new(),
            signer_infos: Vec::new(),
            der: Vec::new(),
            trailing: 0,
        };
        if let Some(set) = fields.optional(Tag::context(0))? {
            found.take_certificates(&mut set.reader()?)?;
        }
        if let Some(set) = fields.optional(Tag::context(1))? {
            found.take_revocation_data(&mut set.reader()?)?;
        }
        let signers = fields.set()?.elements(MAX_SIGNERS, "signers")?;
        fields.finish()?;
        found.signer_infos = signers
            .iter()
            .map(SignerInfo::read)
            .collect::<Result<_, _>>()?;
        Ok(found)
    }

    fn take_certificates(&mut self, set: &mut Reader<'_>) -> Result<(), Asn1Error> {
        for element in set.elements(MAX_CERTIFICATES, "certificates")? {
            match Certificate::parse(element.raw()) {
                Ok(certificate) => self.certificates.push(certificate),
                Err(_) => self.skipped_certificates = self.skipped_certificates.saturating_add(1),
            }
        }
        Ok(())
    }

    /// RevocationInfoChoices (RFC 5652 10.2.1); of other formats, OCSP (RFC 5940 2.1).
    fn take_revocation_data(&mut self, set: &mut Reader<'_>) -> Result<(), Asn1Error> {
        for element in set.elements(MAX_CRLS, "revocation data")? {
            match element.tag() {
                Tag::SEQUENCE => self.crls.push(element.raw().to_vec()),
                tag if tag == Tag::context(1) => {
                    let mut other = element.reader()?;
                    if other.oid()? == oids::ID_RI_OCSP_RESPONSE {
                        self.ocsp_responses.push(other.element()?.raw().to_vec());
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The signer, where there is exactly one (EN 319 142-1 6.3, RFC 3161 2.4.2).
    pub fn only_signer(&self) -> Option<&SignerInfo> {
        match self.signer_infos.as_slice() {
            [signer] => Some(signer),
            _ => None,
        }
    }
}

fn encapsulated_content(
    fields: &mut Reader<'_>,
) -> Result<(ObjectIdentifier, Option<Vec<u8>>), Asn1Error> {
    let content_type = fields.oid()?;
    let content = match fields.explicit(0)? {
        Some(mut wrapped) => {
            let octets = wrapped.expect(Tag::OCTET_STRING)?.octets()?.into_owned();
            wrapped.finish()?;
            Some(octets)
        }
        None => None,
    };
    fields.finish()?;
    Ok((content_type, content))
}

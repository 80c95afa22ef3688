//! One signer of a SignedData (RFC 5652 5.3) and the questions a verifier asks of it.

use const_oid::ObjectIdentifier;

use super::attribute::{AttributeError, Attributes};
use super::ess::{self, EssCertId, EssError};
use crate::kernel::asn1::{Asn1Error, Element, Reader, Tag, oids};
use crate::kernel::hash::HashAlgorithm;
use crate::kernel::sign::{AlgorithmError, SignatureAlgorithm, VerifyError};
use crate::kernel::x509::{Certificate, Name};

/// A signer, read.
#[derive(Debug, Clone)]
pub struct SignerInfo {
    /// version
    pub version: u32,
    /// sid
    pub identifier: SignerIdentifier,
    /// digestAlgorithm; an unknown one is kept by its identifier.
    pub digest_algorithm: Result<HashAlgorithm, ObjectIdentifier>,
    /// signatureAlgorithm
    pub signature_algorithm: Result<SignatureAlgorithm, AlgorithmError>,
    /// signedAttrs
    pub signed_attributes: Option<Attributes>,
    /// signature
    pub signature: Vec<u8>,
    /// unsignedAttrs
    pub unsigned_attributes: Option<Attributes>,
    digest_algorithm_der: Vec<u8>,
    signature_algorithm_der: Vec<u8>,
}

/// How a SignerInfo names the signer's certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignerIdentifier {
    /// issuerAndSerialNumber
    IssuerAndSerial {
        /// The issuer's name.
        issuer: Name,
        /// The content octets of the serial number.
        serial: Vec<u8>,
    },
    /// subjectKeyIdentifier
    SubjectKey(Vec<u8>),
}

/// What is wrong with a signer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignerInfoError {
    /// There are no signed attributes: any bytes that look like attributes could be the content.
    #[error("there are no signed attributes")]
    NoSignedAttributes,
    /// An attribute is missing, repeated or has several values.
    #[error(transparent)]
    Attribute(#[from] AttributeError),
    /// The signing-certificate attribute does not name the certificate.
    #[error(transparent)]
    SigningCertificate(#[from] EssError),
    /// An attribute's value is malformed.
    #[error("malformed attribute: {0}")]
    Malformed(#[from] Asn1Error),
    /// The hash function of the content is not known here.
    #[error("unknown hash function {0}")]
    UnknownHash(ObjectIdentifier),
    /// The signature algorithm is not known here, or has other parameters.
    #[error(transparent)]
    Algorithm(#[from] AlgorithmError),
    /// The content type inside the attributes is not that of the content.
    #[error("the content-type attribute says {0}")]
    ContentType(ObjectIdentifier),
    /// Algorithm protection (RFC 6211) contradicts the SignerInfo.
    #[error("the algorithms are not those that algorithm protection names")]
    AlgorithmProtection,
    /// The content does not have the message digest.
    #[error("the content does not have the signed message digest")]
    MessageDigest,
    /// The value does not verify.
    #[error(transparent)]
    Signature(#[from] VerifyError),
}

impl SignerInfo {
    pub(super) fn read(element: &Element<'_>) -> Result<Self, Asn1Error> {
        let mut fields = element.reader()?;
        let version = fields.small()?;
        let identifier = SignerIdentifier::read(&fields.element()?)?;
        let digest = fields.expect(Tag::SEQUENCE)?;
        let signed = fields.optional(Tag::context(0))?;
        let algorithm = fields.expect(Tag::SEQUENCE)?;
        let signature = fields.expect(Tag::OCTET_STRING)?.octets()?.into_owned();
        let unsigned = fields.optional(Tag::context(1))?;
        fields.finish()?;
        let digest_oid = digest.reader()?.oid()?;
        let digest_algorithm = HashAlgorithm::from_algorithm_identifier(&digest)?;
        Ok(Self {
            version,
            identifier,
            digest_algorithm: digest_algorithm.ok_or(digest_oid),
            signature_algorithm: SignatureAlgorithm::read(&algorithm, digest_algorithm),
            signed_attributes: signed.map(|set| Attributes::read(&set)).transpose()?,
            signature,
            unsigned_attributes: unsigned.map(|set| Attributes::read(&set)).transpose()?,
            digest_algorithm_der: digest.raw().to_vec(),
            signature_algorithm_der: algorithm.raw().to_vec(),
        })
    }

    /// The signed attributes, which this system requires (EN 319 122-1 6.3).
    pub fn signed(&self) -> Result<&Attributes, SignerInfoError> {
        self.signed_attributes
            .as_ref()
            .ok_or(SignerInfoError::NoSignedAttributes)
    }

    /// The values of an unsigned attribute, all occurrences.
    pub fn unsigned_values(&self, oid: ObjectIdentifier) -> impl Iterator<Item = &[u8]> {
        let sets = self.unsigned_attributes.iter();
        sets.flat_map(move |attributes| attributes.all(oid))
            .flat_map(|attribute| attribute.values.iter().map(Vec::as_slice))
    }

    /// The signature time-stamp tokens (EN 319 122-1 5.3), as encoded.
    pub fn signature_time_stamps(&self) -> impl Iterator<Item = &[u8]> {
        self.unsigned_values(oids::ID_AA_SIGNATURE_TIME_STAMP_TOKEN)
    }

    /// The certificate that the signer identifier names. Of several, the one that the
    /// signing-certificate attribute names.
    pub fn find_certificate<'c>(&self, candidates: &'c [Certificate]) -> Option<&'c Certificate> {
        let named = || candidates.iter().filter(|one| self.identifier.names(one));
        named()
            .find(|candidate| self.check_signing_certificate(candidate).is_ok())
            .or_else(|| named().next())
    }

    /// The message digest that was signed (RFC 5652 11.2).
    pub fn message_digest(&self) -> Result<Vec<u8>, SignerInfoError> {
        let value = self.signed()?.single(oids::ID_MESSAGE_DIGEST)?;
        let mut reader = Reader::new(value);
        let digest = reader.expect(Tag::OCTET_STRING)?.octets()?.into_owned();
        reader.finish()?;
        Ok(digest)
    }

    /// Whether the content, in parts, has the message digest that was signed.
    pub fn check_content(&self, content: &[&[u8]]) -> Result<(), SignerInfoError> {
        self.check_content_by(|hash| hash.digest(content))
    }

    /// The same, the content hashed by the caller.
    pub fn check_content_by(
        &self,
        digest: impl FnOnce(HashAlgorithm) -> Vec<u8>,
    ) -> Result<(), SignerInfoError> {
        let hash = self
            .digest_algorithm
            .map_err(SignerInfoError::UnknownHash)?;
        if digest(hash) == self.message_digest()? {
            Ok(())
        } else {
            Err(SignerInfoError::MessageDigest)
        }
    }

    /// Whether the content-type attribute names this type (RFC 5652 11.1).
    pub fn check_content_type(&self, expected: ObjectIdentifier) -> Result<(), SignerInfoError> {
        let value = self.signed()?.single(oids::ID_CONTENT_TYPE)?;
        let found = Element::parse(value)?.oid()?;
        if found == expected {
            Ok(())
        } else {
            Err(SignerInfoError::ContentType(found))
        }
    }

    /// Whether algorithm protection, where it is present, names the algorithms in use,
    /// octet for octet (RFC 6211 2). Gives whether it is present.
    pub fn check_algorithm_protection(&self) -> Result<bool, SignerInfoError> {
        let value = match self.signed()?.single(oids::ID_AA_CMS_ALGORITHM_PROTECTION) {
            Ok(value) => value,
            Err(AttributeError::Absent(_)) => return Ok(false),
            Err(error) => return Err(error.into()),
        };
        let mut fields = Element::parse(value)?.reader()?;
        let digest = fields.expect(Tag::SEQUENCE)?;
        let signature = fields.expect(Tag::context(1))?;
        fields.finish()?;
        let in_use = Element::parse(&self.signature_algorithm_der)?;
        if digest.raw() == self.digest_algorithm_der && signature.content() == in_use.content() {
            Ok(true)
        } else {
            Err(SignerInfoError::AlgorithmProtection)
        }
    }

    /// The certificate references of the signing-certificate attribute, version 2 before 1.
    pub fn ess_cert_ids(&self) -> Result<Vec<EssCertId>, SignerInfoError> {
        let signed = self.signed()?;
        for (oid, version_2) in ess::ATTRIBUTES {
            match signed.single(oid) {
                Ok(value) => return Ok(EssCertId::read_all(value, version_2)?),
                Err(AttributeError::Absent(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(AttributeError::Absent(oids::ID_AA_SIGNING_CERTIFICATE_V2).into())
    }

    /// Whether the first certificate reference names this certificate: the first one is
    /// the signer's (RFC 5035 4).
    pub fn check_signing_certificate(
        &self,
        certificate: &Certificate,
    ) -> Result<(), SignerInfoError> {
        match self.ess_cert_ids()?.first() {
            Some(id) => Ok(id.check(certificate)?),
            None => Err(EssError::Hash.into()),
        }
    }

    /// Whether the signature over the signed attributes is by this certificate's key.
    pub fn verify_signature(&self, certificate: &Certificate) -> Result<(), SignerInfoError> {
        let algorithm = self.signature_algorithm.clone()?;
        let key = certificate.public_key()?;
        key.verify(algorithm, self.signed()?.der(), &self.signature)?;
        Ok(())
    }
}

impl SignerIdentifier {
    fn read(element: &Element<'_>) -> Result<Self, Asn1Error> {
        if element.tag() == Tag::context_primitive(0) {
            return Ok(Self::SubjectKey(element.content().to_vec()));
        }
        let mut fields = element.reader()?;
        let issuer = Name::from_element(&fields.element()?)?;
        let serial = fields.expect(Tag::INTEGER)?.integer()?.to_vec();
        fields.finish()?;
        Ok(Self::IssuerAndSerial { issuer, serial })
    }

    /// Whether it names this certificate.
    pub fn names(&self, certificate: &Certificate) -> bool {
        match self {
            Self::IssuerAndSerial { issuer, serial } => {
                serial == certificate.serial() && issuer.matches(certificate.issuer())
            }
            Self::SubjectKey(key) => certificate.subject_key_identifier() == Some(key),
        }
    }
}

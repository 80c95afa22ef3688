//! The signing-certificate attributes (RFC 2634 5.4, RFC 5035), which bind a
//! signature to one certificate (EN 319 122-1 5.2.2).

use const_oid::ObjectIdentifier;

use crate::kernel::asn1::{Asn1Error, Element, Tag, oids, write};
use crate::kernel::hash::HashAlgorithm;
use crate::kernel::x509::{Certificate, GeneralName};

const MAX_IDS: usize = 64;

/// A reference to a certificate by its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EssCertId {
    /// The hash function; an unknown one is kept by its identifier.
    pub hash: Result<HashAlgorithm, ObjectIdentifier>,
    /// certHash
    pub cert_hash: Vec<u8>,
    /// Issuer and serial number, where the reference has them: a hint, but one that must be right.
    pub issuer_serial: Option<(Vec<GeneralName>, Vec<u8>)>,
}

/// Why the signing-certificate attribute does not name a certificate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EssError {
    /// It cannot be read, or lists no certificate.
    #[error("malformed signing-certificate attribute: {0}")]
    Malformed(#[from] Asn1Error),
    /// Its hash function is not known here.
    #[error("unknown hash function {0} in the signing-certificate attribute")]
    UnknownHash(ObjectIdentifier),
    /// The hash is of another certificate.
    #[error("the signing-certificate attribute names another certificate")]
    Hash,
    /// The hash is right, issuer and serial number are not.
    #[error(
        "the signing-certificate attribute's issuer and serial number are of another certificate"
    )]
    IssuerSerial,
}

/// The value of signing-certificate-v2 for one certificate, by SHA-256.
///
/// SHA-256 is the DEFAULT and therefore left out. So is issuerSerial: the signer
/// identifier beside it says the same (RFC 5035 4).
pub(super) fn signing_certificate_v2(certificate: &Certificate) -> Vec<u8> {
    let hash = write::octet_string(certificate.fingerprint().as_bytes());
    write::sequence(&[&write::sequence(&[&write::sequence(&[&hash])])])
}

impl EssCertId {
    /// Reads the value of signing-certificate (`version_2` false) or signing-certificate-v2.
    pub(super) fn read_all(value: &[u8], version_2: bool) -> Result<Vec<Self>, Asn1Error> {
        let mut fields = Element::parse(value)?.reader()?;
        let mut certificates = fields.sequence()?;
        // Policies may follow; they bind nothing here.
        fields.optional(Tag::SEQUENCE)?;
        fields.finish()?;
        let ids = certificates.elements(MAX_IDS, "certificate references")?;
        if ids.is_empty() {
            return Err(Asn1Error::Value(
                "signing-certificate attribute: it is empty",
            ));
        }
        ids.iter().map(|id| Self::read(id, version_2)).collect()
    }

    fn read(element: &Element<'_>, version_2: bool) -> Result<Self, Asn1Error> {
        let mut fields = element.reader()?;
        let hash = match fields.peek() {
            Some(Tag::SEQUENCE) if version_2 => {
                let identifier = fields.element()?;
                let oid = identifier.reader()?.oid()?;
                HashAlgorithm::from_algorithm_identifier(&identifier)?.ok_or(oid)
            }
            _ if version_2 => Ok(HashAlgorithm::Sha256),
            _ => Ok(HashAlgorithm::Sha1),
        };
        let cert_hash = fields.expect(Tag::OCTET_STRING)?.octets()?.into_owned();
        let issuer_serial = fields.optional(Tag::SEQUENCE)?;
        fields.finish()?;
        Ok(Self {
            hash,
            cert_hash,
            issuer_serial: issuer_serial
                .map(|element| issuer_serial_of(&element))
                .transpose()?,
        })
    }

    /// Whether it names this certificate.
    pub fn check(&self, certificate: &Certificate) -> Result<(), EssError> {
        let hash = self.hash.map_err(EssError::UnknownHash)?;
        if certificate.digest(hash) != self.cert_hash {
            return Err(EssError::Hash);
        }
        let Some((issuer, serial)) = &self.issuer_serial else {
            return Ok(());
        };
        let named = issuer
            .iter()
            .filter_map(GeneralName::directory)
            .any(|name| name.matches(certificate.issuer()));
        if named && serial == certificate.serial() {
            Ok(())
        } else {
            Err(EssError::IssuerSerial)
        }
    }
}

fn issuer_serial_of(element: &Element<'_>) -> Result<(Vec<GeneralName>, Vec<u8>), Asn1Error> {
    let mut fields = element.reader()?;
    let issuer = GeneralName::read_all(&mut fields.sequence()?)?;
    let serial = fields.expect(Tag::INTEGER)?.integer()?.to_vec();
    fields.finish()?;
    Ok((issuer, serial))
}

/// Which attribute holds a version.
pub(super) const ATTRIBUTES: [(ObjectIdentifier, bool); 2] = [
    (oids::ID_AA_SIGNING_CERTIFICATE_V2, true),
    (oids::ID_AA_SIGNING_CERTIFICATE, false),
];

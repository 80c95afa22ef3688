//! X.509 certificates (RFC 5280 4), parsed once and shared.
//!
//! A certificate here is read, never judged: whether it may be used is for
//! [`super::paths`] and the validation room. Costly things are made at first
//! use and kept: the public key, the hashes, OpenSSL's own object, whose key signed it.

use std::fmt;
use std::sync::{Arc, OnceLock};

use const_oid::ObjectIdentifier;
use openssl::x509::X509;
use time::OffsetDateTime;

use super::extensions::{BasicConstraints, ExtendedKeyUsage, Extension, Extensions, KeyUsage};
use super::{DistributionPoint, Name, paths, pem};
use crate::kernel::asn1::{Asn1Error, Element, Reader, Tag, oids};
use crate::kernel::hash::{HashAlgorithm, Sha256};
use crate::kernel::sign::{AlgorithmError, PublicKey, SignatureAlgorithm, VerifyError};

/// A certificate; clones share it.
#[derive(Clone)]
pub struct Certificate(Arc<Inner>);

struct Inner {
    der: Vec<u8>,
    fields: Fields,
    fingerprint: OnceLock<Sha256>,
    public_key: OnceLock<Result<PublicKey, VerifyError>>,
    openssl: OnceLock<Option<X509>>,
    plain: OnceLock<bool>,
    /// The subjectPublicKeyInfo of the key that was found to have signed it.
    signed_by: OnceLock<Sha256>,
}

struct Fields {
    serial: Vec<u8>,
    issuer: Name,
    subject: Name,
    not_before: OffsetDateTime,
    not_after: OffsetDateTime,
    spki: Vec<u8>,
    key_bits: Vec<u8>,
    tbs: Vec<u8>,
    signature: Vec<u8>,
    signature_algorithm: Vec<u8>,
    extensions: Extensions,
}

/// Why bytes are not a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// The structure is not that of RFC 5280 4.1.
    #[error("not a certificate: {0}")]
    Malformed(#[from] Asn1Error),
    /// The file holds no certificate.
    #[error("the file holds no certificate")]
    None,
}

/// Why a certificate is not signed by an issuer's key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IssuerError {
    /// A signature algorithm that cannot be used.
    #[error(transparent)]
    Algorithm(#[from] AlgorithmError),
    /// The signature does not hold.
    #[error(transparent)]
    Signature(#[from] VerifyError),
}

impl Certificate {
    /// Reads one certificate, and nothing after it.
    pub fn parse(der: &[u8]) -> Result<Self, CertificateError> {
        let fields = Fields::read(Element::parse(der)?)?;
        Ok(Self(Arc::new(Inner {
            der: der.to_vec(),
            fields,
            fingerprint: OnceLock::new(),
            public_key: OnceLock::new(),
            openssl: OnceLock::new(),
            plain: OnceLock::new(),
            signed_by: OnceLock::new(),
        })))
    }

    /// Every certificate of a file: PEM blocks, or one in DER.
    pub fn from_pem_or_der(bytes: &[u8]) -> Result<Vec<Self>, CertificateError> {
        let list: Vec<Self> = pem::blocks_or_der(bytes, &["CERTIFICATE", "X509 CERTIFICATE"])
            .iter()
            .map(|der| Self::parse(der))
            .collect::<Result<_, _>>()?;
        if list.is_empty() {
            return Err(CertificateError::None);
        }
        Ok(list)
    }

    /// The encoding, as it was read.
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// Whose certificate it is.
    pub fn subject(&self) -> &Name {
        &self.0.fields.subject
    }

    /// Who issued it.
    pub fn issuer(&self) -> &Name {
        &self.0.fields.issuer
    }

    /// The content octets of the serial number.
    pub fn serial(&self) -> &[u8] {
        &self.0.fields.serial
    }

    /// The serial number in lower-case hexadecimal.
    pub fn serial_hex(&self) -> String {
        hex::encode(self.serial())
    }

    /// The beginning of its validity.
    pub fn not_before(&self) -> OffsetDateTime {
        self.0.fields.not_before
    }

    /// The end of its validity.
    pub fn not_after(&self) -> OffsetDateTime {
        self.0.fields.not_after
    }

    /// Whether a moment lies in its validity, the seconds of both ends included (RFC 5280
    /// 4.1.2.5).
    pub fn is_valid_at(&self, at: OffsetDateTime) -> bool {
        let second = at.truncate_to_second();
        (self.not_before()..=self.not_after()).contains(&second)
    }

    /// The subjectPublicKeyInfo.
    pub fn spki_der(&self) -> &[u8] {
        &self.0.fields.spki
    }

    /// The bits of the public key alone, which key identifiers are hashes of
    /// (RFC 5280 4.2.1.2, RFC 6960 4.2.1).
    pub fn public_key_bits(&self) -> &[u8] {
        &self.0.fields.key_bits
    }

    /// The subject's public key.
    pub fn public_key(&self) -> Result<&PublicKey, VerifyError> {
        self.0
            .public_key
            .get_or_init(|| PublicKey::from_spki(self.spki_der()))
            .as_ref()
            .map_err(|error| *error)
    }

    /// How the issuer signed it.
    pub fn signature_algorithm(&self) -> Result<SignatureAlgorithm, AlgorithmError> {
        SignatureAlgorithm::from_der(&self.0.fields.signature_algorithm)
    }

    /// Whether the issuer's key signed it. Names and constraints are for path building.
    pub fn verify_issued_by(&self, issuer: &Self) -> Result<(), IssuerError> {
        let fields = &self.0.fields;
        let signer = Sha256::of(issuer.spki_der());
        if self.0.signed_by.get() == Some(&signer) {
            return Ok(());
        }
        let algorithm = self.signature_algorithm()?;
        let key = issuer.public_key()?;
        key.verify(algorithm, &fields.tbs, &fields.signature)?;
        // Another key's before it stays: one is enough.
        let _ = self.0.signed_by.set(signer);
        Ok(())
    }

    /// The key usage bits, where the certificate restricts them.
    pub fn key_usage(&self) -> Option<KeyUsage> {
        self.0.fields.extensions.key_usage
    }

    /// The purposes, where the certificate restricts them.
    pub fn extended_key_usage(&self) -> Option<&ExtendedKeyUsage> {
        self.0.fields.extensions.extended_key_usage.as_ref()
    }

    /// The basic constraints.
    pub fn basic_constraints(&self) -> Option<BasicConstraints> {
        self.0.fields.extensions.basic_constraints
    }

    /// Whether basicConstraints call the subject a certification authority.
    pub fn is_ca(&self) -> bool {
        self.basic_constraints()
            .is_some_and(|constraints| constraints.ca)
    }

    /// subjectKeyIdentifier
    pub fn subject_key_identifier(&self) -> Option<&[u8]> {
        self.0.fields.extensions.subject_key_identifier.as_deref()
    }

    /// The keyIdentifier of authorityKeyIdentifier.
    pub fn authority_key_identifier(&self) -> Option<&[u8]> {
        self.0.fields.extensions.authority_key_identifier.as_deref()
    }

    /// Addresses of OCSP responders.
    pub fn ocsp_urls(&self) -> &[String] {
        &self.0.fields.extensions.ocsp_urls
    }

    /// Addresses of the issuer's certificates.
    pub fn ca_issuer_urls(&self) -> &[String] {
        &self.0.fields.extensions.ca_issuer_urls
    }

    /// Where its CRLs are.
    pub fn crl_distribution_points(&self) -> &[DistributionPoint] {
        &self.0.fields.extensions.crl_distribution_points
    }

    /// Addresses of its CRLs.
    pub fn crl_urls(&self) -> Vec<&str> {
        let points = self.crl_distribution_points().iter();
        points.flat_map(DistributionPoint::uris).collect()
    }

    /// Whether its revocation need not be checked (RFC 6960 4.2.2.2.1).
    pub fn has_ocsp_nocheck(&self) -> bool {
        self.0.fields.extensions.ocsp_nocheck
    }

    /// Whether its issuer assures that it is valid as long as it lives, so that nobody need
    /// ask (EN 319 412-1 5.2, short-term certificates).
    pub fn has_assured_validity(&self) -> bool {
        let mut all = self.extensions().iter();
        all.any(|one| one.oid == oids::ID_ETSI_VALIDITY_ASSURED)
    }

    /// The certificate policies.
    pub fn policies(&self) -> &[ObjectIdentifier] {
        &self.0.fields.extensions.policies
    }

    /// Every extension.
    pub fn extensions(&self) -> &[Extension] {
        &self.0.fields.extensions.all
    }

    /// The SHA-256 of the certificate.
    pub fn fingerprint(&self) -> Sha256 {
        *self.0.fingerprint.get_or_init(|| Sha256::of(self.der()))
    }

    /// The hash of the certificate; SHA-256 is computed once.
    pub fn digest(&self, hash: HashAlgorithm) -> Vec<u8> {
        match hash {
            HashAlgorithm::Sha256 => self.fingerprint().as_bytes().to_vec(),
            _ => hash.digest(&[self.der()]),
        }
    }

    /// Whether subject and issuer are the same (RFC 5280 3.2).
    pub fn is_self_issued(&self) -> bool {
        self.subject().matches(self.issuer())
    }

    /// Whether it names this certificate's subject as its issuer, by name and, where both
    /// have them, by key identifier (RFC 5280 6.1.3 (a)(4), 4.2.1.1).
    pub fn names_as_issuer(&self, issuer: &Self) -> bool {
        let identifiers = self
            .authority_key_identifier()
            .zip(issuer.subject_key_identifier());
        self.issuer().matches(issuer.subject())
            && identifiers.is_none_or(|(authority, own)| authority == own)
    }

    /// Whether a path of it may be validated without OpenSSL.
    pub(super) fn is_plain(&self) -> bool {
        *self.0.plain.get_or_init(|| paths::is_plain(self))
    }

    /// OpenSSL's object for it, where OpenSSL accepts the encoding.
    pub(super) fn openssl(&self) -> Option<&X509> {
        self.0
            .openssl
            .get_or_init(|| X509::from_der(self.der()).ok())
            .as_ref()
    }
}

impl Fields {
    fn read(certificate: Element<'_>) -> Result<Self, Asn1Error> {
        let mut outer = certificate.reader()?;
        let tbs_element = outer.expect(Tag::SEQUENCE)?;
        let signature_algorithm = outer.expect(Tag::SEQUENCE)?.raw().to_vec();
        let signature = outer.expect(Tag::BIT_STRING)?.bit_octets()?.to_vec();
        outer.finish()?;
        let mut tbs = tbs_element.reader()?;

        check_version(&mut tbs)?;
        let serial = tbs.expect(Tag::INTEGER)?.integer()?.to_vec();
        tbs.sequence()?;
        let issuer = Name::from_element(&tbs.element()?)?;
        let mut validity = tbs.sequence()?;
        let not_before = validity.element()?.time()?;
        let not_after = validity.element()?.time()?;
        validity.finish()?;
        let subject = Name::from_element(&tbs.element()?)?;
        let spki = tbs.expect(Tag::SEQUENCE)?;
        tbs.optional(Tag::context_primitive(1))?;
        tbs.optional(Tag::context_primitive(2))?;
        let extensions = read_extensions(&mut tbs)?;
        tbs.finish()?;
        Ok(Self {
            serial,
            issuer,
            subject,
            not_before,
            not_after,
            spki: spki.raw().to_vec(),
            key_bits: key_bits(&spki)?,
            tbs: tbs_element.raw().to_vec(),
            signature,
            signature_algorithm,
            extensions,
        })
    }
}

/// v1 (absent), v2 or v3.
fn check_version(tbs: &mut Reader<'_>) -> Result<(), Asn1Error> {
    let Some(mut version) = tbs.explicit(0)? else {
        return Ok(());
    };
    match version.small()? {
        0..=2 => version.finish(),
        _ => Err(Asn1Error::Value("certificate version")),
    }
}

fn key_bits(spki: &Element<'_>) -> Result<Vec<u8>, Asn1Error> {
    let mut fields = spki.reader()?;
    fields.expect(Tag::SEQUENCE)?;
    let bits = fields.expect(Tag::BIT_STRING)?.bit_octets()?.to_vec();
    fields.finish()?;
    Ok(bits)
}

fn read_extensions(tbs: &mut Reader<'_>) -> Result<Extensions, Asn1Error> {
    let Some(mut wrapped) = tbs.explicit(3)? else {
        return Ok(Extensions::default());
    };
    let mut list = wrapped.sequence()?;
    wrapped.finish()?;
    Extensions::read(&mut list)
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.der() == other.der()
    }
}

impl Eq for Certificate {}

impl std::hash::Hash for Certificate {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.der().hash(state);
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Certificate({}, serial {})",
            self.subject(),
            self.serial_hex()
        )
    }
}

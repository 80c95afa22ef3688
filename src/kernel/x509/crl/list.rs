//! A CRL, read (RFC 5280 5.1 to 5.3).

use std::fmt;
use std::sync::{Arc, OnceLock};

use const_oid::ObjectIdentifier;
use openssl::x509::X509Crl;
use time::OffsetDateTime;

use crate::kernel::asn1::{Asn1Error, Element, Reader, Tag, oids};
use crate::kernel::sign::{AlgorithmError, SignatureAlgorithm, VerifyError};
use crate::kernel::x509::extensions::{authority_key_identifier, find, read_explicit};
use crate::kernel::x509::{
    Certificate, DistributionPointName, Extension, GeneralName, KeyUsage, Name, ReasonFlags,
    RevocationReason, pem,
};

/// How many entries are read. The largest public CRLs have about as many.
const MAX_ENTRIES: usize = 500_000;

/// A certificate revocation list; clones share it.
#[derive(Clone)]
pub struct Crl(Arc<Inner>);

struct Inner {
    der: Vec<u8>,
    tbs: Vec<u8>,
    signature_algorithm: Result<SignatureAlgorithm, AlgorithmError>,
    signature: Vec<u8>,
    issuer: Name,
    this_update: OffsetDateTime,
    next_update: Option<OffsetDateTime>,
    entries: Vec<RevokedCertificate>,
    extensions: Vec<Extension>,
    distribution_point: Option<IssuingDistributionPoint>,
    unknown_critical: Option<ObjectIdentifier>,
    openssl: OnceLock<Option<X509Crl>>,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevokedCertificate {
    /// The content octets of the serial number.
    pub serial: Vec<u8>,
    /// Since when.
    pub at: OffsetDateTime,
    /// Why, where the entry says so.
    pub reason: Option<RevocationReason>,
    /// When the key is known or suspected to have been compromised.
    pub invalidity_date: Option<OffsetDateTime>,
    /// In an indirect CRL, whose certificate this and the following entries are.
    pub certificate_issuer: Option<Vec<GeneralName>>,
    /// A critical extension that is not known here: the CRL must not be used (RFC 5280 5.3).
    pub unknown_critical: Option<ObjectIdentifier>,
}

/// issuingDistributionPoint (RFC 5280 5.2.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuingDistributionPoint {
    /// distributionPoint
    pub name: Option<DistributionPointName>,
    /// onlyContainsUserCerts
    pub only_user_certificates: bool,
    /// onlyContainsCACerts
    pub only_ca_certificates: bool,
    /// onlySomeReasons
    pub only_some_reasons: Option<ReasonFlags>,
    /// indirectCRL
    pub indirect: bool,
    /// onlyContainsAttributeCerts
    pub only_attribute_certificates: bool,
}

/// What is wrong with a CRL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CrlError {
    /// The structure is not that of RFC 5280 5.
    #[error("not a CRL: {0}")]
    Malformed(#[from] Asn1Error),
    /// The file holds no CRL.
    #[error("the file holds no CRL")]
    None,
    /// Another authority issued it.
    #[error("the CRL is of another issuer")]
    Issuer,
    /// The issuer's key may not sign CRLs.
    #[error("the issuer's key usage does not allow CRL signing")]
    KeyUsage,
    /// A signature algorithm that cannot be used.
    #[error(transparent)]
    Algorithm(#[from] AlgorithmError),
    /// The signature does not hold.
    #[error("CRL signature: {0}")]
    Signature(#[from] VerifyError),
}

impl Crl {
    /// Reads one CRL, and nothing after it.
    pub fn parse(der: &[u8]) -> Result<Self, CrlError> {
        let mut outer = Element::parse(der)?.reader()?;
        let tbs = outer.expect(Tag::SEQUENCE)?;
        let algorithm = outer.expect(Tag::SEQUENCE)?;
        let signature = outer.expect(Tag::BIT_STRING)?.bit_octets()?.to_vec();
        outer.finish()?;

        let mut fields = tbs.reader()?;
        fields.optional(Tag::INTEGER)?;
        fields.sequence()?;
        let issuer = Name::from_element(&fields.element()?)?;
        let this_update = fields.element()?.time()?;
        let next_update = read_next_update(&mut fields)?;
        let entries = read_entries(&mut fields)?;
        let extensions = read_explicit(&mut fields, 0)?;
        fields.finish()?;
        let distribution_point = find(&extensions, &oids::ID_CE_ISSUING_DISTRIBUTION_POINT)
            .map(|extension| IssuingDistributionPoint::read(&extension.value))
            .transpose()?;
        let unknown_critical = unknown_critical(&extensions, &entries);
        Ok(Self(Arc::new(Inner {
            der: der.to_vec(),
            tbs: tbs.raw().to_vec(),
            signature_algorithm: SignatureAlgorithm::read(&algorithm, None),
            signature,
            issuer,
            this_update,
            next_update,
            entries,
            extensions,
            distribution_point,
            unknown_critical,
            openssl: OnceLock::new(),
        })))
    }

    /// Every CRL of a file: PEM blocks, or one in DER.
    pub fn from_pem_or_der(bytes: &[u8]) -> Result<Vec<Self>, CrlError> {
        let list: Vec<Self> = pem::blocks_or_der(bytes, &["X509 CRL"])
            .iter()
            .map(|der| Self::parse(der))
            .collect::<Result<_, _>>()?;
        if list.is_empty() {
            return Err(CrlError::None);
        }
        Ok(list)
    }

    /// The encoding, as it was read.
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// Who issued it.
    pub fn issuer(&self) -> &Name {
        &self.0.issuer
    }

    /// When it was published.
    pub fn this_update(&self) -> OffsetDateTime {
        self.0.this_update
    }

    /// When the next one was to be there.
    pub fn next_update(&self) -> Option<OffsetDateTime> {
        self.0.next_update
    }

    /// The entries, in their order.
    pub fn entries(&self) -> &[RevokedCertificate] {
        &self.0.entries
    }

    /// The entry with a serial number. Of an indirect CRL the certificate's issuer counts
    /// too: [`Crl::entry_of`].
    pub fn entry(&self, serial: &[u8]) -> Option<&RevokedCertificate> {
        self.entries().iter().find(|entry| entry.serial == serial)
    }

    /// The entry of an issuer's certificate. An entry is about the issuer that it or the last
    /// entry before it names, and about the CRL's own where none does (RFC 5280 5.3.3).
    pub fn entry_of(&self, issuer: &Name, serial: &[u8]) -> Option<&RevokedCertificate> {
        let mut about_issuer = self.issuer().matches(issuer);
        self.entries().iter().find(|entry| {
            if let Some(names) = &entry.certificate_issuer {
                let mut names = names.iter().filter_map(GeneralName::directory);
                about_issuer = names.any(|name| name.matches(issuer));
            }
            about_issuer && entry.serial == serial
        })
    }

    /// A critical extension of the CRL or of an entry that is not known here: what it says
    /// must not be relied on (RFC 5280 5.2, 5.3).
    pub fn unknown_critical(&self) -> Option<ObjectIdentifier> {
        self.0.unknown_critical
    }

    /// The keyIdentifier of authorityKeyIdentifier: whose key signed it.
    pub fn authority_key_identifier(&self) -> Option<Vec<u8>> {
        let value = &find(self.extensions(), &oids::ID_CE_AUTHORITY_KEY_IDENTIFIER)?.value;
        authority_key_identifier(value).ok()?
    }

    /// Every extension.
    pub fn extensions(&self) -> &[Extension] {
        &self.0.extensions
    }

    /// The content octets of the CRL number.
    pub fn number(&self) -> Option<Vec<u8>> {
        self.integer(&oids::ID_CE_CRL_NUMBER)
    }

    /// In a delta CRL, the number of the CRL that it amends (RFC 5280 5.2.4).
    pub fn delta_base(&self) -> Option<Vec<u8>> {
        self.integer(&oids::ID_CE_DELTA_CRL_INDICATOR)
    }

    /// Whether it only amends another CRL.
    pub fn is_delta(&self) -> bool {
        find(self.extensions(), &oids::ID_CE_DELTA_CRL_INDICATOR).is_some()
    }

    /// Certificates that ended since this time are still listed (X.509 9.5.2.8). Without it
    /// a revoked certificate leaves the list after its end (RFC 5280 3.3).
    pub fn lists_expired_since(&self) -> Option<OffsetDateTime> {
        let value = &find(self.extensions(), &oids::ID_CE_EXPIRED_CERTS_ON_CRL)?.value;
        Element::parse(value).ok()?.time().ok()
    }

    /// Which part of an authority's certificates it covers.
    pub fn issuing_distribution_point(&self) -> Option<&IssuingDistributionPoint> {
        self.0.distribution_point.as_ref()
    }

    /// How it is signed.
    pub fn signature_algorithm(&self) -> Result<SignatureAlgorithm, AlgorithmError> {
        self.0.signature_algorithm.clone()
    }

    /// Whether this certificate's holder issued and signed it (RFC 5280 6.3.3 (f), (g)).
    pub fn verify(&self, issuer: &Certificate) -> Result<(), CrlError> {
        if !self.issuer().matches(issuer.subject()) {
            return Err(CrlError::Issuer);
        }
        let may_sign = KeyUsage::CRL_SIGN;
        if !issuer.key_usage().is_none_or(|usage| usage.has(may_sign)) {
            return Err(CrlError::KeyUsage);
        }
        let algorithm = match self.signature_algorithm() {
            Ok(algorithm) => algorithm,
            // Only OpenSSL knows it. No validation policy calls it strong: the signature
            // counts in conformance runs alone.
            Err(_) if self.verifies_in_openssl(issuer) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        let key = issuer.public_key()?;
        key.verify(algorithm, &self.0.tbs, &self.0.signature)?;
        Ok(())
    }

    fn verifies_in_openssl(&self, issuer: &Certificate) -> bool {
        let key = issuer.openssl().and_then(|issuer| issuer.public_key().ok());
        key.zip(self.openssl())
            .is_some_and(|(key, crl)| crl.verify(&key).unwrap_or(false))
    }

    /// OpenSSL's object for it, where OpenSSL accepts the encoding.
    fn openssl(&self) -> Option<&X509Crl> {
        self.0
            .openssl
            .get_or_init(|| X509Crl::from_der(self.der()).ok())
            .as_ref()
    }

    fn integer(&self, oid: &ObjectIdentifier) -> Option<Vec<u8>> {
        let value = &find(self.extensions(), oid)?.value;
        let element = Element::parse(value).ok()?;
        element.integer().ok().map(<[u8]>::to_vec)
    }
}

fn unknown_critical(
    extensions: &[Extension],
    entries: &[RevokedCertificate],
) -> Option<ObjectIdentifier> {
    let known = [
        oids::ID_CE_ISSUING_DISTRIBUTION_POINT,
        oids::ID_CE_DELTA_CRL_INDICATOR,
        // Must not be critical, and says nothing that could be misunderstood.
        oids::ID_CE_AUTHORITY_KEY_IDENTIFIER,
    ];
    let of_list = extensions
        .iter()
        .find(|one| one.critical && !known.contains(&one.oid));
    let of_entries = || entries.iter().find_map(|entry| entry.unknown_critical);
    of_list.map(|one| one.oid).or_else(of_entries)
}

fn read_next_update(fields: &mut Reader<'_>) -> Result<Option<OffsetDateTime>, Asn1Error> {
    match fields.peek() {
        Some(Tag::UTC_TIME | Tag::GENERALIZED_TIME) => Ok(Some(fields.element()?.time()?)),
        _ => Ok(None),
    }
}

fn read_entries(fields: &mut Reader<'_>) -> Result<Vec<RevokedCertificate>, Asn1Error> {
    let Some(list) = fields.optional(Tag::SEQUENCE)? else {
        return Ok(Vec::new());
    };
    let mut list = list.reader()?;
    let mut entries = Vec::new();
    while !list.is_empty() {
        if entries.len() == MAX_ENTRIES {
            return Err(Asn1Error::TooMany("revoked certificates"));
        }
        entries.push(RevokedCertificate::read(&mut list.sequence()?)?);
    }
    Ok(entries)
}

impl RevokedCertificate {
    fn read(fields: &mut Reader<'_>) -> Result<Self, Asn1Error> {
        let serial = fields.expect(Tag::INTEGER)?.integer()?.to_vec();
        let at = fields.element()?.time()?;
        let extensions = match fields.optional(Tag::SEQUENCE)? {
            Some(list) => Extension::read_all(&mut list.reader()?)?,
            None => Vec::new(),
        };
        fields.finish()?;
        let mut entry = Self {
            serial,
            at,
            reason: None,
            invalidity_date: None,
            certificate_issuer: None,
            unknown_critical: None,
        };
        for extension in &extensions {
            entry.take(extension)?;
        }
        Ok(entry)
    }

    fn take(&mut self, extension: &Extension) -> Result<(), Asn1Error> {
        let value = || Element::parse(&extension.value);
        match extension.oid {
            oids::ID_CE_CRL_REASONS => {
                self.reason = RevocationReason::from_code(value()?.small()?);
            }
            oids::ID_CE_INVALIDITY_DATE => self.invalidity_date = Some(value()?.time()?),
            oids::ID_CE_CERTIFICATE_ISSUER => {
                let names = GeneralName::read_all(&mut value()?.reader()?)?;
                self.certificate_issuer = Some(names);
            }
            oid if extension.critical => self.unknown_critical = Some(oid),
            _ => {}
        }
        Ok(())
    }
}

impl IssuingDistributionPoint {
    fn read(value: &[u8]) -> Result<Self, Asn1Error> {
        let mut fields = Element::parse(value)?.reader()?;
        let name = DistributionPointName::read_optional(&mut fields)?;
        let only_user_certificates = flag(&mut fields, 1)?;
        let only_ca_certificates = flag(&mut fields, 2)?;
        let reasons = fields.optional(Tag::context_primitive(3))?;
        let indirect = flag(&mut fields, 4)?;
        let only_attribute_certificates = flag(&mut fields, 5)?;
        fields.finish()?;
        Ok(Self {
            name,
            only_user_certificates,
            only_ca_certificates,
            only_some_reasons: match reasons {
                Some(bits) => Some(ReasonFlags(bits.named_bits()?)),
                None => None,
            },
            indirect,
            only_attribute_certificates,
        })
    }
}

fn flag(fields: &mut Reader<'_>, number: u8) -> Result<bool, Asn1Error> {
    match fields.optional(Tag::context_primitive(number))? {
        Some(flag) => flag.boolean(),
        None => Ok(false),
    }
}

impl fmt::Debug for Crl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Crl({}, {})", self.issuer(), self.this_update())
    }
}

//! Certificate extensions (RFC 5280 4.2) that this system acts on.
//!
//! Policy mappings and name constraints are processed by OpenSSL's path
//! building; here are those that our own checks and reports read.

use const_oid::ObjectIdentifier;

use super::{DistributionPoint, GeneralName};
use crate::kernel::asn1::{Asn1Error, Element, Reader, Tag, oids, write};

/// How many extensions a certificate or CRL may have here.
pub(super) const MAX_EXTENSIONS: usize = 128;
const MAX_VALUES: usize = 256;

/// One extension: its identifier, criticality and value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// extnID
    pub oid: ObjectIdentifier,
    /// critical
    pub critical: bool,
    /// extnValue, without the OCTET STRING around it.
    pub value: Vec<u8>,
}

/// The keyUsage bits (RFC 5280 4.2.1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyUsage(u32);

/// extKeyUsage (RFC 5280 4.2.1.12).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtendedKeyUsage {
    /// Whether the extension is critical (RFC 3161 2.3 asks for it).
    pub critical: bool,
    /// The purposes, in their order.
    pub purposes: Vec<ObjectIdentifier>,
}

/// basicConstraints (RFC 5280 4.2.1.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BasicConstraints {
    /// Whether the subject is a certification authority.
    pub ca: bool,
    /// How many intermediate certificates may follow.
    pub path_len: Option<u32>,
}

impl KeyUsage {
    /// digitalSignature (0)
    pub const DIGITAL_SIGNATURE: Self = Self(1);
    /// nonRepudiation, also contentCommitment (1)
    pub const NON_REPUDIATION: Self = Self(1 << 1);
    /// keyCertSign (5)
    pub const KEY_CERT_SIGN: Self = Self(1 << 5);
    /// cRLSign (6)
    pub const CRL_SIGN: Self = Self(1 << 6);

    /// Whether every bit of `bits` is set.
    pub const fn has(self, bits: Self) -> bool {
        self.0 & bits.0 == bits.0
    }

    /// The bits of both.
    #[must_use]
    pub const fn and(self, bits: Self) -> Self {
        Self(self.0 | bits.0)
    }

    /// The named bits, bit 0 lowest.
    pub const fn bits(self) -> u32 {
        self.0
    }
}

impl ExtendedKeyUsage {
    /// Whether a purpose is listed.
    pub fn has(&self, purpose: &ObjectIdentifier) -> bool {
        self.purposes.contains(purpose)
    }

    /// Whether it is critical and lists this purpose alone (RFC 3161 2.3).
    pub fn is_only(&self, purpose: &ObjectIdentifier) -> bool {
        self.critical && self.purposes == [*purpose]
    }
}

/// The extensions of one certificate, read once.
#[derive(Debug, Clone, Default)]
pub(super) struct Extensions {
    pub all: Vec<Extension>,
    pub key_usage: Option<KeyUsage>,
    pub extended_key_usage: Option<ExtendedKeyUsage>,
    pub basic_constraints: Option<BasicConstraints>,
    pub subject_key_identifier: Option<Vec<u8>>,
    pub authority_key_identifier: Option<Vec<u8>>,
    pub crl_distribution_points: Vec<DistributionPoint>,
    pub ocsp_urls: Vec<String>,
    pub ca_issuer_urls: Vec<String>,
    pub policies: Vec<ObjectIdentifier>,
    pub ocsp_nocheck: bool,
}

impl Extensions {
    pub(super) fn read(list: &mut Reader<'_>) -> Result<Self, Asn1Error> {
        let mut extensions = Self::default();
        let all = Extension::read_all(list)?;
        for extension in &all {
            extensions.take(extension)?;
        }
        extensions.all = all;
        Ok(extensions)
    }

    fn take(&mut self, extension: &Extension) -> Result<(), Asn1Error> {
        let value = extension.value.as_slice();
        match extension.oid {
            oids::ID_CE_SUBJECT_KEY_IDENTIFIER => {
                self.subject_key_identifier = Some(octets(value)?);
            }
            oids::ID_CE_KEY_USAGE => {
                self.key_usage = Some(KeyUsage(Element::parse(value)?.named_bits()?));
            }
            oids::ID_CE_BASIC_CONSTRAINTS => {
                self.basic_constraints = Some(basic_constraints(value)?);
            }
            oids::ID_CE_CRL_DISTRIBUTION_POINTS => {
                self.crl_distribution_points = DistributionPoint::read_all(value)?;
            }
            oids::ID_CE_CERTIFICATE_POLICIES => self.policies = policies(value)?,
            oids::ID_CE_AUTHORITY_KEY_IDENTIFIER => {
                self.authority_key_identifier = authority_key_identifier(value)?;
            }
            oids::ID_CE_EXT_KEY_USAGE => {
                self.extended_key_usage = Some(ExtendedKeyUsage {
                    critical: extension.critical,
                    purposes: object_identifiers(value)?,
                });
            }
            oids::ID_PE_AUTHORITY_INFO_ACCESS => self.authority_information_access(value)?,
            oids::ID_PKIX_OCSP_NOCHECK => self.ocsp_nocheck = true,
            _ => {}
        }
        Ok(())
    }

    /// RFC 5280 4.2.2.1
    fn authority_information_access(&mut self, value: &[u8]) -> Result<(), Asn1Error> {
        let mut descriptions = Element::parse(value)?.reader()?;
        for description in descriptions.elements(MAX_VALUES, "access descriptions")? {
            let mut fields = description.reader()?;
            let method = fields.oid()?;
            let locations = GeneralName::read_all(&mut fields)?;
            let uris = locations.iter().filter_map(GeneralName::uri);
            match method {
                oids::ID_AD_OCSP => self.ocsp_urls.extend(uris.map(str::to_owned)),
                oids::ID_AD_CA_ISSUERS => self.ca_issuer_urls.extend(uris.map(str::to_owned)),
                _ => {}
            }
        }
        Ok(())
    }
}

impl Extension {
    /// Reads a SEQUENCE OF Extension; the same one twice is refused (RFC 5280 4.2).
    pub(crate) fn read_all(list: &mut Reader<'_>) -> Result<Vec<Self>, Asn1Error> {
        let mut found: Vec<Self> = Vec::new();
        for element in list.elements(MAX_EXTENSIONS, "extensions")? {
            let extension = Self::read(&element)?;
            if found.iter().any(|other| other.oid == extension.oid) {
                return Err(Asn1Error::Value("list of extensions: one stands twice"));
            }
            found.push(extension);
        }
        Ok(found)
    }

    /// The extension in DER; `critical` FALSE is the default and left out.
    pub fn der(&self) -> Vec<u8> {
        let flag: &[u8] = if self.critical { &write::TRUE } else { &[] };
        let value = write::octet_string(&self.value);
        write::sequence(&[&write::oid(&self.oid), flag, &value])
    }

    fn read(element: &Element<'_>) -> Result<Self, Asn1Error> {
        let mut fields = element.reader()?;
        let oid = fields.oid()?;
        let critical = match fields.optional(Tag::BOOLEAN)? {
            Some(flag) => flag.boolean()?,
            None => false,
        };
        let value = fields.expect(Tag::OCTET_STRING)?.octets()?.into_owned();
        fields.finish()?;
        Ok(Self {
            oid,
            critical,
            value,
        })
    }
}

fn octets(value: &[u8]) -> Result<Vec<u8>, Asn1Error> {
    let mut reader = Reader::new(value);
    let octets = reader.expect(Tag::OCTET_STRING)?.octets()?.into_owned();
    reader.finish()?;
    Ok(octets)
}

fn basic_constraints(value: &[u8]) -> Result<BasicConstraints, Asn1Error> {
    let mut fields = Element::parse(value)?.reader()?;
    let ca = match fields.optional(Tag::BOOLEAN)? {
        Some(flag) => flag.boolean()?,
        None => false,
    };
    let path_len = fields.optional(Tag::INTEGER)?;
    fields.finish()?;
    Ok(BasicConstraints {
        ca,
        path_len: path_len.map(|length| length.small()).transpose()?,
    })
}

/// The keyIdentifier alone: issuer and serial are not used to build paths here.
pub(super) fn authority_key_identifier(value: &[u8]) -> Result<Option<Vec<u8>>, Asn1Error> {
    let mut fields = Element::parse(value)?.reader()?;
    let key = fields.optional(Tag::context_primitive(0))?;
    Ok(key.map(|key| key.content().to_vec()))
}

fn object_identifiers(value: &[u8]) -> Result<Vec<ObjectIdentifier>, Asn1Error> {
    let mut list = Element::parse(value)?.reader()?;
    let list = list.elements(MAX_VALUES, "key purposes")?;
    list.iter().map(Element::oid).collect()
}

fn policies(value: &[u8]) -> Result<Vec<ObjectIdentifier>, Asn1Error> {
    let mut list = Element::parse(value)?.reader()?;
    let list = list.elements(MAX_VALUES, "policies")?;
    list.iter().map(|policy| policy.reader()?.oid()).collect()
}

/// Reads an explicit `[number] SEQUENCE OF Extension`, where there is one.
pub(super) fn read_explicit(
    fields: &mut Reader<'_>,
    number: u8,
) -> Result<Vec<Extension>, Asn1Error> {
    let Some(mut wrapped) = fields.explicit(number)? else {
        return Ok(Vec::new());
    };
    let mut list = wrapped.sequence()?;
    wrapped.finish()?;
    Extension::read_all(&mut list)
}

/// The extension with an identifier.
pub(super) fn find<'a>(
    extensions: &'a [Extension],
    oid: &ObjectIdentifier,
) -> Option<&'a Extension> {
    extensions.iter().find(|extension| extension.oid == *oid)
}

/// An extension that is not critical.
pub(super) fn plain(oid: ObjectIdentifier, value: Vec<u8>) -> Extension {
    Extension {
        oid,
        critical: false,
        value,
    }
}

/// The authorityKeyIdentifier extension for an issuer's key (RFC 5280 4.2.1.1).
pub(super) fn authority_key(key: &[u8]) -> Extension {
    let value = write::sequence(&[&write::tlv(Tag::context_primitive(0), key)]);
    plain(oids::ID_CE_AUTHORITY_KEY_IDENTIFIER, value)
}

/// A SEQUENCE OF Extension under `[number]`, explicit; nothing where there is none.
pub(super) fn write_explicit(number: u8, extensions: &[Extension]) -> Vec<u8> {
    if extensions.is_empty() {
        return Vec::new();
    }
    let list: Vec<Vec<u8>> = extensions.iter().map(Extension::der).collect();
    write::explicit(number, &[&write::sequence_of(&list)])
}

//! Which certificates are plain: version 3, strict DER, P-256 to P-521 or RSA, named by
//! text, with a key usage and no extensions but those whose whole meaning is read here, in
//! their simplest form. None with name constraints, alternative names, policy constraints or
//! mappings, or anything critical that is unusual.

use crate::kernel::asn1::{Asn1Error, Element, ObjectIdentifier, Reader, Tag, is_der, oids, write};
use crate::kernel::x509::distribution_point::DistributionPointName;
use crate::kernel::x509::{Certificate, Extension, GeneralName, KeyUsage};

/// Names, policies and the like of one certificate; with more it is not plain.
const MOST: usize = 16;

const UNCOMPRESSED: u8 = 4;
const TRUE: u8 = 0xff;

/// Whether a certificate is plain.
pub(in crate::kernel::x509) fn is_plain(certificate: &Certificate) -> bool {
    has_plain_fields(certificate.der()).unwrap_or(false)
        && has_plain_extensions(certificate)
        && is_one_or_the_other(certificate)
}

fn has_plain_fields(der: &[u8]) -> Result<bool, Asn1Error> {
    let mut outer = Element::parse(der)?.reader()?;
    let mut fields = outer.sequence()?;
    let algorithm = outer.expect(Tag::SEQUENCE)?;
    let version = match fields.explicit(0)? {
        Some(mut version) => version.small()?,
        None => 0,
    };
    let serial = fields.expect(Tag::INTEGER)?;
    // 4.1.1.2: said twice.
    let same = fields.expect(Tag::SEQUENCE)?.raw() == algorithm.raw();
    let issuer = is_text(&fields.element()?)?;
    let mut validity = fields.sequence()?;
    let times = is_time(&validity.element()?) && is_time(&validity.element()?);
    let subject = is_text(&fields.element()?)?;
    let key = has_plain_key(&fields.expect(Tag::SEQUENCE)?)?;
    let extended = fields.peek() == Some(Tag::context(3));
    let whole = is_der(der) && version == 2 && is_shortest(serial.content());
    Ok(whole && same && issuer && times && subject && key && extended)
}

/// X.690 8.3.2, and positive.
fn is_shortest(integer: &[u8]) -> bool {
    match integer {
        [first] => *first <= 0x7f,
        [0, second, ..] => *second > 0x7f,
        [first, ..] => *first <= 0x7f,
        [] => false,
    }
}

fn is_time(time: &Element<'_>) -> bool {
    let length = match time.tag() {
        Tag::UTC_TIME => b"YYMMDDHHMMSSZ".len(),
        _ => b"YYYYMMDDHHMMSSZ".len(),
    };
    time.content().len() == length && time.content().ends_with(b"Z")
}

/// Whether a name has parts, all of them plain text.
fn is_text(name: &Element<'_>) -> Result<bool, Asn1Error> {
    let relative = name.reader()?.elements(MOST, "relative names")?;
    let mut text = !relative.is_empty();
    for one in relative {
        for attribute in one.reader()?.elements(MOST, "attributes")? {
            let mut fields = attribute.reader()?;
            fields.oid()?;
            let value = fields.element()?;
            text &= match value.tag() {
                Tag::UTF8_STRING => std::str::from_utf8(value.content()).is_ok(),
                Tag::PRINTABLE_STRING | Tag::IA5_STRING => value.content().is_ascii(),
                _ => false,
            } && !value.content().is_empty();
        }
    }
    Ok(text)
}

/// RFC 3279 2.3.1, RFC 5480 2.1.1: as everybody writes it.
fn has_plain_key(spki: &Element<'_>) -> Result<bool, Asn1Error> {
    let mut fields = spki.reader()?;
    let mut algorithm = fields.sequence()?;
    let bits = fields.expect(Tag::BIT_STRING)?.bit_octets()?;
    Ok(match algorithm.oid()? {
        oids::RSA_ENCRYPTION => algorithm.remaining() == write::NULL,
        oids::ID_EC_PUBLIC_KEY => {
            let curves = [oids::SECP256R1, oids::SECP384R1, oids::SECP521R1];
            bits.first() == Some(&UNCOMPRESSED) && curves.contains(&algorithm.oid()?)
        }
        _ => false,
    })
}

fn has_plain_extensions(certificate: &Certificate) -> bool {
    let mut all = certificate.extensions().iter();
    all.all(|one| is_der(&one.value) && is_plain_extension(certificate, one).unwrap_or(false))
}

fn is_plain_extension(certificate: &Certificate, extension: &Extension) -> Result<bool, Asn1Error> {
    let value = Element::parse(&extension.value)?;
    let content = value.content();
    Ok(match extension.oid {
        oids::ID_CE_BASIC_CONSTRAINTS => match content {
            [] => true,
            [1, 1, TRUE] => extension.critical,
            [1, 1, TRUE, 2, 1, length] => extension.critical && *length <= 0x7f,
            _ => false,
        },
        oids::ID_CE_KEY_USAGE => {
            value.tag() == Tag::BIT_STRING
                && certificate
                    .key_usage()
                    .is_some_and(|usage| usage.bits() != 0)
        }
        oids::ID_CE_EXT_KEY_USAGE => certificate
            .extended_key_usage()
            .is_some_and(|usage| !usage.purposes.is_empty()),
        oids::ID_CE_SUBJECT_KEY_IDENTIFIER => !extension.critical && !content.is_empty(),
        oids::ID_CE_AUTHORITY_KEY_IDENTIFIER => {
            let mut fields = value.reader()?;
            let key = fields.expect(Tag::context_primitive(0))?;
            !extension.critical && fields.is_empty() && !key.content().is_empty()
        }
        oids::ID_CE_CERTIFICATE_POLICIES => are_plain_policies(value.reader()?)?,
        oids::ID_CE_CRL_DISTRIBUTION_POINTS => has_plain_points(certificate),
        // Not OpenSSL's concern while it builds paths.
        oids::ID_PE_AUTHORITY_INFO_ACCESS
        | oids::ID_PKIX_OCSP_NOCHECK
        | oids::ID_PE_QC_STATEMENTS
        | oids::ID_ETSI_VALIDITY_ASSURED => !extension.critical,
        _ => false,
    })
}

/// Identifiers, each once, at most with the address of a practice statement.
fn are_plain_policies(mut list: Reader<'_>) -> Result<bool, Asn1Error> {
    let mut named: Vec<ObjectIdentifier> = Vec::new();
    let mut plain = !list.is_empty();
    for information in list.elements(MOST, "policies")? {
        let mut fields = information.reader()?;
        let policy = fields.oid()?;
        plain &= !named.contains(&policy);
        named.push(policy);
        if !fields.is_empty() {
            let mut qualifiers = fields.sequence()?;
            fields.finish()?;
            for qualifier in qualifiers.elements(MOST, "policy qualifiers")? {
                let mut fields = qualifier.reader()?;
                plain &= fields.oid()? == oids::ID_QT_CPS;
                plain &= fields.element()?.tag() == Tag::IA5_STRING && fields.is_empty();
            }
        }
    }
    Ok(plain)
}

/// Addresses alone.
fn has_plain_points(certificate: &Certificate) -> bool {
    let points = certificate.crl_distribution_points();
    let is_plain = |names: &[GeneralName]| names.iter().all(|name| name.uri().is_some());
    !points.is_empty()
        && points.iter().all(|point| {
            let full = match &point.name {
                Some(DistributionPointName::Full(names)) => !names.is_empty() && is_plain(names),
                _ => false,
            };
            full && point.reasons.is_none() && point.crl_issuer.is_empty()
        })
}

/// An authority, or an end entity, in all that it says of itself (4.2.1.2, 4.2.1.3, 4.2.1.9).
fn is_one_or_the_other(certificate: &Certificate) -> bool {
    let signs = KeyUsage::KEY_CERT_SIGN;
    let usage = certificate.key_usage();
    let identified = certificate.subject_key_identifier().is_some();
    usage.is_some_and(|usage| {
        if certificate.is_ca() {
            usage.has(signs) && identified
        } else {
            !usage.has(signs)
        }
    })
}

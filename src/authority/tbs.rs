//! The to-be-signed certificate (RFC 5280 section 4.1), written from a profile.
//!
//! It is written as bytes, not through a builder: the TSA's purpose must be critical, the
//! key may be in a token, and the same bytes are signed twice (a throwaway key
//! for the lint, then the real one).

use const_oid::ObjectIdentifier;
use time::OffsetDateTime;

use super::profile::{Address, KeyUsage, Profile, Profiles};
use super::role::Role;
use crate::kernel::asn1::time::rfc5280;
use crate::kernel::asn1::{Asn1Error, Element, Tag, oids, write};
use crate::kernel::hash::Sha256;
use crate::kernel::sign::SignatureAlgorithm;
use crate::kernel::x509::{KeyUsage as KeyUsageBits, Name};

const SUBJECT_KEY_IDENTIFIER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.14");
const KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.15");
const BASIC_CONSTRAINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.19");
const CRL_DISTRIBUTION_POINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.31");
const CERTIFICATE_POLICIES: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.32");
const EXTENDED_KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37");
const AUTHORITY_INFO_ACCESS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.1.1");
const ACCESS_OCSP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1");
const ACCESS_CA_ISSUERS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.2");

/// Everything that goes into one certificate.
pub(super) struct Plan<'a> {
    pub profiles: &'a Profiles,
    pub profile: &'a Profile,
    pub role: Role,
    /// The public URL addresses are made from.
    pub base: &'a str,
    pub serial: &'a [u8],
    pub algorithm: SignatureAlgorithm,
    pub issuer: &'a Name,
    pub issuer_key_id: &'a [u8],
    pub not_before: OffsetDateTime,
    pub not_after: OffsetDateTime,
    pub subject: &'a Name,
    pub spki: &'a [u8],
}

impl Plan<'_> {
    /// TBSCertificate, DER.
    pub(super) fn to_be_signed(&self) -> Result<Vec<u8>, Asn1Error> {
        let validity = write::sequence(&[&rfc5280(self.not_before), &rfc5280(self.not_after)]);
        let extensions = self.extensions()?;
        Ok(write::sequence(&[
            &write::explicit(0, &[&write::small(2)]),
            &write::unsigned(self.serial),
            &self.algorithm.algorithm_identifier(),
            self.issuer.der(),
            &validity,
            self.subject.der(),
            self.spki,
            &write::explicit(3, &[&write::sequence_of(&extensions)]),
        ]))
    }

    fn extensions(&self) -> Result<Vec<Vec<u8>>, Asn1Error> {
        let profile = self.profile;
        let own = write::octet_string(&key_id(self.spki)?);
        let issuers =
            write::sequence(&[&write::tlv(Tag::context_primitive(0), self.issuer_key_id)]);
        let mut all = vec![
            extension(&SUBJECT_KEY_IDENTIFIER, false, &own),
            extension(&oids::ID_CE_AUTHORITY_KEY_IDENTIFIER, false, &issuers),
            extension(&BASIC_CONSTRAINTS, true, &self.basic_constraints()),
            extension(&KEY_USAGE, true, &key_usage(profile)),
        ];
        all.extend(extended_key_usage(profile));
        all.extend(self.policies());
        all.extend(self.authority_info_access());
        if profile.carries(Address::Crl) {
            all.push(extension(
                &CRL_DISTRIBUTION_POINTS,
                false,
                &self.distribution_points(),
            ));
        }
        if profile.ocsp_nocheck() {
            all.push(extension(&oids::ID_PKIX_OCSP_NOCHECK, false, &write::NULL));
        }
        Ok(all)
    }

    fn basic_constraints(&self) -> Vec<u8> {
        if !self.role.is_ca() {
            return write::sequence(&[]);
        }
        let length = self
            .profile
            .path_length()
            .map(|length| write::small(length.into()));
        write::sequence(&[&write::TRUE, &length.unwrap_or_default()])
    }

    fn policies(&self) -> Option<Vec<u8>> {
        let policies = self.profiles.policies(self.profile);
        let listed: Vec<_> = policies
            .iter()
            .map(|oid| write::sequence(&[&write::oid(oid)]))
            .collect();
        (!listed.is_empty())
            .then(|| extension(&CERTIFICATE_POLICIES, false, &write::sequence_of(&listed)))
    }

    fn authority_info_access(&self) -> Option<Vec<u8>> {
        let wanted = [
            (Address::Ocsp, ACCESS_OCSP),
            (Address::CaIssuers, ACCESS_CA_ISSUERS),
        ];
        let carried = wanted
            .iter()
            .filter(|(address, _)| self.profile.carries(*address));
        let listed: Vec<_> = carried
            .map(|(address, method)| write::sequence(&[&write::oid(method), &self.uri(*address)]))
            .collect();
        (!listed.is_empty())
            .then(|| extension(&AUTHORITY_INFO_ACCESS, false, &write::sequence_of(&listed)))
    }

    fn distribution_points(&self) -> Vec<u8> {
        let full_name = write::explicit(0, &[&self.uri(Address::Crl)]);
        let point = write::sequence(&[&write::explicit(0, &[&full_name])]);
        write::sequence(&[&point])
    }

    /// uniformResourceIdentifier of GeneralName.
    fn uri(&self, address: Address) -> Vec<u8> {
        let text = self
            .profiles
            .address(address, self.base, self.issuer_key_id);
        write::tlv(Tag::context_primitive(6), text.as_bytes())
    }
}

/// Puts a signature to it.
pub(super) fn assemble(
    to_be_signed: &[u8],
    algorithm: SignatureAlgorithm,
    signature: &[u8],
) -> Vec<u8> {
    let identifier = algorithm.algorithm_identifier();
    write::sequence(&[to_be_signed, &identifier, &write::bit_string(signature)])
}

/// Subject key identifier: the leftmost 160 bits of the SHA-256 of the public key (RFC 7093
/// section 2, method 1).
pub(super) fn key_id(spki: &[u8]) -> Result<Vec<u8>, Asn1Error> {
    let mut fields = Element::parse(spki)?.reader()?;
    fields.sequence()?;
    let key = fields.expect(Tag::BIT_STRING)?.bit_octets()?;
    fields.finish()?;
    let hash = Sha256::of(key);
    Ok(hash.as_bytes().iter().take(20).copied().collect())
}

fn key_usage(profile: &Profile) -> Vec<u8> {
    let bits = profile.key_usage().iter().map(|usage| match usage {
        KeyUsage::DigitalSignature => KeyUsageBits::DIGITAL_SIGNATURE,
        KeyUsage::ContentCommitment => KeyUsageBits::NON_REPUDIATION,
        KeyUsage::KeyCertSign => KeyUsageBits::KEY_CERT_SIGN,
        KeyUsage::CrlSign => KeyUsageBits::CRL_SIGN,
    });
    write::named_bits(Tag::BIT_STRING, bits.fold(0, |all, one| all | one.bits()))
}

fn extended_key_usage(profile: &Profile) -> Option<Vec<u8>> {
    let purposes = profile.extended_key_usage().iter();
    let listed: Vec<_> = purposes.map(|purpose| write::oid(&purpose.oid())).collect();
    let critical = profile.extended_key_usage_critical();
    (!listed.is_empty())
        .then(|| extension(&EXTENDED_KEY_USAGE, critical, &write::sequence_of(&listed)))
}

fn extension(oid: &ObjectIdentifier, critical: bool, value: &[u8]) -> Vec<u8> {
    let flag: &[u8] = if critical { &write::TRUE } else { &[] };
    write::sequence(&[&write::oid(oid), flag, &write::octet_string(value)])
}

//! CRLs and OCSP answers with any extension and any flaw (RFC 5280, 5; RFC 6960, 4.2).

use absah::kernel::asn1::{ObjectIdentifier, Tag, oids, time as asn1_time, write};
use absah::kernel::hash::HashAlgorithm;
use absah::kernel::sign::Signer as _;
use absah::kernel::x509::ocsp::{CertId, CertStatus, ResponseBuilder, SingleAnswer};
use absah::kernel::x509::{Certificate, Extension};
use time::{Duration, OffsetDateTime};

use super::case::WORLD;
use super::world::{Holder, SIGNED};

/// A CRL in parts.
pub struct List<'w> {
    pub by: &'w Holder,
    pub this_update: OffsetDateTime,
    pub next_update: Option<OffsetDateTime>,
    pub entries: Vec<Vec<u8>>,
    pub extensions: Vec<Vec<u8>>,
}

impl<'w> List<'w> {
    /// Complete, of today.
    pub fn by(holder: &'w Holder) -> Self {
        Self {
            by: holder,
            this_update: SIGNED,
            next_update: Some(SIGNED + Duration::days(30)),
            entries: Vec::new(),
            extensions: vec![extension("2.5.29.20", false, write::small(1))],
        }
    }

    pub fn with(mut self, extension: Vec<u8>) -> Self {
        self.extensions.push(extension);
        self
    }

    pub fn listing(mut self, entry: Vec<u8>) -> Self {
        self.entries.push(entry);
        self
    }

    pub fn der(&self) -> Vec<u8> {
        let algorithm = self.by.key.algorithm().algorithm_identifier();
        let next = self.next_update.map_or_else(Vec::new, asn1_time::rfc5280);
        let entries = match self.entries.is_empty() {
            true => Vec::new(),
            false => write::sequence_of(&self.entries),
        };
        let tbs = write::sequence(&[
            &write::small(1),
            &algorithm,
            self.by.certificate.subject().der(),
            &asn1_time::rfc5280(self.this_update),
            &next,
            &entries,
            &write::explicit(0, &[&write::sequence_of(&self.extensions)]),
        ]);
        let signature = self.by.key.sign(&tbs).expect("a value");
        write::sequence(&[&tbs, &algorithm, &write::bit_string(&signature)])
    }
}

/// An extension in DER.
pub fn extension(oid: &str, critical: bool, value: impl AsRef<[u8]>) -> Vec<u8> {
    let critical = if critical {
        write::TRUE.to_vec()
    } else {
        Vec::new()
    };
    write::sequence(&[
        &write::oid(&ObjectIdentifier::new(oid).expect("an OID")),
        &critical,
        &write::octet_string(value.as_ref()),
    ])
}

/// An issuing distribution point with these members.
pub fn distribution_point(members: &[Vec<u8>]) -> Vec<u8> {
    extension("2.5.29.28", true, write::sequence_of(members))
}

/// A flag of the distribution point.
pub fn flag(number: u8) -> Vec<u8> {
    write::tlv(Tag::context_primitive(number), &[0xFF])
}

/// A revoked certificate with these extensions.
pub fn entry(of: &Certificate, at: OffsetDateTime, extensions: &[Vec<u8>]) -> Vec<u8> {
    let extensions = match extensions.is_empty() {
        true => Vec::new(),
        false => write::sequence_of(extensions),
    };
    write::sequence(&[
        &write::integer_verbatim(of.serial()),
        &asn1_time::rfc5280(at),
        &extensions,
    ])
}

pub fn reason(code: u8) -> Vec<u8> {
    extension(
        &oids::ID_CE_CRL_REASONS.to_string(),
        false,
        write::enumerated(code),
    )
}

/// An OCSP answer in parts.
#[derive(Clone)]
pub struct Answer {
    pub by: Holder,
    pub of: Certificate,
    pub issuer: Certificate,
    pub status: CertStatus,
    pub this_update: OffsetDateTime,
    pub next_update: Option<OffsetDateTime>,
    pub produced_at: OffsetDateTime,
    pub carries: Vec<Certificate>,
    /// singleExtensions
    pub extensions: Vec<Extension>,
}

impl Answer {
    /// As it should be: the signer stands.
    pub fn good() -> Self {
        let responder = WORLD.responder.clone();
        let at = SIGNED + Duration::SECOND;
        Self {
            carries: vec![responder.certificate.clone()],
            by: responder,
            of: WORLD.signer.certificate.clone(),
            issuer: WORLD.ca.certificate.clone(),
            status: CertStatus::Good,
            this_update: at,
            next_update: Some(at + Duration::DAY),
            produced_at: at,
            extensions: Vec::new(),
        }
    }

    pub fn by(mut self, holder: &Holder) -> Self {
        self.carries = vec![holder.certificate.clone()];
        self.by = holder.clone();
        self
    }

    pub fn der(&self) -> Vec<u8> {
        let single = SingleAnswer {
            cert_id: CertId::new(HashAlgorithm::Sha256, &self.issuer, self.of.serial()),
            status: self.status,
            this_update: self.this_update,
            next_update: self.next_update,
            extensions: self.extensions.clone(),
        };
        ResponseBuilder {
            responder: &self.by.certificate,
            certificates: &self.carries,
            produced_at: self.produced_at,
            answers: &[single],
            nonce: None,
        }
        .sign(&self.by.key)
        .expect("a response")
    }
}

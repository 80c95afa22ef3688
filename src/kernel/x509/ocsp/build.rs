//! OCSPResponse, made (RFC 6960 4.2).

use time::OffsetDateTime;

use super::request::nonce_extension;
use super::{CertId, CertStatus, ResponseStatus};
use crate::kernel::asn1::{Tag, oids, time as asn1_time, write};
use crate::kernel::hash::HashAlgorithm;
use crate::kernel::sign::{SignError, Signer};
use crate::kernel::x509::extensions::{plain, write_explicit};
use crate::kernel::x509::{Certificate, Extension};

/// The answer for one certificate.
#[derive(Debug, Clone)]
pub struct SingleAnswer {
    /// Which certificate, as the request names it.
    pub cert_id: CertId,
    /// What is known of it.
    pub status: CertStatus,
    /// The time at which this is known to be right.
    pub this_update: OffsetDateTime,
    /// When newer information will be there.
    pub next_update: Option<OffsetDateTime>,
    /// singleExtensions: [`invalidity_date`], [`archive_cutoff`].
    pub extensions: Vec<Extension>,
}

/// Since when the key of a revoked certificate is suspected (RFC 5280 5.3.2).
#[must_use]
pub fn invalidity_date(at: OffsetDateTime) -> Extension {
    let at = asn1_time::generalized(whole_second(at));
    plain(oids::ID_CE_INVALIDITY_DATE, at)
}

/// That certificates which ended since a time are still told of (RFC 6960 4.4.4).
#[must_use]
pub fn archive_cutoff(since: OffsetDateTime) -> Extension {
    let since = asn1_time::generalized(whole_second(since));
    plain(oids::ID_PKIX_OCSP_ARCHIVE_CUTOFF, since)
}

/// The pieces of a basic response.
#[derive(Debug)]
pub struct ResponseBuilder<'a> {
    /// Who answers; named by the hash of its key.
    pub responder: &'a Certificate,
    /// The certificates to carry: the delegated responder's at least.
    pub certificates: &'a [Certificate],
    /// When the response was signed.
    pub produced_at: OffsetDateTime,
    /// The answers.
    pub answers: &'a [SingleAnswer],
    /// The nonce of the request.
    pub nonce: Option<&'a [u8]>,
}

impl ResponseBuilder<'_> {
    /// Signs the response; the result is a successful OCSPResponse in DER.
    pub fn sign(&self, signer: &dyn Signer) -> Result<Vec<u8>, SignError> {
        let tbs = self.response_data();
        let signature = signer.sign(&tbs)?;
        let basic = write::sequence(&[
            &tbs,
            &signer.algorithm().algorithm_identifier(),
            &write::bit_string(&signature),
            &self.certificate_list(),
        ]);
        Ok(successful(&basic))
    }

    fn response_data(&self) -> Vec<u8> {
        let key_hash = HashAlgorithm::Sha1.digest(&[self.responder.public_key_bits()]);
        let answers: Vec<Vec<u8>> = self.answers.iter().map(single_response).collect();
        let extensions: Vec<Extension> = self.nonce.map(nonce_extension).into_iter().collect();
        write::sequence(&[
            &write::explicit(2, &[&write::octet_string(&key_hash)]),
            &asn1_time::generalized(whole_second(self.produced_at)),
            &write::sequence_of(&answers),
            &write_explicit(1, &extensions),
        ])
    }

    fn certificate_list(&self) -> Vec<u8> {
        if self.certificates.is_empty() {
            return Vec::new();
        }
        let ders: Vec<&[u8]> = self.certificates.iter().map(Certificate::der).collect();
        write::explicit(0, &[&write::sequence_of(&ders)])
    }
}

/// A BasicOCSPResponse in the wrapper that tools read (RFC 6960 4.2.1).
pub fn successful(basic: &[u8]) -> Vec<u8> {
    let bytes = write::sequence(&[
        &write::oid(&oids::ID_PKIX_OCSP_BASIC),
        &write::octet_string(basic),
    ]);
    write::sequence(&[
        &write::enumerated(ResponseStatus::Successful.code()),
        &write::explicit(0, &[&bytes]),
    ])
}

/// An answer that carries a status alone and no signature (RFC 6960 2.3).
pub fn unsuccessful(status: ResponseStatus) -> Vec<u8> {
    write::sequence(&[&write::enumerated(status.code())])
}

fn single_response(answer: &SingleAnswer) -> Vec<u8> {
    let next_update = answer.next_update.map(|at| {
        let at = asn1_time::generalized(whole_second(at));
        write::explicit(0, &[&at])
    });
    write::sequence(&[
        answer.cert_id.der(),
        &cert_status(&answer.status),
        &asn1_time::generalized(whole_second(answer.this_update)),
        &next_update.unwrap_or_default(),
        &write_explicit(1, &answer.extensions),
    ])
}

fn cert_status(status: &CertStatus) -> Vec<u8> {
    match status {
        CertStatus::Good => write::tlv(Tag::context_primitive(0), &[]),
        CertStatus::Revoked { at, reason } => {
            let reason =
                reason.map(|reason| write::explicit(0, &[&write::enumerated(reason.code())]));
            let at = asn1_time::generalized(whole_second(*at));
            write::explicit(1, &[&at, &reason.unwrap_or_default()])
        }
        CertStatus::Unknown => write::tlv(Tag::context_primitive(2), &[]),
    }
}

/// RFC 6960 4.2.2.1 takes its times from RFC 5280: no fractions of a second.
fn whole_second(at: OffsetDateTime) -> OffsetDateTime {
    at.replace_nanosecond(0).unwrap_or(at)
}

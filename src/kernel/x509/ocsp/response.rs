//! OCSPResponse, read (RFC 6960 4.2).

use time::OffsetDateTime;

use super::request::{check_version, nonce, refuse_critical};
use super::{CertId, OcspError};
use crate::kernel::asn1::{Asn1Error, Element, Reader, Tag, oids};
use crate::kernel::sign::{AlgorithmError, SignatureAlgorithm};
use crate::kernel::x509::extensions::{self, find};
use crate::kernel::x509::{Certificate, Name, RevocationReason};

const MAX_RESPONSES: usize = 64;
const MAX_CERTIFICATES: usize = 32;

/// Whether the responder answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResponseStatus {
    /// It did.
    Successful,
    /// The request was malformed.
    MalformedRequest,
    /// The responder failed.
    InternalError,
    /// The responder is busy.
    TryLater,
    /// It wants requests signed.
    SigRequired,
    /// It does not answer for this issuer.
    Unauthorized,
}

/// What is known of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertStatus {
    /// Not revoked
    Good,
    /// Revoked
    Revoked {
        /// Since when
        at: OffsetDateTime,
        /// Why, where the responder says so
        reason: Option<RevocationReason>,
    },
    /// The responder does not know the certificate
    Unknown,
}

/// An OCSP response.
#[derive(Debug, Clone)]
pub struct OcspResponse {
    /// Whether there is an answer.
    pub status: ResponseStatus,
    /// The answer, where there is one.
    pub basic: Option<BasicResponse>,
}

/// A basic response.
#[derive(Debug, Clone)]
pub struct BasicResponse {
    /// Who says so.
    pub responder: ResponderId,
    /// When it was signed.
    pub produced_at: OffsetDateTime,
    /// What it says.
    pub responses: Vec<SingleResponse>,
    /// The nonce it answers.
    pub nonce: Option<Vec<u8>>,
    /// The certificates it carries that could be read.
    pub certificates: Vec<Certificate>,
    /// How many could not.
    pub skipped_certificates: usize,
    /// How it is signed.
    pub signature_algorithm: Result<SignatureAlgorithm, AlgorithmError>,
    pub(super) signature: Vec<u8>,
    pub(super) tbs: Vec<u8>,
    der: Vec<u8>,
}

/// How a responder names itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResponderId {
    /// By its subject.
    Name(Name),
    /// By the SHA-1 of its public key.
    KeyHash(Vec<u8>),
}

/// What is said of one certificate.
#[derive(Debug, Clone)]
pub struct SingleResponse {
    /// Which certificate.
    pub cert_id: CertId,
    /// Its status.
    pub status: CertStatus,
    /// The time at which this is known to be right.
    pub this_update: OffsetDateTime,
    /// When newer information will be there.
    pub next_update: Option<OffsetDateTime>,
    /// Since when the key is known or suspected to have been compromised (RFC 5280 5.3.2,
    /// which RFC 6960 4.4.5 lets an answer carry).
    pub invalidity_date: Option<OffsetDateTime>,
    /// Certificates that ended since this time are still told of (RFC 6960 4.4.4).
    pub archive_cutoff: Option<OffsetDateTime>,
}

impl ResponseStatus {
    pub(super) const fn code(self) -> u8 {
        match self {
            Self::Successful => 0,
            Self::MalformedRequest => 1,
            Self::InternalError => 2,
            Self::TryLater => 3,
            Self::SigRequired => 5,
            Self::Unauthorized => 6,
        }
    }

    fn from_code(code: u32) -> Result<Self, Asn1Error> {
        match code {
            0 => Ok(Self::Successful),
            1 => Ok(Self::MalformedRequest),
            2 => Ok(Self::InternalError),
            3 => Ok(Self::TryLater),
            5 => Ok(Self::SigRequired),
            6 => Ok(Self::Unauthorized),
            _ => Err(Asn1Error::Value("OCSPResponseStatus")),
        }
    }
}

impl OcspResponse {
    /// Reads an OCSPResponse, or a bare BasicOCSPResponse as it may stand in a CMS.
    pub fn parse(der: &[u8]) -> Result<Self, OcspError> {
        let element = Element::parse(der)?;
        let mut fields = element.reader()?;
        if fields.peek() != Some(Tag::ENUMERATED) {
            return Ok(Self {
                status: ResponseStatus::Successful,
                basic: Some(BasicResponse::read(&element)?),
            });
        }
        let status = ResponseStatus::from_code(fields.element()?.small()?)?;
        let basic = match fields.explicit(0)? {
            Some(mut bytes) => Some(response_bytes(&mut bytes)?),
            None => None,
        };
        fields.finish()?;
        if basic.is_some() != (status == ResponseStatus::Successful) {
            return Err(Asn1Error::Value("OCSP response: status and content disagree").into());
        }
        Ok(Self { status, basic })
    }
}

fn response_bytes(wrapped: &mut Reader<'_>) -> Result<BasicResponse, OcspError> {
    let mut fields = wrapped.sequence()?;
    wrapped.finish()?;
    let kind = fields.oid()?;
    if kind != oids::ID_PKIX_OCSP_BASIC {
        return Err(OcspError::ResponseType(kind));
    }
    let octets = fields.expect(Tag::OCTET_STRING)?.octets()?;
    fields.finish()?;
    BasicResponse::read(&Element::parse(&octets)?)
}

impl BasicResponse {
    fn read(element: &Element<'_>) -> Result<Self, OcspError> {
        let mut outer = element.reader()?;
        let tbs = outer.expect(Tag::SEQUENCE)?;
        let algorithm = outer.expect(Tag::SEQUENCE)?;
        let signature = outer.expect(Tag::BIT_STRING)?.bit_octets()?.to_vec();
        let (certificates, skipped_certificates) = read_certificates(&mut outer)?;
        outer.finish()?;

        let mut fields = tbs.reader()?;
        check_version(&mut fields)?;
        let responder = ResponderId::read(&fields.element()?)?;
        let produced_at = fields.expect(Tag::GENERALIZED_TIME)?.time()?;
        let responses = fields.sequence()?.elements(MAX_RESPONSES, "responses")?;
        let extensions = extensions::read_explicit(&mut fields, 1)?;
        fields.finish()?;
        refuse_critical(&extensions)?;
        Ok(Self {
            responder,
            produced_at,
            responses: responses
                .iter()
                .map(SingleResponse::read)
                .collect::<Result<_, _>>()?,
            nonce: nonce(&extensions),
            certificates,
            skipped_certificates,
            signature_algorithm: SignatureAlgorithm::read(&algorithm, None),
            signature,
            tbs: tbs.raw().to_vec(),
            der: element.raw().to_vec(),
        })
    }

    /// The BasicOCSPResponse, as encoded.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// What it says of a certificate of an issuer.
    pub fn response_for(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
    ) -> Option<&SingleResponse> {
        self.responses
            .iter()
            .find(|response| response.cert_id.names(certificate, issuer))
    }

    /// All that it says of a certificate of an issuer.
    pub fn responses_for<'r>(
        &'r self,
        certificate: &'r Certificate,
        issuer: &'r Certificate,
    ) -> impl Iterator<Item = &'r SingleResponse> {
        let named = move |one: &&SingleResponse| one.cert_id.names(certificate, issuer);
        self.responses.iter().filter(named)
    }
}

fn read_certificates(outer: &mut Reader<'_>) -> Result<(Vec<Certificate>, usize), Asn1Error> {
    let Some(mut wrapped) = outer.explicit(0)? else {
        return Ok((Vec::new(), 0));
    };
    let elements = wrapped
        .sequence()?
        .elements(MAX_CERTIFICATES, "certificates")?;
    wrapped.finish()?;
    let certificates: Vec<Certificate> = elements
        .iter()
        .filter_map(|element| Certificate::parse(element.raw()).ok())
        .collect();
    let skipped = elements.len().saturating_sub(certificates.len());
    Ok((certificates, skipped))
}

impl ResponderId {
    fn read(element: &Element<'_>) -> Result<Self, Asn1Error> {
        let mut inner = element.reader()?;
        let id = match element.tag() {
            tag if tag == Tag::context(1) => Self::Name(Name::from_element(&inner.element()?)?),
            tag if tag == Tag::context(2) => {
                let octets = inner.expect(Tag::OCTET_STRING)?.octets()?;
                Self::KeyHash(octets.into_owned())
            }
            _ => return Err(Asn1Error::Value("ResponderID")),
        };
        inner.finish()?;
        Ok(id)
    }
}

impl SingleResponse {
    fn read(element: &Element<'_>) -> Result<Self, OcspError> {
        let mut fields = element.reader()?;
        let cert_id = CertId::read(&fields.expect(Tag::SEQUENCE)?)?;
        let status = CertStatus::read(&fields.element()?)?;
        let this_update = fields.expect(Tag::GENERALIZED_TIME)?.time()?;
        let next_update = match fields.explicit(0)? {
            Some(mut wrapped) => Some(wrapped.expect(Tag::GENERALIZED_TIME)?.time()?),
            None => None,
        };
        let extensions = extensions::read_explicit(&mut fields, 1)?;
        fields.finish()?;
        let known = [
            oids::ID_CE_INVALIDITY_DATE,
            oids::ID_PKIX_OCSP_ARCHIVE_CUTOFF,
        ];
        let others = extensions.iter().filter(|one| !known.contains(&one.oid));
        refuse_critical(others)?;
        let time = |oid| match find(&extensions, oid) {
            Some(extension) => Element::parse(&extension.value)?.time().map(Some),
            None => Ok(None),
        };
        let [invalidity_date, archive_cutoff] = [time(&known[0])?, time(&known[1])?];
        Ok(Self {
            cert_id,
            status,
            this_update,
            next_update,
            invalidity_date,
            archive_cutoff,
        })
    }
}

impl CertStatus {
    fn read(element: &Element<'_>) -> Result<Self, Asn1Error> {
        match element.tag() {
            tag if tag == Tag::context_primitive(0) => Ok(Self::Good),
            tag if tag == Tag::context_primitive(2) => Ok(Self::Unknown),
            tag if tag == Tag::context(1) => {
                let mut fields = element.reader()?;
                let at = fields.expect(Tag::GENERALIZED_TIME)?.time()?;
                let reason = match fields.explicit(0)? {
                    Some(mut wrapped) => Some(wrapped.expect(Tag::ENUMERATED)?.small()?),
                    None => None,
                };
                fields.finish()?;
                Ok(Self::Revoked {
                    at,
                    reason: reason.and_then(RevocationReason::from_code),
                })
            }
            _ => Err(Asn1Error::Value("CertStatus")),
        }
    }
}

//! OCSPRequest (RFC 6960 4.1). Signatures of requesters are ignored, as RFC 5019 2.1.1 allows.

use super::{CertId, MAX_REQUESTS, NONCE_LENGTH, OcspError};
use crate::kernel::asn1::{Asn1Error, Element, Reader, Tag, oids, write};
use crate::kernel::x509::Extension;
use crate::kernel::x509::extensions::{self, plain};

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OcspRequest {
    /// The certificates asked about; at least one.
    pub cert_ids: Vec<CertId>,
    /// The octets of the nonce (RFC 8954).
    pub nonce: Option<Vec<u8>>,
}

impl OcspRequest {
    /// Reads a request with at most [`MAX_REQUESTS`] certificates.
    pub fn parse(der: &[u8]) -> Result<Self, OcspError> {
        let mut outer = Element::parse(der)?.reader()?;
        let mut tbs = outer.sequence()?;
        // A signature may follow; nobody here asks for one.
        outer.explicit(0)?;
        outer.finish()?;
        check_version(&mut tbs)?;
        // requestorName
        tbs.optional(Tag::context(1))?;
        let requests = tbs.sequence()?.elements(MAX_REQUESTS, "requests")?;
        if requests.is_empty() {
            return Err(Asn1Error::Value("request: it asks for nothing").into());
        }
        let extensions = extensions::read_explicit(&mut tbs, 2)?;
        tbs.finish()?;
        Ok(Self {
            cert_ids: requests
                .iter()
                .map(single_request)
                .collect::<Result<_, _>>()?,
            nonce: read_nonce(&extensions)?,
        })
    }

    /// The request in DER, unsigned.
    pub fn der(&self) -> Vec<u8> {
        let requests: Vec<Vec<u8>> = self
            .cert_ids
            .iter()
            .map(|id| write::sequence(&[id.der()]))
            .collect();
        let extensions: Vec<Extension> = self
            .nonce
            .as_deref()
            .map(nonce_extension)
            .into_iter()
            .collect();
        let tbs = write::sequence(&[
            &write::sequence_of(&requests),
            &extensions::write_explicit(2, &extensions),
        ]);
        write::sequence(&[&tbs])
    }
}

/// Version v1, which is the default and encoded as 0.
pub(super) fn check_version(fields: &mut Reader<'_>) -> Result<(), OcspError> {
    let Some(mut version) = fields.explicit(0)? else {
        return Ok(());
    };
    match version.small()? {
        0 => Ok(version.finish()?),
        other => Err(OcspError::Version(other.saturating_add(1))),
    }
}

fn single_request(element: &Element<'_>) -> Result<CertId, OcspError> {
    let mut fields = element.reader()?;
    let id = CertId::read(&fields.expect(Tag::SEQUENCE)?)?;
    let extensions = extensions::read_explicit(&mut fields, 0)?;
    fields.finish()?;
    refuse_critical(&extensions)?;
    Ok(id)
}

/// Refuses critical extensions (RFC 6960 4.4). The nonce is the only one known.
pub(super) fn refuse_critical<'e>(
    extensions: impl IntoIterator<Item = &'e Extension>,
) -> Result<(), OcspError> {
    let mut unknown = extensions
        .into_iter()
        .filter(|extension| extension.critical && extension.oid != oids::ID_PKIX_OCSP_NONCE);
    match unknown.next() {
        Some(extension) => Err(OcspError::CriticalExtension(extension.oid)),
        None => Ok(()),
    }
}

fn read_nonce(extensions: &[Extension]) -> Result<Option<Vec<u8>>, OcspError> {
    refuse_critical(extensions)?;
    let Some(nonce) = nonce(extensions) else {
        return Ok(None);
    };
    if NONCE_LENGTH.contains(&nonce.len()) {
        Ok(Some(nonce))
    } else {
        Err(OcspError::NonceLength(nonce.len()))
    }
}

/// The octets of the nonce, an OCTET STRING in the value (RFC 8954 2.1). Responders of
/// old put the octets there without one: then the whole value counts.
pub(super) fn nonce(extensions: &[Extension]) -> Option<Vec<u8>> {
    let value = &extensions::find(extensions, &oids::ID_PKIX_OCSP_NONCE)?.value;
    match Element::parse(value) {
        Ok(element) if element.tag() == Tag::OCTET_STRING => Some(element.content().to_vec()),
        _ => Some(value.clone()),
    }
}

pub(super) fn nonce_extension(nonce: &[u8]) -> Extension {
    plain(oids::ID_PKIX_OCSP_NONCE, write::octet_string(nonce))
}

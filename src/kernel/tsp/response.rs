//! TimeStampResp (RFC 3161 2.4.2), as whoever asked must check it before use.

use super::{PkiFailureInfo, TimeStampReq, TimeStampToken, TspError};
use crate::kernel::asn1::{Asn1Error, Element, Reader, Tag};
use crate::kernel::x509::Certificate;

const MAX_TEXTS: usize = 16;

/// The token of a response, if it answers this request (RFC 3161 2.2): granted, the
/// same imprint, nonce and policy, one signer bound to a time-stamping certificate,
/// the signature good, and no certificate from elsewhere.
///
/// Whether the authority is trusted and not revoked is for the caller's path check.
pub fn check_response(request: &TimeStampReq, response: &[u8]) -> Result<TimeStampToken, TspError> {
    let token = granted_token(response)?;
    check_answers(request, &token)?;
    let certificates = &token.signed_data.certificates;
    let certificate = token.find_certificate(&[]).ok_or(TspError::NoCertificate)?;
    token.check(certificate)?;
    refuse_foreign(certificate, certificates)?;
    Ok(token)
}

fn granted_token(response: &[u8]) -> Result<TimeStampToken, TspError> {
    let mut fields = Element::parse(response)?.reader()?;
    check_status(&mut fields.sequence()?, fields.is_empty())?;
    let raw = match fields.is_empty() {
        true => return Err(TspError::StatusAndToken),
        false => fields.element()?.raw(),
    };
    fields.finish()?;
    TimeStampToken::parse(raw)
}

/// PKIStatusInfo: granted (0) and grantedWithMods (1) carry a token.
fn check_status(fields: &mut Reader<'_>, without_token: bool) -> Result<(), TspError> {
    let status = fields.small()?;
    let text = match fields.optional(Tag::SEQUENCE)? {
        Some(texts) => joined(&mut texts.reader()?)?,
        None => String::new(),
    };
    let failure = match fields.optional(Tag::BIT_STRING)? {
        Some(bits) => PkiFailureInfo::from_bits(bits.named_bits()?),
        None => None,
    };
    fields.finish()?;
    match status {
        0 | 1 => Ok(()),
        _ if !without_token => Err(TspError::StatusAndToken),
        _ => Err(TspError::Refused {
            status,
            failure,
            text,
        }),
    }
}

fn joined(texts: &mut Reader<'_>) -> Result<String, Asn1Error> {
    let texts = texts.elements(MAX_TEXTS, "status texts")?;
    let texts: Vec<String> = texts.iter().map(Element::text).collect();
    Ok(texts.join(" "))
}

fn check_answers(request: &TimeStampReq, token: &TimeStampToken) -> Result<(), TspError> {
    if token.tst.imprint != request.imprint {
        return Err(TspError::Imprint);
    }
    if request.nonce.is_some() && token.tst.nonce != request.nonce {
        return Err(TspError::Nonce);
    }
    match request.policy {
        Some(policy) if policy != token.tst.policy => Err(TspError::Policy(token.tst.policy)),
        _ => Ok(()),
    }
}

/// Every certificate must be the signer's or one that a chain from it, by names, reaches.
fn refuse_foreign(signer: &Certificate, certificates: &[Certificate]) -> Result<(), TspError> {
    let mut reached = vec![signer];
    let mut rest: Vec<&Certificate> = certificates.iter().filter(|one| *one != signer).collect();
    loop {
        let (found, left): (Vec<_>, Vec<_>) = rest.into_iter().partition(|candidate| {
            let mut issued = reached.iter();
            issued.any(|one| one.issuer().matches(candidate.subject()))
        });
        rest = left;
        if found.is_empty() {
            break;
        }
        reached.extend(found);
    }
    match rest.first() {
        Some(foreign) => Err(TspError::ForeignCertificate(foreign.subject().text())),
        None => Ok(()),
    }
}

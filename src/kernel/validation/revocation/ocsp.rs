//! What OCSP responses say (RFC 6960): the right certificate, an authorised
//! responder, a status.

use super::{
    Delegate, Link, Registry, Signed, Sources, State, Statement, Statements, check_remembers,
};
use crate::kernel::hash::Sha256;
use crate::kernel::validation::report::RevocationSource;
use crate::kernel::x509::Certificate;
use crate::kernel::x509::ocsp::{BasicResponse, CertStatus, OcspError, SingleResponse};

impl Registry {
    pub(super) fn read_ocsps(
        &mut self,
        sources: Sources<'_>,
        link: Link<'_>,
        depth: usize,
        found: &mut Statements,
    ) {
        for (object, response) in &sources.evidence.ocsps {
            // One response may speak of a certificate twice, under two hash functions.
            for single in response.responses_for(link.certificate, link.issuer) {
                match self.read_ocsp(sources, (*object, response), single, link, depth) {
                    Ok(statement) => found.usable.push(statement),
                    Err(reason) => found.refused.push(format!("OCSP: {reason}")),
                }
            }
        }
    }

    fn read_ocsp(
        &mut self,
        sources: Sources<'_>,
        (object, response): (Sha256, &BasicResponse),
        single: &SingleResponse,
        link: Link<'_>,
        depth: usize,
    ) -> Result<Statement, String> {
        let (responder, authority) =
            authorised(sources, response, link).map_err(|error| error.to_string())?;
        sources.evidence.memory.keep_certificate(&responder);
        let delegates = self.vouching(sources, response, &responder, authority, link, depth)?;
        if single.this_update > response.produced_at {
            return Err("thisUpdate lies after producedAt".to_owned());
        }
        let state = state(single, link.certificate)?;
        sources.check_not_ahead(response.produced_at, state)?;
        let algorithm = response.signature_algorithm.clone();
        let key = responder.public_key().map_err(|error| error.to_string())?;
        Ok(Statement {
            source: RevocationSource::Ocsp,
            signed: vec![Signed {
                object,
                algorithm: Some(algorithm.map_err(|error| error.to_string())?),
                key_bits: key.bits(),
            }],
            this_update: single.this_update,
            next_update: single.next_update,
            state,
            delegates,
        })
    }

    /// Who must stand for an answer: nobody, where the issuer itself gave it.
    fn vouching(
        &mut self,
        sources: Sources<'_>,
        response: &BasicResponse,
        responder: &Certificate,
        authority: &Certificate,
        link: Link<'_>,
        depth: usize,
    ) -> Result<Vec<Delegate>, String> {
        let at = response.produced_at;
        if responder.spki_der() == link.issuer.spki_der() {
            let alive = [responder, link.issuer]
                .iter()
                .any(|one| one.is_valid_at(at));
            let ended = || "the issuer's certificate was not valid when it answered".to_owned();
            return alive.then(Vec::new).ok_or_else(ended);
        }
        // Nobody vouches for an anchor; and an issuer may say that its responder need not
        // be asked about (RFC 6960, 4.2.2.2.1).
        if responder == authority || responder.has_ocsp_nocheck() {
            if !responder.is_valid_at(at) {
                return Err("the responder's certificate was not valid when it answered".to_owned());
            }
            return Ok(vec![Delegate {
                certificate: responder.clone(),
                signed_at: at,
                status: None,
            }]);
        }
        let above = Link {
            certificate: responder,
            issuer: authority,
            anchor: if authority == link.issuer {
                link.anchor
            } else {
                authority
            },
        };
        Ok(vec![self.delegate(sources, above, at, depth)?])
    }
}

/// What is said of a certificate. A key that was suspected before it was revoked counts from
/// then (RFC 5280, 5.3.2): what is proven to be older than the revocation alone may be
/// somebody else's.
fn state(single: &SingleResponse, certificate: &Certificate) -> Result<State, String> {
    match single.status {
        CertStatus::Good => {
            check_remembers(single.this_update, single.archive_cutoff, certificate)?;
            Ok(State::Good)
        }
        CertStatus::Revoked { at, reason } => Ok(State::Revoked {
            at: single.invalidity_date.map_or(at, |since| since.min(at)),
            reason,
        }),
        CertStatus::Unknown => Err("the responder does not know it".to_owned()),
    }
}

/// The responder, and who authorised it: the certificate's issuer, or an anchor for OCSP
/// (RFC 6960, 4.2.2.2, "local configuration").
fn authorised<'a>(
    sources: Sources<'a>,
    response: &BasicResponse,
    link: Link<'a>,
) -> Result<(Certificate, &'a Certificate), OcspError> {
    let certificates = &sources.evidence.certificates;
    let own = response.verify(link.issuer, certificates);
    let failure = match own {
        Ok(responder) => return Ok((responder, link.issuer)),
        Err(error) => error,
    };
    for anchor in &sources.anchors.ocsp {
        if let Ok(responder) = response.verify(anchor, certificates) {
            return Ok((responder, anchor));
        }
    }
    Err(failure)
}

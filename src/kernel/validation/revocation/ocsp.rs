//! What OCSP responses say (RFC 6960): the right certificate, an authorised
//! responder, a status.

use super::{DEPTH, Registry, State, Statement, Statements};
use crate::kernel::hash::Sha256;
use crate::kernel::validation::evidence::Evidence;
use crate::kernel::validation::report::RevocationSource;
use crate::kernel::x509::Certificate;
use crate::kernel::x509::ocsp::{BasicResponse, CertStatus, SingleResponse};

impl Registry {
    pub(super) fn read_ocsps(
        &mut self,
        evidence: &Evidence,
        certificate: &Certificate,
        issuer: &Certificate,
        depth: usize,
        found: &mut Statements,
    ) {
        for (object, response) in &evidence.ocsps {
            let Some(single) = response.response_for(certificate, issuer) else {
                continue;
            };
            match self.read_ocsp(evidence, response, single, issuer, depth, *object) {
                Ok(statement) => found.usable.push(statement),
                Err(reason) => found.refused.push(format!("OCSP: {reason}")),
            }
        }
    }

    fn read_ocsp(
        &mut self,
        evidence: &Evidence,
        response: &BasicResponse,
        single: &SingleResponse,
        issuer: &Certificate,
        depth: usize,
        object: Sha256,
    ) -> Result<Statement, String> {
        let responder = response
            .verify(issuer, &evidence.certificates)
            .map_err(|error| error.to_string())?;
        let delegate = responder.spki_der() != issuer.spki_der();
        if delegate {
            self.check_delegate(evidence, response, &responder, issuer, depth)?;
        }
        if single.this_update > response.produced_at {
            return Err("thisUpdate lies after producedAt".to_owned());
        }
        let state = match single.status {
            CertStatus::Good => State::Good,
            CertStatus::Revoked { at, reason } => State::Revoked { at, reason },
            CertStatus::Unknown => return Err("the responder does not know it".to_owned()),
        };
        let text = |error: &dyn std::fmt::Display| error.to_string();
        Ok(Statement {
            source: RevocationSource::Ocsp,
            object,
            this_update: single.this_update,
            next_update: single.next_update,
            state,
            algorithm: response.signature_algorithm.clone().map_err(|e| text(&e))?,
            key_bits: responder.public_key().map_err(|e| text(&e))?.bits(),
            delegate: delegate.then_some(responder),
        })
    }

    /// A delegated responder was valid when it answered, and stood: its issuer
    /// says that need not be checked, or somebody else says so
    /// (RFC 6960, 4.2.2.2.1).
    fn check_delegate(
        &mut self,
        evidence: &Evidence,
        response: &BasicResponse,
        responder: &Certificate,
        issuer: &Certificate,
        depth: usize,
    ) -> Result<(), String> {
        if !responder.is_valid_at(response.produced_at) {
            return Err("the responder's certificate was not valid when it answered".to_owned());
        }
        if responder.has_ocsp_nocheck() {
            return Ok(());
        }
        if depth >= DEPTH {
            return Err("too many responders vouch for one another".to_owned());
        }
        let statements = self.at_depth(evidence, responder, issuer, depth + 1);
        match statements.decisive().map(|statement| statement.state) {
            Some(State::Good) => Ok(()),
            Some(State::Revoked { at, .. }) if at > response.produced_at => Ok(()),
            Some(State::Revoked { .. }) => Err("the responder's certificate is revoked".to_owned()),
            None => Err("nothing says that the responder's certificate stands".to_owned()),
        }
    }
}

//! Who may answer for an issuer (RFC 6960 4.2.2.2), and whether they did.

use super::OcspError;
use super::response::{BasicResponse, ResponderId};
use crate::kernel::asn1::oids;
use crate::kernel::hash::HashAlgorithm;
use crate::kernel::x509::{Certificate, KeyUsage};

impl ResponderId {
    /// Whether it names this certificate.
    pub fn names(&self, certificate: &Certificate) -> bool {
        match self {
            Self::Name(name) => name.matches(certificate.subject()),
            Self::KeyHash(hash) => {
                HashAlgorithm::Sha1.digest(&[certificate.public_key_bits()]) == *hash
            }
        }
    }
}

impl BasicResponse {
    /// The responder's certificate: the issuer itself, or one delegated by it, from the
    /// response or from `others`. Its signature over the response is verified.
    ///
    /// The times are left to the caller: whether a delegated responder was valid, and
    /// unrevoked where it has no `id-pkix-ocsp-nocheck`.
    pub fn verify(
        &self,
        issuer: &Certificate,
        others: &[Certificate],
    ) -> Result<Certificate, OcspError> {
        let candidates = std::iter::once(issuer)
            .chain(&self.certificates)
            .chain(others)
            .filter(|candidate| self.responder.names(candidate));
        let mut failure = OcspError::ResponderNotFound;
        for candidate in candidates {
            match self.verify_by(candidate, issuer) {
                Ok(()) => return Ok(candidate.clone()),
                Err(error) => failure = error,
            }
        }
        Err(failure)
    }

    fn verify_by(&self, responder: &Certificate, issuer: &Certificate) -> Result<(), OcspError> {
        check_authorised(responder, issuer)?;
        let algorithm = self.signature_algorithm.clone()?;
        responder
            .public_key()?
            .verify(algorithm, &self.tbs, &self.signature)?;
        Ok(())
    }
}

/// The issuer answers itself, or signed the responder's certificate for this purpose.
fn check_authorised(responder: &Certificate, issuer: &Certificate) -> Result<(), OcspError> {
    if responder.subject().matches(issuer.subject()) && responder.spki_der() == issuer.spki_der() {
        return Ok(());
    }
    let delegated = responder
        .extended_key_usage()
        .is_some_and(|usage| usage.has(&oids::ID_KP_OCSP_SIGNING));
    if !delegated {
        return Err(OcspError::NotAuthorised("it is not for OCSP signing"));
    }
    let may_sign = responder.key_usage().is_none_or(|usage| {
        usage.has(KeyUsage::DIGITAL_SIGNATURE) || usage.has(KeyUsage::NON_REPUDIATION)
    });
    if !may_sign {
        return Err(OcspError::NotAuthorised(
            "its key usage allows no signatures",
        ));
    }
    if !responder.issuer().matches(issuer.subject()) {
        return Err(OcspError::NotAuthorised("another authority issued it"));
    }
    responder
        .verify_issued_by(issuer)
        .map_err(|_| OcspError::NotAuthorised("its certificate is not signed by the issuer's key"))
}

//! What CRLs say (RFC 5280, 6.3): complete ones of the certificate's issuer, or
//! the partition that the certificate belongs to.
//!
//! Indirect CRLs, delta CRLs and CRLs for some reasons only are refused here.

use super::{Registry, State, Statement, Statements};
use crate::kernel::asn1::oids;
use crate::kernel::hash::Sha256;
use crate::kernel::validation::evidence::Evidence;
use crate::kernel::validation::report::RevocationSource;
use crate::kernel::x509::crl::{Crl, IssuingDistributionPoint};
use crate::kernel::x509::{Certificate, DistributionPointName, RevocationReason};

impl Registry {
    pub(super) fn read_crls(
        &mut self,
        evidence: &Evidence,
        certificate: &Certificate,
        issuer: &Certificate,
        found: &mut Statements,
    ) {
        for (object, crl) in &evidence.crls {
            if !crl.issuer().matches(certificate.issuer()) {
                continue;
            }
            match self.read_crl(crl, *object, certificate, issuer) {
                Ok(Some(statement)) => found.usable.push(statement),
                Ok(None) => {}
                Err(reason) => found.refused.push(format!("CRL: {reason}")),
            }
        }
    }

    /// The CRL's statement; nothing where it covers other certificates.
    fn read_crl(
        &mut self,
        crl: &Crl,
        object: Sha256,
        certificate: &Certificate,
        issuer: &Certificate,
    ) -> Result<Option<Statement>, String> {
        if let Some(point) = crl.issuing_distribution_point()
            && !covers(point, certificate)?
        {
            return Ok(None);
        }
        check_supported(crl)?;
        self.verify_crl(crl, object, issuer)?;
        let text = |error: &dyn std::fmt::Display| error.to_string();
        Ok(Some(Statement {
            source: RevocationSource::Crl,
            object,
            this_update: crl.this_update(),
            next_update: crl.next_update(),
            state: state(crl, certificate)?,
            delegate: None,
            algorithm: crl.signature_algorithm().map_err(|e| text(&e))?,
            key_bits: issuer.public_key().map_err(|e| text(&e))?.bits(),
        }))
    }

    /// One list serves many certificates: its signature is verified once.
    fn verify_crl(
        &mut self,
        crl: &Crl,
        object: Sha256,
        issuer: &Certificate,
    ) -> Result<(), String> {
        let key = (object, issuer.fingerprint());
        let failure = self
            .verified_crls
            .entry(key)
            .or_insert_with(|| crl.verify(issuer).err().map(|error| error.to_string()));
        failure.clone().map_or(Ok(()), Err)
    }
}

/// Refuses what is not understood (RFC 5280, 5.2, 5.3).
fn check_supported(crl: &Crl) -> Result<(), String> {
    if crl.is_delta() {
        return Err("delta CRLs are not supported".to_owned());
    }
    let unknown = crl
        .extensions()
        .iter()
        .find(|one| one.critical && one.oid != oids::ID_CE_ISSUING_DISTRIBUTION_POINT);
    if let Some(unknown) = unknown {
        return Err(format!("unknown critical extension {}", unknown.oid));
    }
    let odd = crl
        .entries()
        .iter()
        .find_map(|entry| entry.unknown_critical);
    odd.map_or(Ok(()), |oid| {
        Err(format!("unknown critical entry extension {oid}"))
    })
}

/// Whether the part that a CRL covers contains this certificate.
fn covers(point: &IssuingDistributionPoint, certificate: &Certificate) -> Result<bool, String> {
    if point.indirect {
        return Err("indirect CRLs are not supported".to_owned());
    }
    if point.only_some_reasons.is_some() {
        return Err("CRLs for some reasons only are not supported".to_owned());
    }
    let other_kind = point.only_attribute_certificates
        || (point.only_user_certificates && certificate.is_ca())
        || (point.only_ca_certificates && !certificate.is_ca());
    if other_kind {
        return Ok(false);
    }
    let Some(name) = &point.name else {
        return Ok(true);
    };
    // RFC 5280, 6.3.3 (b)(2)(i). A certificate that names no point is not known to
    // belong to this part.
    let points = certificate.crl_distribution_points().iter();
    let mut named = points.filter_map(|one| one.name.as_ref());
    Ok(named.any(|other| shares(name, other)))
}

fn shares(one: &DistributionPointName, other: &DistributionPointName) -> bool {
    match (one, other) {
        (DistributionPointName::Full(a), DistributionPointName::Full(b)) => {
            a.iter().any(|name| b.contains(name))
        }
        (a, b) => a == b,
    }
}

fn state(crl: &Crl, certificate: &Certificate) -> Result<State, String> {
    let Some(entry) = crl.entry(certificate.serial()) else {
        return Ok(State::Good);
    };
    if entry.certificate_issuer.is_some() {
        return Err("an entry of another issuer in a direct CRL".to_owned());
    }
    if entry.reason == Some(RevocationReason::RemoveFromCrl) {
        return Ok(State::Good);
    }
    Ok(State::Revoked {
        at: entry.at,
        reason: entry.reason,
    })
}

//! Who signed a CRL, and whether that was allowed to (RFC 5280, 6.3.3 (f), (g)): the
//! certificate's issuer, or somebody with a path to the same anchor.

use std::sync::Arc;

use super::{Delegate, Link, Registry, Sources};
use crate::kernel::hash::Sha256;
use crate::kernel::x509::Certificate;
use crate::kernel::x509::crl::Crl;
use crate::kernel::x509::paths::{
    self, CertificatePath, PathPolicies, PathRules, PathSources, Purpose,
};

/// How many certificates of the right name are tried on one CRL.
const MOST_SIGNERS: usize = 16;

/// Who signed a CRL.
pub(super) struct CrlSigner {
    pub(super) certificate: Certificate,
    /// Who must stand for its word to count, besides the certificate's own path.
    pub(super) delegates: Vec<Delegate>,
}

impl Registry {
    /// The signer of a CRL about a certificate.
    pub(super) fn crl_signer(
        &mut self,
        sources: Sources<'_>,
        (object, crl): (Sha256, &Crl),
        link: Link<'_>,
        depth: usize,
    ) -> Result<CrlSigner, String> {
        let mut failure = "no certificate at hand is its signer's".to_owned();
        for candidate in candidates(sources, crl, link) {
            // 5.2.6.4, step 4: it was issued in the life of its issuer's certificate.
            if !candidate.is_valid_at(crl.this_update()) {
                failure = "its signer's certificate was not valid when it was issued".to_owned();
                continue;
            }
            let found = self
                .verify_crl(sources, (object, crl), &candidate)
                .and_then(|()| self.standing(sources, crl, &candidate, link, depth));
            match found {
                Ok(delegates) => {
                    let memory = &sources.evidence.memory;
                    memory.keep_signed(object, candidate.fingerprint());
                    return Ok(CrlSigner {
                        certificate: candidate,
                        delegates,
                    });
                }
                Err(reason) => failure = reason,
            }
        }
        Err(failure)
    }

    /// One list serves many certificates: its signature is verified once.
    pub(super) fn verify_crl(
        &mut self,
        sources: Sources<'_>,
        (object, crl): (Sha256, &Crl),
        signer: &Certificate,
    ) -> Result<(), String> {
        let key = (object, signer.fingerprint());
        let memory = &sources.evidence.memory;
        let failure = self.verified_crls.entry(key).or_insert_with(|| {
            let known = memory.is_signed(object, key.1);
            let verified = if known { Ok(()) } else { crl.verify(signer) };
            verified.err().map(|error| error.to_string())
        });
        failure.clone().map_or(Ok(()), Err)
    }

    /// Who must stand for a signer's word. Nobody, where it is the issuer, whose path is
    /// validated anyway.
    fn standing(
        &mut self,
        sources: Sources<'_>,
        crl: &Crl,
        signer: &Certificate,
        link: Link<'_>,
        depth: usize,
    ) -> Result<Vec<Delegate>, String> {
        if is_same_authority(signer, link.issuer) {
            return Ok(Vec::new());
        }
        let path = self.signer_path(sources, signer, link.anchor);
        let path = path.ok_or("its signer has no path to the same anchor")?;
        let at = crl.this_update();
        let mut delegates = Vec::new();
        for (certificate, issuer) in path.links() {
            let above = Link {
                certificate,
                issuer,
                anchor: link.anchor,
            };
            delegates.push(if speaks_for_itself(certificate, link) {
                Delegate {
                    certificate: certificate.clone(),
                    signed_at: at,
                    status: None,
                }
            } else {
                self.delegate(sources, above, at, depth)?
            });
        }
        Ok(delegates)
    }

    fn signer_path(
        &mut self,
        sources: Sources<'_>,
        signer: &Certificate,
        anchor: &Certificate,
    ) -> Option<Arc<CertificatePath>> {
        let key = (signer.fingerprint(), anchor.fingerprint());
        let found = self.signer_paths.entry(key).or_insert_with(|| {
            let rules = PathRules {
                at: None,
                purpose: Purpose::Any,
                policies: PathPolicies::default(),
                allow_weak: sources.allow_weak,
            };
            let from = PathSources {
                untrusted: &sources.evidence.certificates,
                anchors: std::slice::from_ref(anchor),
            };
            let (found, _) = paths::paths(signer, from, &rules, 1).ok()?;
            found.into_iter().next().map(Arc::new)
        });
        found.clone()
    }
}

/// Who may have signed a CRL, the certificate's issuer first.
fn candidates(sources: Sources<'_>, crl: &Crl, link: Link<'_>) -> Vec<Certificate> {
    let key = crl.authority_key_identifier();
    let fits = |candidate: &&Certificate| {
        let own = candidate.subject_key_identifier();
        let same_key = own
            .zip(key.as_deref())
            .is_none_or(|(own, named)| own == named);
        same_key && candidate.subject().matches(crl.issuer())
    };
    let near = [link.issuer, link.anchor];
    let all = near.into_iter().chain(&sources.evidence.certificates);
    let mut found: Vec<Certificate> = Vec::new();
    for candidate in all.filter(fits) {
        if found.len() < MOST_SIGNERS && !found.contains(candidate) {
            found.push(candidate.clone());
        }
    }
    found
}

fn is_same_authority(one: &Certificate, other: &Certificate) -> bool {
    one.spki_der() == other.spki_der() && one.subject().matches(other.subject())
}

/// Whether the issuer of a CRL signer's certificate ordained that its own list says
/// whether it stands: its distribution point names itself as the list's issuer (PKITS
/// 4.14.30). Any other circle proves nothing.
fn speaks_for_itself(signer: &Certificate, link: Link<'_>) -> bool {
    let points = signer.crl_distribution_points().iter();
    let mut issuers = points
        .flat_map(|point| &point.crl_issuer)
        .filter_map(crate::kernel::x509::GeneralName::directory);
    signer == link.certificate && issuers.any(|name| name.matches(signer.subject()))
}

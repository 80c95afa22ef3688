//! Prospective paths (RFC 5280 6.1; RFC 4158): every way from a certificate up to an anchor
//! by names and key identifiers, the likeliest first, within bounds.

use super::PathSources;
use crate::kernel::sign::VerifyError;
use crate::kernel::x509::{Certificate, IssuerError};

/// The longest path, anchor included.
const LONGEST: usize = 16;

/// How many certificates are looked up issuers for. Real authorities need some ten; a file
/// full of look-alikes (x509-limbo, "pathological") must not cost more than this.
const MOST_STEPS: usize = 128;

/// How many signatures are checked to tell issuers of the same name apart.
const MOST_SIGNATURES: usize = 128;

/// How many prospective paths are given.
const MOST_PATHS: usize = 32;

/// The search: unfinished paths, the next one last.
pub(super) struct Search<'a> {
    sources: PathSources<'a>,
    open: Vec<Vec<Certificate>>,
    steps: usize,
    signatures: usize,
    given: usize,
}

impl<'a> Search<'a> {
    pub(super) fn new(target: &Certificate, sources: PathSources<'a>) -> Self {
        Self {
            sources,
            open: vec![vec![target.clone()]],
            steps: 0,
            signatures: 0,
            given: 0,
        }
    }

    /// Adds what may come next above a path, the likeliest last.
    fn extend(&mut self, path: &[Certificate], last: &Certificate) {
        if path.len() >= LONGEST || self.steps >= MOST_STEPS {
            return;
        }
        self.steps += 1;
        let mut issuers = self.issuers(path, last);
        if issuers.len() > 1 {
            issuers.retain(|issuer| self.may_have_signed(last, issuer));
        }
        // Anchors are tried before others, and who lives longest first.
        issuers.sort_by_key(|issuer| (self.is_anchor(issuer), issuer.not_after()));
        self.open.extend(issuers.into_iter().map(|issuer| {
            let mut longer = path.to_vec();
            longer.push(issuer);
            longer
        }));
    }

    fn issuers(&self, path: &[Certificate], last: &Certificate) -> Vec<Certificate> {
        let all = self.sources.anchors.iter().chain(self.sources.untrusted);
        let mut found: Vec<Certificate> = Vec::new();
        for candidate in all.filter(|candidate| last.names_as_issuer(candidate)) {
            if !path.contains(candidate) && !found.contains(candidate) {
                found.push(candidate.clone());
            }
        }
        found
    }

    /// Whether an issuer of the right name has the right key, as far as that can be told.
    fn may_have_signed(&mut self, certificate: &Certificate, issuer: &Certificate) -> bool {
        if self.signatures >= MOST_SIGNATURES {
            return true;
        }
        self.signatures += 1;
        let wrong = Err(IssuerError::Signature(VerifyError::Signature));
        certificate.verify_issued_by(issuer) != wrong
    }

    fn is_anchor(&self, certificate: &Certificate) -> bool {
        self.sources.anchors.contains(certificate)
    }
}

impl Iterator for Search<'_> {
    type Item = Vec<Certificate>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.given < MOST_PATHS
            && let Some(path) = self.open.pop()
        {
            let Some(last) = path.last() else { continue };
            if self.is_anchor(last) {
                self.given += 1;
                return Some(path);
            }
            let last = last.clone();
            self.extend(&path, &last);
        }
        None
    }
}

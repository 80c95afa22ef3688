//! Prospective chains (EN 319 102-1, 5.2.6.4, steps 1 and 2): paths from a
//! certificate to an anchor, found once and apart from time.
//!
//! A path is built at a time at which it can hold, and its times are judged
//! afterwards: a chain that has expired since is still a chain.

use std::collections::HashMap;
use std::sync::Arc;

use time::OffsetDateTime;

use super::evidence::Evidence;
use super::input::{Anchors, Role};
use crate::kernel::hash::Sha256;
use crate::kernel::x509::Certificate;
use crate::kernel::x509::paths::{self, CertificatePath, PathError, PathErrorKind, Purpose};

/// Why there is no chain.
#[derive(Clone, Debug)]
pub(super) enum NoChain {
    /// Nothing leads to an anchor.
    NotFound(String),
    /// What leads there breaks a rule of RFC 5280.
    Invalid(String),
    /// A certificate is not for this use.
    Purpose(String),
    /// A key or hash function on it is below what any path may rest on.
    Weak(String),
}

/// The chains found so far.
pub(super) struct Chains<'i> {
    anchors: &'i Anchors,
    now: OffsetDateTime,
    known: HashMap<(Sha256, Role), Result<Arc<CertificatePath>, NoChain>>,
}

impl<'i> Chains<'i> {
    pub(super) fn new(anchors: &'i Anchors, now: OffsetDateTime) -> Self {
        Self {
            anchors,
            now,
            known: HashMap::new(),
        }
    }

    /// The chain of a certificate in a role.
    pub(super) fn find(
        &mut self,
        evidence: &Evidence,
        leaf: &Certificate,
        role: Role,
    ) -> Result<Arc<CertificatePath>, NoChain> {
        let key = (leaf.fingerprint(), role);
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let found = self.build(evidence, leaf, role).map(Arc::new);
        self.known.insert(key, found.clone());
        found
    }

    /// A chain that was found before.
    pub(super) fn known(&self, leaf: &Certificate, role: Role) -> Option<Arc<CertificatePath>> {
        let known = self.known.get(&(leaf.fingerprint(), role))?;
        known.as_ref().ok().cloned()
    }

    /// Tries the time of the validation, then times at which the leaf was valid.
    fn build(
        &self,
        evidence: &Evidence,
        leaf: &Certificate,
        role: Role,
    ) -> Result<CertificatePath, NoChain> {
        let purpose = match role {
            Role::Signer => Purpose::Signer,
            Role::Tsa => Purpose::Tsa,
        };
        let mut failure = None;
        for at in [self.now, leaf.not_after(), leaf.not_before()] {
            let anchors = self.anchors.of(role);
            match paths::build(leaf, &evidence.certificates, anchors, at, purpose) {
                Ok(path) => return Ok(path),
                Err(error) if is_about_time(&error) => failure = Some(error),
                Err(error) => return Err(reason(&error)),
            }
        }
        Err(failure.map_or_else(
            || NoChain::NotFound("no anchor".to_owned()),
            |error| reason(&error),
        ))
    }
}

fn is_about_time(error: &PathError) -> bool {
    matches!(
        error.kind,
        PathErrorKind::Expired | PathErrorKind::NotYetValid
    )
}

fn reason(error: &PathError) -> NoChain {
    let detail = error.to_string();
    match error.kind {
        PathErrorKind::NoChain => NoChain::NotFound(detail),
        PathErrorKind::Weak => NoChain::Weak(detail),
        PathErrorKind::KeyUsage
        | PathErrorKind::ExtendedKeyUsage
        | PathErrorKind::CaAsEndEntity => NoChain::Purpose(detail),
        _ => NoChain::Invalid(detail),
    }
}

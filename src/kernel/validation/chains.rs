//! Prospective chains (EN 319 102-1, 5.2.6.4, steps 1 and 2): paths from a
//! certificate to an anchor, found once and apart from time.
//!
//! The times on a chain are judged afterwards: one that has expired since is
//! still a chain. Where there are several, the first is found first, and the
//! others only if it does not do.

use std::collections::HashMap;
use std::sync::Arc;

use super::evidence::Evidence;
use super::input::{Role, ValidationInput};
use crate::kernel::hash::Sha256;
use crate::kernel::x509::Certificate;
use crate::kernel::x509::paths::{
    self, CertificatePath, PathError, PathErrorKind, PathRules, PathSources, Purpose,
};

/// How many chains of one certificate are judged.
const MOST: usize = 8;

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

/// The chains of one certificate in one role.
struct Found {
    chains: Vec<Arc<CertificatePath>>,
    /// Whether there may be others.
    more: bool,
    /// The one that the last judgement rests on.
    chosen: usize,
}

/// The chains found so far.
pub(super) struct Chains<'i> {
    input: &'i ValidationInput<'i>,
    known: HashMap<(Sha256, Role), Result<Found, NoChain>>,
}

impl<'i> Chains<'i> {
    pub(super) fn new(input: &'i ValidationInput<'i>) -> Self {
        Self {
            input,
            known: HashMap::new(),
        }
    }

    /// A chain of a certificate in a role, by its place; nothing after the last.
    ///
    /// # Errors
    /// There is no chain at all.
    pub(super) fn find(
        &mut self,
        evidence: &Evidence,
        leaf: &Certificate,
        role: Role,
        place: usize,
    ) -> Result<Option<Arc<CertificatePath>>, NoChain> {
        let key = (leaf.fingerprint(), role);
        if !self.known.contains_key(&key) {
            let found = self.search(evidence, leaf, role, 1);
            self.known.insert(key, found);
        }
        let unseen = |found: &Found| found.more && found.chains.len() <= place;
        if self
            .known
            .get(&key)
            .is_some_and(|found| found.as_ref().is_ok_and(unseen))
        {
            let mut all = self.search(evidence, leaf, role, MOST);
            if let Ok(all) = &mut all {
                all.more = false;
            }
            self.known.insert(key, all);
        }
        match self.known.get(&key) {
            Some(Ok(found)) => Ok(found.chains.get(place).cloned()),
            Some(Err(failure)) => Err(failure.clone()),
            None => Ok(None),
        }
    }

    /// Remembers which chain a judgement rests on.
    pub(super) fn choose(&mut self, leaf: &Certificate, role: Role, place: usize) {
        if let Some(Ok(found)) = self.known.get_mut(&(leaf.fingerprint(), role)) {
            found.chosen = place;
        }
    }

    /// The chain that the last judgement of a certificate rests on.
    pub(super) fn chosen(&self, leaf: &Certificate, role: Role) -> Option<Arc<CertificatePath>> {
        let found = self.known.get(&(leaf.fingerprint(), role))?.as_ref().ok()?;
        found.chains.get(found.chosen).cloned()
    }

    fn search(
        &self,
        evidence: &Evidence,
        leaf: &Certificate,
        role: Role,
        most: usize,
    ) -> Result<Found, NoChain> {
        let policy = self.input.policy;
        let rules = PathRules {
            at: None,
            purpose: match role {
                // What a signer may be is for the policy to say.
                Role::Signer | Role::Any => Purpose::Any,
                Role::Tsa => Purpose::Tsa,
            },
            policies: match role {
                Role::Tsa => Default::default(),
                Role::Signer | Role::Any => policy.path.policies(),
            },
            allow_weak: policy.allows_weak(),
        };
        let sources = PathSources {
            untrusted: &evidence.certificates,
            anchors: self.input.anchors.of(role),
        };
        let memory = &self.input.anchors.memory;
        let key = key(leaf, sources, &rules, most);
        let (chains, more) = match memory.chains(&key) {
            Some(known) => known,
            None => {
                let found = paths::paths(leaf, sources, &rules, most);
                let (chains, more) = found.map_err(|error| reason(&error))?;
                let chains = chains.into_iter().map(Arc::new).collect();
                memory.keep_chains(key, (chains, more))
            }
        };
        Ok(Found {
            chains,
            more,
            chosen: 0,
        })
    }
}

/// All that a search depends on: the times are not among it.
fn key(leaf: &Certificate, sources: PathSources<'_>, rules: &PathRules<'_>, most: usize) -> Sha256 {
    let counts = [most, sources.anchors.len(), sources.untrusted.len()];
    let words = format!("{rules:?} {counts:?}");
    let certificates = std::iter::once(leaf).chain(sources.anchors);
    let certificates = certificates.chain(sources.untrusted);
    let prints: Vec<Sha256> = certificates.map(Certificate::fingerprint).collect();
    let mut parts = vec![words.as_bytes()];
    parts.extend(prints.iter().map(|print| print.as_bytes().as_slice()));
    Sha256::of_parts(&parts)
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

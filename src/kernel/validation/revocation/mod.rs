//! Revocation status information (EN 319 102-1, 5.2.5, 5.2.6; RFC 6960;
//! RFC 5280, 6.3): what OCSP responses and CRLs say of one certificate.
//!
//! Signatures and authority are checked once and do not depend on time; what
//! the statements mean at a time is asked afterwards.

mod crl;
mod delta;
mod ocsp;
mod scope;
mod signer;
mod statement;

use std::collections::HashMap;
use std::sync::Arc;

use time::{Duration, OffsetDateTime};

use super::evidence::Evidence;
use super::input::Anchors;
use super::problems::stamp;
use crate::kernel::hash::Sha256;
use crate::kernel::x509::Certificate;
use crate::kernel::x509::paths::CertificatePath;

pub(super) use statement::{Delegate, Signed, State, Statement, Statements, Unsound};

/// A certificate of a path, who issued it, and the anchor that the path ends at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link<'c> {
    pub(super) certificate: &'c Certificate,
    pub(super) issuer: &'c Certificate,
    pub(super) anchor: &'c Certificate,
}

impl Link<'_> {
    fn key(&self) -> Key {
        let [certificate, issuer, anchor] = [self.certificate, self.issuer, self.anchor];
        [certificate, issuer, anchor].map(Certificate::fingerprint)
    }
}

/// Where statements are read from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sources<'s> {
    pub(super) evidence: &'s Evidence,
    pub(super) anchors: &'s Anchors,
    /// The time of the validation.
    pub(super) now: OffsetDateTime,
    /// How far behind another clock ours may be.
    pub(super) tolerance: Duration,
    /// For conformance runs.
    pub(super) allow_weak: bool,
}

impl Sources<'_> {
    /// A statement dated after the validation says nothing (RFC 6960, 4.2.2.1), but that a
    /// certificate is revoked already: no wrong clock makes a revocation pass unseen.
    fn check_not_ahead(&self, issued: OffsetDateTime, state: State) -> Result<(), String> {
        let ahead = issued > self.now.saturating_add(self.tolerance);
        if !ahead || state.revoked_by(self.now) {
            return Ok(());
        }
        let issued = stamp(issued);
        Err(format!("it is dated {issued}, after the validation"))
    }
}

/// What says that a certificate stands must be of its life, or must say that it still
/// tells of those that ended: lists forget them (RFC 5280, 3.3; EN 319 102-1, 5.6.2.2.4,
/// note 3).
fn check_remembers(
    issued: OffsetDateTime,
    remembers_since: Option<OffsetDateTime>,
    certificate: &Certificate,
) -> Result<(), String> {
    let end = certificate.not_after();
    if issued <= end || remembers_since.is_some_and(|since| since <= end) {
        return Ok(());
    }
    Err("it is newer than the certificate's end, and may have forgotten it".to_owned())
}

/// Reads statements, and remembers what was read.
#[derive(Debug, Default)]
pub(super) struct Registry {
    known: HashMap<Key, Arc<Statements>>,
    verified_crls: HashMap<(Sha256, Sha256), Option<String>>,
    signer_paths: HashMap<(Sha256, Sha256), Option<Arc<CertificatePath>>>,
}

type Key = [Sha256; 3];

/// How many certificates may stand between a status and the issuer: a
/// responder or a signer of lists, and who speaks for those.
const DEPTH: usize = 3;

impl Registry {
    /// What is said of a certificate by, or on behalf of, its issuer.
    pub(super) fn statements(&mut self, sources: Sources<'_>, link: Link<'_>) -> Arc<Statements> {
        self.at_depth(sources, link, 0)
    }

    /// What was read before.
    pub(super) fn known(&self, link: Link<'_>) -> Option<Arc<Statements>> {
        self.known.get(&link.key()).cloned()
    }

    fn at_depth(&mut self, sources: Sources<'_>, link: Link<'_>, depth: usize) -> Arc<Statements> {
        let key = link.key();
        if let Some(known) = self.known.get(&key) {
            return Arc::clone(known);
        }
        // While its own status is being read, a certificate has none: no
        // responder vouches for itself.
        self.known.insert(key, Arc::default());
        let mut found = Statements::default();
        self.read_ocsps(sources, link, depth, &mut found);
        self.read_crls(sources, link, depth, &mut found);
        let found = Arc::new(found);
        self.known.insert(key, Arc::clone(&found));
        found
    }

    /// A certificate that vouches for others at a time, with what is said of it.
    fn delegate(
        &mut self,
        sources: Sources<'_>,
        link: Link<'_>,
        signed_at: OffsetDateTime,
        depth: usize,
    ) -> Result<Delegate, String> {
        if !link.certificate.is_valid_at(signed_at) {
            return Err(format!(
                "the certificate of {} was not valid when it answered",
                link.certificate.subject()
            ));
        }
        if depth >= DEPTH {
            return Err("too many responders vouch for one another".to_owned());
        }
        let statements = self.at_depth(sources, link, depth + 1);
        let name = link.certificate.subject();
        match statements.decisive() {
            None => Err(format!(
                "nothing says that the certificate of {name} stands"
            )),
            Some(one) if one.state.revoked_by(signed_at) => {
                Err(format!("the certificate of {name} is revoked"))
            }
            Some(_) => Ok(Delegate {
                certificate: link.certificate.clone(),
                signed_at,
                status: Some(statements),
            }),
        }
    }
}

//! Certification paths (RFC 5280 6): prospective ones are found here, each is validated as
//! it stands: plain ones here, the others, with policies and name constraints, by OpenSSL.
//!
//! Revocation is not looked at: it is judged by the validation room, at a time of its own
//! and with proofs of existence. Nothing is fetched: what is not given is not there.

mod error;
mod openssl;
mod plain;
mod profile;
mod purpose;
mod search;

use time::OffsetDateTime;

use super::Certificate;
use crate::kernel::asn1::ObjectIdentifier;

pub(super) use plain::is_plain;

pub use error::{PathError, PathErrorKind};
pub use purpose::{Purpose, SIGNING_PURPOSES};
use search::Search;

/// A path that was validated: the target first, the trust anchor last. Only this module
/// makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificatePath(Vec<Certificate>);

impl CertificatePath {
    /// The certificates, the target first.
    pub fn certificates(&self) -> &[Certificate] {
        &self.0
    }

    /// The trust anchor; the target itself where it is one.
    pub fn anchor(&self) -> Option<&Certificate> {
        self.0.last()
    }

    /// The path of one of its certificates, the anchor apart: what is above it. Each of its
    /// links was validated with the whole.
    #[must_use]
    pub fn upwards(&self, place: usize) -> Option<Self> {
        let above = self.0.get(place..).filter(|above| above.len() > 1);
        above.map(|above| Self(above.to_vec()))
    }

    /// Each certificate below the anchor with its issuer, the target first. An anchor is
    /// trusted for itself: nobody's word about it counts.
    pub fn links(
        &self,
    ) -> impl DoubleEndedIterator<Item = (&Certificate, &Certificate)> + ExactSizeIterator {
        self.0.iter().zip(self.0.iter().skip(1))
    }
}

/// How a path is validated.
#[derive(Debug, Clone, Copy)]
pub struct PathRules<'a> {
    /// When every certificate must be valid; nothing: the times are for the caller to judge.
    pub at: Option<OffsetDateTime>,
    /// What the target is used for.
    pub purpose: Purpose,
    /// The inputs of policy processing.
    pub policies: PathPolicies<'a>,
    /// Whether what was usual once passes: SHA-1, short keys, and what RFC 5280 forbids to
    /// write though path validation does not look at it (basic constraints that are not
    /// critical).
    /// For conformance runs alone.
    pub allow_weak: bool,
}

/// The inputs of policy processing (RFC 5280 6.1.1 (c), (e), (f), (g)).
#[derive(Debug, Clone, Copy, Default)]
pub struct PathPolicies<'a> {
    /// user-initial-policy-set; empty: any policy.
    pub initial: &'a [ObjectIdentifier],
    /// initial-explicit-policy
    pub explicit: bool,
    /// initial-policy-mapping-inhibit
    pub inhibit_mapping: bool,
    /// initial-any-policy-inhibit
    pub inhibit_any: bool,
}

/// Where paths are looked for.
#[derive(Debug, Clone, Copy)]
pub struct PathSources<'a> {
    /// Certificates that may stand on a path, trusted for nothing.
    pub untrusted: &'a [Certificate],
    /// The trust anchors. One ends a path wherever it stands in its own.
    pub anchors: &'a [Certificate],
}

/// The paths that validate, the likeliest first, at most `most`; or why there is none.
///
/// The inner flag says whether there may be more.
pub fn paths(
    target: &Certificate,
    sources: PathSources<'_>,
    rules: &PathRules<'_>,
    most: usize,
) -> Result<(Vec<CertificatePath>, bool), PathError> {
    rules.purpose.check(target)?;
    let mut search = Search::new(target, sources);
    let mut found: Vec<CertificatePath> = Vec::new();
    let mut failure = None;
    while found.len() < most
        && let Some(prospective) = search.next()
    {
        let sound = if rules.allow_weak {
            Ok(())
        } else {
            profile::check(&prospective)
        };
        match sound
            .and_then(|()| validate(prospective, rules))
            .map(CertificatePath)
        {
            Ok(path) if found.contains(&path) => {}
            Ok(path) => found.push(path),
            Err(error) => failure = failure.or(Some(error)),
        }
    }
    if found.is_empty() {
        return Err(failure.unwrap_or_else(|| PathError::of(PathErrorKind::NoChain, target)));
    }
    let more = search.next().is_some();
    Ok((found, more))
}

/// Validates a prospective path.
fn validate(
    prospective: Vec<Certificate>,
    rules: &PathRules<'_>,
) -> Result<Vec<Certificate>, PathError> {
    if !plain::is_valid(&prospective, rules) {
        return openssl::validate(&prospective, rules);
    }
    debug_assert_eq!(
        openssl::validate(&prospective, rules).as_ref(),
        Ok(&prospective),
        "OpenSSL says otherwise of a plain path"
    );
    Ok(prospective)
}

/// Builds and validates a path for a purpose at a time, under the strict rules of
/// RFC 5280 and with keys and hashes of at least 112 bits of security.
pub fn build(
    target: &Certificate,
    untrusted: &[Certificate],
    anchors: &[Certificate],
    at: OffsetDateTime,
    purpose: Purpose,
) -> Result<CertificatePath, PathError> {
    let rules = PathRules {
        at: Some(at),
        purpose,
        policies: PathPolicies::default(),
        allow_weak: false,
    };
    let sources = PathSources { untrusted, anchors };
    let (found, _) = paths(target, sources, &rules, 1)?;
    let first = found.into_iter().next();
    first.ok_or_else(|| PathError::of(PathErrorKind::NoChain, target))
}

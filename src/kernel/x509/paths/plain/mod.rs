//! Plain paths (RFC 5280 6.1), told valid here: OpenSSL 3 takes longer to decode one
//! certificate than to verify its signature, and most paths ask nothing of it.
//!
//! "Valid" is all that is ever said here, and only where OpenSSL under its strict flag says
//! so too (a build with debug assertions asks it each time, so that every test of the house
//! compares the two). Whatever is not plain, every path that fails and why, is OpenSSL's to
//! say: see [`form`] for what is plain.

mod form;

use time::{Duration, OffsetDateTime};

use super::{PathRules, Purpose};
use crate::kernel::sign::{PublicKey, SignatureAlgorithm};
use crate::kernel::x509::{Certificate, KeyUsage};

pub(in crate::kernel::x509) use form::is_plain;

/// The least RSA modulus of 112 bits of security (NIST SP 800-57 part 1, table 2).
const LEAST_MODULUS: u32 = 2048;

/// Whether a prospective path, the target first and an anchor last, is plain and valid.
pub(super) fn is_valid(path: &[Certificate], rules: &PathRules<'_>) -> bool {
    let (Some(target), Some(anchor)) = (path.first(), path.last()) else {
        return false;
    };
    let policies = rules.policies;
    // Without mappings and constraints no set of policies is ever asked for.
    let any_policy = policies.initial.is_empty() && !policies.explicit;
    any_policy
        && path.len() > 1
        && path.iter().all(Certificate::is_plain)
        && is_root(anchor)
        && is_for(target, rules.purpose)
        && rules.at.is_none_or(|at| are_valid_about(path, at))
        && are_named_apart(path)
        && are_short_enough(path)
        && path.iter().all(is_strong)
        && path.windows(2).all(|link| match link {
            [certificate, issuer] => is_issued(certificate, issuer),
            _ => false,
        })
}

/// Well within the validity of all: its ends themselves are OpenSSL's to judge.
fn are_valid_about(path: &[Certificate], at: OffsetDateTime) -> bool {
    let ends = [
        at.checked_sub(Duration::SECOND),
        at.checked_add(Duration::SECOND),
    ];
    let covered = |end: &Option<_>| {
        end.is_some_and(|end| path.iter().all(|certificate| certificate.is_valid_at(end)))
    };
    ends.iter().all(covered)
}

/// Self-issued, and by its own key as far as it says.
fn is_root(anchor: &Certificate) -> bool {
    let named = anchor.authority_key_identifier();
    anchor.subject().der() == anchor.issuer().der()
        && named.is_none_or(|named| Some(named) == anchor.subject_key_identifier())
}

/// RFC 3161 2.3 for time-stamping authorities; the other purposes are checked before, or
/// nobody's concern along the path.
fn is_for(target: &Certificate, purpose: Purpose) -> bool {
    let signs = KeyUsage::DIGITAL_SIGNATURE.and(KeyUsage::NON_REPUDIATION);
    let alone = target
        .key_usage()
        .is_some_and(|usage| usage.bits() & !signs.bits() == 0);
    purpose != Purpose::Tsa || (alone && !target.is_ca())
}

/// No two certificates have the same subject: there is one way up, and nothing between is
/// self-issued.
fn are_named_apart(path: &[Certificate]) -> bool {
    path.iter().enumerate().all(|(place, one)| {
        let above = path.iter().skip(place + 1);
        above
            .into_iter()
            .all(|other| !one.subject().matches(other.subject()))
    })
}

/// 6.1.4 (l), (m): how many authorities stand between.
fn are_short_enough(path: &[Certificate]) -> bool {
    path.iter().skip(1).enumerate().all(|(between, authority)| {
        let limit = authority.basic_constraints().and_then(|one| one.path_len);
        limit.is_none_or(|limit| between <= limit as usize)
    })
}

/// Its key, and how it is signed, has 112 bits of security.
fn is_strong(certificate: &Certificate) -> bool {
    let key = |key: &PublicKey| key.is_ec() || key.bits() >= LEAST_MODULUS;
    let signature = match certificate.signature_algorithm() {
        Ok(SignatureAlgorithm::RsaPkcs1(hash) | SignatureAlgorithm::Ecdsa(hash)) => {
            hash.is_strong()
        }
        _ => false,
    };
    signature && certificate.public_key().is_ok_and(key)
}

/// 6.1.3 (a)(1), (a)(4), 6.1.4 (k), (n)
fn is_issued(certificate: &Certificate, issuer: &Certificate) -> bool {
    let named = certificate.authority_key_identifier();
    certificate.issuer().der() == issuer.subject().der()
        && named.is_some()
        && named == issuer.subject_key_identifier()
        && issuer.is_ca()
        && certificate.verify_issued_by(issuer).is_ok()
}

//! How a certificate of a verified path stands by what was just fetched about it: for
//! whoever fetches it, so that he knows whether to ask further. The layer is that of
//! signatures (RFC 6960, RFC 5280 6.3); there is no other.

use time::OffsetDateTime;

use super::certificate::Engine;
use super::input::{Anchors, ValidationInput};
use super::policy::Policy;
use super::problems::Problem;
use super::revocation::{Link, State};
use crate::kernel::hash::Beginnings;
use crate::kernel::pdf::Limits;
use crate::kernel::x509::RevocationReason;
use crate::kernel::x509::paths::CertificatePath;

/// How a certificate stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Not revoked.
    Good {
        /// `thisUpdate` of what says so.
        this_update: OffsetDateTime,
        /// The last time that it is fresh enough for.
        fresh_until: OffsetDateTime,
    },
    /// Revoked, or on hold.
    Revoked {
        /// Why.
        reason: RevocationReason,
    },
    /// Nothing that counts says: unknown, stale, of the future, not authorised.
    Open,
}

/// How the first certificate of a path stands at a time, by these OCSP responses and CRLs in
/// DER and no others.
#[must_use]
pub fn standing(
    path: &CertificatePath,
    ocsps: &[Vec<u8>],
    crls: &[Vec<u8>],
    at: OffsetDateTime,
    policy: &Policy,
) -> Standing {
    let (Some((certificate, issuer)), Some(anchor)) = (path.links().next(), path.anchor()) else {
        return Standing::Open;
    };
    let anchors = Anchors::for_all(vec![anchor.clone()]);
    let input = ValidationInput {
        anchors: &anchors,
        untrusted: path.certificates(),
        crls,
        ocsps,
        at,
        policy,
        limits: Limits::default(),
    };
    let no_file = Beginnings::new(&[]);
    let mut engine = Engine::new(&input, &no_file);
    let link = Link {
        certificate,
        issuer,
        anchor,
    };
    let statements = engine.statements(link);
    let Some(statement) = engine.decisive(&statements, at) else {
        return Standing::Open;
    };
    let name = certificate.subject().to_string();
    let problems = engine.judge_status(0, statement, &name, at);
    let says_so =
        |problem: &Problem| matches!(problem, Problem::Revoked { .. } | Problem::OnHold { .. });
    if !problems.iter().all(says_so) {
        return Standing::Open;
    }
    match statement.state {
        State::Revoked { reason, .. } => Standing::Revoked {
            reason: reason.unwrap_or(RevocationReason::Unspecified),
        },
        State::Good => Standing::Good {
            this_update: statement.this_update,
            fresh_until: statement.fresh_until(policy),
        },
    }
}

//! What can be wrong with a certificate at a time (EN 319 102-1, 5.2.6), as data:
//! a proof of existence may resolve some of it later.

use time::OffsetDateTime;

use super::finding::{Finding, FindingCode};
use super::indication::SubIndication;
use super::policy::Until;
use crate::kernel::hash::Sha256;
use crate::kernel::x509::RevocationReason;

/// One problem. `index` is the place in the chain, 0 for the leaf.
#[derive(Clone, Debug)]
pub(super) enum Problem {
    ChainNotFound(String),
    ChainInvalid(String),
    Constraints(String),
    Revoked {
        index: usize,
        at: OffsetDateTime,
        reason: Option<RevocationReason>,
        name: String,
    },
    OutOfBounds {
        index: usize,
        not_before: OffsetDateTime,
        not_after: OffsetDateTime,
        /// Known not to have been revoked up to then.
        not_revoked: bool,
        name: String,
    },
    ResponderOutOfBounds {
        name: String,
    },
    NoRevocationData {
        detail: String,
    },
    OnHold {
        index: usize,
        at: OffsetDateTime,
        name: String,
    },
    Stale {
        this_update: OffsetDateTime,
        fresh_until: OffsetDateTime,
        name: String,
    },
    Weak {
        /// The object that rests on the algorithm; its proof of existence counts.
        object: Sha256,
        until: Until,
        what: String,
        key: bool,
    },
}

impl Problem {
    /// The order in which problems decide, the weightiest first.
    fn rank(&self) -> u8 {
        match self {
            Self::ChainNotFound(_) => 0,
            Self::ChainInvalid(_) => 1,
            Self::Constraints(_) => 2,
            Self::Revoked { .. } => 3,
            Self::OutOfBounds { .. } => 4,
            Self::ResponderOutOfBounds { .. } => 5,
            Self::NoRevocationData { .. } => 6,
            Self::OnHold { .. } => 7,
            Self::Stale { .. } => 8,
            Self::Weak { .. } => 9,
        }
    }

    /// The sub-indication that it leads to if nothing resolves it.
    pub(super) fn sub_indication(&self) -> SubIndication {
        match self {
            Self::ChainNotFound(_) => SubIndication::NoCertificateChainFound,
            Self::ChainInvalid(_) | Self::NoRevocationData { .. } => {
                SubIndication::CertificateChainGeneralFailure
            }
            Self::Constraints(_) => SubIndication::ChainConstraintsFailure,
            Self::Revoked { index: 0, .. } => SubIndication::RevokedNoPoe,
            Self::Revoked { .. } => SubIndication::RevokedCaNoPoe,
            Self::OutOfBounds { not_revoked, .. } => {
                if *not_revoked {
                    SubIndication::OutOfBoundsNotRevoked
                } else {
                    SubIndication::OutOfBoundsNoPoe
                }
            }
            Self::ResponderOutOfBounds { .. } => SubIndication::RevocationOutOfBoundsNoPoe,
            Self::OnHold { .. } | Self::Stale { .. } => SubIndication::TryLater,
            Self::Weak { .. } => SubIndication::CryptoConstraintsFailureNoPoe,
        }
    }

    /// The finding that names it, as the reason of what it leads to.
    pub(super) fn finding(&self) -> Finding {
        self.named().leading_to(self.sub_indication())
    }

    fn named(&self) -> Finding {
        use FindingCode as C;
        match self {
            Self::ChainNotFound(detail) => Finding::new(C::ChainNotFound).detail(detail),
            Self::ChainInvalid(detail) => Finding::new(C::ChainInvalid).detail(detail),
            Self::Constraints(detail) => Finding::new(C::ChainConstraints).detail(detail),
            Self::Revoked {
                index,
                at,
                reason,
                name,
            } => {
                let code = match index {
                    0 => C::CertificateRevoked,
                    _ => C::AuthorityRevoked,
                };
                let reason = reason.map_or("unspecified", RevocationReason::name);
                Finding::new(code).detail(format!("{name}, {}, {reason}", stamp(*at)))
            }
            Self::OutOfBounds {
                not_before,
                not_after,
                name,
                ..
            } => Finding::new(C::CertificateOutsideValidity).detail(format!(
                "{name}, {} .. {}",
                stamp(*not_before),
                stamp(*not_after)
            )),
            Self::ResponderOutOfBounds { name } => {
                Finding::new(C::ResponderOutsideValidity).detail(name)
            }
            Self::NoRevocationData { detail } => Finding::new(C::RevocationMissing).detail(detail),
            Self::OnHold { name, at, .. } => {
                Finding::new(C::CertificateOnHold).detail(format!("{name}, {}", stamp(*at)))
            }
            Self::Stale {
                name, this_update, ..
            } => {
                Finding::new(C::RevocationStale).detail(format!("{name}, {}", stamp(*this_update)))
            }
            Self::Weak { what, key, .. } => {
                let code = if *key { C::KeyWeak } else { C::AlgorithmWeak };
                Finding::new(code).detail(what)
            }
        }
    }
}

/// The problem that decides.
pub(super) fn weightiest(problems: &[Problem]) -> Option<&Problem> {
    problems.iter().min_by_key(|problem| problem.rank())
}

/// A time as RFC 3339.
pub(super) fn stamp(at: OffsetDateTime) -> String {
    at.format(&time::format_description::well_known::Rfc3339)
        .unwrap_or_default()
}

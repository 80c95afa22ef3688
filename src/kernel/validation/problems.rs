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
    /// The anchor has ended: trust in it counts up to then (its sunset date).
    AnchorOutOfBounds {
        not_after: OffsetDateTime,
        name: String,
    },
    ResponderOutOfBounds {
        index: usize,
        name: String,
    },
    NoRevocationData {
        index: usize,
        detail: String,
    },
    OnHold {
        index: usize,
        at: OffsetDateTime,
        name: String,
    },
    Stale {
        index: usize,
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
    pub(super) fn rank(&self) -> u8 {
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
            Self::AnchorOutOfBounds { .. } => 10,
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
            Self::AnchorOutOfBounds { .. } => SubIndication::NoCertificateChainFoundNoPoe,
            Self::ResponderOutOfBounds { .. } => SubIndication::RevocationOutOfBoundsNoPoe,
            Self::OnHold { .. } | Self::Stale { .. } => SubIndication::TryLater,
            // No proof is early enough for what never was strong.
            Self::Weak {
                until: Until::Never,
                ..
            } => SubIndication::CryptoConstraintsFailure,
            Self::Weak { .. } => SubIndication::CryptoConstraintsFailureNoPoe,
        }
    }

    /// The finding that names it, as the reason of what it leads to.
    pub(super) fn finding(&self) -> Finding {
        self.named().leading_to(self.sub_indication())
    }

    fn named(&self) -> Finding {
        Finding::new(self.code()).detail(self.detail())
    }

    const fn code(&self) -> FindingCode {
        use FindingCode as C;
        match self {
            Self::ChainNotFound(_) => C::ChainNotFound,
            Self::ChainInvalid(_) => C::ChainInvalid,
            Self::Constraints(_) => C::ChainConstraints,
            Self::Revoked { index: 0, .. } => C::CertificateRevoked,
            Self::Revoked { .. } => C::AuthorityRevoked,
            Self::OutOfBounds { .. } => C::CertificateOutsideValidity,
            Self::AnchorOutOfBounds { .. } => C::AnchorExpired,
            Self::ResponderOutOfBounds { .. } => C::ResponderOutsideValidity,
            Self::NoRevocationData { .. } => C::RevocationMissing,
            Self::OnHold { .. } => C::CertificateOnHold,
            Self::Stale { .. } => C::RevocationStale,
            Self::Weak { key: true, .. } => C::KeyWeak,
            Self::Weak { .. } => C::AlgorithmWeak,
        }
    }

    fn detail(&self) -> String {
        match self {
            Self::ChainNotFound(detail)
            | Self::ChainInvalid(detail)
            | Self::Constraints(detail)
            | Self::NoRevocationData { detail, .. } => detail.clone(),
            Self::ResponderOutOfBounds { name, .. } => name.clone(),
            Self::Weak { what, .. } => what.clone(),
            Self::Revoked {
                at, reason, name, ..
            } => {
                let reason = reason.map_or("unspecified", RevocationReason::name);
                format!("{name}, {}, {reason}", stamp(*at))
            }
            Self::OutOfBounds {
                not_before,
                not_after,
                name,
                ..
            } => format!("{name}, {} .. {}", stamp(*not_before), stamp(*not_after)),
            Self::AnchorOutOfBounds {
                not_after: at,
                name,
            }
            | Self::OnHold { at, name, .. }
            | Self::Stale {
                this_update: at,
                name,
                ..
            } => format!("{name}, {}", stamp(*at)),
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

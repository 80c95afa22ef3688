//! The one verdict in plain words, from the register and the indications.
//!
//! The kernel knows no register: it gives the verdict of a file alone. Who
//! has a register combines that with what it knows by [`Verdict::worst`].

use serde::{Deserialize, Serialize};

use super::indication::Indication;
use super::report::{SignatureKind, SignatureReport};

/// What people are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Ours, holds, in force.
    Authentic,
    /// Ours, holds; suspended, superseded, cancelled or expired.
    AuthenticNotInForce,
    /// Derived from ours, but not as issued.
    Altered,
    /// The signature holds; no record here.
    UnknownValid,
    /// The signature fails.
    Invalid,
    /// No signature.
    Unsigned,
    /// What is missing decides it.
    Indeterminate,
}

impl Verdict {
    /// The word as JSON and exit statuses know it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Authentic => "authentic",
            Self::AuthenticNotInForce => "authentic_not_in_force",
            Self::Altered => "altered",
            Self::UnknownValid => "unknown_valid",
            Self::Invalid => "invalid",
            Self::Unsigned => "unsigned",
            Self::Indeterminate => "indeterminate",
        }
    }

    /// Whether the answer is yes (exit status 0).
    #[must_use]
    pub const fn is_good(self) -> bool {
        matches!(self, Self::Authentic | Self::UnknownValid)
    }

    /// Precedence: altered and invalid, then unsigned, then indeterminate,
    /// then not in force, then authentic. Higher wins.
    const fn rank(self) -> u8 {
        match self {
            Self::Altered => 6,
            Self::Invalid => 5,
            Self::Unsigned => 4,
            Self::Indeterminate => 3,
            Self::AuthenticNotInForce => 2,
            Self::Authentic => 1,
            Self::UnknownValid => 0,
        }
    }

    /// The verdict that takes precedence.
    #[must_use]
    pub const fn worst(self, other: Self) -> Self {
        if self.rank() >= other.rank() {
            self
        } else {
            other
        }
    }

    /// The verdict of a file that could be read, without a register.
    ///
    /// A document time-stamp alone proves a time, not a signer: without any
    /// signature the file is unsigned however good its time-stamps are. A
    /// time-stamp that fails for good spoils the file.
    #[must_use]
    pub fn of_signatures(signatures: &[SignatureReport]) -> Self {
        let signed = |s: &&SignatureReport| s.kind == SignatureKind::Signature;
        if signatures
            .iter()
            .any(|s| s.indication == Indication::TotalFailed)
        {
            return Self::Invalid;
        }
        if signatures.iter().filter(signed).count() == 0 {
            return Self::Unsigned;
        }
        let passed = |s: &SignatureReport| s.indication == Indication::TotalPassed;
        if signatures.iter().filter(signed).all(passed) {
            Self::UnknownValid
        } else {
            Self::Indeterminate
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signature(kind: SignatureKind, indication: Indication) -> SignatureReport {
        let mut report = SignatureReport::empty(kind);
        report.indication = indication;
        report
    }

    #[test]
    fn indications_decide_without_a_register() {
        use Indication::{Indeterminate, TotalFailed, TotalPassed};
        use SignatureKind::{DocumentTimestamp, Signature};
        let of = |list: &[(SignatureKind, Indication)]| {
            let reports: Vec<_> = list.iter().map(|&(k, i)| signature(k, i)).collect();
            Verdict::of_signatures(&reports)
        };
        assert_eq!(of(&[]), Verdict::Unsigned);
        assert_eq!(of(&[(DocumentTimestamp, TotalPassed)]), Verdict::Unsigned);
        assert_eq!(of(&[(Signature, TotalPassed)]), Verdict::UnknownValid);
        assert_eq!(
            of(&[(Signature, TotalPassed), (Signature, Indeterminate)]),
            Verdict::Indeterminate
        );
        assert_eq!(
            of(&[(Signature, Indeterminate), (Signature, TotalFailed)]),
            Verdict::Invalid
        );
        assert_eq!(
            of(&[(Signature, TotalPassed), (DocumentTimestamp, Indeterminate)]),
            Verdict::UnknownValid
        );
        assert_eq!(
            of(&[(Signature, TotalPassed), (DocumentTimestamp, TotalFailed)]),
            Verdict::Invalid
        );
    }

    #[test]
    fn precedence_is_that_of_the_design() {
        use Verdict as V;
        assert_eq!(
            V::Authentic.worst(V::AuthenticNotInForce),
            V::AuthenticNotInForce
        );
        assert_eq!(
            V::AuthenticNotInForce.worst(V::Indeterminate),
            V::Indeterminate
        );
        assert_eq!(V::Indeterminate.worst(V::Invalid), V::Invalid);
        assert_eq!(V::Altered.worst(V::Invalid), V::Altered);
        assert_eq!(V::Authentic.worst(V::UnknownValid), V::Authentic);
    }
}

//! Indications and sub-indications of ETSI EN 319 102-1 V1.4.1, 5.1.3,
//! tables 5 and 6.
//!
//! [`Indication`] is the status of a whole signature, [`Conclusion`] what one
//! building block concludes. This file judges nothing; it names.

use serde::{Deserialize, Serialize};

/// The status of a signature (EN 319 102-1, table 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Indication {
    /// Every check succeeded under the policy.
    TotalPassed,
    /// The signature fails, and no further information would change that.
    TotalFailed,
    /// What is at hand does not decide it.
    Indeterminate,
}

/// The status that a building block returns (EN 319 102-1, 5.1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// The block's checks succeeded.
    Passed,
    /// They failed for good.
    Failed,
    /// They could not be decided.
    Indeterminate,
}

/// Why a signature is not valid (EN 319 102-1, table 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SubIndication {
    /// The signature does not conform to its format.
    FormatFailure,
    /// A hash of signed data does not match.
    HashFailure,
    /// The signature value does not verify under the signer's key.
    SigCryptoFailure,
    /// The certificate was revoked, and the signature is proven to be later.
    Revoked,
    /// The signature is proven to be later than the certificate's end.
    Expired,
    /// The signature is proven to be earlier than the certificate's beginning.
    NotYetValid,
    /// An attribute or other property breaks the signature constraints.
    SigConstraintsFailure,
    /// The chain does not match the policy's constraints on certificates.
    ChainConstraintsFailure,
    /// The chain does not validate, for another reason than those named here.
    CertificateChainGeneralFailure,
    /// An algorithm or key is too weak, and the material is known to be later
    /// than the time up to which it was strong enough.
    CryptoConstraintsFailure,
    /// The signature policy could not be processed.
    PolicyProcessingError,
    /// The signature policy is not at hand.
    SignaturePolicyNotAvailable,
    /// Time-stamps are not in their order.
    TimestampOrderFailure,
    /// The signing certificate cannot be identified.
    NoSigningCertificateFound,
    /// No chain leads from the signing certificate to an anchor.
    NoCertificateChainFound,
    /// A chain exists to an anchor that is no longer trusted at this time.
    NoCertificateChainFoundNoPoe,
    /// The certificate is revoked, and nothing proves an earlier signature.
    RevokedNoPoe,
    /// The same of a certificate authority on the path.
    RevokedCaNoPoe,
    /// Outside the certificate's validity; known not to have been revoked.
    OutOfBoundsNotRevoked,
    /// Outside the certificate's validity, and nothing proves a better time.
    OutOfBoundsNoPoe,
    /// The certificate of who vouches for the status is outside its validity.
    RevocationOutOfBoundsNoPoe,
    /// An algorithm or key is too weak now, and nothing proves that the
    /// material existed before.
    CryptoConstraintsFailureNoPoe,
    /// A proof of existence is missing.
    NoPoe,
    /// More recent status information may decide it.
    TryLater,
    /// The signed data is not at hand.
    SignedDataNotFound,
    /// A reason of the policy's own.
    Custom,
}

/// What a building block concludes: its status, and the reason if not passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conclusion {
    /// Passed.
    Passed,
    /// Failed for good.
    Failed(SubIndication),
    /// Undecided.
    Indeterminate(SubIndication),
}

impl Conclusion {
    /// The conclusion that a sub-indication belongs to in table 6: some are
    /// final, the others leave the matter open.
    #[must_use]
    pub const fn of(reason: SubIndication) -> Self {
        use SubIndication as S;
        match reason {
            S::FormatFailure
            | S::HashFailure
            | S::SigCryptoFailure
            | S::Revoked
            | S::Expired
            | S::NotYetValid => Self::Failed(reason),
            _ => Self::Indeterminate(reason),
        }
    }

    /// Whether the block passed.
    #[must_use]
    pub const fn is_passed(self) -> bool {
        matches!(self, Self::Passed)
    }

    /// The reason, if not passed.
    #[must_use]
    pub const fn sub_indication(self) -> Option<SubIndication> {
        match self {
            Self::Passed => None,
            Self::Failed(reason) | Self::Indeterminate(reason) => Some(reason),
        }
    }

    /// The building block's status.
    #[must_use]
    pub const fn status(self) -> Status {
        match self {
            Self::Passed => Status::Passed,
            Self::Failed(_) => Status::Failed,
            Self::Indeterminate(_) => Status::Indeterminate,
        }
    }

    /// The signature's status where this conclusion is the process's outcome.
    #[must_use]
    pub const fn indication(self) -> Indication {
        match self {
            Self::Passed => Indication::TotalPassed,
            Self::Failed(_) => Indication::TotalFailed,
            Self::Indeterminate(_) => Indication::Indeterminate,
        }
    }

    /// The worse of two: failed before undecided before passed, and the first
    /// named of equals.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Failed(_), _)
            | (Self::Indeterminate(_), Self::Passed | Self::Indeterminate(_)) => self,
            (_, other) => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_standard() {
        let name = |reason| serde_json::to_string(&reason).expect("a name");
        assert_eq!(name(SubIndication::RevokedCaNoPoe), "\"REVOKED_CA_NO_POE\"");
        assert_eq!(
            name(SubIndication::NoCertificateChainFoundNoPoe),
            "\"NO_CERTIFICATE_CHAIN_FOUND_NO_POE\""
        );
        assert_eq!(name(SubIndication::TryLater), "\"TRY_LATER\"");
    }

    #[test]
    fn the_worse_conclusion_wins() {
        let failed = Conclusion::of(SubIndication::HashFailure);
        let open = Conclusion::of(SubIndication::TryLater);
        assert_eq!(open.and(failed), failed);
        assert_eq!(failed.and(open), failed);
        assert_eq!(Conclusion::Passed.and(open), open);
        assert_eq!(open.and(Conclusion::Passed), open);
        assert_eq!(failed.indication(), Indication::TotalFailed);
    }
}

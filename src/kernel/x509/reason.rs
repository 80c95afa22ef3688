//! Reasons of revocation (RFC 5280 5.3.1) and sets of them (RFC 5280 4.2.1.13).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Why a certificate was revoked. The text is that of RFC 5280.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RevocationReason {
    /// No reason given
    Unspecified,
    /// The subject's key is, or may be, in other hands
    KeyCompromise,
    /// The authority's key is, or may be, in other hands
    #[serde(rename = "cACompromise")]
    CaCompromise,
    /// The subject's name or affiliation changed
    AffiliationChanged,
    /// Replaced by another certificate
    Superseded,
    /// No longer needed
    CessationOfOperation,
    /// Suspended
    CertificateHold,
    /// Only in delta CRLs: no longer revoked
    #[serde(rename = "removeFromCRL")]
    RemoveFromCrl,
    /// A privilege in it was withdrawn
    PrivilegeWithdrawn,
    /// The attribute authority's key is, or may be, in other hands
    #[serde(rename = "aACompromise")]
    AaCompromise,
}

use RevocationReason::{
    AaCompromise, AffiliationChanged, CaCompromise, CertificateHold, CessationOfOperation,
    KeyCompromise, PrivilegeWithdrawn, RemoveFromCrl, Superseded, Unspecified,
};

/// CRLReason values and names; 7 is not used.
const TABLE: [(RevocationReason, u8, &str); 10] = [
    (Unspecified, 0, "unspecified"),
    (KeyCompromise, 1, "keyCompromise"),
    (CaCompromise, 2, "cACompromise"),
    (AffiliationChanged, 3, "affiliationChanged"),
    (Superseded, 4, "superseded"),
    (CessationOfOperation, 5, "cessationOfOperation"),
    (CertificateHold, 6, "certificateHold"),
    (RemoveFromCrl, 8, "removeFromCRL"),
    (PrivilegeWithdrawn, 9, "privilegeWithdrawn"),
    (AaCompromise, 10, "aACompromise"),
];

/// Text that is not a reason of RFC 5280.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a reason of revocation (RFC 5280 5.3.1)")]
pub struct UnknownReason;

impl RevocationReason {
    /// The CRLReason value.
    pub const fn code(self) -> u8 {
        match self {
            Unspecified => 0,
            KeyCompromise => 1,
            CaCompromise => 2,
            AffiliationChanged => 3,
            Superseded => 4,
            CessationOfOperation => 5,
            CertificateHold => 6,
            RemoveFromCrl => 8,
            PrivilegeWithdrawn => 9,
            AaCompromise => 10,
        }
    }

    /// The reason with a CRLReason value.
    pub fn from_code(code: u32) -> Option<Self> {
        TABLE
            .iter()
            .find(|(_, known, _)| u32::from(*known) == code)
            .map(|(reason, _, _)| *reason)
    }

    /// The name in RFC 5280.
    pub fn name(self) -> &'static str {
        TABLE
            .iter()
            .find(|(known, _, _)| *known == self)
            .map_or("unspecified", |(_, _, name)| name)
    }
}

impl fmt::Display for RevocationReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for RevocationReason {
    type Err = UnknownReason;

    fn from_str(text: &str) -> Result<Self, UnknownReason> {
        TABLE
            .iter()
            .find(|(_, _, name)| *name == text)
            .map(|(reason, _, _)| *reason)
            .ok_or(UnknownReason)
    }
}

/// The reasons that a distribution point or a CRL covers. Bit 0 is unused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReasonFlags(pub u32);

impl ReasonFlags {
    /// Every reason (RFC 5280 6.3.3, all-reasons).
    pub const ALL: Self = Self(0b1_1111_1110);

    /// No reason.
    pub const NONE: Self = Self(0);

    /// The reasons of both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The reasons that both have.
    #[must_use]
    pub const fn common(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether every reason of `other` is covered.
    pub const fn covers(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_names_agree_both_ways() {
        for (reason, code, name) in TABLE {
            assert_eq!(reason.code(), code);
            assert_eq!(RevocationReason::from_code(u32::from(code)), Some(reason));
            assert_eq!(name.parse(), Ok(reason));
            assert_eq!(
                serde_json::to_string(&reason).unwrap(),
                format!("\"{name}\"")
            );
        }
        assert_eq!(RevocationReason::from_code(7), None);
        assert_eq!(
            "KeyCompromise".parse::<RevocationReason>(),
            Err(UnknownReason)
        );
    }
}

//! What a certificate of ours is for.

use serde::{Deserialize, Serialize};

/// The six kinds of certificate the authority issues.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The offline root.
    Root,
    /// The CA that certifies people and services.
    IssuingCa,
    /// A person who signs.
    Signatory,
    /// The organisation's seal.
    Seal,
    /// The time-stamping authority.
    Tsa,
    /// The delegated OCSP responder.
    Ocsp,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Root,
        Self::IssuingCa,
        Self::Signatory,
        Self::Seal,
        Self::Tsa,
        Self::Ocsp,
    ];

    /// The name in profiles, registers and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::IssuingCa => "issuing_ca",
            Self::Signatory => "signatory",
            Self::Seal => "seal",
            Self::Tsa => "tsa",
            Self::Ocsp => "ocsp",
        }
    }

    /// True for the two that sign certificates.
    #[must_use]
    pub fn is_ca(self) -> bool {
        matches!(self, Self::Root | Self::IssuingCa)
    }
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl std::str::FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        Self::ALL
            .into_iter()
            .find(|role| role.name() == text)
            .ok_or_else(|| UnknownRole(text.to_owned()))
    }
}

/// Not one of the six.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("unknown kind of certificate \"{0}\": use root, issuing_ca, signatory, seal, tsa or ocsp")]
pub struct UnknownRole(String);

//! Why a time-stamp is refused (PKIFailureInfo, RFC 3161 2.4.2).

use std::fmt;

/// A failure by its bit in PKIFailureInfo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PkiFailureInfo {
    /// Unrecognised or unsupported hash function
    BadAlg,
    /// The transaction is not permitted or supported
    BadRequest,
    /// The data has the wrong format
    BadDataFormat,
    /// The time source is not available
    TimeNotAvailable,
    /// The requested policy is not supported
    UnacceptedPolicy,
    /// The requested extension is not supported
    UnacceptedExtension,
    /// The requested additional information is not available
    AddInfoNotAvailable,
    /// A failure of the system
    SystemFailure,
}

impl PkiFailureInfo {
    const ALL: [Self; 8] = [
        Self::BadAlg,
        Self::BadRequest,
        Self::BadDataFormat,
        Self::TimeNotAvailable,
        Self::UnacceptedPolicy,
        Self::UnacceptedExtension,
        Self::AddInfoNotAvailable,
        Self::SystemFailure,
    ];

    /// The number of the bit.
    pub const fn bit(self) -> u32 {
        match self {
            Self::BadAlg => 0,
            Self::BadRequest => 2,
            Self::BadDataFormat => 5,
            Self::TimeNotAvailable => 14,
            Self::UnacceptedPolicy => 15,
            Self::UnacceptedExtension => 16,
            Self::AddInfoNotAvailable => 17,
            Self::SystemFailure => 25,
        }
    }

    /// The name in RFC 3161.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BadAlg => "badAlg",
            Self::BadRequest => "badRequest",
            Self::BadDataFormat => "badDataFormat",
            Self::TimeNotAvailable => "timeNotAvailable",
            Self::UnacceptedPolicy => "unacceptedPolicy",
            Self::UnacceptedExtension => "unacceptedExtension",
            Self::AddInfoNotAvailable => "addInfoNotAvailable",
            Self::SystemFailure => "systemFailure",
        }
    }

    /// The first failure among the bits of a response.
    pub(super) fn from_bits(bits: u32) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|failure| bits & (1 << failure.bit()) != 0)
    }
}

impl fmt::Display for PkiFailureInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

//! Why there is no valid path: OpenSSL's codes under the names of RFC 5280.

use std::fmt;

use crate::kernel::x509::Certificate;

/// Why a path is not valid, and the certificate it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathError {
    /// What is wrong.
    pub kind: PathErrorKind,
    /// With which certificate, where it is known.
    pub certificate: Option<Certificate>,
}

/// What is wrong with a path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PathErrorKind {
    /// No chain leads to an anchor.
    #[error("no chain leads to a trust anchor")]
    NoChain,
    /// A certificate is used before its validity begins.
    #[error("the certificate is not yet valid")]
    NotYetValid,
    /// A certificate is used after its validity ended.
    #[error("the certificate has expired")]
    Expired,
    /// A certificate's signature does not verify.
    #[error("the certificate's signature does not verify")]
    Signature,
    /// An issuer is not a certification authority, or may not sign certificates.
    #[error("the issuer may not issue certificates")]
    NotCa,
    /// Too many certificates follow one that limits them.
    #[error("the path is longer than a certificate allows")]
    PathLength,
    /// A name is outside the constraints of a certificate above.
    #[error("a name breaks the name constraints")]
    NameConstraints,
    /// A critical extension is unknown, or an extension is malformed.
    #[error("an extension is critical and unknown, or malformed")]
    Extension,
    /// No policy is acceptable along the whole path.
    #[error("no acceptable policy along the path")]
    Policy,
    /// A key is too short or a hash too weak.
    #[error("a key or hash function is too weak")]
    Weak,
    /// The key usage does not allow this use.
    #[error("the key usage does not allow this use")]
    KeyUsage,
    /// The extended key usage does not allow this use.
    #[error("the extended key usage does not allow this use")]
    ExtendedKeyUsage,
    /// A certification authority's certificate is used as an end entity's.
    #[error("the certificate is a certification authority's")]
    CaAsEndEntity,
    /// RFC 5280 forbids the certificate as it is.
    #[error("the certificate breaks RFC 5280: {0}")]
    Profile(String),
    /// OpenSSL cannot read the certificate.
    #[error("OpenSSL cannot read the certificate")]
    Unreadable,
    /// Another error of OpenSSL.
    #[error("{0}")]
    Other(String),
}

impl PathError {
    /// An error about a certificate.
    pub(super) fn of(kind: PathErrorKind, certificate: &Certificate) -> Self {
        Self {
            kind,
            certificate: Some(certificate.clone()),
        }
    }
}

impl PathErrorKind {
    /// The error behind a verification code (`x509_vfy.h` of OpenSSL 3).
    pub(super) fn from_code(code: i32, text: &str) -> Self {
        match code {
            // issuer not found, self-signed and not an anchor, not trusted, path loop
            2 | 18..=21 | 27 | 28 | 55 => Self::NoChain,
            9 => Self::NotYetValid,
            10 => Self::Expired,
            // signature undecodable, key undecodable, mismatch
            4 | 6 | 7 | 24 => Self::Signature,
            // no keyCertSign, not a CA
            32 | 79 => Self::NotCa,
            22 | 25 => Self::PathLength,
            46..=49 | 51..=53 => Self::NameConstraints,
            34 | 41 | 45 => Self::Extension,
            42 | 43 => Self::Policy,
            56..=61 | 66..=68 => Self::Weak,
            26 => Self::ExtendedKeyUsage,
            // field errors, and what the strict flag refuses
            13 | 14 | 29..=31 | 76..=78 | 80..=94 => Self::Profile(text.to_owned()),
            _ => Self::Other(text.to_owned()),
        }
    }
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.certificate {
            Some(certificate) => write!(f, "{} ({})", self.kind, certificate.subject()),
            None => fmt::Display::fmt(&self.kind, f),
        }
    }
}

impl std::error::Error for PathError {}

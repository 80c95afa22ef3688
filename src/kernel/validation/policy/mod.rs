//! The validation policy: which algorithms, ages and usages are accepted.
//!
//! Data, in TOML. The default is strict and cites its sources; what it says of
//! algorithms is ETSI TS 119 312. Trust anchors are not here: who validates
//! brings them, by role.

mod algorithms;

pub use algorithms::{KeyStrength, Scheme, Until};

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::kernel::hash::HashAlgorithm;
use crate::kernel::x509::paths::SIGNING_PURPOSES;

/// The default policy's text.
pub const DEFAULT: &str = include_str!("default.toml");

/// What a validation accepts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Its name, shown in reports.
    pub name: String,
    hash: BTreeMap<HashAlgorithm, Until>,
    signature: BTreeMap<Scheme, Vec<KeyStrength>>,
    /// Revocation data.
    pub revocation: RevocationPolicy,
    /// Time-stamps.
    pub timestamp: TimestampPolicy,
    /// The signer's certificate and signature.
    pub signer: SignerPolicy,
}

/// What is asked of revocation data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RevocationPolicy {
    /// Whether a certificate without any data is undecided.
    pub required: bool,
    /// The greatest age at the time that counts; the data's own `nextUpdate` otherwise.
    pub max_age_hours: Option<u32>,
    /// The life of data without `nextUpdate`.
    pub without_next_update_hours: u32,
}

/// What is asked of time-stamps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimestampPolicy {
    /// How far a time may lie in the future.
    pub tolerance_seconds: u32,
}

/// What is asked of a signer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignerPolicy {
    /// Key usages of which one must be set.
    pub key_usage: Vec<SignerKeyUsage>,
    /// Extended key usages of which one must be there, where the extension is.
    #[serde(default = "signing_purposes")]
    pub extended_key_usage: Vec<String>,
    /// Whether the signed attributes must bind the certificate.
    pub require_signing_certificate: bool,
}

fn signing_purposes() -> Vec<String> {
    SIGNING_PURPOSES.iter().map(ToString::to_string).collect()
}

/// A key usage bit that lets a key sign documents (RFC 5280, 4.2.1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignerKeyUsage {
    /// Bit 0.
    DigitalSignature,
    /// Bit 1.
    NonRepudiation,
}

/// Why a policy file cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the validation policy cannot be read: {0}")]
pub struct PolicyError(#[from] toml::de::Error);

impl Policy {
    /// Reads a policy.
    ///
    /// # Errors
    /// The text is not TOML of this form, or lacks a table.
    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        Ok(toml::from_str(text)?)
    }

    /// The strict default.
    ///
    /// # Errors
    /// Never for the text that is built in; a test reads it.
    pub fn strict() -> Result<Self, PolicyError> {
        Self::parse(DEFAULT)
    }

    /// The same policy with revocation data asked for or not.
    #[must_use]
    pub const fn with_revocation_required(mut self, required: bool) -> Self {
        self.revocation.required = required;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_reads_and_is_strict() {
        let policy = Policy::strict().expect("the default policy");
        assert!(policy.revocation.required);
        assert!(policy.signer.require_signing_certificate);
    }

    #[test]
    fn what_is_written_reads_as_the_same_policy() {
        let policy = Policy::strict().expect("the default policy");
        let written = toml::to_string(&policy).expect("written");
        assert_eq!(Policy::parse(&written).expect("read"), policy);
    }

    #[test]
    fn an_unknown_or_missing_entry_is_an_error() {
        assert!(Policy::parse(&DEFAULT.replace("required = true", "requird = true")).is_err());
        assert!(Policy::parse("name = 'empty'").is_err());
        assert!(Policy::parse(&DEFAULT.replace("2012-08-01", "2012-13-01")).is_err());
    }
}

//! The validation policy: which algorithms, ages and usages are accepted.
//!
//! Data, in TOML. The default is strict and cites its sources; what it says of
//! algorithms is ETSI TS 119 312. Trust anchors are named here by file, by role:
//! who validates reads them.

mod algorithms;
mod parts;

pub use algorithms::{HashStrength, KeyStrength, Limit, Scheme, Until};
pub use parts::{
    AnchorFiles, NetworkPolicy, PathPolicy, RevocationPolicy, SignerKeyUsage, SignerPolicy,
    TimestampPolicy,
};

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::kernel::hash::HashAlgorithm;

/// The default policy's text.
pub const DEFAULT: &str = include_str!("default.toml");

/// What a validation accepts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Its name, shown in reports.
    pub name: String,
    hash: BTreeMap<HashAlgorithm, HashStrength>,
    signature: BTreeMap<Scheme, Vec<KeyStrength>>,
    /// Where the trust anchors are.
    pub anchors: AnchorFiles,
    /// The signer's path.
    pub path: PathPolicy,
    /// Revocation data.
    pub revocation: RevocationPolicy,
    /// What may be fetched.
    pub network: NetworkPolicy,
    /// Time-stamps.
    pub timestamp: TimestampPolicy,
    /// The signer's certificate and signature.
    pub signer: SignerPolicy,
    #[serde(skip)]
    allows_weak: bool,
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

    /// The same policy with every algorithm good for ever, and the leniency of
    /// [`crate::kernel::x509::paths::PathRules::allow_weak`]: for conformance runs alone.
    /// No policy file can say this.
    #[must_use]
    pub const fn allowing_weak(mut self) -> Self {
        self.allows_weak = true;
        self
    }

    pub(super) const fn allows_weak(&self) -> bool {
        self.allows_weak
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
        assert!(Policy::parse(&format!("{DEFAULT}\nallows_weak = true")).is_err());
        assert!(
            Policy::parse(&DEFAULT.replace(", source = \"ETSI TS 119 312 V1.5.1\"", "")).is_err()
        );
        assert!(Policy::parse(&DEFAULT.replace("policies = []", "policies = ['1.2.x']")).is_err());
        assert!(Policy::parse(&DEFAULT.replace("2012-08-01", "2012-13-01")).is_err());
    }
}

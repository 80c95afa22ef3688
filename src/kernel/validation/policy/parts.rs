//! The tables of a policy, one type each.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::Duration;

use crate::kernel::asn1::ObjectIdentifier;
use crate::kernel::x509::paths::PathPolicies;

/// Files of trust anchors by role, relative to the policy's own place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnchorFiles {
    /// For signers and seals.
    pub signer: Vec<String>,
    /// For time-stamping authorities.
    pub tsa: Vec<String>,
    /// For OCSP responses about any issuer's certificates.
    pub ocsp: Vec<String>,
}

/// The inputs of path validation (RFC 5280, 6.1.1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PathPolicy {
    /// user-initial-policy-set; empty: any.
    #[serde(serialize_with = "texts", deserialize_with = "identifiers")]
    pub policies: Vec<ObjectIdentifier>,
    /// initial-explicit-policy
    pub explicit_policy: bool,
    /// initial-policy-mapping-inhibit
    pub inhibit_mapping: bool,
    /// initial-any-policy-inhibit
    pub inhibit_any: bool,
}

impl PathPolicy {
    pub(in super::super) fn policies(&self) -> PathPolicies<'_> {
        PathPolicies {
            initial: &self.policies,
            explicit: self.explicit_policy,
            inhibit_mapping: self.inhibit_mapping,
            inhibit_any: self.inhibit_any,
        }
    }
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
    /// How far data may be dated after the validation.
    pub clock_tolerance_seconds: u32,
}

impl RevocationPolicy {
    pub(in super::super) fn clock_tolerance(&self) -> Duration {
        Duration::seconds(self.clock_tolerance_seconds.into())
    }
}

/// What may be fetched, for chains that are verified already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkPolicy {
    /// The only hosts asked; empty: any host with a public address.
    pub allowed_hosts: Vec<String>,
    /// Hosts that may have a private address, under any port.
    pub private_hosts: Vec<String>,
    /// How long one host is waited for.
    pub timeout_seconds: u8,
}

/// What is asked of time-stamps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimestampPolicy {
    /// How far a time may lie in the future.
    pub tolerance_seconds: u32,
    /// How long after the claimed time of signing a signature may be time-stamped; nothing:
    /// any time.
    pub max_delay_hours: Option<u32>,
}

/// What is asked of a signer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignerPolicy {
    /// Key usages of which one must be set.
    pub key_usage: Vec<SignerKeyUsage>,
    /// Extended key usages of which one must be there, where the extension is; nothing:
    /// [`crate::kernel::x509::paths::SIGNING_PURPOSES`].
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        serialize_with = "some_texts",
        deserialize_with = "some_identifiers"
    )]
    pub extended_key_usage: Option<Vec<ObjectIdentifier>>,
    /// Signature policies that a signer may name (EN 319 122-1, 5.2.9).
    #[serde(serialize_with = "texts", deserialize_with = "identifiers")]
    pub signature_policies: Vec<ObjectIdentifier>,
    /// Whether the signed attributes must bind the certificate.
    pub require_signing_certificate: bool,
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

fn identifiers<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<ObjectIdentifier>, D::Error> {
    let texts: Vec<String> = Vec::deserialize(from)?;
    let read = texts.iter().map(|text| {
        ObjectIdentifier::new(text)
            .map_err(|error| D::Error::custom(format!("{text} is not an identifier: {error}")))
    });
    read.collect()
}

fn texts<S: Serializer>(list: &[ObjectIdentifier], to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(list.iter().map(ToString::to_string))
}

fn some_texts<S: Serializer>(
    list: &Option<Vec<ObjectIdentifier>>,
    to: S,
) -> Result<S::Ok, S::Error> {
    texts(list.as_deref().unwrap_or_default(), to)
}

fn some_identifiers<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<Vec<ObjectIdentifier>>, D::Error> {
    identifiers(from).map(Some)
}

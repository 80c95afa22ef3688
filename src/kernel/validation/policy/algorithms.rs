//! How long an algorithm is strong enough to rest on (ETSI TS 119 312).
//!
//! EN 319 102-1 asks one question at many times: was this algorithm reliable
//! at that time? What is not in the policy never was.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::format_description::well_known::Iso8601;
use time::{Date, OffsetDateTime, Time};

use super::Policy;
use crate::kernel::hash::HashAlgorithm;
use crate::kernel::sign::SignatureAlgorithm;

/// Up to when an algorithm is strong enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Until {
    /// It never was, or nobody knows it.
    Never,
    /// Up to, and not including, this time.
    Time(OffsetDateTime),
    /// No end is known.
    Open,
}

impl Until {
    /// Whether it is strong enough at a time.
    #[must_use]
    pub fn covers(self, at: OffsetDateTime) -> bool {
        match self {
            Self::Never => false,
            Self::Time(end) => at < end,
            Self::Open => true,
        }
    }
}

/// As it is read.
impl Serialize for Until {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Open => serializer.serialize_str(""),
            Self::Never => serializer.serialize_str("never"),
            Self::Time(end) => serializer.collect_str(&end.date()),
        }
    }
}

/// A date, or nothing for no end.
impl<'de> Deserialize<'de> for Until {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.as_str() {
            "" => Ok(Self::Open),
            "never" => Ok(Self::Never),
            date => Date::parse(date, &Iso8601::DATE)
                .map(|date| Self::Time(date.with_time(Time::MIDNIGHT).assume_utc()))
                .map_err(|error| D::Error::custom(format!("{date} is not a date: {error}"))),
        }
    }
}

/// A signature scheme, apart from its hash function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Scheme {
    /// RSASSA-PKCS1-v1_5.
    #[serde(rename = "RSA-PKCS1")]
    RsaPkcs1,
    /// RSASSA-PSS.
    #[serde(rename = "RSA-PSS")]
    RsaPss,
    /// ECDSA.
    #[serde(rename = "ECDSA")]
    Ecdsa,
}

impl From<SignatureAlgorithm> for Scheme {
    fn from(algorithm: SignatureAlgorithm) -> Self {
        match algorithm {
            SignatureAlgorithm::RsaPkcs1(_) => Self::RsaPkcs1,
            SignatureAlgorithm::RsaPss(_) => Self::RsaPss,
            SignatureAlgorithm::Ecdsa(_) => Self::Ecdsa,
        }
    }
}

/// A hash function's limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HashStrength {
    until: Until,
    source: String,
}

/// How long keys of at least this size are strong enough.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyStrength {
    bits: u32,
    until: Until,
    source: String,
}

/// Up to when something is strong enough, and who says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit<'p> {
    /// Up to when.
    pub until: Until,
    /// The publication that says so; nothing for what no policy names.
    pub source: &'p str,
}

impl Limit<'_> {
    const UNKNOWN: Self = Self {
        until: Until::Never,
        source: "",
    };
    const NONE: Self = Self {
        until: Until::Open,
        source: "",
    };
}

impl Policy {
    /// A hash function's limit.
    #[must_use]
    pub fn hash_limit(&self, hash: HashAlgorithm) -> Limit<'_> {
        if self.allows_weak() {
            return Limit::NONE;
        }
        self.hash.get(&hash).map_or(Limit::UNKNOWN, |row| Limit {
            until: row.until,
            source: &row.source,
        })
    }

    /// The limit of a signature made this way by a key of `bits`: that of the key or of the
    /// hash function, whichever ends first.
    #[must_use]
    pub fn signature_limit(&self, algorithm: SignatureAlgorithm, bits: u32) -> Limit<'_> {
        if self.allows_weak() {
            return Limit::NONE;
        }
        let rows = self.signature.get(&Scheme::from(algorithm));
        let row = rows.into_iter().flatten().filter(|row| bits >= row.bits);
        let row = row.max_by_key(|row| row.bits);
        let key = row.map_or(Limit::UNKNOWN, |row| Limit {
            until: row.until,
            source: &row.source,
        });
        let hash = self.hash_limit(algorithm.hash());
        if hash.until < key.until { hash } else { key }
    }

    /// Up to when a hash function is strong enough.
    #[must_use]
    pub fn hash_until(&self, hash: HashAlgorithm) -> Until {
        self.hash_limit(hash).until
    }

    /// Up to when a signature made this way by a key of `bits` is strong enough.
    #[must_use]
    pub fn signature_until(&self, algorithm: SignatureAlgorithm, bits: u32) -> Until {
        self.signature_limit(algorithm, bits).until
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn weak_algorithms_end_when_etsi_says() {
        let policy = Policy::strict().expect("policy");
        let at = datetime!(2026-11-22 00:00 UTC);
        let holds = |algorithm, bits| policy.signature_until(algorithm, bits).covers(at);
        assert!(holds(SignatureAlgorithm::Ecdsa(HashAlgorithm::Sha256), 256));
        assert!(holds(
            SignatureAlgorithm::RsaPkcs1(HashAlgorithm::Sha256),
            2048
        ));
        assert!(!holds(
            SignatureAlgorithm::RsaPkcs1(HashAlgorithm::Sha256),
            1024
        ));
        assert!(!holds(
            SignatureAlgorithm::RsaPkcs1(HashAlgorithm::Sha1),
            4096
        ));
        assert!(!holds(
            SignatureAlgorithm::Ecdsa(HashAlgorithm::Sha256),
            192
        ));
        let before = datetime!(2012-07-31 00:00 UTC);
        let sha1 = SignatureAlgorithm::RsaPkcs1(HashAlgorithm::Sha1);
        assert!(policy.signature_until(sha1, 2048).covers(before));
    }

    #[test]
    fn the_larger_row_decides() {
        let policy = Policy::strict().expect("policy");
        let pss = SignatureAlgorithm::RsaPss(HashAlgorithm::Sha256);
        assert_eq!(policy.signature_until(pss, 3072), Until::Open);
        assert!(matches!(policy.signature_until(pss, 2048), Until::Time(_)));
        assert_eq!(policy.signature_until(pss, 512), Until::Never);
    }
}

//! Names of things, one type per kind, so that a mandate's id is never taken for
//! a document's.
//!
//! Ids are UUIDs of version 7 (RFC 9562): they sort by the time they were made.
//! Time and randomness are arguments; making one is a port's business.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// Why a text is not an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id: expected a UUID in lower-case hexadecimal with hyphens")]
pub struct IdError;

/// Sixteen octets laid out as a UUID of version 7.
fn uuid_v7(now: OffsetDateTime, random: [u8; 10]) -> u128 {
    let millis = (now.unix_timestamp_nanos() / 1_000_000) as u128 & 0xffff_ffff_ffff;
    let random = random
        .iter()
        .fold(0u128, |bits, byte| bits << 8 | u128::from(*byte));
    let rand_a = random >> 62 & 0xfff;
    let rand_b = random & 0x3fff_ffff_ffff_ffff;
    millis << 80 | 7 << 76 | rand_a << 64 | 0b10 << 62 | rand_b
}

fn write_uuid(uuid: u128, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(
        f,
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        uuid >> 96 & 0xffff_ffff,
        uuid >> 80 & 0xffff,
        uuid >> 64 & 0xffff,
        uuid >> 48 & 0xffff,
        uuid & 0xffff_ffff_ffff
    )
}

fn read_uuid(text: &str) -> Result<u128, IdError> {
    let groups: Vec<&str> = text.split('-').collect();
    if !groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12]) {
        return Err(IdError);
    }
    let digits: String = groups.concat();
    if !digits
        .bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    {
        return Err(IdError);
    }
    u128::from_str_radix(&digits, 16).map_err(|_| IdError)
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(into = "String", try_from = "String")]
        pub struct $name(u128);

        impl $name {
            /// Makes an id of a time and randomness.
            #[must_use]
            pub fn new(now: OffsetDateTime, random: [u8; 10]) -> Self {
                Self(uuid_v7(now, random))
            }

            /// The sixteen octets.
            #[must_use]
            pub fn to_bytes(self) -> [u8; 16] {
                self.0.to_be_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_uuid(self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                read_uuid(text).map(Self)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.to_string()
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;

            fn try_from(text: String) -> Result<Self, IdError> {
                text.parse()
            }
        }
    )*};
}

ids! {
    /// One document.
    DocumentId
    /// One client of the API: a permit system.
    ClientId
    /// One person: signatory, reviewer, administrator.
    PersonId
    /// One mandate.
    MandateId
    /// One approval: a signatory's act over a list of digests.
    ApprovalId
    /// One intent: the decision to sign certain prepared bytes.
    IntentId
    /// One attempt: a key operation, recorded before it starts.
    AttemptId
    /// One invitation to add a passkey.
    InvitationId
    /// One ceremony that a browser is asked to hold.
    CeremonyId
    /// One session of the console.
    SessionId
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn an_id_has_version_and_variant_and_reads_back() {
        let id = DocumentId::new(datetime!(2026-11-22 03:46:00.123 UTC), [0xff; 10]);
        let text = id.to_string();
        assert_eq!(text, "01a2015c-5d3b-7fff-bfff-ffffffffffff");
        assert_eq!(text.parse(), Ok(id));
    }

    #[test]
    fn later_ids_sort_later() {
        let early = PersonId::new(datetime!(2026-11-22 03:46:00 UTC), [0xff; 10]);
        let late = PersonId::new(datetime!(2026-11-22 03:46:00.001 UTC), [0; 10]);
        assert!(early < late);
        assert!(early.to_string() < late.to_string());
    }

    #[test]
    fn other_spellings_are_refused() {
        for text in [
            "",
            "01a2015c",
            "01A2015C-5D3B-7FFF-BFFF-FFFFFFFFFFFF",
            "01a2015c5d3b7fffbfffffffffffffff",
            "01a2015c-5d3b-7fff-bfff-fffffffffff+",
            "{01a2015c-5d3b-7fff-bfff-ffffffffffff}",
        ] {
            assert_eq!(text.parse::<DocumentId>(), Err(IdError), "{text}");
        }
    }
}

//! Values on their way into a statement.

use time::OffsetDateTime;

/// One value. An absent value keeps its type: PostgreSQL wants to know it.
#[derive(Debug, Clone)]
pub(in crate::storage) enum Value {
    Text(Option<String>),
    Int(Option<i64>),
    Octets(Option<Vec<u8>>),
}

/// A moment as it is stored.
fn micros(at: OffsetDateTime) -> i64 {
    // Lossless for every year that `time` knows: |nanoseconds| / 1000 < 2^63.
    (at.unix_timestamp_nanos() / 1_000) as i64
}

/// `$first, $first+1, …`: as many as there are values.
pub(in crate::storage) fn placeholders(count: usize) -> String {
    let names: Vec<String> = (1..=count).map(|place| format!("${place}")).collect();
    names.join(", ")
}

/// The values of a statement, in the order of its placeholders.
macro_rules! params {
    ($($value:expr),* $(,)?) => {
        vec![$($crate::storage::sql::Value::from($value)),*]
    };
}
pub(in crate::storage) use params;

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.to_owned()))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(Some(text))
    }
}

impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(Some(number))
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Int(Some(number.into()))
    }
}

impl From<u8> for Value {
    fn from(number: u8) -> Self {
        Self::Int(Some(number.into()))
    }
}

impl From<Option<i64>> for Value {
    fn from(number: Option<i64>) -> Self {
        Self::Int(number)
    }
}

impl From<OffsetDateTime> for Value {
    fn from(at: OffsetDateTime) -> Self {
        Self::Int(Some(micros(at)))
    }
}

impl From<Option<OffsetDateTime>> for Value {
    fn from(at: Option<OffsetDateTime>) -> Self {
        Self::Int(at.map(micros))
    }
}

impl From<&[u8]> for Value {
    fn from(octets: &[u8]) -> Self {
        Self::Octets(Some(octets.to_vec()))
    }
}

impl From<Vec<u8>> for Value {
    fn from(octets: Vec<u8>) -> Self {
        Self::Octets(Some(octets))
    }
}

macro_rules! shown_as_text {
    ($($name:ty),* $(,)?) => {$(
        impl From<$name> for Value {
            fn from(value: $name) -> Self {
                Self::Text(Some(value.to_string()))
            }
        }

        impl From<&$name> for Value {
            fn from(value: &$name) -> Self {
                Self::Text(Some(value.to_string()))
            }
        }
    )*};
}

shown_as_text!(
    crate::domain::credentials::CredentialId,
    crate::domain::ids::ApprovalId,
    crate::domain::ids::AttemptId,
    crate::domain::ids::CeremonyId,
    crate::domain::ids::ClientId,
    crate::domain::ids::DocumentId,
    crate::domain::ids::IntentId,
    crate::domain::ids::InvitationId,
    crate::domain::ids::MandateId,
    crate::domain::ids::PersonId,
    crate::domain::ids::SessionId,
    crate::domain::permit_type::GateName,
    crate::domain::permit_type::PermitTypeCode,
    crate::kernel::code::DocumentCode,
    crate::kernel::hash::Sha256,
);

//! Permit types: data, not code, because decrees change the list.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::accounts::Person;
use super::ids::PersonId;
use super::review::Tier;
use crate::kernel::pdf::placement::Placement;

/// The short code of a permit type, such as `SIPB`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct PermitTypeCode(String);

/// Why a text is not a permit type's code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a permit type's code has 1 to 32 letters, digits, '-', '_' or '.'")]
pub struct PermitTypeCodeError;

/// What the office laid down for one type of permit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PermitType {
    /// Its code.
    pub code: PermitTypeCode,
    /// Its name in full.
    pub name: String,
    /// The signatures it bears, in their order: at least one.
    pub signatures: Vec<SignatureSlot>,
    /// Who reviews before it is signed, in their order.
    pub tiers: Vec<Tier>,
    /// What must be met before it is signed.
    pub gates: Vec<GateName>,
    /// How fast it must be served.
    pub service_class: ServiceClass,
    /// Whether new documents of this type are taken.
    pub active: bool,
}

/// One signature that a permit type asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SignatureSlot {
    /// The PDF field that holds it.
    pub field: String,
    /// The office held by who signs here, as printed: "Kepala Dinas".
    pub office: String,
    /// The people who may sign in their own right; a mandate of one of them serves too.
    pub signatories: Vec<PersonId>,
    /// Where the block goes; for the first signature a document may say otherwise.
    pub placement: Placement,
}

/// The name of a gate, such as `skm`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct GateName(String);

/// Why a text is not a gate's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a gate's name has 1 to 32 lower-case letters, digits, '-' or '_'")]
pub struct GateNameError;

/// How fast a permit must be served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceClass {
    /// Within three hours (Bogor 15/2019, pasal 22).
    ThreeHours,
    /// Within a number of working days.
    WorkingDays(u16),
}

impl PermitTypeCode {
    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl SignatureSlot {
    /// The slot for a document that names its signatory: only he signs, or who holds his
    /// mandate.
    #[must_use]
    pub fn narrowed(&self, wanted: Option<&str>, people: &[Person]) -> Self {
        let mut slot = self.clone();
        if let Some(wanted) = wanted {
            let named = people.iter().find(|person| person.is_called(wanted));
            slot.signatories
                .retain(|id| named.is_some_and(|person| person.id == *id));
        }
        slot
    }
}

impl GateName {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PermitTypeCode {
    type Err = PermitTypeCodeError;

    fn from_str(text: &str) -> Result<Self, PermitTypeCodeError> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if (1..=32).contains(&text.len()) && text.chars().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(PermitTypeCodeError)
        }
    }
}

impl FromStr for GateName {
    type Err = GateNameError;

    fn from_str(text: &str) -> Result<Self, GateNameError> {
        let allowed = |c: char| matches!(c, 'a'..='z' | '0'..='9' | '-' | '_');
        if (1..=32).contains(&text.len()) && text.chars().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(GateNameError)
        }
    }
}

macro_rules! text_conversions {
    ($($name:ident / $error:ident),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = $error;

            fn try_from(text: String) -> Result<Self, $error> {
                text.parse()
            }
        }
    )*};
}

text_conversions!(
    PermitTypeCode / PermitTypeCodeError,
    GateName / GateNameError
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_gate_names_keep_to_their_alphabet() {
        for code in ["SIPB", "sip-b.2", "A_1"] {
            assert!(code.parse::<PermitTypeCode>().is_ok(), "{code}");
        }
        let long = "A".repeat(33);
        for code in ["", "SIP B", "SÍPB", "../x", long.as_str()] {
            assert!(code.parse::<PermitTypeCode>().is_err(), "{code}");
        }
        assert!("skm".parse::<GateName>().is_ok());
        for name in ["", "SKM", "s k", "a/b"] {
            assert!(name.parse::<GateName>().is_err(), "{name}");
        }
    }
}

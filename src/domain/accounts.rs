//! Accounts: permit systems that call the API, and people who review, sign and
//! administer. Each carries the hash of an API key, never the key.

use serde::{Deserialize, Serialize};

use super::ids::{ClientId, PersonId};
use super::permit_type::PermitTypeCode;

/// A permit system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// Its id.
    pub id: ClientId,
    /// What it is called: "OPTIMIS".
    pub name: String,
    /// The permit types it may submit; none named, all.
    pub permit_types: Vec<PermitTypeCode>,
    /// Whether it may call.
    pub active: bool,
}

impl Client {
    /// Whether it may submit documents of a type.
    #[must_use]
    pub fn may_submit(&self, permit_type: &PermitTypeCode) -> bool {
        self.active && (self.permit_types.is_empty() || self.permit_types.contains(permit_type))
    }
}

/// A person of the office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// His id.
    pub id: PersonId,
    /// The name as printed, with academic titles.
    pub name: String,
    /// The office held: "Kepala Dinas Penanaman Modal dan PTSP".
    pub office: String,
    /// The rank: "Pembina Tk. I".
    pub rank: Option<String>,
    /// The civil servant's number.
    pub nip: Option<String>,
    /// What he may do. Which documents he reviews or signs, the permit types say.
    pub roles: Vec<Role>,
    /// Whether he may act.
    pub active: bool,
}

/// What a person may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Signs.
    Signatory,
    /// Reviews.
    Reviewer,
    /// Administers: people, clients, permit types, mandates, certificates.
    Administrator,
    /// Reads everything, changes nothing.
    Auditor,
}

impl Role {
    /// The role's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Signatory => "signatory",
            Self::Reviewer => "reviewer",
            Self::Administrator => "administrator",
            Self::Auditor => "auditor",
        }
    }
}

impl Person {
    /// Whether a text names him: his id, or his NIP with or without spaces.
    #[must_use]
    pub fn is_called(&self, text: &str) -> bool {
        let digits = |text: &str| text.split_whitespace().collect::<String>();
        let nip = self
            .nip
            .as_deref()
            .map(digits)
            .filter(|nip| !nip.is_empty());
        self.id.to_string() == text || nip.is_some_and(|nip| nip == digits(text))
    }

    /// Whether he may act in a role.
    #[must_use]
    pub fn is(&self, role: Role) -> bool {
        self.active && self.roles.contains(&role)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    fn person() -> Person {
        Person {
            id: PersonId::new(datetime!(2026-11-22 04:00 UTC), [1; 10]),
            name: "Dra. Siti Aminah, M.Si.".into(),
            office: "Kepala Dinas".into(),
            rank: None,
            nip: Some("19750619 199503 1 003".into()),
            roles: vec![Role::Signatory],
            active: true,
        }
    }

    #[test]
    fn a_person_is_called_by_id_or_nip() {
        assert!(person().is_called(&person().id.to_string()));
        assert!(person().is_called("197506191995031003"));
        assert!(!person().is_called(""));
        assert!(
            !Person {
                nip: Some(" ".into()),
                ..person()
            }
            .is_called("")
        );
    }

    #[test]
    fn roles_end_with_the_account() {
        assert!(person().is(Role::Signatory));
        assert!(!person().is(Role::Reviewer));
        assert!(
            !Person {
                active: false,
                ..person()
            }
            .is(Role::Signatory)
        );
    }

    #[test]
    fn a_client_keeps_to_its_permit_types() {
        let (sipb, sipp) = ("SIPB".parse().unwrap(), "SIPP".parse().unwrap());
        let id = ClientId::new(datetime!(2026-11-22 04:00 UTC), [1; 10]);
        let all = Client {
            id,
            name: "OPTIMIS".into(),
            permit_types: vec![],
            active: true,
        };
        assert!(all.may_submit(&sipb));
        let one = Client {
            permit_types: vec![sipp],
            ..all.clone()
        };
        assert!(!one.may_submit(&sipb));
        assert!(
            !Client {
                active: false,
                ..all
            }
            .may_submit(&sipb)
        );
    }
}

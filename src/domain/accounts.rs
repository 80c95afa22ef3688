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
    /// The role's name, as it is stored and typed.
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
    /// Whether he may act in a role.
    #[must_use]
    pub fn is(&self, role: Role) -> bool {
        self.active && self.roles.contains(&role)
    }
}

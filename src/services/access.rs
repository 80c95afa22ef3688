//! What a caller may see and decide.

use super::administration::Caller;
use crate::domain::accounts::{Client, Role};
use crate::domain::document::Document;

impl Caller {
    /// The account's id: what its idempotency keys belong to.
    #[must_use]
    pub fn id(&self) -> String {
        match self {
            Self::Client(client) => client.id.to_string(),
            Self::Person(person) => person.id.to_string(),
        }
    }

    /// Whether it may see a document: a client its own, the office's people all.
    pub(super) fn sees(&self, document: &Document) -> bool {
        match self {
            Self::Client(client) => document.client == client.id,
            Self::Person(_) => true,
        }
    }

    /// Whether it may decide about a permit that was issued.
    pub(super) fn may_decide(&self) -> bool {
        match self {
            Self::Client(_) => true,
            Self::Person(person) => person.is(Role::Administrator),
        }
    }
}

impl From<&Client> for Caller {
    fn from(client: &Client) -> Self {
        Self::Client(client.clone())
    }
}

//! Who calls: the client or person that an API key belongs to.

use super::{Administration, api_key};
use crate::domain::accounts::{Client, Person};
use crate::domain::event::Actor;
use crate::services::ports::StoreError;

/// Who presented a key that is known and switched on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// A permit system.
    Client(Client),
    /// A person.
    Person(Person),
}

impl Caller {
    /// Who it is, for events and idempotency keys.
    #[must_use]
    pub fn actor(&self) -> Actor {
        match self {
            Self::Client(client) => Actor::Client(client.id),
            Self::Person(person) => Actor::Person(person.id),
        }
    }
}

impl Administration {
    /// Finds whose key this is; no one's where the account is switched off.
    ///
    /// # Errors
    /// The store's.
    pub async fn authenticate(&self, bearer: &str) -> Result<Option<Caller>, StoreError> {
        let Some(hash) = api_key::presented(bearer) else {
            return Ok(None);
        };
        if let Some(client) = self.store.client_by_key(&hash).await? {
            return Ok(client.active.then_some(Caller::Client(client)));
        }
        let person = self.store.person_by_key(&hash).await?;
        Ok(person.filter(|person| person.active).map(Caller::Person))
    }
}

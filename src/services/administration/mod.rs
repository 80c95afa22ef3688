//! Administration: people, clients, permit types and mandates; and who calls.
//!
//! Every change is an event that names who made it. Nothing is ever deleted:
//! accounts are switched off, so that what they once did keeps its name.

mod accounts;
mod api_key;
mod callers;
mod keys;
mod mandates;
mod permit_types;

use std::sync::Arc;

use time::OffsetDateTime;

pub use accounts::{NewClient, NewPerson};
pub use api_key::ApiKey;
pub use callers::Caller;
pub use mandates::NewMandate;

use super::ports::{Changes, Clock, CommitError, Entropy, EntropyError, Store, StoreError, Write};
use crate::domain::event::Event;

/// The administration of one instance.
#[derive(Clone)]
pub struct Administration {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

/// Why an administrative act was not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AdministrationError {
    /// What it is about is not there.
    #[error("there is no {what} {name}")]
    Unknown {
        /// What kind of thing.
        what: &'static str,
        /// What it was called.
        name: String,
    },
    /// A name that fits more than one.
    #[error("more than one {what} is called {name}: use the id")]
    Ambiguous {
        /// What kind of thing.
        what: &'static str,
        /// What it was called.
        name: String,
    },
    /// A rule would be broken.
    #[error("{0}")]
    Rule(String),
    /// It could not be written.
    #[error(transparent)]
    Commit(#[from] CommitError),
    /// It could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No randomness for an id or a key.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
}

impl AdministrationError {
    fn unknown(what: &'static str, name: &impl ToString) -> Self {
        let name = name.to_string();
        Self::Unknown { what, name }
    }
}

impl Administration {
    /// Administers what a store holds.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        Self {
            store,
            clock,
            entropy,
        }
    }

    fn random<const N: usize>(&self) -> Result<[u8; N], EntropyError> {
        let mut bytes = [0; N];
        self.entropy.fill(&mut bytes)?;
        Ok(bytes)
    }

    fn now(&self) -> OffsetDateTime {
        self.clock.now()
    }

    /// Writes one thing together with the event that says who did it.
    async fn write(&self, write: Write, event: &Event) -> Result<(), AdministrationError> {
        let changes = Changes::new().with(write);
        let changes = changes.event(event, self.entropy.as_ref())?;
        Ok(self.store.commit(changes).await?)
    }
}

//! How people get into the console: invitations, passkeys and sessions.
//!
//! ```text
//! invitation -> creation of a passkey -> its first use -> session
//! session -> creation of a second passkey -> its first use
//! passkey -> session
//! ```
//! Secrets that people or browsers hold (links, cookies) are 256 random bits, kept here as
//! their SHA-256. What a browser is asked is a ceremony, answered once and within minutes.
//! Everything that opens or closes a way in is an event.

mod enrolment;
mod error;
mod invitations;
mod passkeys;
mod place;
mod sessions;
mod token;
mod wire;

use std::sync::Arc;

use time::OffsetDateTime;

pub use enrolment::Enrolled;
pub use error::EntryError;
pub use invitations::Invited;
pub(super) use passkeys::Proven;
pub use place::{Place, origin_of};
pub use token::Token;
pub use wire::{Answer, Asked, Creation, CreationOptions, Octets, UseOptions};

use super::ports::{Clock, Entropy, EntropyError, KeyMaker, Store};
use crate::domain::sessions::SessionLimits;

/// The way into one instance's console.
#[derive(Clone)]
pub struct Entry {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    place: Place,
    limits: SessionLimits,
    keys: Option<Arc<dyn KeyMaker>>,
}

impl Entry {
    /// The way into what a store holds.
    #[must_use]
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        place: Place,
        limits: SessionLimits,
    ) -> Self {
        Self {
            store,
            clock,
            entropy,
            place,
            limits,
            keys: None,
        }
    }

    /// The same, making the keys of signatories who enrol.
    #[must_use]
    pub fn making_keys(mut self, keys: Arc<dyn KeyMaker>) -> Self {
        self.keys = Some(keys);
        self
    }

    /// Where the console is.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }

    fn now(&self) -> OffsetDateTime {
        self.clock.now()
    }

    fn random<const N: usize>(&self) -> Result<[u8; N], EntropyError> {
        let mut bytes = [0; N];
        self.entropy.fill(&mut bytes)?;
        Ok(bytes)
    }
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entry")
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

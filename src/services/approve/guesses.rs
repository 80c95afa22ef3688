//! Tries of a passphrase: how many at once, and when none.
//!
//! A wrong one is counted durably before it is answered ([`Lockout`]). Those still being
//! tried count as wrong until they are known to be right, so that many calls at once do
//! not make more guesses than one after the other would. Each replica holds back its own
//! callers; the count is common to all.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use time::Duration;

use crate::domain::ids::PersonId;
use crate::domain::lockout::{FREE_TRIES, Lockout};
use crate::services::error::ServiceError;
use crate::services::office::Services;
use crate::services::ports::signatory_keys::OpenedKey;
use crate::services::ports::{UnlockError, UnlockSecret};

/// How many passphrases of each person are being tried now.
#[derive(Default)]
pub(in crate::services) struct Guesses {
    trying: Mutex<HashMap<PersonId, u32>>,
    ended: tokio::sync::Notify,
}

/// The right to try one passphrase. Others wait where this one could be the last.
pub(super) struct Guess {
    services: Services,
    person: PersonId,
    before: Option<Lockout>,
}

impl Guess {
    /// Whether wrong ones came before: the right one ends their count.
    pub(super) fn follows_wrong_ones(&self) -> bool {
        self.before.is_some()
    }
}

impl Drop for Guess {
    fn drop(&mut self) {
        self.services.guesses().leave(self.person);
    }
}

impl Guesses {
    /// Enters if every try that goes on could be wrong and one more were still free.
    /// Tells how many others were inside.
    fn enter(&self, person: PersonId, failures: u32) -> Option<u32> {
        let mut trying = self.lock();
        let count = trying.entry(person).or_default();
        let others = *count;
        is_free(failures, others).then(|| {
            *count = others.saturating_add(1);
            others
        })
    }

    fn leave(&self, person: PersonId) {
        let mut trying = self.lock();
        if let Some(count) = trying.get_mut(&person) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                trying.remove(&person);
            }
        }
        drop(trying);
        self.ended.notify_waiters();
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<PersonId, u32>> {
        self.trying.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One alone may always try: that no wait stands was asked before.
fn is_free(failures: u32, others: u32) -> bool {
    others == 0 || failures.saturating_add(others) < FREE_TRIES
}

impl Services {
    /// Waits until this person's passphrase may be tried.
    ///
    /// # Errors
    /// When none is, for some time.
    pub(super) async fn may_guess(&self, person: &PersonId) -> Result<Guess, ServiceError> {
        loop {
            let ended = self.guesses().ended.notified();
            let known = self.wrong_ones(person).await?.map_or(0, |one| one.failures);
            let Some(others) = self.guesses().enter(*person, known) else {
                ended.await;
                continue;
            };
            let mut guess = Guess {
                services: self.clone(),
                person: *person,
                before: None,
            };
            // Read again inside: who left meanwhile has counted by now.
            guess.before = self.wrong_ones(person).await?;
            if is_free(guess.before.map_or(0, |one| one.failures), others) {
                return Ok(guess);
            }
        }
    }

    /// The wrong ones so far.
    ///
    /// # Errors
    /// When they forbid another try for some time.
    pub(super) async fn wrong_ones(
        &self,
        person: &PersonId,
    ) -> Result<Option<Lockout>, ServiceError> {
        let before = self.store().lockout(person).await?;
        match before.and_then(|before| before.left(self.now())) {
            Some(wait) => Err(ServiceError::Locked { wait }),
            None => Ok(before),
        }
    }

    /// Opens the key, or counts the wrong passphrase.
    pub(super) async fn open(
        &self,
        guess: &Guess,
        secret: &UnlockSecret,
    ) -> Result<OpenedKey, ServiceError> {
        let keys = &self.ports().keys;
        match keys.unlock(&guess.person.to_string(), secret).await {
            Err(UnlockError::WrongSecret) => {
                let counted = self.store().count_wrong_secret(&guess.person, self.now());
                let counted = counted.await?;
                Err(ServiceError::WrongSecret {
                    tries_left: counted.tries_left(),
                    wait: Some(counted.wait()).filter(|wait| *wait > Duration::ZERO),
                })
            }
            opened => Ok(opened?),
        }
    }
}

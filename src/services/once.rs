//! Doing a call once: the same idempotency key twice gives the same result twice.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::ServiceError;
use super::office::Services;
use super::ports::{Changes, Claim, ClaimToken, Claimed, Write};
use crate::kernel::hash::Sha256;

/// A call under an idempotency key.
#[derive(Debug, Clone)]
pub struct Once {
    /// Who calls.
    pub caller: String,
    /// The key.
    pub key: String,
    /// The SHA-256 of what is asked: method, path and body.
    pub request: Sha256,
}

/// A result, and whether it is an earlier one.
#[derive(Debug, Clone, PartialEq)]
pub struct Done<T> {
    /// The result.
    pub value: T,
    /// Whether it was given before.
    pub replayed: bool,
}

/// The claim that an act holds, if its call has a key.
#[derive(Debug, Default)]
pub(super) struct Held(Option<ClaimToken>);

impl Held {
    /// Makes the result durable together with what was done.
    pub(super) fn answer<T: Serialize>(
        &self,
        changes: Changes,
        result: &T,
    ) -> Result<Changes, ServiceError> {
        let Some(token) = &self.0 else {
            return Ok(changes);
        };
        let result = serde_json::to_vec(result)
            .map_err(|error| ServiceError::Internal(format!("a result cannot be kept: {error}")))?;
        Ok(changes.with(Write::Answer(token.clone(), result)))
    }
}

/// Claims whose act came to nothing, on their way to being free again.
#[derive(Debug, Default)]
pub(super) struct GivenUp(Mutex<Vec<ClaimToken>>);

impl GivenUp {
    fn next(&self) -> Option<ClaimToken> {
        self.lock().first().cloned()
    }

    fn forget(&self, token: &ClaimToken) {
        self.lock().retain(|one| one != token);
    }

    fn lock(&self) -> MutexGuard<'_, Vec<ClaimToken>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A claim while its act runs. Unless it is answered it is given up, also where the
/// act panics or is dropped.
struct Kept<'a> {
    services: &'a Services,
    token: Option<ClaimToken>,
}

impl<'a> Kept<'a> {
    fn new(services: &'a Services, token: ClaimToken) -> Self {
        Self {
            services,
            token: Some(token),
        }
    }

    fn answered(mut self) {
        self.token = None;
    }
}

impl Drop for Kept<'_> {
    fn drop(&mut self) {
        if let Some(token) = self.token.take() {
            self.services.given_up().lock().push(token);
        }
    }
}

impl Services {
    /// Does an act, unless its key says that it was done. The act must
    /// [answer](Held::answer) with its changes. If it fails, the key is free again.
    pub(super) async fn once<T: DeserializeOwned>(
        &self,
        once: Option<Once>,
        act: impl AsyncFnOnce(&Held) -> Result<T, ServiceError>,
    ) -> Result<Done<T>, ServiceError> {
        let Some(once) = once else {
            let value = act(&Held(None)).await?;
            return Ok(Done {
                value,
                replayed: false,
            });
        };
        let token = ClaimToken {
            caller: once.caller.clone(),
            key: once.key.clone(),
            serial: i64::from_be_bytes(self.random()?),
        };
        // Before the claim: it may be made though nobody hears of it any more.
        let kept = Kept::new(self, token.clone());
        match self.claim(once, token.serial).await? {
            Claimed::Fresh => {}
            other => {
                kept.answered();
                return answered(&other);
            }
        }
        let done = act(&Held(Some(token))).await;
        match done {
            Ok(value) => {
                kept.answered();
                Ok(Done {
                    value,
                    replayed: false,
                })
            }
            Err(error) => {
                drop(kept);
                self.give_up_claims().await;
                Err(error)
            }
        }
    }

    /// Gives up the claims of acts that failed or were dropped half way. What cannot
    /// be given up now, on a full disk, is tried again with the next call.
    async fn give_up_claims(&self) {
        // Each is forgotten only once it is done: this call may be dropped as well.
        while let Some(token) = self.given_up().next() {
            if let Err(error) = self.store().give_up_claim(&token).await {
                tracing::warn!(%error, "an idempotency key is not free yet");
                return;
            }
            self.given_up().forget(&token);
        }
    }

    async fn claim(&self, once: Once, serial: i64) -> Result<Claimed, ServiceError> {
        self.give_up_claims().await;
        let at = self.now();
        let until = at + self.policy().claim_lifetime;
        let Once {
            caller,
            key,
            request,
        } = once;
        Ok(self
            .store()
            .claim(&Claim {
                caller,
                key,
                serial,
                request,
                at,
                until,
            })
            .await?)
    }
}

/// What a call gets whose key is claimed or answered already.
fn answered<T: DeserializeOwned>(claimed: &Claimed) -> Result<Done<T>, ServiceError> {
    match claimed {
        Claimed::Done(result) => replay(result),
        Claimed::OtherRequest => Err(ServiceError::OtherRequest),
        Claimed::InFlight | Claimed::Fresh => Err(ServiceError::InFlight),
    }
}

fn replay<T: DeserializeOwned>(result: &[u8]) -> Result<Done<T>, ServiceError> {
    let value = serde_json::from_slice(result).map_err(|error| {
        ServiceError::Internal(format!("a kept result cannot be read: {error}"))
    })?;
    Ok(Done {
        value,
        replayed: true,
    })
}

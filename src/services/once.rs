//! Doing a call once: the same idempotency key twice gives the same result twice.

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
        let token = match self.claim(once).await? {
            Claimed::Fresh(token) => token,
            Claimed::InFlight => return Err(ServiceError::InFlight),
            Claimed::OtherRequest => return Err(ServiceError::OtherRequest),
            Claimed::Done(result) => return replay(&result),
        };
        match act(&Held(Some(token.clone()))).await {
            Ok(value) => Ok(Done {
                value,
                replayed: false,
            }),
            Err(error) => {
                self.store().give_up_claim(&token).await?;
                Err(error)
            }
        }
    }

    async fn claim(&self, once: Once) -> Result<Claimed, ServiceError> {
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
                request,
                at,
                until,
            })
            .await?)
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

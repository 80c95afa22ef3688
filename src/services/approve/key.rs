//! The key phase: every digest is signed, one after the other, then the key is
//! dropped. Nothing else happens here.

use crate::domain::document::Document;
use crate::domain::signing::{Attempt, Intent};
use crate::kernel::sign::{SignError, Signer};
use crate::services::error::ServiceError;
use crate::services::fault;

/// What is durable about a signature that is about to be made.
pub(super) struct Recorded {
    pub(super) document: Document,
    pub(super) intent: Intent,
    pub(super) attempt: Attempt,
}

/// A signature value, or why there is none.
pub(super) struct Signed {
    pub(super) recorded: Recorded,
    pub(super) value: Result<Vec<u8>, Refusal>,
}

/// Why the key gave no value.
pub(super) struct Refusal {
    pub(super) reason: String,
    /// A value may have been made that never came back.
    pub(super) value_may_exist: bool,
}

/// Signs everything, on a thread where a slow device holds up no one.
pub(super) async fn sign(
    signer: Box<dyn Signer>,
    recorded: Vec<Recorded>,
) -> Result<Vec<Signed>, ServiceError> {
    let work = tokio::task::spawn_blocking(move || {
        recorded
            .into_iter()
            .map(|one| sign_one(&*signer, one))
            .collect()
    });
    work.await
        .map_err(|error| ServiceError::Internal(error.to_string()))
}

fn sign_one(signer: &dyn Signer, recorded: Recorded) -> Signed {
    fault::point("key.before");
    let value = signer.sign_digest(&recorded.intent.digest);
    fault::point("key.after");
    Signed {
        recorded,
        value: value.map_err(Refusal::from),
    }
}

impl From<SignError> for Refusal {
    fn from(error: SignError) -> Self {
        let value_may_exist = matches!(error, SignError::ReplyLost(_) | SignError::DeviceLost(_));
        Self {
            reason: error.to_string(),
            value_may_exist,
        }
    }
}

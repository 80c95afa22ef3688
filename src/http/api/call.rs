//! A call that changes something: who makes it, and under which idempotency key.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Method, Uri};

use crate::http::extract::IdempotencyKey;
use crate::http::problem::Problem;
use crate::http::state::App;
use crate::kernel::hash::Sha256;
use crate::services::Once;
use crate::services::administration::Caller;

/// A mutating call by someone that `C` lets through.
pub struct Call<C> {
    /// Who calls.
    pub by: C,
    key: IdempotencyKey,
    method: Method,
    uri: Uri,
}

impl<C> FromRequestParts<App> for Call<C>
where
    C: FromRequestParts<App, Rejection = Problem> + Send,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        Ok(Self {
            by: C::from_request_parts(parts, app).await?,
            key: IdempotencyKey::from_request_parts(parts, app).await?,
            method: parts.method.clone(),
            uri: parts.uri.clone(),
        })
    }
}

impl<C> Call<C> {
    /// The claim of this call, where it has a key. Two calls are the same if method,
    /// path and content are, whatever the multipart boundary was.
    pub(super) fn once(&self, caller: &Caller, content: &[&[u8]]) -> Option<Once> {
        let key = self.key.0.clone()?;
        let digests: Vec<Sha256> = content.iter().map(|part| Sha256::of(part)).collect();
        let mut parts: Vec<&[u8]> = vec![
            self.method.as_str().as_bytes(),
            b" ",
            self.uri.path().as_bytes(),
            b"\n",
        ];
        parts.extend(digests.iter().map(|digest| digest.as_bytes().as_slice()));
        Some(Once {
            caller: caller.id(),
            key,
            request: Sha256::of_parts(&parts),
        })
    }
}

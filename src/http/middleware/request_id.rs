//! A name for every request: in the log, in the `X-Request-Id` header and in
//! every problem, so that a caller's complaint finds its log line.
//!
//! Always our own: a caller's id could carry personal data into the log.

use std::fmt;

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;

/// The header that carries it.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");

tokio::task_local! {
    static CURRENT: RequestId;
}

/// 64 random bits as 16 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestId(u64);

impl RequestId {
    fn random() -> Self {
        // Without randomness a request still deserves its answer.
        Self(getrandom::u64().unwrap_or_default())
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// The id of the request that this task serves.
#[must_use]
pub fn current() -> Option<RequestId> {
    CURRENT.try_with(|id| *id).ok()
}

/// Lets a task of its own know the id of the request it works for.
pub fn carried<F: Future>(work: F) -> impl Future<Output = F::Output> {
    let id = current().unwrap_or(RequestId(0));
    CURRENT.scope(id, work)
}

/// Gives the request its id and a span that bears it.
pub async fn assign(request: Request, next: Next) -> Response {
    let id = RequestId::random();
    let span = tracing::info_span!("request", id = %id);
    let mut response = CURRENT.scope(id, next.run(request)).instrument(span).await;
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}

//! A call that changes something is brought to its end, also when its caller has gone or
//! its time is over: half an approval would hold its documents and its idempotency key.
//! The repeated call then gets the recorded answer.

use axum::extract::Request;
use axum::http::Method;
use axum::http::header::{AUTHORIZATION, COOKIE};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tracing::Instrument as _;

use super::request_id;
use crate::http::problem::Problem;

/// Runs a call by someone who is known in a task of its own.
pub async fn bring(request: Request, next: Next) -> Response {
    let known = [AUTHORIZATION, COOKIE]
        .iter()
        .any(|one| request.headers().contains_key(one));
    if request.method() != Method::POST || !known {
        return next.run(request).await;
    }
    let handled = request_id::carried(next.run(request)).in_current_span();
    let handled = tokio::spawn(handled).await;
    handled.unwrap_or_else(|error| Problem::internal(error).into_response())
}

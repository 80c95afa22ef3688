//! No request is worked on for ever. What a handler has durably begun goes on
//! in the background; the client asks for the state again.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::http::problem::Problem;

/// The longest time a request is worked on.
#[derive(Clone, Copy, Debug)]
pub struct TimeLimit(pub Duration);

/// Answers `unavailable` when the handler is not done in time.
pub async fn enforce(State(limit): State<TimeLimit>, request: Request, next: Next) -> Response {
    match tokio::time::timeout(limit.0, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::unavailable(
            "The request took too long. Ask for the document's state before trying again.",
            format_args!("no answer within {:?}", limit.0),
        )
        .into_response(),
    }
}

//! `POST /tsa`: RFC 3161 section 3.4. A refusal is an answer of the protocol, so it
//! comes with 200 too.

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use super::{LONGEST_REQUEST, check_media_type};
use crate::http::extract::whole;
use crate::http::problem::Problem;
use crate::http::state::App;

/// Answers a time-stamp query.
pub async fn respond(
    State(app): State<App>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    check_media_type(&headers, "application/timestamp-query")?;
    let request = whole(body, LONGEST_REQUEST).await?;
    let reply = app.authority().tsa().respond(&request).await;
    Ok(([(CONTENT_TYPE, "application/timestamp-reply")], reply).into_response())
}

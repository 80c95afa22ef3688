//! Small JSON bodies.

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use http_body_util::LengthLimitError;
use serde::de::DeserializeOwned;

use super::upload::caused_by;
use crate::http::middleware::body::Stalled;
use crate::http::problem::{Kind, Problem};

/// More than any body of the API but an upload needs.
const LIMIT: usize = 64 * 1024;

/// A JSON body of at most 64 KiB.
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::new(
                Kind::UnsupportedMediaType,
                "Send JSON with `Content-Type: application/json`.",
            ));
        }
        let bytes = whole(request.into_body(), LIMIT).await?;
        serde_json::from_slice(&bytes)
            .map(Self)
            .map_err(|error| Problem::new(Kind::InvalidRequest, format!("The body: {error}.")))
    }
}

/// Reads a body that must be small.
///
/// # Errors
/// `too-large`, `too-slow`, or `invalid-request` when it breaks off.
pub async fn whole(body: Body, limit: usize) -> Result<axum::body::Bytes, Problem> {
    to_bytes(body, limit).await.map_err(|error| {
        if caused_by::<LengthLimitError>(&error) {
            Problem::new(Kind::TooLarge, format!("More than {limit} bytes."))
        } else if caused_by::<Stalled>(&error) {
            Problem::new(Kind::TooSlow, "The body stopped arriving.")
        } else {
            Problem::new(Kind::InvalidRequest, "The body broke off.")
        }
    })
}

fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .map(str::trim)
        .is_some_and(|essence| {
            essence.eq_ignore_ascii_case("application/json")
                || essence.to_ascii_lowercase().ends_with("+json")
        })
}

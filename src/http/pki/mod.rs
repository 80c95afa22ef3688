//! Answers of the authority, for every relying party: timestamps, OCSP, CRLs and
//! certificates. Public, without keys, as the protocols ask.

pub mod caching;
mod certificates;
mod crl;
mod ocsp;
mod tsa;

use axum::Router;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::routing::{get, post};

use super::problem::{Kind, Problem};
use super::state::App;

/// Requests of these protocols have a few hundred bytes.
const LONGEST_REQUEST: usize = 16 * 1024;

/// The authority's routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/tsa", post(tsa::respond))
        .route("/ocsp", post(ocsp::respond))
        .route("/ocsp/", post(ocsp::respond))
        .route("/ocsp/{*request}", get(ocsp::respond_to_get))
        .route("/crl/{name}", get(crl::show))
        .route("/certs/{name}", get(certificates::show))
}

/// Refuses a request of another media type than the protocol's.
fn check_media_type(headers: &HeaderMap, expected: &'static str) -> Result<(), Problem> {
    let sent = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let essence = sent
        .and_then(|value| value.split(';').next())
        .unwrap_or_default();
    if essence.trim().eq_ignore_ascii_case(expected) {
        return Ok(());
    }
    let detail = format!("Send it with `Content-Type: {expected}`.");
    Err(Problem::new(Kind::UnsupportedMediaType, detail))
}

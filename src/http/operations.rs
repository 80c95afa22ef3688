//! For who runs the service: alive, ready, measured.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use super::state::App;

const TEXT_FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// `GET /healthz`: the process answers. Says nothing about what it needs: a
/// supervisor that restarts it for a database that is away helps nobody.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// `GET /metrics`
pub async fn metrics(State(app): State<App>) -> Response {
    ([(CONTENT_TYPE, TEXT_FORMAT)], app.metrics().render(&[])).into_response()
}

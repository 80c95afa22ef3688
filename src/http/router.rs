//! All routes, and what every request passes on its way to them.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;

use super::api;
use super::console;
use super::middleware::body::{self, IdleLimit};
use super::middleware::headers::{self, Https};
use super::middleware::time_limit::{self, TimeLimit};
use super::middleware::{record, request_id, to_the_end};
use super::operations;
use super::pages;
use super::pki;
use super::problem::Problem;
use super::state::App;

/// Multipart heads and the parts beside the file.
const BESIDE_THE_FILE: usize = 256 * 1024;

/// The whole service.
pub fn router(app: App) -> Router {
    let settings = app.settings();
    let https = Https(settings.public_url.starts_with("https://"));
    let time_limit = TimeLimit(settings.request_limit);
    let idle_limit = IdleLimit(settings.idle_limit);
    let body_limit = settings.upload_bytes.saturating_add(BESIDE_THE_FILE);
    Router::new()
        .route("/healthz", get(operations::alive))
        .route("/readyz", get(operations::ready))
        .route("/metrics", get(operations::metrics))
        .nest("/api/v1", api::routes())
        .merge(pki::routes())
        .merge(pages::routes())
        .merge(console::routes())
        .fallback(pages::nothing_here)
        .method_not_allowed_fallback(other_method)
        .layer(DefaultBodyLimit::max(body_limit))
        .layer(from_fn_with_state(idle_limit, body::receive))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(to_the_end::bring))
        .layer(from_fn_with_state(time_limit, time_limit::enforce))
        .layer(from_fn_with_state(https, headers::secure))
        .layer(from_fn_with_state(app.metrics().clone(), record::record))
        .layer(from_fn(request_id::assign))
        .with_state(app)
}

async fn other_method() -> Problem {
    Problem::method_not_allowed()
}

/// A bug; what it says goes to the log alone.
#[allow(clippy::needless_pass_by_value, reason = "the layer hands it over")]
fn panicked(panic: Box<dyn std::any::Any + Send>) -> Response {
    let cause = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("a panic without words");
    Problem::internal(cause).into_response()
}

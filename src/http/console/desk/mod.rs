//! The desk's pages: what waits, a document with all that is weighed, reading, review and
//! return. Plain forms; every page works without script.

mod acts;
mod document;
mod facts;
mod list;
mod pictures;
mod refuse;
pub(super) mod words;

use axum::Router;
use axum::routing::{get, post};

use crate::http::state::App;

/// The desk's routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/console", get(list::show))
        .route("/console/documents/{id}", get(document::show))
        .route("/console/documents/{id}/file", get(pictures::file))
        .route("/console/documents/{id}/pages/{page}", get(pictures::page))
        .route("/console/documents/{id}/read", post(acts::read))
        .route("/console/documents/{id}/review", post(acts::review))
        .route(
            "/console/documents/{id}/return",
            get(refuse::show).post(acts::refuse),
        )
}

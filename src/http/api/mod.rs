//! The API for permit systems and for the people who review and sign.

mod approvals;
mod call;
mod document;
mod documents;
mod gates;
mod reviews;
mod status;
mod verifications;

use axum::Router;
use axum::routing::{get, post};

use super::state::App;

/// The API's routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/documents", post(documents::submit).get(documents::list))
        .route("/documents/{id}", get(documents::show))
        .route("/documents/{id}/file", get(documents::file))
        .route("/documents/{id}/evidence", get(documents::evidence))
        .route("/documents/{id}/reviews", post(reviews::add))
        .route("/documents/{id}/approvals", post(approvals::give))
        .route("/documents/{id}/gates/{name}", post(gates::meet))
        .route("/documents/{id}/cancel", post(status::cancel))
        .route("/documents/{id}/suspend", post(status::suspend))
        .route("/documents/{id}/resume", post(status::resume))
        .route("/documents/{id}/supersede", post(status::supersede))
        .route("/verifications", post(verifications::upload))
        .route("/verifications/code/{code}", get(verifications::by_code))
        .route("/verifications/sha256/{hex}", get(verifications::by_sha256))
}

//! Pages for everyone: plain HTML, no script, the answer first.

pub mod assets;
mod home;
mod problems;
mod respond;
pub mod shell;
mod trust;
mod verdict;
pub mod view;
pub mod words;

use axum::Router;
use axum::extract::Request;
use axum::http::header::ACCEPT;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};

use super::problem::Problem;
use super::state::App;
use respond::PageError;
use shell::Shell;

/// The pages' routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/", get(home::show))
        .route("/v", get(home::find))
        .route("/v/{code}", get(verdict::by_code))
        .route("/V/{code}", get(verdict::by_code))
        .route("/verify", post(verdict::of_upload))
        .route("/trust", get(trust::show))
        .route("/problems/{name}", get(problems::show))
        .route("/assets/{name}", get(assets::show))
}

/// What answers where there is nothing: a page for browsers, a problem for programs.
pub async fn nothing_here(shell: Shell, request: Request) -> Response {
    let problem = Problem::not_found("There is nothing at this address.");
    let accepts_pages = request.headers().get_all(ACCEPT).iter().any(|value| {
        value
            .to_str()
            .is_ok_and(|value| value.contains("text/html"))
    });
    if accepts_pages && !request.uri().path().starts_with("/api/") {
        PageError::new(shell, problem).into_response()
    } else {
        problem.into_response()
    }
}

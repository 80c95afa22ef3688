//! The status of an issued permit: cancel, suspend, resume, supersede.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::call::Call;
use super::document::changed;
use crate::domain::ids::DocumentId;
use crate::http::extract::{Authenticated, Json, Path};
use crate::http::problem::Problem;
use crate::http::state::App;
use crate::services::StatusChange;

type ByAnyone = Call<Authenticated>;

/// Why.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Why {
    reason: String,
}

/// Which document takes its place, and why.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Succession {
    successor: DocumentId,
    reason: String,
}

/// `POST /api/v1/documents/{id}/cancel`: out of force, for good.
pub async fn cancel(
    State(app): State<App>,
    call: ByAnyone,
    Path(id): Path<DocumentId>,
    Json(Why { reason }): Json<Why>,
) -> Result<Response, Problem> {
    decide(&app, &call, id, StatusChange::Cancel { reason }).await
}

/// `POST /api/v1/documents/{id}/suspend`: out of force, for a time.
pub async fn suspend(
    State(app): State<App>,
    call: ByAnyone,
    Path(id): Path<DocumentId>,
    Json(Why { reason }): Json<Why>,
) -> Result<Response, Problem> {
    decide(&app, &call, id, StatusChange::Suspend { reason }).await
}

/// `POST /api/v1/documents/{id}/resume`: in force again.
pub async fn resume(
    State(app): State<App>,
    call: ByAnyone,
    Path(id): Path<DocumentId>,
    Json(Why { reason }): Json<Why>,
) -> Result<Response, Problem> {
    decide(&app, &call, id, StatusChange::Resume { reason }).await
}

/// `POST /api/v1/documents/{id}/supersede`: another document takes its place.
pub async fn supersede(
    State(app): State<App>,
    call: ByAnyone,
    Path(id): Path<DocumentId>,
    Json(Succession { successor, reason }): Json<Succession>,
) -> Result<Response, Problem> {
    decide(
        &app,
        &call,
        id,
        StatusChange::Supersede { successor, reason },
    )
    .await
}

async fn decide(
    app: &App,
    call: &ByAnyone,
    id: DocumentId,
    change: StatusChange,
) -> Result<Response, Problem> {
    let caller = &call.by.0;
    let content = format!("{change:?}");
    let once = call.once(caller, &[content.as_bytes()]);
    let done = app
        .services()
        .change_status(caller, &id, change, once)
        .await?;
    changed(app, StatusCode::OK, done).await
}

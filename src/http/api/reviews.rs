//! `POST /api/v1/documents/{id}/reviews`: one tier's decision.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::call::Call;
use super::document::changed;
use crate::domain::ids::DocumentId;
use crate::http::extract::{AsReviewer, Json, Path};
use crate::http::problem::Problem;
use crate::http::state::App;
use crate::services::ReviewRequest;
use crate::services::administration::Caller;

/// Records the decision.
pub async fn add(
    State(app): State<App>,
    call: Call<AsReviewer>,
    Path(id): Path<DocumentId>,
    Json(request): Json<ReviewRequest>,
) -> Result<Response, Problem> {
    let reviewer = &call.by.0;
    let content = serde_json::to_vec(&request).map_err(Problem::internal)?;
    let once = call.once(&Caller::Person(reviewer.clone()), &[&content]);
    let done = app.services().review(reviewer, &id, &request, once).await?;
    changed(&app, StatusCode::CREATED, done).await
}

//! `POST /api/v1/documents/{id}/gates/{name}`: a precondition is met.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::call::Call;
use super::document::changed;
use crate::domain::ids::DocumentId;
use crate::domain::permit_type::GateName;
use crate::http::extract::{AsClient, Json, Path};
use crate::http::problem::Problem;
use crate::http::state::App;
use crate::services::administration::Caller;

/// What the report rests on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GateRequest {
    /// In the client's words: a survey's number.
    proof: String,
}

/// Records the gate as met.
pub async fn meet(
    State(app): State<App>,
    call: Call<AsClient>,
    Path((id, name)): Path<(DocumentId, GateName)>,
    Json(GateRequest { proof }): Json<GateRequest>,
) -> Result<Response, Problem> {
    let client = &call.by.0;
    let once = call.once(&Caller::Client(client.clone()), &[proof.as_bytes()]);
    let done = app
        .services()
        .meet_gate(client, &id, &name, &proof, once)
        .await?;
    changed(&app, StatusCode::OK, done).await
}

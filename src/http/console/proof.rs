//! Proving oneself again in a session, before a sensitive act (Karawang 40/2017 pasal 28(3)).
//! Scripts do it when a call is refused with `reason: proof`, and then repeat the call.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::session::{Answered, Nothing};
use super::submitted::StaffJson;
use crate::http::problem::Problem;
use crate::http::state::App;
use crate::services::entry::{Asked, UseOptions};

/// `POST /console/proof/options`
pub(super) async fn ask(
    State(app): State<App>,
    call: StaffJson<Nothing>,
) -> Result<Json<Asked<UseOptions>>, Problem> {
    Ok(Json(app.entry().ask_proof(&call.staff.session).await?))
}

/// `POST /console/proof`
pub(super) async fn give(
    State(app): State<App>,
    call: StaffJson<Answered>,
) -> Result<Json<Value>, Problem> {
    let Answered { ceremony, answer } = &call.value;
    let session = &call.staff.session;
    app.entry().prove(session, *ceremony, answer).await?;
    Ok(Json(json!({})))
}

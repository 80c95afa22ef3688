//! The office's pages: the day's report, the audit trail, mandates and keys, permit systems.
//! Plain forms; every page works without script.

mod acts;
mod audit;
mod clients;
mod daily;
mod keys;
mod mandates;
mod permit_type;
mod placement;
mod types;

use axum::Router;
use axum::routing::{get, post};

use crate::domain::accounts::Role;
use crate::http::problem::{Kind, Problem};
use crate::http::state::App;

use super::Staff;

/// The office's routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/console/report", get(daily::show))
        .route("/console/audit", get(audit::show))
        .route("/console/audit.csv", get(audit::export))
        .route("/console/mandates", get(mandates::show).post(mandates::add))
        .route("/console/mandates/{id}/end", post(mandates::end))
        .route("/console/keys", get(keys::list))
        .route("/console/keys/{person}", get(keys::show).post(keys::hold))
        .route("/console/clients", get(clients::show).post(clients::add))
        .route("/console/clients/{id}", post(clients::change))
        .route("/console/types", get(types::show))
        .route("/console/types/new", get(permit_type::new))
        .route("/console/types/save", post(permit_type::save))
        .route("/console/types/{code}", get(permit_type::show))
        .route("/console/types/{code}/place", get(placement::show))
}

/// Who administers, or oversees.
fn overseer(staff: &Staff) -> Result<(), Problem> {
    if staff.is(Role::Administrator) || staff.is(Role::Auditor) {
        return Ok(());
    }
    let said = "This is for administrators and auditors.";
    Err(Problem::new(Kind::Forbidden, said))
}

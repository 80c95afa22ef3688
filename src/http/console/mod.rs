//! The console: where the office's people review, approve and administer. Server-rendered;
//! what script there is calls the authenticator and nothing else.
//!
//! A handler that takes [`Staff`] is reached by people who are signed in alone; one that takes
//! [`StaffForm`] or [`StaffJson`] also has the proof that the request comes from our own page.

mod approve;
mod assets;
mod cookie;
mod desk;
mod enrol;
mod office;
mod origin;
mod passkeys;
mod proof;
pub mod respond;
mod secret;
mod session;
pub mod shell;
pub mod staff;
pub mod submitted;

use axum::Router;
use axum::routing::{get, post};

pub use shell::ConsoleShell;
pub use staff::Staff;
pub use submitted::{StaffForm, StaffJson, Visitor};

use super::state::App;

/// The console's routes.
pub fn routes() -> Router<App> {
    Router::new()
        .merge(desk::routes())
        .merge(office::routes())
        .route("/console/login", get(session::show).post(session::enter))
        .route("/console/login/options", post(session::ask))
        .route("/console/logout", post(session::leave))
        .route("/console/proof/options", post(proof::ask))
        .route("/console/proof", post(proof::give))
        .route("/console/enrol", get(enrol::show).post(enrol::finish))
        .route("/console/enrol/invitation", post(enrol::look))
        .route("/console/enrol/options", post(enrol::ask))
        .route("/console/enrol/made", post(enrol::made))
        .route(
            "/console/passkeys",
            get(passkeys::show).post(passkeys::finish),
        )
        .route("/console/passkeys/options", post(passkeys::ask))
        .route("/console/approvals", post(approve::ask))
        .route(
            "/console/approvals/{id}",
            get(approve::show).post(approve::give),
        )
        .route("/console/approvals/{id}/options", post(approve::options))
        .route(
            "/console/approvals/{id}/files/{document}",
            get(approve::file),
        )
        .route("/console/assets/{version}/{name}", get(assets::show))
}

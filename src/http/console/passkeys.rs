//! One's own passkeys: seen, and a further one added, in a session that one of them opened and
//! after proving oneself.

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::enrol::{FirstUse, MadePasskey, Trial};
use super::respond::{PageProblem, page};
use super::session::Nothing;
use super::shell::ConsoleShell;
use super::staff::Staff;
use super::submitted::StaffJson;
use crate::domain::credentials::Credential;
use crate::http::problem::Problem;
use crate::http::state::App;
use crate::services::entry::{Asked, CreationOptions};

#[derive(Template)]
#[template(path = "console-passkeys.html")]
struct PasskeysPage {
    console: ConsoleShell,
    passkeys: Vec<Shown>,
}

/// A passkey, as its owner sees it.
struct Shown {
    label: String,
    added: String,
    used: String,
    synced: bool,
    prf: bool,
    here: bool,
}

/// A further passkey is asked for, or what was made is told.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Step {
    /// It was made.
    Made(MadePasskey),
    /// Nothing yet.
    Ask(Nothing),
}

/// `GET /console/passkeys`
pub(super) async fn show(State(app): State<App>, staff: Staff, console: ConsoleShell) -> Response {
    let own = match app.entry().standing(&staff.person.id).await {
        Ok(own) => own,
        Err(error) => return PageProblem::new(console, error.into()).into_response(),
    };
    let (zone, language) = (app.settings().zone, console.shell.language);
    let shown = |one: &Credential| Shown {
        label: one.label.clone(),
        added: zone.in_words(one.added, language),
        used: zone.in_words(one.used, language),
        synced: one.backup_eligible,
        prf: one.prf,
        here: one.id == staff.session.credential,
    };
    let passkeys = PasskeysPage {
        passkeys: own.iter().map(shown).collect(),
        console: console.clone(),
    };
    page(StatusCode::OK, &console, &passkeys)
}

/// What a step is answered with.
#[derive(Debug, serde::Serialize)]
#[serde(untagged)]
pub(super) enum Next {
    /// Make it.
    Make(Asked<CreationOptions>),
    /// Use it.
    Use(Trial),
}

/// `POST /console/passkeys/options`
pub(super) async fn ask(
    State(app): State<App>,
    call: StaffJson<Step>,
) -> Result<Json<Next>, Problem> {
    let staff = &call.staff;
    staff.require_proof(&app)?;
    Ok(Json(match call.value {
        Step::Ask(Nothing {}) => {
            let asked = app.entry().ask_further(&staff.person, &staff.session);
            Next::Make(asked.await?)
        }
        Step::Made(made) => Next::Use(Trial::of(&app, made).await?),
    }))
}

/// `POST /console/passkeys`
pub(super) async fn finish(
    State(app): State<App>,
    call: StaffJson<FirstUse>,
) -> Result<Json<Value>, Problem> {
    call.staff.require_proof(&app)?;
    let first = &call.value;
    let secret = first.secret(&app)?;
    let (session, gave) = (Some(&call.staff.session), (first.prf, secret.as_ref()));
    app.entry()
        .enrol(session, first.ceremony, &first.answer, gave)
        .await?;
    Ok(Json(json!({})))
}

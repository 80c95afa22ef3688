//! Permit systems: registered, their key shown once, given another one, switched off.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};

use crate::domain::accounts::Role;
use crate::domain::event::Actor;
use crate::domain::ids::ClientId;
use crate::domain::permit_type::PermitTypeCode;
use crate::http::console::respond::{PageProblem, page};
use crate::http::console::{ConsoleShell, Staff, StaffForm};
use crate::http::extract::Path;
use crate::http::problem::{Kind, Problem};
use crate::http::state::App;
use crate::services::administration::NewClient;

#[derive(Template)]
#[template(path = "office-clients.html")]
struct ClientsPage {
    console: ConsoleShell,
    /// Whether a proof by passkey is needed first.
    proof: bool,
    clients: Vec<ClientView>,
    types: Vec<(String, String)>,
}

struct ClientView {
    id: String,
    name: String,
    types: String,
    active: bool,
}

#[derive(Template)]
#[template(path = "office-client-key.html")]
struct KeyPage {
    console: ConsoleShell,
    name: String,
    key: String,
}

/// `GET /console/clients`
pub(super) async fn show(
    State(app): State<App>,
    staff: Staff,
    console: ConsoleShell,
) -> Result<Response, PageProblem> {
    let failed = |problem: Problem| PageProblem::new(console.clone(), problem);
    staff.require(Role::Administrator).map_err(failed)?;
    let office = app.administration();
    let clients = office.clients().await;
    let clients = clients.map_err(|error| failed(error.into()))?;
    let types = office.permit_types().await;
    let types = types.map_err(|error| failed(error.into()))?;
    let all = console.say("semua jenis izin", "all permit types");
    let shown = ClientsPage {
        proof: !app.entry().is_proven(&staff.session),
        clients: clients
            .into_iter()
            .map(|one| ClientView {
                id: one.id.to_string(),
                name: one.name,
                types: codes(&one.permit_types).unwrap_or_else(|| all.to_owned()),
                active: one.active,
            })
            .collect(),
        types: types
            .into_iter()
            .map(|one| (one.code.to_string(), one.name))
            .collect(),
        console: console.clone(),
    };
    Ok(page(StatusCode::OK, &console, &shown))
}

/// `POST /console/clients`
pub(super) async fn add(State(app): State<App>, form: StaffForm) -> Response {
    let act = async {
        form.staff.require(Role::Administrator)?;
        form.staff.require_proof(&app)?;
        let types: Result<Vec<PermitTypeCode>, _> = form.all("type").map(str::parse).collect();
        let unknown = |_| Problem::new(Kind::InvalidRequest, "A permit type is not known.");
        let new = NewClient {
            name: form.text("name").to_owned(),
            permit_types: types.map_err(unknown)?,
        };
        let actor = Actor::Person(form.staff.person.id);
        let (client, key) = app.administration().add_client(actor, new).await?;
        Ok(Some((client.name, key.reveal().to_owned())))
    };
    answer(act.await, &form)
}

/// `POST /console/clients/{id}`: another key, off, or on again.
pub(super) async fn change(
    State(app): State<App>,
    Path(id): Path<ClientId>,
    form: StaffForm,
) -> Response {
    let act = async {
        form.staff.require(Role::Administrator)?;
        form.staff.require_proof(&app)?;
        let actor = Actor::Person(form.staff.person.id);
        let office = app.administration();
        match form.text("act") {
            "key" => {
                let client = office.find_client(&id.to_string()).await?;
                let key = office.new_client_key(actor, id).await?;
                Ok(Some((client.name, key.reveal().to_owned())))
            }
            act @ ("off" | "on") => {
                office.switch_client(actor, id, act == "on").await?;
                Ok(None)
            }
            _ => Err(Problem::new(Kind::InvalidRequest, "There is no such act.")),
        }
    };
    answer(act.await, &form)
}

/// A new key is shown in the answer itself, once: no address leads to it again.
fn answer(act: Result<Option<(String, String)>, Problem>, form: &StaffForm) -> Response {
    match act {
        Ok(Some((name, key))) => {
            let shown = KeyPage {
                console: form.shell.clone(),
                name,
                key,
            };
            page(StatusCode::OK, &form.shell, &shown)
        }
        Ok(None) => {
            let lang = form.shell.shell.keep_language();
            Redirect::to(&format!("/console/clients{lang}")).into_response()
        }
        Err(problem) => PageProblem::new(form.shell.clone(), problem).into_response(),
    }
}

fn codes(types: &[PermitTypeCode]) -> Option<String> {
    let codes: Vec<&str> = types.iter().map(PermitTypeCode::as_str).collect();
    (!codes.is_empty()).then(|| codes.join(", "))
}

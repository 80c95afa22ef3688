//! `GET /console/types`: the permit types, as the office laid them down.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::super::desk::words::Words;
use crate::domain::accounts::Role;
use crate::http::console::respond::{PageProblem, page};
use crate::http::console::{ConsoleShell, Staff};
use crate::http::problem::Problem;
use crate::http::state::App;

#[derive(Template)]
#[template(path = "office-types.html")]
struct TypesPage {
    console: ConsoleShell,
    types: Vec<TypeView>,
    administers: bool,
}

struct TypeView {
    code: String,
    name: String,
    class: String,
    way: String,
    active: bool,
}

/// `GET /console/types`
pub(super) async fn show(
    State(app): State<App>,
    staff: Staff,
    console: ConsoleShell,
) -> Result<Response, PageProblem> {
    let failed = |problem: Problem| PageProblem::new(console.clone(), problem);
    super::overseer(&staff).map_err(failed)?;
    let types = app.administration().permit_types().await;
    let types = types.map_err(|error| failed(error.into()))?;
    let words = Words {
        language: console.shell.language,
        zone: app.settings().zone,
    };
    let view = |one: crate::domain::permit_type::PermitType| {
        let tiers = one.tiers.iter().map(|tier| tier.name.clone());
        let gates = one.gates.iter().map(ToString::to_string);
        let slots = one.signatures.iter().map(|slot| slot.office.clone());
        let way: Vec<String> = tiers.chain(gates).chain(slots).collect();
        TypeView {
            code: one.code.to_string(),
            name: one.name,
            class: words.class(one.service_class),
            way: way.join(" → "),
            active: one.active,
        }
    };
    let shown = TypesPage {
        types: types.into_iter().map(view).collect(),
        administers: staff.is(Role::Administrator),
        console: console.clone(),
    };
    Ok(page(StatusCode::OK, &console, &shown))
}

//! Signing in and leaving.

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;
use serde_json::json;

use super::cookie;
use super::respond::{PageProblem, page};
use super::shell::ConsoleShell;
use super::staff::{NotSignedIn, Staff};
use super::submitted::{StaffForm, Visitor};
use crate::domain::ids::CeremonyId;
use crate::http::extract::Query;
use crate::http::pages::shell::Shell;
use crate::http::problem::Problem;
use crate::http::state::App;
use crate::services::entry::{Answer, Asked, Token, UseOptions};

/// Where people arrive.
const DESK: &str = "/console";

/// Where to go after signing in.
#[derive(Debug, Deserialize)]
pub(super) struct Next {
    #[serde(default)]
    next: String,
}

#[derive(Template)]
#[template(path = "console-login.html")]
struct LoginPage {
    console: ConsoleShell,
    next: String,
}

/// The sign-in's address, with the way back.
pub(super) fn address(next: &str) -> String {
    let next = inside(next);
    if next == DESK {
        return "/console/login".to_owned();
    }
    let encoded: String = next.bytes().map(encoded).collect();
    format!("/console/login?next={encoded}")
}

/// `GET /console/login`
pub(super) async fn show(
    shell: Shell,
    Query(asked): Query<Next>,
    staff: Result<Staff, NotSignedIn>,
) -> Response {
    let next = inside(&asked.next).to_owned();
    if staff.is_ok() {
        return Redirect::to(&next).into_response();
    }
    let console = ConsoleShell::outside(shell);
    let login = LoginPage {
        console: console.clone(),
        next,
    };
    page(StatusCode::OK, &console, &login)
}

/// What asks for a challenge: nothing is needed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

/// An answer to a ceremony.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Answered {
    pub(super) ceremony: CeremonyId,
    pub(super) answer: Answer,
}

/// `POST /console/login/options`
pub(super) async fn ask(
    State(app): State<App>,
    Visitor(Nothing {}): Visitor<Nothing>,
) -> Result<Json<Asked<UseOptions>>, Problem> {
    Ok(Json(app.entry().ask_sign_in().await?))
}

/// `POST /console/login`
pub(super) async fn enter(
    State(app): State<App>,
    Visitor(given): Visitor<Answered>,
) -> Result<Response, Problem> {
    let (token, person) = app.entry().sign_in(given.ceremony, &given.answer).await?;
    Ok(welcome(&app, &token, &person.name))
}

/// The answer that gives a browser its session.
pub(super) fn welcome(app: &App, token: &Token, name: &str) -> Response {
    let mut response = Json(json!({ "name": name })).into_response();
    if let Some(value) = cookie::given(app.settings(), token) {
        response.headers_mut().insert(SET_COOKIE, value);
    }
    response
}

/// `POST /console/logout`
pub(super) async fn leave(State(app): State<App>, form: StaffForm) -> Response {
    if let Err(error) = app.entry().end_session(&form.staff.session).await {
        return PageProblem::new(form.shell, error.into()).into_response();
    }
    let mut response = Redirect::to("/console/login").into_response();
    if let Some(value) = cookie::taken(app.settings()) {
        response.headers_mut().insert(SET_COOKIE, value);
    }
    response
}

/// An address of the console; the desk where it is none: nobody is sent elsewhere.
fn inside(next: &str) -> &str {
    let rest = next.strip_prefix(DESK);
    let ours = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
    let plain = next
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if ours && plain && !next.starts_with("/console/login") {
        next
    } else {
        DESK
    }
}

fn encoded(byte: u8) -> String {
    match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_elsewhere() {
        for next in ["/console/dokumen/1?a=b", "/console?x"] {
            assert_eq!(inside(next), next);
        }
        for next in [
            "",
            "//evil.example",
            "https://evil.example/console",
            "/consolex",
            "/console/login?next=/console",
            "/console/\\evil",
            "/console/\n",
            "/",
        ] {
            assert_eq!(inside(next), DESK, "{next}");
        }
        assert_eq!(
            address("/console/a?b=c&d"),
            "/console/login?next=/console/a%3Fb%3Dc%26d"
        );
    }
}

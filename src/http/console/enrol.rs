//! Using an invitation. Its secret stands after the hash sign of the link, so it comes in a body
//! that the page's script sends, and in no address.

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::respond::page;
use super::secret::{Envelope, SealedSecret};
use super::session::welcome;
use super::shell::ConsoleShell;
use super::submitted::Visitor;
use crate::domain::accounts::Role;
use crate::domain::ids::CeremonyId;
use crate::http::pages::shell::Shell;
use crate::http::problem::Problem;
use crate::http::state::App;
use crate::services::entry::{Answer, Asked, Creation, CreationOptions, UseOptions};
use crate::services::ports::UnlockSecret;

#[derive(Template)]
#[template(path = "console-enrol.html")]
struct EnrolPage {
    console: ConsoleShell,
}

/// The secret of a link.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Link {
    token: String,
}

/// Who asks to make a passkey; the first administrator says who he is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Newcomer {
    token: String,
    name: Option<String>,
    office: Option<String>,
}

/// A passkey that was made.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MadePasskey {
    pub(super) ceremony: CeremonyId,
    pub(super) creation: Creation,
    pub(super) label: String,
}

/// Its first use.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FirstUse {
    pub(super) ceremony: CeremonyId,
    pub(super) answer: Answer,
    pub(super) prf: bool,
    pub(super) secret: Option<SealedSecret>,
}

/// How the new passkey is asked for its first use, and what its secret is sealed to where a key
/// is made with it.
#[derive(Debug, Serialize)]
pub(super) struct Trial {
    #[serde(flatten)]
    asked: Asked<UseOptions>,
    envelope: Option<Envelope>,
}

impl Trial {
    /// The trial of what was made.
    pub(super) async fn of(app: &App, made: MadePasskey) -> Result<Self, Problem> {
        let MadePasskey {
            ceremony,
            creation,
            label,
        } = made;
        let (asked, person) = app
            .entry()
            .made_passkey(ceremony, &creation, &label)
            .await?;
        let envelope = match app.entry().needs_key(&person).await? {
            true => Some(Envelope::fresh(app, purpose(&asked.ceremony))?),
            false => None,
        };
        Ok(Self { asked, envelope })
    }
}

impl FirstUse {
    /// What seals the key, opened.
    pub(super) fn secret(&self, app: &App) -> Result<Option<UnlockSecret>, Problem> {
        let sealed = self.secret.as_ref();
        let opened = sealed.map(|one| one.open(app, &purpose(&self.ceremony), &self.answer.id));
        opened.transpose()
    }
}

fn purpose(ceremony: &CeremonyId) -> String {
    format!("absah enrolment {ceremony}")
}

/// `GET /console/enrol`
pub(super) async fn show(shell: Shell) -> Response {
    let console = ConsoleShell::outside(shell);
    let enrol = EnrolPage {
        console: console.clone(),
    };
    page(StatusCode::OK, &console, &enrol)
}

/// `POST /console/enrol/invitation`: who is invited, for the page to say.
pub(super) async fn look(
    State(app): State<App>,
    Visitor(link): Visitor<Link>,
) -> Result<Json<Value>, Problem> {
    let invited = app.entry().invited(&link.token).await?;
    Ok(Json(match invited.person {
        None => json!({ "first": true }),
        Some(person) => json!({
            "first": false,
            "name": person.name,
            "office": person.office,
            "signs": person.is(Role::Signatory),
        }),
    }))
}

/// `POST /console/enrol/options`
pub(super) async fn ask(
    State(app): State<App>,
    Visitor(newcomer): Visitor<Newcomer>,
) -> Result<Json<Asked<CreationOptions>>, Problem> {
    let introduces = newcomer.name.zip(newcomer.office);
    let asked = app.entry().ask_first(&newcomer.token, introduces).await?;
    Ok(Json(asked))
}

/// `POST /console/enrol/made`
pub(super) async fn made(
    State(app): State<App>,
    Visitor(made): Visitor<MadePasskey>,
) -> Result<Json<Trial>, Problem> {
    Ok(Json(Trial::of(&app, made).await?))
}

/// `POST /console/enrol`
pub(super) async fn finish(
    State(app): State<App>,
    Visitor(first): Visitor<FirstUse>,
) -> Result<Response, Problem> {
    let secret = first.secret(&app)?;
    let gave = (first.prf, secret.as_ref());
    let enrolled = app.entry().enrol(None, first.ceremony, &first.answer, gave);
    let enrolled = enrolled.await?;
    let token = enrolled.session;
    let token = token.ok_or_else(|| Problem::internal("an invitation without a session"))?;
    Ok(welcome(&app, &token, &enrolled.person.name))
}

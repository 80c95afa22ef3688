//! Signatories' keys: how each stands; suspending one says first what it means.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::super::desk::words::Words;
use crate::domain::accounts::Role;
use crate::domain::event::Actor;
use crate::domain::ids::PersonId;
use crate::http::console::respond::{PageProblem, page};
use crate::http::console::{ConsoleShell, Staff, StaffForm};
use crate::http::extract::{Path, Query};
use crate::http::pages::view::Tone;
use crate::http::problem::Problem;
use crate::http::state::App;
use crate::services::ServiceError;
use crate::services::oversight::{Consequences, KeyStanding};

/// A key that ends so soon is marked.
const SOON: time::Duration = time::Duration::days(60);

#[derive(Template)]
#[template(path = "office-keys.html")]
struct KeysPage {
    console: ConsoleShell,
    keys: Vec<KeyView>,
}

struct KeyView {
    person: String,
    name: String,
    office: String,
    tone: Tone,
    standing: String,
}

#[derive(Template)]
#[template(path = "office-key.html")]
struct KeyPage {
    console: ConsoleShell,
    /// Whether a proof by passkey is needed first.
    proof: bool,
    person: String,
    name: String,
    office: String,
    tone: Tone,
    standing: String,
    /// Whether it can be suspended now, or released.
    act: Act,
    waiting: Vec<String>,
    only_his: usize,
    finished: u64,
    unfinished: u64,
    missing: bool,
}

/// What can be done with the key.
#[derive(PartialEq, Eq)]
enum Act {
    Suspend,
    Release,
    Nothing,
}

/// Why the form is shown again.
#[derive(Debug, Deserialize)]
pub(super) struct Again {
    missing: Option<String>,
}

/// `GET /console/keys`
pub(super) async fn list(
    State(app): State<App>,
    staff: Staff,
    console: ConsoleShell,
) -> Result<Response, PageProblem> {
    let failed = |problem: Problem| PageProblem::new(console.clone(), problem);
    super::overseer(&staff).map_err(failed)?;
    let words = words(&app, &console);
    let people = app.administration().people().await;
    let people = people.map_err(|error| failed(error.into()))?;
    let mut keys = Vec::new();
    for person in people.iter().filter(|one| one.is(Role::Signatory)) {
        let standing = app.services().key_standing(person).await;
        let standing = standing.map_err(|error| failed(error.into()))?;
        let (tone, standing) = in_words(words, &standing, app.services().now());
        keys.push(KeyView {
            person: person.id.to_string(),
            name: person.name.clone(),
            office: person.office.clone(),
            tone,
            standing,
        });
    }
    let list = KeysPage {
        keys,
        console: console.clone(),
    };
    Ok(page(StatusCode::OK, &console, &list))
}

/// `GET /console/keys/{person}`
pub(super) async fn show(
    State(app): State<App>,
    staff: Staff,
    console: ConsoleShell,
    Path(person): Path<PersonId>,
    Query(again): Query<Again>,
) -> Result<Response, PageProblem> {
    let failed = |problem: Problem| PageProblem::new(console.clone(), problem);
    super::overseer(&staff).map_err(failed)?;
    let meant = app.services().suspension(&person).await;
    let meant = meant.map_err(|error| failed(error.into()))?;
    let (tone, standing) = in_words(words(&app, &console), &meant.standing, app.services().now());
    let shown = KeyPage {
        proof: !app.entry().is_proven(&staff.session),
        person: person.to_string(),
        name: meant.person.name.clone(),
        office: meant.person.office.clone(),
        tone,
        standing,
        act: act(&staff, &meant),
        only_his: meant.only_his,
        waiting: meant.waiting,
        finished: meant.signed.finished,
        unfinished: meant.signed.unfinished,
        missing: again.missing.is_some(),
        console: console.clone(),
    };
    Ok(page(StatusCode::OK, &console, &shown))
}

/// `POST /console/keys/{person}`
pub(super) async fn hold(
    State(app): State<App>,
    Path(person): Path<PersonId>,
    form: StaffForm,
) -> Response {
    let refused = |problem: Problem| PageProblem::new(form.shell.clone(), problem).into_response();
    let allowed = form.staff.require(Role::Administrator);
    if let Err(problem) = allowed.and_then(|()| form.staff.require_proof(&app)) {
        return refused(problem);
    }
    let actor = Actor::Person(form.staff.person.id);
    let hold = form.text("act") != "release";
    let held = app
        .services()
        .hold_key(actor, &person, hold, form.text("reason"));
    let lang = form.shell.shell.keep_language();
    match held.await {
        Ok(()) => Redirect::to(&format!("/console/keys/{person}{lang}")).into_response(),
        Err(ServiceError::Reason) => {
            let lang = lang.replace('?', "&");
            let again = format!("/console/keys/{person}?missing=reason{lang}");
            Redirect::to(&again).into_response()
        }
        Err(error) => refused(error.into()),
    }
}

fn act(staff: &Staff, meant: &Consequences) -> Act {
    if !staff.is(Role::Administrator) || !meant.ours {
        return Act::Nothing;
    }
    match meant.standing {
        KeyStanding::InUse { .. } => Act::Suspend,
        KeyStanding::OnHold { .. } => Act::Release,
        _ => Act::Nothing,
    }
}

fn words(app: &App, console: &ConsoleShell) -> Words {
    Words {
        language: console.shell.language,
        zone: app.settings().zone,
    }
}

/// How a key stands, and how that looks.
fn in_words(words: Words, standing: &KeyStanding, now: time::OffsetDateTime) -> (Tone, String) {
    match standing {
        KeyStanding::None => (
            Tone::Look,
            words.say("Belum punya kunci", "No key yet").to_owned(),
        ),
        KeyStanding::InUse { until } => {
            let said = words.fill(
                "Dapat menandatangani sampai {}",
                "Can sign until {}",
                &words.moment(*until),
            );
            let tone = if *until - now < SOON {
                Tone::Look
            } else {
                Tone::Good
            };
            (tone, said)
        }
        KeyStanding::Expired { since } => (
            Tone::Bad,
            words.fill(
                "Sertifikat berakhir {}",
                "The certificate ended {}",
                &words.moment(*since),
            ),
        ),
        KeyStanding::OnHold { since } => (
            Tone::Bad,
            words.fill(
                "Ditangguhkan sejak {}",
                "Suspended since {}",
                &words.moment(*since),
            ),
        ),
        KeyStanding::Revoked { since } => (
            Tone::Bad,
            words.fill(
                "Dicabut sejak {}",
                "Revoked since {}",
                &words.moment(*since),
            ),
        ),
    }
}

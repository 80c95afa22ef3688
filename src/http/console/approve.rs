//! Approving: the list once more, the consent, the gesture, and what became of each document.

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::respond::{PageProblem, page};
use super::secret::{Envelope, SealedSecret};
use super::session::Nothing;
use super::shell::ConsoleShell;
use super::staff::Staff;
use super::submitted::{StaffForm, StaffJson};
use crate::domain::approval::{Approval, ApprovalState};
use crate::domain::document::DocumentState;
use crate::domain::ids::{ApprovalId, DocumentId};
use crate::http::extract::Path;
use crate::http::problem::{Kind, Problem};
use crate::http::state::App;
use crate::services::administration::Caller;
use crate::services::entry::{Answer, UseOptions};
use crate::services::{Approved, View};

/// More than an office signs in a day; a page that long is read by nobody.
const MOST: usize = 500;

#[derive(Template)]
#[template(path = "console-approval.html")]
struct ApprovalPage {
    console: ConsoleShell,
    id: String,
    key: String,
    certificate: String,
    nonce: String,
    expires: i64,
    expires_words: String,
    mandates: Vec<String>,
    lines: Vec<Line>,
    refused: Vec<Line>,
}

#[derive(Template)]
#[template(path = "console-approved.html")]
struct ApprovedPage {
    console: ConsoleShell,
    at: String,
    issued: usize,
    lines: Vec<Line>,
}

/// One document of the list.
struct Line {
    id: String,
    number: String,
    holder: String,
    sha256: String,
    digest: String,
    outcome: String,
    tone: &'static str,
}

/// `POST /console/approvals`: documents of the desk.
pub(super) async fn ask(State(app): State<App>, form: StaffForm) -> Response {
    match asked(&app, &form).await {
        Ok(response) => response,
        Err(problem) => PageProblem::new(form.shell, problem).into_response(),
    }
}

async fn asked(app: &App, form: &StaffForm) -> Result<Response, Problem> {
    let ids: Result<Vec<DocumentId>, _> = form.all("document").map(str::parse).collect();
    let mut ids = ids.map_err(|_| Problem::not_found("There is no such document."))?;
    let mut seen = std::collections::HashSet::new();
    ids.retain(|id| seen.insert(*id));
    if ids.is_empty() || ids.len() > MOST {
        let detail = format!("Choose 1 to {MOST} documents.");
        return Err(Problem::new(Kind::InvalidRequest, detail));
    }
    let person = &form.staff.person;
    let question = app.services().ask_approval(person, &ids).await?;
    let shell = &form.shell;
    question_page(
        app,
        &form.staff,
        shell,
        &question.approval,
        &question.refused,
    )
    .await
}

/// `GET /console/approvals/{id}`: the question, or what became of it.
pub(super) async fn show(
    State(app): State<App>,
    staff: Staff,
    console: ConsoleShell,
    Path(id): Path<ApprovalId>,
) -> Response {
    let shown = async {
        let approval = app.services().approval_of(&staff.person, &id).await?;
        match approval.state {
            ApprovalState::Asked => question_page(&app, &staff, &console, &approval, &[]).await,
            ApprovalState::Given { at, .. } => {
                outcome_page(&app, &staff, &console, &approval, at).await
            }
        }
    };
    match shown.await {
        Ok(response) => response,
        Err(problem) => PageProblem::new(console.clone(), problem).into_response(),
    }
}

async fn question_page(
    app: &App,
    staff: &Staff,
    console: &ConsoleShell,
    approval: &Approval,
    refused: &[Approved],
) -> Result<Response, Problem> {
    let mut lines = Vec::with_capacity(approval.entries.len());
    for entry in &approval.entries {
        let view = view(app, staff, &entry.document).await?;
        lines.push(Line {
            sha256: entry.submitted.to_string(),
            digest: hex::encode(&entry.digest),
            ..line(&view, String::new(), "calm")
        });
    }
    let mut left = Vec::with_capacity(refused.len());
    for one in refused {
        let view = view(app, staff, &one.document).await?;
        let why = one.refused.clone().unwrap_or_default();
        left.push(line(&view, why, "look"));
    }
    let language = console.shell.language;
    let question = ApprovalPage {
        id: approval.id.to_string(),
        key: hex::encode(&approval.key),
        certificate: approval.certificate.to_string(),
        nonce: hex::encode(approval.nonce),
        expires: approval.expires.unix_timestamp(),
        expires_words: app.settings().zone.in_words(approval.expires, language),
        mandates: app.services().mandates_used(approval).await?,
        lines,
        refused: left,
        console: console.clone(),
    };
    Ok(page(StatusCode::OK, console, &question))
}

async fn outcome_page(
    app: &App,
    staff: &Staff,
    console: &ConsoleShell,
    approval: &Approval,
    at: time::OffsetDateTime,
) -> Result<Response, Problem> {
    let mut lines = Vec::with_capacity(approval.entries.len());
    let mut issued = 0;
    for entry in &approval.entries {
        let view = view(app, staff, &entry.document).await?;
        let (outcome, tone) = outcome(console, &view);
        issued += usize::from(tone == "good");
        lines.push(line(&view, outcome, tone));
    }
    let approved = ApprovedPage {
        at: app.settings().zone.in_words(at, console.shell.language),
        issued,
        lines,
        console: console.clone(),
    };
    Ok(page(StatusCode::OK, console, &approved))
}

async fn view(app: &App, staff: &Staff, id: &DocumentId) -> Result<View, Problem> {
    let caller = Caller::Person(staff.person.clone());
    let view = app.services().document(&caller, id).await?;
    view.ok_or_else(|| Problem::not_found("There is no such document."))
}

fn line(view: &View, outcome: String, tone: &'static str) -> Line {
    let metadata = &view.document.metadata;
    Line {
        id: view.document.id.to_string(),
        number: metadata.number.clone(),
        holder: metadata.holder.name.clone(),
        sha256: String::new(),
        digest: String::new(),
        outcome,
        tone,
    }
}

/// What became of a document: issued, waiting and for what, failed and what to do.
fn outcome(console: &ConsoleShell, view: &View) -> (String, &'static str) {
    let say = |indonesian, english| console.say(indonesian, english).to_owned();
    match &view.document.state {
        DocumentState::Issued(_) => (say("Terbit", "Issued"), "good"),
        DocumentState::Signed { .. } => (
            say(
                "Ditandatangani, menunggu stempel waktu dan pemeriksaan",
                "Signed, waiting for timestamps and checks",
            ),
            "calm",
        ),
        DocumentState::Ready { .. } | DocumentState::Prepared(_) => (
            say(
                "Tidak ditandatangani. Setujui sekali lagi dari meja kerja",
                "Not signed. Approve it once more from the desk",
            ),
            "look",
        ),
        _ => (
            say(
                "Tidak ditandatangani: dokumen ini sudah dikembalikan atau diganti",
                "Not signed: the document was returned or replaced",
            ),
            "look",
        ),
    }
}

/// `GET /console/approvals/{id}/files/{document}`: what the page hashes before it asks.
pub(super) async fn file(
    State(app): State<App>,
    staff: Staff,
    Path((id, document)): Path<(ApprovalId, DocumentId)>,
) -> Result<Response, Problem> {
    let file = app.services().approval_file(&staff.person, &id, &document);
    Ok(([(CONTENT_TYPE, "application/pdf")], file.await?).into_response())
}

/// How the passkey is asked, and what its secret is sealed to.
#[derive(Debug, Serialize)]
pub(super) struct Gesture {
    options: UseOptions,
    envelope: Envelope,
}

/// `POST /console/approvals/{id}/options`
pub(super) async fn options(
    State(app): State<App>,
    Path(id): Path<ApprovalId>,
    call: StaffJson<Nothing>,
) -> Result<Json<Gesture>, Problem> {
    let person = &call.staff.person;
    let approval = app.services().approval_of(person, &id).await?;
    let options = app.entry().approval_options(person, &approval).await?;
    let envelope = Envelope::fresh(&app, purpose(&id))?;
    Ok(Json(Gesture { options, envelope }))
}

/// The passkey's answer, and what opens the key.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Given {
    answer: Answer,
    secret: SealedSecret,
}

/// `POST /console/approvals/{id}`
pub(super) async fn give(
    State(app): State<App>,
    Path(id): Path<ApprovalId>,
    call: StaffJson<Given>,
) -> Result<Json<Value>, Problem> {
    let (person, given) = (&call.staff.person, &call.value);
    let secret = given.secret.open(&app, &purpose(&id), &given.answer.id)?;
    let approved = app
        .services()
        .give_approval(app.entry(), person, &id, &given.answer, &secret)
        .await?;
    let signed = approved.iter().filter(|one| one.refused.is_none()).count();
    Ok(Json(json!({ "signed": signed, "of": approved.len() })))
}

fn purpose(id: &ApprovalId) -> String {
    format!("absah approval {id}")
}

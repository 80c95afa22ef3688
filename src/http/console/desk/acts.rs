//! What a person does with a document: affirms that he has read it, reviews it, gives it
//! back. Each leads on to the next document that waits for him.

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};

use crate::domain::accounts::Person;
use crate::domain::ids::DocumentId;
use crate::domain::review::Decision;
use crate::http::console::StaffForm;
use crate::http::console::respond::PageProblem;
use crate::http::extract::Path;
use crate::http::problem::{Kind, Problem};
use crate::http::state::App;
use crate::kernel::hash::Sha256;
use crate::services::ReviewRequest;
use crate::services::desk::{Desk, Duty, Refusal};

/// The longest reason that a person writes.
const LONGEST_REASON: usize = 2_000;

/// `POST /console/documents/{id}/read`
pub(super) async fn read(
    State(app): State<App>,
    Path(id): Path<DocumentId>,
    form: StaffForm,
) -> Response {
    let person = &form.staff.person;
    let act = async {
        let before = app.services().desk(person).await?;
        app.services()
            .affirm_reading(person, &id, shown(&form)?)
            .await?;
        Ok(unread_after(&before, &id))
    };
    go_on(act.await, "read", &form)
}

/// `POST /console/documents/{id}/review`
pub(super) async fn review(
    State(app): State<App>,
    Path(id): Path<DocumentId>,
    form: StaffForm,
) -> Response {
    let act = async {
        let before = app.services().desk(&form.staff.person).await?;
        decide(&app, &form, &id, Decision::Approve, None).await?;
        Ok(after(&before, &id))
    };
    go_on(act.await, "reviewed", &form)
}

/// `POST /console/documents/{id}/return`
pub(super) async fn refuse(
    State(app): State<App>,
    Path(id): Path<DocumentId>,
    form: StaffForm,
) -> Response {
    let reason = reason(&form);
    if reason.is_empty() {
        let lang = form.shell.shell.keep_language().replace('?', "&");
        let again = format!("/console/documents/{id}/return?missing=reason{lang}");
        return Redirect::to(&again).into_response();
    }
    let refusal = match form.text("how") {
        "reject" => Refusal::Reject,
        _ => Refusal::Return,
    };
    let done = match refusal {
        Refusal::Return => "returned",
        Refusal::Reject => "rejected",
    };
    let act = async {
        let person = &form.staff.person;
        let before = app.services().desk(person).await?;
        let task = before.tasks().find(|task| task.document.id == id);
        match task.map(|task| &task.duty) {
            Some(Duty::Review { .. }) => {
                let decision = match refusal {
                    Refusal::Return => Decision::Return,
                    Refusal::Reject => Decision::Reject,
                };
                decide(&app, &form, &id, decision, Some(reason.clone())).await?;
            }
            _ => {
                let how = (refusal, shown(&form)?);
                let act = app
                    .services()
                    .refuse_to_sign(person, &id, how, &reason, None);
                act.await?;
            }
        }
        Ok(after(&before, &id))
    };
    go_on(act.await, done, &form)
}

/// A tier's decision about the file that the page showed.
async fn decide(
    app: &App,
    form: &StaffForm,
    id: &DocumentId,
    decision: Decision,
    reason: Option<String>,
) -> Result<(), Problem> {
    let person: &Person = &form.staff.person;
    let tier = form.text("tier").parse();
    let tier = tier.map_err(|_| Problem::new(Kind::InvalidRequest, "The tier is missing."))?;
    let request = ReviewRequest {
        tier,
        decision,
        sha256: shown(form)?,
        reason,
    };
    app.services().review(person, id, &request, None).await?;
    Ok(())
}

/// The file that the page showed.
fn shown(form: &StaffForm) -> Result<Sha256, Problem> {
    let sha256 = form.text("sha256").parse();
    sha256.map_err(|_| Problem::new(Kind::InvalidRequest, "The page named no file."))
}

/// The usual reasons that were ticked, and what was written.
fn reason(form: &StaffForm) -> String {
    let mut parts: Vec<&str> = form.all("reason").map(str::trim).collect();
    parts.push(form.text("more"));
    parts.retain(|part| !part.is_empty());
    let all = parts.join("; ");
    all.chars().take(LONGEST_REASON).collect()
}

/// The task after this one, else the first that is left.
fn after(desk: &Desk, id: &DocumentId) -> Option<DocumentId> {
    let (_, next) = desk.neighbours(id);
    let others = desk.tasks().map(|task| task.document.id);
    next.map(|task| task.document.id)
        .or_else(|| others.into_iter().find(|other| other != id))
}

/// The next task that is not read yet: after this one, else before it.
fn unread_after(desk: &Desk, id: &DocumentId) -> Option<DocumentId> {
    let tasks: Vec<_> = desk.tasks().collect();
    let at = tasks.iter().position(|task| task.document.id == *id);
    let (before, from) = tasks.split_at(at.unwrap_or_default());
    let mut round = from.iter().chain(before);
    let next = round.find(|task| !task.read && task.document.id != *id);
    next.map(|task| task.document.id)
}

fn go_on(act: Result<Option<DocumentId>, Problem>, done: &str, form: &StaffForm) -> Response {
    let lang = form.shell.shell.keep_language().replace('?', "&");
    match act {
        Ok(next) => {
            let place = next.map(|next| format!("/documents/{next}"));
            let place = place.unwrap_or_default();
            Redirect::to(&format!("/console{place}?done={done}{lang}")).into_response()
        }
        Err(problem) => PageProblem::new(form.shell.clone(), problem).into_response(),
    }
}

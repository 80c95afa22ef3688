//! `GET /console/report?day=`: what was signed on a day, made to be printed.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use time::Date;

use super::super::desk::words::Words;
use crate::domain::mandate::SigningRight;
use crate::domain::zone::date_in_words;
use crate::http::console::respond::{PageProblem, page};
use crate::http::console::{ConsoleShell, Staff};
use crate::http::extract::Query;
use crate::http::problem::{Kind, Problem};
use crate::http::state::App;
use crate::services::oversight::SignedLine;

#[derive(Template)]
#[template(path = "office-report.html")]
struct ReportPage {
    console: ConsoleShell,
    /// The day as the form's field writes it.
    day: String,
    day_in_words: String,
    lines: Vec<LineView>,
    /// How many are issued.
    issued: usize,
    made: String,
}

struct LineView {
    time: String,
    number: String,
    permit_type: String,
    holder: String,
    signatory: String,
    issued: Option<String>,
}

/// Which day.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    day: String,
}

/// `GET /console/report`
pub(super) async fn show(
    State(app): State<App>,
    staff: Staff,
    console: ConsoleShell,
    Query(asked): Query<Asked>,
) -> Result<Response, PageProblem> {
    let failed = |problem: Problem| PageProblem::new(console.clone(), problem);
    // Signatories see their own day beside those who oversee.
    if !staff.is(crate::domain::accounts::Role::Signatory) {
        super::overseer(&staff).map_err(failed)?;
    }
    let services = app.services();
    let day = day(&asked.day).map_err(failed)?;
    let day = day.unwrap_or_else(|| services.today());
    let lines = services.signed_on(day).await;
    let lines = lines.map_err(|error| failed(error.into()))?;
    let words = Words {
        language: console.shell.language,
        zone: app.settings().zone,
    };
    let report = ReportPage {
        day: day.to_string(),
        day_in_words: date_in_words(day, words.language),
        issued: lines.iter().filter(|line| line.issued.is_some()).count(),
        lines: lines.iter().map(|line| line_view(words, line)).collect(),
        made: words.moment(services.now()),
        console: console.clone(),
    };
    Ok(page(StatusCode::OK, &console, &report))
}

/// A day as a form's field writes it; none where the field is empty.
pub(super) fn day(text: &str) -> Result<Option<Date>, Problem> {
    if text.is_empty() {
        return Ok(None);
    }
    let format = time::macros::format_description!("[year]-[month]-[day]");
    let read = Date::parse(text, &format);
    read.map(Some)
        .map_err(|_| Problem::new(Kind::InvalidRequest, "A day is written YYYY-MM-DD."))
}

fn line_view(words: Words, line: &SignedLine) -> LineView {
    let here = line.at.to_offset(words.zone.offset());
    let signatory = match &line.right {
        SigningRight::Own => line.signatory.clone(),
        SigningRight::Mandate(mandate) => {
            let (prefix, decree) = (mandate.kind.prefix(), &mandate.decree);
            format!("{} ({prefix}, {decree})", line.signatory)
        }
    };
    LineView {
        time: format!("{:02}.{:02} {}", here.hour(), here.minute(), words.zone),
        number: line.number.clone(),
        permit_type: line.permit_type.clone(),
        holder: line.holder.clone(),
        signatory,
        issued: line.issued.map(|sha256| sha256.to_string()),
    }
}

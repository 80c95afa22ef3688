//! `GET /console/documents/{id}/return`: giving a document back, or refusing the permit,
//! with one of the usual reasons or one's own.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::words::Words;
use crate::domain::ids::DocumentId;
use crate::http::console::respond::{PageProblem, page};
use crate::http::console::{ConsoleShell, Staff};
use crate::http::extract::{Path, Query};
use crate::http::problem::{Kind, Problem};
use crate::http::state::App;
use crate::services::desk::Duty;

#[derive(Template)]
#[template(path = "desk-return.html")]
struct ReturnPage {
    console: ConsoleShell,
    id: String,
    number: String,
    holder: String,
    sha256: String,
    tier: u8,
    /// Each as it is recorded, and as it is shown.
    reasons: Vec<(&'static str, &'static str)>,
    missing: bool,
}

/// Why the form is shown again.
#[derive(Debug, Deserialize)]
pub(super) struct Again {
    missing: Option<String>,
}

/// What documents are usually given back for.
const REASONS: [(&str, &str); 6] = [
    (
        "Nama atau data pemegang tidak sesuai",
        "The holder's name or data is not right",
    ),
    (
        "Nomor atau tanggal izin salah",
        "The permit's number or date is wrong",
    ),
    ("Persyaratan belum lengkap", "Requirements are not complete"),
    (
        "Masa berlaku tidak sesuai ketentuan",
        "The period of validity is not as the rules say",
    ),
    (
        "Dasar hukum atau rekomendasi teknis keliru",
        "The legal basis or technical recommendation is wrong",
    ),
    (
        "Tata letak atau lampiran keliru",
        "The layout or an attachment is wrong",
    ),
];

/// `GET /console/documents/{id}/return`
pub(super) async fn show(
    State(app): State<App>,
    staff: Staff,
    console: ConsoleShell,
    Path(id): Path<DocumentId>,
    Query(again): Query<Again>,
) -> Result<Response, PageProblem> {
    let failed = |problem: Problem| PageProblem::new(console.clone(), problem);
    let dossier = app.services().dossier(&staff.person, &id).await;
    let dossier = dossier.map_err(|error| failed(error.into()))?;
    let Some(task) = dossier.task else {
        let said = "This document does not wait for you.";
        return Err(failed(Problem::new(Kind::Conflict, said)));
    };
    let words = Words {
        language: console.shell.language,
        zone: app.settings().zone,
    };
    let metadata = &task.document.metadata;
    let form = ReturnPage {
        id: id.to_string(),
        number: metadata.number.clone(),
        holder: metadata.holder.name.clone(),
        sha256: task.document.submitted.sha256.to_string(),
        tier: match task.duty {
            Duty::Review { tier, .. } => tier,
            Duty::Sign { .. } => 0,
        },
        reasons: REASONS
            .iter()
            .map(|(indonesian, english)| (*indonesian, words.say(indonesian, english)))
            .collect(),
        missing: again.missing.is_some(),
        console: console.clone(),
    };
    Ok(page(StatusCode::OK, &console, &form))
}

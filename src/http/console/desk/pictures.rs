//! The pages of a document as pictures, and the file itself: what a person reads before
//! he decides.
//!
//! Both are as confidential as the permit: no shared cache keeps them. An address that
//! names the file by its hash always means the same bytes, so the reader's own browser may.

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;

use crate::domain::accounts::Role;
use crate::domain::ids::DocumentId;
use crate::http::console::Staff;
use crate::http::extract::{Path, Query};
use crate::http::problem::{Kind, Problem};
use crate::http::state::App;
use crate::kernel::hash::Sha256;
use crate::services::administration::Caller;
use crate::services::desk::Width;

/// How a picture is asked for.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    /// Pixels across: one of two widths, the wider one where it is not said.
    width: Option<u32>,
    /// The file that the page is expected to be of.
    file: Option<Sha256>,
}

/// `GET /console/documents/{id}/pages/{page}`
pub(super) async fn page(
    State(app): State<App>,
    staff: Staff,
    Path((id, number)): Path<(DocumentId, u32)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let caller = reader(&staff)?;
    let width = match asked.width {
        Some(pixels) if pixels <= Width::Narrow.pixels() => Width::Narrow,
        _ => Width::Wide,
    };
    let drawn = app
        .services()
        .page_picture(&caller, &id, number, width)
        .await?;
    let keep = match asked.file {
        Some(file) if file != drawn.file => {
            let said = "The document has changed since the page was loaded: load it again.";
            return Err(Problem::new(Kind::Conflict, said));
        }
        Some(_) => "private, max-age=86400, immutable",
        None => "private, no-cache",
    };
    let headers = [(CONTENT_TYPE, "image/png"), (CACHE_CONTROL, keep)];
    Ok((headers, drawn.png).into_response())
}

/// `GET /console/documents/{id}/file`: the file itself, for who wants another reader, and
/// for the script that recomputes its hash before an approval.
pub(super) async fn file(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<DocumentId>,
) -> Result<Response, Problem> {
    let bytes = app.services().file(&reader(&staff)?, &id).await?;
    let headers = [
        (CONTENT_TYPE, "application/pdf"),
        // Not shown inside our own origin: it is somebody else's file.
        (CONTENT_DISPOSITION, "attachment; filename=\"dokumen.pdf\""),
        (CACHE_CONTROL, "private, no-store"),
    ];
    Ok((headers, bytes).into_response())
}

/// Who may look at documents: everyone of the office with a part in them.
fn reader(staff: &Staff) -> Result<Caller, Problem> {
    let roles = [
        Role::Signatory,
        Role::Reviewer,
        Role::Administrator,
        Role::Auditor,
    ];
    if roles.into_iter().any(|role| staff.is(role)) {
        return Ok(Caller::Person(staff.person.clone()));
    }
    Err(Problem::new(
        Kind::Forbidden,
        "This account has no role here.",
    ))
}

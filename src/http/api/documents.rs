//! Submitting documents, and reading them back.

use axum::Json;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::call::Call;
use super::document::{DocumentBody, changed};
use crate::domain::ids::DocumentId;
use crate::domain::metadata::Metadata;
use crate::domain::permit_type::PermitTypeCode;
use crate::http::extract::{AsClient, Authenticated, Path, Query, Upload};
use crate::http::problem::{Kind, Problem};
use crate::http::state::App;
use crate::services::ServiceError;
use crate::services::administration::Caller;
use crate::services::ports::DocumentFilter;

/// Documents on one page of a list.
const PAGE: u32 = 50;

/// `POST /api/v1/documents`
pub async fn submit(
    State(app): State<App>,
    call: Call<AsClient>,
    mut upload: Upload,
) -> Result<Response, Problem> {
    let client = &call.by.0;
    let file = upload.take_file()?;
    let text = upload.text("metadata").ok_or_else(|| {
        Problem::new(
            Kind::InvalidMetadata,
            "Send the metadata as the part `metadata` of the multipart body, in JSON.",
        )
    })?;
    let metadata = Metadata::parse(text.as_bytes()).map_err(ServiceError::from)?;
    let caller = Caller::Client(client.clone());
    let once = call.once(&caller, &[&file, text.as_bytes()]);
    let done = app.services().submit(client, file, metadata, once).await?;
    let location = format!("/api/v1/documents/{}", done.value.id);
    let mut response = changed(&app, StatusCode::CREATED, done).await?;
    if let Ok(location) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}

/// `GET /api/v1/documents/{id}`
pub async fn show(
    State(app): State<App>,
    Authenticated(caller): Authenticated,
    Path(id): Path<DocumentId>,
) -> Result<Json<impl Serialize>, Problem> {
    let view = app.services().document(&caller, &id).await?;
    let view = view.ok_or_else(|| Problem::not_found("There is no such document."))?;
    Ok(Json(DocumentBody::new(view, &app.settings().public_url)))
}

/// `GET /api/v1/documents/{id}/file`
pub async fn file(
    State(app): State<App>,
    Authenticated(caller): Authenticated,
    Path(id): Path<DocumentId>,
) -> Result<Response, Problem> {
    let file = app.services().file(&caller, &id).await?;
    Ok(attached("application/pdf", &format!("{id}.pdf"), file))
}

/// `GET /api/v1/documents/{id}/evidence`
pub async fn evidence(
    State(app): State<App>,
    Authenticated(caller): Authenticated,
    Path(id): Path<DocumentId>,
) -> Result<Response, Problem> {
    let bundle = app.services().evidence(&caller, &id).await?;
    Ok(attached(
        "application/zip",
        &format!("{id}-evidence.zip"),
        bundle,
    ))
}

fn attached(kind: &'static str, name: &str, content: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers = [
        (CONTENT_TYPE, kind.to_owned()),
        (CONTENT_DISPOSITION, disposition),
    ];
    (headers, content).into_response()
}

/// What a list is restricted to.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    number: Option<String>,
    permit_type: Option<PermitTypeCode>,
    state: Option<String>,
    #[serde(default, with = "time::serde::rfc3339::option")]
    from: Option<OffsetDateTime>,
    #[serde(default, with = "time::serde::rfc3339::option")]
    until: Option<OffsetDateTime>,
    /// Where the last page ended.
    cursor: Option<DocumentId>,
}

/// A page of a list.
#[derive(Debug, Serialize)]
struct Page {
    documents: Vec<DocumentBody>,
    /// Send it as `cursor` for the next page; none after the last one.
    next: Option<String>,
}

/// `GET /api/v1/documents?…`, newest first.
pub async fn list(
    State(app): State<App>,
    Authenticated(caller): Authenticated,
    Query(query): Query<ListQuery>,
) -> Result<Json<impl Serialize>, Problem> {
    let filter = DocumentFilter {
        client: None,
        number: query.number,
        permit_type: query.permit_type,
        state: query.state,
        from: query.from,
        until: query.until,
        before: query.cursor,
        limit: PAGE,
    };
    let found = app.services().documents(&caller, filter).await?;
    let full = found.len() >= PAGE as usize;
    let next = found
        .last()
        .filter(|_| full)
        .map(|last| last.id.to_string());
    let mut documents = Vec::with_capacity(found.len());
    for document in found {
        let view = app.services().view(document).await?;
        documents.push(DocumentBody::new(view, &app.settings().public_url));
    }
    Ok(Json(Page { documents, next }))
}

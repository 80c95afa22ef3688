//! A document as its client sees it.

use axum::Json;
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use time::OffsetDateTime;

use crate::domain::document::{DocumentState, Ended, Standing};
use crate::domain::gate::MetGate;
use crate::domain::metadata::Metadata;
use crate::domain::review::Review;
use crate::http::problem::Problem;
use crate::http::state::App;
use crate::services::{Done, View};

const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// A document's state and what belongs to it.
#[derive(Debug, Serialize)]
pub(super) struct DocumentBody {
    id: String,
    code: String,
    state: &'static str,
    waiting_for: Option<String>,
    permit_status: Option<&'static str>,
    #[serde(flatten)]
    metadata: Metadata,
    submitted: Submitted,
    reviews: Vec<Review>,
    gates: Vec<MetGate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended: Option<Ended>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issued: Option<Issued>,
    /// The page behind the QR code.
    url: String,
}

#[derive(Debug, Serialize)]
struct Submitted {
    sha256: String,
    size: u64,
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
}

#[derive(Debug, Serialize)]
struct Issued {
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
    sha256: String,
    permit: Standing,
}

impl DocumentBody {
    pub(super) fn new(view: View, public_url: &str) -> Self {
        let View {
            document,
            waiting_for,
            permit_status,
            ..
        } = view;
        let url = format!("{public_url}/v/{}", document.code.compact());
        let state = document.state.name();
        let (ended, issued) = match document.state {
            DocumentState::Returned(ended) | DocumentState::Rejected(ended) => (Some(ended), None),
            DocumentState::Issued(issue) => {
                let (at, sha256, permit) = (issue.at, issue.original.to_string(), issue.permit);
                (None, Some(Issued { at, sha256, permit }))
            }
            _ => (None, None),
        };
        Self {
            id: document.id.to_string(),
            code: document.code.to_string(),
            state,
            waiting_for,
            permit_status: permit_status.map(|status| status.name()),
            metadata: document.metadata,
            submitted: Submitted {
                sha256: document.submitted.sha256.to_string(),
                size: document.submitted.size,
                at: document.submitted.at,
            },
            reviews: document.reviews,
            gates: document.gates,
            ended,
            issued,
            url,
        }
    }
}

/// The answer to a call that changed a document, or had changed it before: the document
/// as that call left it, so that the same call is answered alike.
pub(super) async fn changed(
    app: &App,
    status: StatusCode,
    done: Done<crate::domain::document::Document>,
) -> Result<Response, Problem> {
    let view = app.services().view_as_left(done.value).await?;
    let body = DocumentBody::new(view, &app.settings().public_url);
    let mut response = (status, Json(body)).into_response();
    if done.replayed {
        let yes = axum::http::HeaderValue::from_static("true");
        response.headers_mut().insert(REPLAYED, yes);
    }
    Ok(response)
}

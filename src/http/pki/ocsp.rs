//! `/ocsp`: RFC 6960 appendix A, by POST and by GET; GET answers may be cached as
//! RFC 5019 says.

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use super::caching::Kept;
use super::{LONGEST_REQUEST, check_media_type};
use crate::http::extract::{Path, whole};
use crate::http::problem::Problem;
use crate::http::state::App;
use crate::kernel::x509::ocsp::OcspResponse;

const MEDIA_TYPE: &str = "application/ocsp-response";

/// `POST /ocsp`
pub async fn respond(
    State(app): State<App>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    check_media_type(&headers, "application/ocsp-request")?;
    let request = whole(body, LONGEST_REQUEST).await?;
    let answer = app.authority().responder().respond(&request).await;
    Ok(([(CONTENT_TYPE, MEDIA_TYPE)], answer).into_response())
}

/// `GET /ocsp/{base64 of the request}`
pub async fn respond_to_get(
    State(app): State<App>,
    Path(request): Path<String>,
    headers: HeaderMap,
) -> Response {
    let answer = app.authority().responder().respond_to_get(&request).await;
    match kept(&answer) {
        Some((from, until)) => {
            let kept = Kept {
                media_type: MEDIA_TYPE,
                body: answer,
                from,
                until,
            };
            kept.respond(&headers, app.services().now())
        }
        None => ([(CONTENT_TYPE, MEDIA_TYPE)], answer).into_response(),
    }
}

/// From when to when an answer holds; an answer to a nonce is for one asker alone.
fn kept(answer: &[u8]) -> Option<(time::OffsetDateTime, time::OffsetDateTime)> {
    let basic = OcspResponse::parse(answer).ok()?.basic?;
    let until = basic
        .responses
        .iter()
        .map(|single| single.next_update)
        .min()??;
    basic.nonce.is_none().then_some((basic.produced_at, until))
}

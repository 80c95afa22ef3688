//! `GET /crl/{issuer's key id}.crl`: the newest list, DER (RFC 2585).

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use super::caching::Kept;
use crate::http::extract::Path;
use crate::http::problem::Problem;
use crate::http::state::App;

/// The newest CRL of an issuer.
pub async fn show(
    State(app): State<App>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let nothing = || Problem::not_found("There is no CRL of this name.");
    let issuer = name.strip_suffix(".crl").ok_or_else(nothing)?;
    let current = app
        .register()
        .current_crl(issuer)
        .await?
        .ok_or_else(nothing)?;
    let kept = Kept {
        media_type: "application/pkix-crl",
        body: current.crl,
        from: current.this_update,
        until: current.next_update,
    };
    Ok(kept.respond(&headers, app.services().now()))
}

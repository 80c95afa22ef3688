//! `GET /certs/…`: the anchor as `root.pem` and `root.cer`, and each CA by its key
//! id (`.cer`, DER), where `caIssuers` points (RFC 5280 section 4.2.2.1).

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use time::Duration;

use super::caching::Kept;
use crate::http::extract::Path;
use crate::http::problem::Problem;
use crate::http::state::App;
use crate::kernel::x509::{Certificate, pem};

const DER: &str = "application/pkix-cert";
const PEM: &str = "application/x-pem-file";

/// One certificate.
pub async fn show(
    State(app): State<App>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let authority = app.authority();
    let (stem, as_pem) = match (name.strip_suffix(".pem"), name.strip_suffix(".cer")) {
        (Some(stem), _) => (stem, true),
        (None, Some(stem)) => (stem, false),
        (None, None) => return Err(nothing()),
    };
    let found = [authority.root(), authority.issuing()]
        .into_iter()
        .find(|certificate| key_id(certificate) == stem);
    let certificate = match stem {
        "root" => authority.root(),
        "issuing" => authority.issuing(),
        _ => found.ok_or_else(nothing)?,
    };
    let now = app.services().now();
    let (media_type, body) = if as_pem {
        (PEM, pem::encode("CERTIFICATE", certificate.der()).into())
    } else {
        (DER, certificate.der().to_vec())
    };
    let (from, until) = (certificate.not_before(), now + Duration::DAY);
    Ok(Kept {
        media_type,
        body,
        from,
        until,
    }
    .respond(&headers, now))
}

fn nothing() -> Problem {
    Problem::not_found("There is no certificate of this name.")
}

fn key_id(certificate: &Certificate) -> String {
    hex::encode(certificate.subject_key_identifier().unwrap_or_default())
}

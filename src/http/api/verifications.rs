//! Verification for programs: by file, by code, by hash. Public; counted per address.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::http::extract::{ClientAddress, Path, Upload, UploadBudget};
use crate::http::problem::Problem;
use crate::http::state::App;
use crate::kernel::code::DocumentCode;
use crate::kernel::hash::Sha256;
use crate::kernel::validation::Verdict;
use crate::services::verify::{CodeAnswer, Record};

/// `POST /api/v1/verifications`: the verdict on a file, which is not kept. As JSON, or as
/// XML (ETSI TS 119 102-2) to who names that first.
pub async fn upload(
    State(app): State<App>,
    _budget: UploadBudget,
    headers: HeaderMap,
    mut upload: Upload,
) -> Result<Response, Problem> {
    let file = upload.take_file()?;
    let answer = app.services().verify_file(Arc::new(file)).await?;
    if wants_xml(&headers) {
        let kind = [(CONTENT_TYPE, "application/xml")];
        return Ok((kind, answer.report.to_xml()).into_response());
    }
    Ok(Json(answer.report).into_response())
}

/// Whether XML is named before JSON.
fn wants_xml(headers: &HeaderMap) -> bool {
    let accepted = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
    let mut kinds = accepted.unwrap_or_default().split(',').map(|one| {
        let kind = one.split(';').next().unwrap_or_default();
        kind.trim().to_ascii_lowercase()
    });
    let first = kinds.find(|kind| {
        let known = ["application/xml", "text/xml", "application/json", "*/*"];
        known.contains(&kind.as_str())
    });
    first.is_some_and(|kind| kind.ends_with("/xml"))
}

/// `GET /api/v1/verifications/code/{code}`
pub async fn by_code(
    State(app): State<App>,
    ClientAddress(address): ClientAddress,
    Path(code): Path<String>,
) -> Result<Response, Problem> {
    app.lookups().spend(address)?;
    let code: DocumentCode = code
        .parse()
        .map_err(|error| Problem::not_found(format!("There is no such code: {error}.")))?;
    let lookup = match app.services().verify_code(code).await? {
        CodeAnswer::Unknown => return Err(Problem::not_found("No document has this code.")),
        CodeAnswer::NotIssued => Lookup::without_record("not_issued"),
        CodeAnswer::NeverIssued => Lookup::without_record("never_issued"),
        CodeAnswer::Issued(record) => Lookup::of(*record),
    };
    Ok(open_to_all(lookup))
}

/// `GET /api/v1/verifications/sha256/{hex}`
pub async fn by_sha256(
    State(app): State<App>,
    ClientAddress(address): ClientAddress,
    Path(sha256): Path<String>,
) -> Result<Response, Problem> {
    app.lookups().spend(address)?;
    let sha256: Sha256 = sha256
        .to_ascii_lowercase()
        .parse()
        .map_err(|_| Problem::not_found("A SHA-256 has 64 hexadecimal digits."))?;
    let found = app.services().verify_sha256(&sha256).await?;
    let record = found.ok_or_else(|| Problem::not_found("No issued file has this SHA-256."))?;
    Ok(open_to_all(Lookup::of(record)))
}

/// What a code or a hash tells.
#[derive(Debug, Serialize)]
struct Lookup {
    /// `issued`, `not_issued` or `never_issued`.
    stage: &'static str,
    /// How the permit stands; none before it is issued.
    verdict: Option<Verdict>,
    /// What the register says, the holder masked.
    document: Option<Record>,
}

impl Lookup {
    fn of(record: Record) -> Self {
        Self {
            stage: "issued",
            verdict: Some(record.verdict()),
            document: Some(record),
        }
    }

    fn without_record(stage: &'static str) -> Self {
        Self {
            stage,
            verdict: None,
            document: None,
        }
    }
}

/// Any site may show what anyone may ask.
fn open_to_all(lookup: Lookup) -> Response {
    ([(ACCESS_CONTROL_ALLOW_ORIGIN, "*")], Json(lookup)).into_response()
}

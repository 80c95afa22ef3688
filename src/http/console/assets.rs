//! The console's scripts, in the binary. Their address changes with their content, so browsers
//! may keep them for good; modules import one another by their names in the same folder.

use std::sync::LazyLock;

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::http::extract::Path;
use crate::http::problem::Problem;
use crate::kernel::hash::Sha256;

/// Every script, by name.
const SCRIPTS: [(&str, &str); 10] = [
    ("outcome.js", include_str!("assets/outcome.js")),
    ("approve.js", include_str!("assets/approve.js")),
    ("envelope.js", include_str!("assets/envelope.js")),
    ("desk.js", include_str!("assets/desk.js")),
    ("office.js", include_str!("assets/office.js")),
    ("enrol.js", include_str!("assets/enrol.js")),
    ("passkeys.js", include_str!("assets/passkeys.js")),
    ("page.js", include_str!("assets/page.js")),
    ("login.js", include_str!("assets/login.js")),
    ("passkey.js", include_str!("assets/passkey.js")),
];

static VERSION: LazyLock<String> = LazyLock::new(|| {
    let parts: Vec<&[u8]> = SCRIPTS
        .iter()
        .flat_map(|(name, text)| [name.as_bytes(), text.as_bytes()])
        .collect();
    Sha256::of_parts(&parts)
        .to_string()
        .chars()
        .take(12)
        .collect()
});

/// Where a script is.
pub(super) fn path(name: &str) -> String {
    format!("/console/assets/{}/{name}", *VERSION)
}

/// `GET /console/assets/{version}/{name}`
pub(super) async fn show(
    Path((version, name)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let script = SCRIPTS.iter().find(|(known, _)| *known == name);
    match script {
        Some((_, text)) if version == *VERSION => {
            let headers = [
                (CONTENT_TYPE, "text/javascript; charset=utf-8"),
                (CACHE_CONTROL, "public, max-age=31536000, immutable"),
            ];
            Ok((headers, *text).into_response())
        }
        _ => Err(Problem::not_found("There is no such file.")),
    }
}

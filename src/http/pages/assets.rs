//! The style sheet and the icon, in the binary. The style sheet's address changes
//! with its content, so browsers may keep it for good.

use std::sync::LazyLock;

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::http::extract::Path;
use crate::http::problem::Problem;
use crate::kernel::hash::Sha256;

const STYLE: &str = include_str!("assets/absah.css");
const ICON: &str = include_str!("assets/absah.svg");

/// Where the icon is.
pub const ICON_PATH: &str = "/assets/absah.svg";

static STYLESHEET_PATH: LazyLock<String> = LazyLock::new(|| {
    let digest = Sha256::of(STYLE.as_bytes()).to_string();
    let short: String = digest.chars().take(12).collect();
    format!("/assets/absah-{short}.css")
});

/// Where the style sheet is.
#[must_use]
pub fn stylesheet_path() -> &'static str {
    &STYLESHEET_PATH
}

/// `GET /assets/{name}`
pub async fn show(Path(name): Path<String>) -> Result<Response, Problem> {
    let path = format!("/assets/{name}");
    let (kind, content, keep) = if path == stylesheet_path() {
        (
            "text/css; charset=utf-8",
            STYLE,
            "public, max-age=31536000, immutable",
        )
    } else if path == ICON_PATH {
        ("image/svg+xml", ICON, "public, max-age=86400")
    } else {
        return Err(Problem::not_found("There is no such file."));
    };
    Ok(([(CONTENT_TYPE, kind), (CACHE_CONTROL, keep)], content).into_response())
}

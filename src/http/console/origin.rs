//! Whether a request comes from a page of this service: the `Origin` header (RFC 6454) that
//! every browser sends with what changes something.

use axum::http::HeaderMap;
use axum::http::header::ORIGIN;

use crate::http::problem::{Kind, Problem};
use crate::http::state::Settings;
use crate::services::entry::origin_of;

/// Refuses what another site's page sends.
pub(super) fn check(settings: &Settings, headers: &HeaderMap) -> Result<(), Problem> {
    let mut given = headers.get_all(ORIGIN).iter();
    let (first, second) = (given.next(), given.next());
    let ours = origin_of(&settings.public_url);
    match (first.and_then(|value| value.to_str().ok()), second) {
        (Some(origin), None) if Some(origin) == ours.as_deref() => Ok(()),
        _ => Err(Problem::new(
            Kind::Forbidden,
            "This request does not come from a page of this service.",
        )
        .with("reason", "origin")),
    }
}

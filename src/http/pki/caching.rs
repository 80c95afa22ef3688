//! Caching of signed answers that hold until a known time (RFC 5019 section 6.2):
//! what is signed for an hour may be kept for that hour, by anyone.

use axum::http::header::{
    CACHE_CONTROL, CONTENT_TYPE, ETAG, EXPIRES, IF_NONE_MATCH, LAST_MODIFIED,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use time::OffsetDateTime;
use time::format_description::FormatItem;
use time::macros::format_description;

use crate::kernel::hash::Sha256;

const HTTP_DATE: &[FormatItem<'static>] = format_description!(
    "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
);

/// An answer and how long it holds.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Its media type.
    pub media_type: &'static str,
    /// The answer.
    pub body: Vec<u8>,
    /// From when it holds.
    pub from: OffsetDateTime,
    /// Until when it holds.
    pub until: OffsetDateTime,
}

impl Kept {
    /// The response to a client that may already have it.
    #[must_use]
    pub fn respond(self, request: &HeaderMap, now: OffsetDateTime) -> Response {
        let tag = format!("\"{}\"", Sha256::of(&self.body));
        let seconds = (self.until - now).whole_seconds().max(0);
        let headers = [
            (CONTENT_TYPE, self.media_type.to_owned()),
            (ETAG, tag.clone()),
            (LAST_MODIFIED, http_date(self.from)),
            (EXPIRES, http_date(self.until)),
            (
                CACHE_CONTROL,
                format!("max-age={seconds}, public, no-transform, must-revalidate"),
            ),
        ];
        if names(request, &tag) {
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        (headers, self.body).into_response()
    }
}

fn names(request: &HeaderMap, tag: &str) -> bool {
    request
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|known| known.trim() == "*" || known.trim().trim_start_matches("W/") == tag)
}

fn http_date(at: OffsetDateTime) -> String {
    at.to_offset(time::UtcOffset::UTC)
        .format(HTTP_DATE)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use time::macros::datetime;

    use super::*;

    fn kept() -> Kept {
        Kept {
            media_type: "application/ocsp-response",
            body: b"signed".to_vec(),
            from: datetime!(2026-11-22 03:00 UTC),
            until: datetime!(2026-11-22 04:00 UTC),
        }
    }

    #[test]
    fn an_answer_is_kept_as_long_as_it_holds() {
        let response = kept().respond(&HeaderMap::new(), datetime!(2026-11-22 03:30 UTC));
        let header = |name| response.headers().get(name).unwrap().to_str().unwrap();
        assert_eq!(header(EXPIRES), "Sun, 22 Nov 2026 04:00:00 GMT");
        assert_eq!(header(LAST_MODIFIED), "Sun, 22 Nov 2026 03:00:00 GMT");
        assert_eq!(
            header(CACHE_CONTROL),
            "max-age=1800, public, no-transform, must-revalidate"
        );
        let late = kept().respond(&HeaderMap::new(), datetime!(2026-11-22 05:00 UTC));
        assert!(
            late.headers()
                .get(CACHE_CONTROL)
                .unwrap()
                .to_str()
                .unwrap()
                .starts_with("max-age=0")
        );
    }

    #[test]
    fn who_has_it_is_not_sent_it_again() {
        let now = datetime!(2026-11-22 03:30 UTC);
        let first = kept().respond(&HeaderMap::new(), now);
        let mut request = HeaderMap::new();
        request.insert(IF_NONE_MATCH, first.headers().get(ETAG).unwrap().clone());
        assert_eq!(
            kept().respond(&request, now).status(),
            StatusCode::NOT_MODIFIED
        );
        request.insert(IF_NONE_MATCH, HeaderValue::from_static("\"other\""));
        assert_eq!(kept().respond(&request, now).status(), StatusCode::OK);
    }
}

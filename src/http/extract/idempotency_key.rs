//! The `Idempotency-Key` header, bare or as the quoted string of the IETF draft.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::http::problem::{Kind, Problem};

/// Longer than a UUID or a hash in any spelling.
const LONGEST: usize = 255;

/// The key a client chose for one mutating request, where it sent one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey(pub Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let mut values = parts.headers.get_all("idempotency-key").iter();
        let Some(value) = values.next() else {
            return Ok(Self(None));
        };
        let text = value.to_str().ok().map(unquoted);
        match text {
            Some(key) if acceptable(key) && values.next().is_none() => {
                Ok(Self(Some(key.to_owned())))
            }
            _ => Err(Problem::new(
                Kind::InvalidRequest,
                "Idempotency-Key: one value of 1 to 255 printable ASCII characters.",
            )),
        }
    }
}

fn unquoted(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .unwrap_or(text)
}

fn acceptable(key: &str) -> bool {
    !key.is_empty() && key.len() <= LONGEST && key.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    async fn read(values: &[&str]) -> Result<IdempotencyKey, Problem> {
        let mut request = Request::builder();
        for value in values {
            request = request.header("Idempotency-Key", *value);
        }
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        IdempotencyKey::from_request_parts(&mut parts, &()).await
    }

    #[tokio::test]
    async fn quotes_make_no_other_key() {
        let bare = read(&["8e03978e-40d5"]).await.unwrap();
        assert_eq!(bare, read(&["\"8e03978e-40d5\""]).await.unwrap());
        assert_eq!(read(&[]).await.unwrap(), IdempotencyKey(None));
    }

    #[tokio::test]
    async fn a_key_that_is_none_is_refused() {
        let long = "x".repeat(256);
        for values in [&[""][..], &["a b"], &[&long], &["\"\""], &["a", "b"]] {
            let problem = read(values).await.unwrap_err();
            assert_eq!(problem.kind(), Kind::InvalidRequest, "{values:?}");
        }
    }
}

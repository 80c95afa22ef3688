//! Errors as problem details (RFC 9457). The only place where an error gets a
//! status code; what is our fault is logged here, once, and shown without detail.
//!
//! `type` is a path of this service, `/problems/not-found`, where a person can
//! read what it means; its last segment is the stable name of `INTERFACES.md`.

use std::borrow::Cow;
use std::fmt::Display;
use std::time::Duration;

use axum::Json;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::middleware::request_id;

/// The media type of every error the API gives.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// What went wrong. The names are stable; new ones may be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The request cannot be read: malformed JSON, query, multipart or header.
    InvalidRequest,
    /// No key, or one that is not (or no longer) known.
    Unauthenticated,
    /// Known, but not allowed to do this.
    Forbidden,
    /// Nothing here, or nothing of the caller's.
    NotFound,
    /// The path exists, the method does not.
    MethodNotAllowed,
    /// The client sent its request too slowly.
    TooSlow,
    /// The state forbids it: already done, in flight, another version.
    Conflict,
    /// More bytes than are accepted.
    TooLarge,
    /// A body in a format that is not read here.
    UnsupportedMediaType,
    /// The PDF cannot be signed as it is.
    UnsupportedDocument,
    /// The metadata is not acceptable.
    InvalidMetadata,
    /// The idempotency key was used for another request.
    IdempotencyKeyReused,
    /// Too many requests.
    RateLimited,
    /// Our fault.
    Internal,
    /// Not now: a part the service needs is away, or it is ending.
    Unavailable,
    /// The disk is full; nothing was stored.
    StorageFull,
}

impl Kind {
    /// Every kind, for the pages that explain them.
    pub const ALL: [Self; 16] = [
        Self::InvalidRequest,
        Self::Unauthenticated,
        Self::Forbidden,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::TooSlow,
        Self::Conflict,
        Self::TooLarge,
        Self::UnsupportedMediaType,
        Self::UnsupportedDocument,
        Self::InvalidMetadata,
        Self::IdempotencyKeyReused,
        Self::RateLimited,
        Self::Internal,
        Self::Unavailable,
        Self::StorageFull,
    ];

    /// The stable name, the last segment of `type`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid-request",
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not-found",
            Self::MethodNotAllowed => "method-not-allowed",
            Self::TooSlow => "too-slow",
            Self::Conflict => "conflict",
            Self::TooLarge => "too-large",
            Self::UnsupportedMediaType => "unsupported-media-type",
            Self::UnsupportedDocument => "unsupported-document",
            Self::InvalidMetadata => "invalid-metadata",
            Self::IdempotencyKeyReused => "idempotency-key-reused",
            Self::RateLimited => "rate-limited",
            Self::Internal => "internal",
            Self::Unavailable => "unavailable",
            Self::StorageFull => "storage-full",
        }
    }

    /// The status code.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            Self::InvalidRequest => StatusCode::BAD_REQUEST,
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Conflict => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::UnsupportedDocument | Self::InvalidMetadata | Self::IdempotencyKeyReused => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Self::RateLimited => StatusCode::TOO_MANY_REQUESTS,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::StorageFull => StatusCode::INSUFFICIENT_STORAGE,
        }
    }

    /// One line for every problem of this kind.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::InvalidRequest => "The request cannot be read",
            Self::Unauthenticated => "A valid key is needed",
            Self::Forbidden => "This key may not do that",
            Self::NotFound => "Not found",
            Self::MethodNotAllowed => "This address does not take that method",
            Self::TooSlow => "The request took too long to arrive",
            Self::Conflict => "The present state does not allow that",
            Self::TooLarge => "Too large",
            Self::UnsupportedMediaType => "This media type is not read here",
            Self::UnsupportedDocument => "This document cannot be signed",
            Self::InvalidMetadata => "The metadata is not valid",
            Self::IdempotencyKeyReused => "The idempotency key belongs to another request",
            Self::RateLimited => "Too many requests",
            Self::Internal => "The service failed",
            Self::Unavailable => "Not available just now",
            Self::StorageFull => "The storage is full",
        }
    }
}

/// One error as the client sees it.
#[derive(Debug)]
pub struct Problem {
    kind: Kind,
    detail: Cow<'static, str>,
    members: Map<String, Value>,
    header: Option<Header>,
}

/// A header that belongs to the problem.
#[derive(Clone, Copy, Debug)]
enum Header {
    RetryAfter(u64),
    Authenticate,
}

impl Problem {
    /// A problem with what happened and, where there is one, the next step.
    pub fn new(kind: Kind, detail: impl Into<Cow<'static, str>>) -> Self {
        Self {
            kind,
            detail: detail.into(),
            members: Map::new(),
            header: None,
        }
    }

    /// Our fault: `cause` is for the log alone.
    pub fn internal(cause: impl Display) -> Self {
        tracing::error!(cause = %cause, "internal error");
        Self::new(
            Kind::Internal,
            "Nothing was lost. Try again; if it stays, give the request_id to the operator.",
        )
    }

    /// A part the service needs is away: `cause` is for the log alone.
    pub fn unavailable(detail: impl Into<Cow<'static, str>>, cause: impl Display) -> Self {
        tracing::error!(cause = %cause, "unavailable");
        Self::new(Kind::Unavailable, detail).retry_after(Duration::from_secs(5))
    }

    /// The disk is full: `cause` is for the log alone.
    pub fn storage_full(cause: impl Display) -> Self {
        tracing::error!(cause = %cause, "storage full");
        Self::new(
            Kind::StorageFull,
            "Nothing was stored. The operator must make room; then try again.",
        )
    }

    /// Nothing here that the caller may see.
    pub fn not_found(what: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::NotFound, what)
    }

    /// No valid key.
    pub fn unauthenticated() -> Self {
        let mut problem = Self::new(
            Kind::Unauthenticated,
            "Send the key that `absah client add` or `absah user add` showed: `Authorization: Bearer KEY`.",
        );
        problem.header = Some(Header::Authenticate);
        problem
    }

    /// The method is not one of `allowed`.
    #[must_use]
    pub fn method_not_allowed() -> Self {
        Self::new(
            Kind::MethodNotAllowed,
            "The Allow header names the methods that this address takes.",
        )
    }

    /// Adds a member beside the standard ones (RFC 9457 section 3.2).
    #[must_use]
    pub fn with(mut self, member: &str, value: impl Into<Value>) -> Self {
        self.members.insert(member.to_owned(), value.into());
        self
    }

    /// Says when to come back.
    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> Self {
        let seconds = wait.as_secs().max(1);
        self.header = Some(Header::RetryAfter(seconds));
        self
    }

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// What happened, in one or two sentences.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The problem as a JSON value, without the request's own members.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let mut members = Map::new();
        members.insert(
            "type".to_owned(),
            json!(format!("/problems/{}", self.kind.name())),
        );
        members.insert("title".to_owned(), json!(self.kind.title()));
        members.insert("status".to_owned(), json!(self.kind.status().as_u16()));
        members.insert("detail".to_owned(), json!(self.detail));
        members.extend(self.members.clone());
        Value::Object(members)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut body = self.to_value();
        if let (Some(id), Some(members)) = (request_id::current(), body.as_object_mut()) {
            members.insert("request_id".to_owned(), json!(id.to_string()));
        }
        let mut response = (self.kind.status(), Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        match self.header {
            Some(Header::RetryAfter(seconds)) => {
                headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
            }
            Some(Header::Authenticate) => {
                let challenge = HeaderValue::from_static("Bearer realm=\"absah\"");
                headers.insert(WWW_AUTHENTICATE, challenge);
            }
            None => {}
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn names_are_distinct_and_kebab_case() {
        let names: HashSet<_> = Kind::ALL.iter().map(|kind| kind.name()).collect();
        assert_eq!(names.len(), Kind::ALL.len());
        for name in names {
            assert!(name.chars().all(|c| c.is_ascii_lowercase() || c == '-'));
        }
    }

    #[test]
    fn the_stable_types_have_their_status() {
        let contract = [
            ("unauthenticated", 401),
            ("forbidden", 403),
            ("not-found", 404),
            ("conflict", 409),
            ("too-large", 413),
            ("unsupported-document", 422),
            ("invalid-metadata", 422),
            ("rate-limited", 429),
            ("storage-full", 507),
        ];
        for (name, status) in contract {
            let kind = Kind::ALL.iter().find(|kind| kind.name() == name).unwrap();
            assert_eq!(kind.status().as_u16(), status, "{name}");
        }
    }

    #[test]
    fn our_own_faults_show_no_cause() {
        let value = Problem::internal("the password is hunter2").to_value();
        assert!(!value.to_string().contains("hunter2"));
        assert_eq!(value["status"], 500);
    }

    #[test]
    fn further_members_stand_beside_the_standard_ones() {
        let value = Problem::new(Kind::UnsupportedDocument, "It is encrypted.")
            .with("reason", "encrypted")
            .with("object", "12 0")
            .to_value();
        assert_eq!(value["type"], "/problems/unsupported-document");
        assert_eq!(value["reason"], "encrypted");
        assert_eq!(value["object"], "12 0");
    }
}

//! Who calls: `Authorization: Bearer KEY` (RFC 6750 section 2.1).

use axum::extract::{FromRef, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;

use crate::domain::accounts::{Client, Person, Role};
use crate::http::problem::{Kind, Problem};
use crate::services::administration::{Administration, Caller};

/// A client or a person whose key is known.
#[derive(Debug, Clone)]
pub struct Authenticated(pub Caller);

/// A client: a permit system.
#[derive(Debug, Clone)]
pub struct AsClient(pub Client);

/// A person who reviews.
#[derive(Debug, Clone)]
pub struct AsReviewer(pub Person);

/// A person who signs.
#[derive(Debug, Clone)]
pub struct AsSignatory(pub Person);

impl<S: Send + Sync> FromRequestParts<S> for Authenticated
where
    Administration: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let key = bearer(&parts.headers).ok_or_else(Problem::unauthenticated)?;
        let caller = Administration::from_ref(state).authenticate(key).await?;
        caller.map(Self).ok_or_else(Problem::unauthenticated)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for AsClient
where
    Administration: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Authenticated::from_request_parts(parts, state).await?.0 {
            Caller::Client(client) => Ok(Self(client)),
            Caller::Person(_) => Err(forbidden("This is for the keys of permit systems.")),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for AsReviewer
where
    Administration: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let caller = Authenticated::from_request_parts(parts, state).await?.0;
        person(caller, Role::Reviewer).map(Self)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for AsSignatory
where
    Administration: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let caller = Authenticated::from_request_parts(parts, state).await?.0;
        person(caller, Role::Signatory).map(Self)
    }
}

fn person(caller: Caller, role: Role) -> Result<Person, Problem> {
    match caller {
        Caller::Person(person) if person.is(role) => Ok(person),
        _ => Err(forbidden(match role {
            Role::Reviewer => "This is for the keys of people who review.",
            _ => "This is for the keys of people who sign.",
        })),
    }
}

fn forbidden(detail: &'static str) -> Problem {
    Problem::new(Kind::Forbidden, detail)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn only_the_bearer_scheme_is_read() {
        let read = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(AUTHORIZATION, HeaderValue::from_static(value));
            bearer(&headers).map(str::to_owned)
        };
        assert_eq!(read("Bearer absah_x").as_deref(), Some("absah_x"));
        assert_eq!(read("bearer  absah_x").as_deref(), Some("absah_x"));
        for value in ["Basic absah_x", "absah_x", "", "Bearer"] {
            assert_eq!(read(value), None, "{value}");
        }
    }
}

//! Who is signed in.

use axum::extract::FromRequestParts;
use axum::http::header::ACCEPT;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum::response::{IntoResponse, Redirect, Response};
use openssl::memcmp;

use super::cookie;
use crate::domain::accounts::{Person, Role};
use crate::domain::sessions::Session;
use crate::http::problem::{Kind, Problem};
use crate::http::state::App;

/// A person who is signed in. Where nobody is, a page leads to the sign-in and back; a call
/// gets the problem `unauthenticated`.
#[derive(Clone, Debug)]
pub struct Staff {
    /// Who.
    pub person: Person,
    /// In which session.
    pub session: Session,
    /// What proves that a request comes from a page of this session.
    pub csrf: CsrfToken,
}

/// Follows from the session's cookie, so it needs no place of its own.
#[derive(Clone)]
pub struct CsrfToken(String);

/// Nobody is signed in, or it could not be found out.
#[derive(Debug)]
pub enum NotSignedIn {
    /// To the sign-in, and back to this address.
    SignIn(String),
    /// An answer for a program.
    Problem(Problem),
}

impl Staff {
    /// Whether he holds a role.
    #[must_use]
    pub fn is(&self, role: Role) -> bool {
        self.person.is(role)
    }

    /// Refuses who does not hold a role.
    ///
    /// # Errors
    /// `forbidden`.
    pub fn require(&self, role: Role) -> Result<(), Problem> {
        if self.is(role) {
            return Ok(());
        }
        let detail = format!("This is for people with the role {}.", role.name());
        Err(Problem::new(Kind::Forbidden, detail).with("reason", "role"))
    }

    /// Refuses who has not proved himself in the last minutes. The page then asks for the
    /// passkey and repeats the call.
    ///
    /// # Errors
    /// `forbidden` with `reason: proof`.
    pub fn require_proof(&self, app: &App) -> Result<(), Problem> {
        if app.entry().is_proven(&self.session) {
            return Ok(());
        }
        let detail = "Prove yourself with your passkey once more.";
        Err(Problem::new(Kind::Forbidden, detail).with("reason", "proof"))
    }
}

impl CsrfToken {
    /// The token as pages carry it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Refuses another one.
    pub(super) fn check(&self, given: Option<&str>) -> Result<(), Problem> {
        let given = given.unwrap_or_default().as_bytes();
        let own = self.0.as_bytes();
        if given.len() == own.len() && memcmp::eq(given, own) {
            return Ok(());
        }
        let detail = "The page is of another session: load it again.";
        Err(Problem::new(Kind::Forbidden, detail).with("reason", "csrf"))
    }
}

impl std::fmt::Debug for CsrfToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CsrfToken(..)")
    }
}

impl FromRequestParts<App> for Staff {
    type Rejection = NotSignedIn;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, NotSignedIn> {
        // Asked for by the handler and by the page's frame, looked up once.
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(known.clone());
        }
        let staff = Self::look_up(parts, app).await?;
        parts.extensions.insert(staff.clone());
        Ok(staff)
    }
}

impl Staff {
    async fn look_up(parts: &Parts, app: &App) -> Result<Self, NotSignedIn> {
        let Some(token) = cookie::read(app.settings(), &parts.headers) else {
            return Err(NotSignedIn::of(parts));
        };
        let found = app.entry().authenticate(&token).await;
        match found.map_err(|error| NotSignedIn::Problem(error.into()))? {
            None => Err(NotSignedIn::of(parts)),
            Some((person, session)) => Ok(Self {
                person,
                session,
                csrf: CsrfToken(token.derived("absah csrf v1")),
            }),
        }
    }
}

impl NotSignedIn {
    fn of(parts: &Parts) -> Self {
        if wants_page(&parts.headers) {
            let here = match parts.method {
                Method::GET => parts.uri.path_and_query().map(ToString::to_string),
                _ => None,
            };
            return Self::SignIn(here.unwrap_or_default());
        }
        Self::Problem(Problem::new(
            Kind::Unauthenticated,
            "Nobody is signed in, or the session has ended: sign in again.",
        ))
    }
}

impl From<NotSignedIn> for Problem {
    fn from(error: NotSignedIn) -> Self {
        match error {
            NotSignedIn::Problem(problem) => problem,
            NotSignedIn::SignIn(_) => Self::new(Kind::Unauthenticated, "Sign in again."),
        }
    }
}

impl IntoResponse for NotSignedIn {
    fn into_response(self) -> Response {
        match self {
            Self::SignIn(here) => Redirect::to(&super::session::address(&here)).into_response(),
            Self::Problem(problem) => problem.into_response(),
        }
    }
}

/// Whether a person looks at the answer, not a script.
pub(super) fn wants_page(headers: &HeaderMap) -> bool {
    let mut accepted = headers.get_all(ACCEPT).iter();
    accepted.any(|value| value.to_str().is_ok_and(|text| text.contains("text/html")))
}

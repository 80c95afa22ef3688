//! What pages of the console send: forms and JSON, with the proof that one of our own pages
//! sent it (the `Origin` header, and within a session its token).

use axum::extract::{FromRequest, FromRequestParts as _, Request};
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;

use super::origin;
use super::respond::PageProblem;
use super::shell::ConsoleShell;
use super::staff::Staff;
use crate::http::extract::{ClientAddress, Json, whole};
use crate::http::problem::{Kind, Problem};
use crate::http::state::App;

/// The largest form.
const LIMIT: usize = 256 * 1024;
/// The header that carries the session's token beside JSON.
const HEADER: &str = "x-csrf-token";

/// A form that someone who is signed in sent from our own page, with its token in the field
/// `csrf`.
#[derive(Debug)]
pub struct StaffForm {
    /// Who sent it.
    pub staff: Staff,
    /// The frame of the page that answers.
    pub shell: ConsoleShell,
    fields: Fields,
}

/// JSON that a script of our own page sent within a session.
#[derive(Debug)]
pub struct StaffJson<T> {
    /// Who sent it.
    pub staff: Staff,
    /// What.
    pub value: T,
}

/// JSON that a script of our own page sent for someone who is not signed in. Limited by
/// address.
#[derive(Debug)]
pub struct Visitor<T>(pub T);

/// The fields of a form, in their order.
#[derive(Debug, Default)]
struct Fields(Vec<(String, String)>);

impl StaffForm {
    /// A field's value, without white space around it; empty where there is none.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.fields.first(name).unwrap_or_default().trim()
    }

    /// Every value of a field.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.fields
            .0
            .iter()
            .filter(move |(field, _)| field == name)
            .map(|(_, value)| value.as_str())
    }
}

impl FromRequest<App> for StaffForm {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let staff = Staff::from_request_parts(&mut parts, app).await;
        let staff = staff.map_err(IntoResponse::into_response)?;
        let shell = ConsoleShell::of(&mut parts, app, &staff).await;
        let refuse = |problem: Problem, shell: &ConsoleShell| {
            PageProblem::new(shell.clone(), problem).into_response()
        };
        origin::check(app.settings(), &parts.headers).map_err(|error| refuse(error, &shell))?;
        let body = whole(body, LIMIT).await;
        let body = body.map_err(|error| refuse(error, &shell))?;
        let fields = Fields::read(&body).map_err(|error| refuse(error, &shell))?;
        let checked = staff.csrf.check(fields.first("csrf"));
        checked.map_err(|error| refuse(error, &shell))?;
        Ok(Self {
            staff,
            shell,
            fields,
        })
    }
}

impl<T: DeserializeOwned> FromRequest<App> for StaffJson<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let staff = Staff::from_request_parts(&mut parts, app).await?;
        origin::check(app.settings(), &parts.headers)?;
        let token = parts.headers.get(HEADER);
        staff
            .csrf
            .check(token.and_then(|value| value.to_str().ok()))?;
        let request = Request::from_parts(parts, body);
        let Json(value) = Json::from_request(request, app).await?;
        Ok(Self { staff, value })
    }
}

impl<T: DeserializeOwned> FromRequest<App> for Visitor<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        origin::check(app.settings(), &parts.headers)?;
        let ClientAddress(address) = ClientAddress::from_request_parts(&mut parts, app).await?;
        app.lookups().spend(address)?;
        let request = Request::from_parts(parts, body);
        let Json(value) = Json::from_request(request, app).await?;
        Ok(Self(value))
    }
}

impl Fields {
    /// Reads `application/x-www-form-urlencoded` (WHATWG URL, 5.1).
    fn read(body: &[u8]) -> Result<Self, Problem> {
        let broken = || Problem::new(Kind::InvalidRequest, "The form is not UTF-8 text.");
        let pairs = body
            .split(|byte| *byte == b'&')
            .filter(|pair| !pair.is_empty());
        let pairs = pairs.map(|pair| {
            let at = pair
                .iter()
                .position(|byte| *byte == b'=')
                .unwrap_or(pair.len());
            let (name, value) = pair.split_at(at);
            let value = value.strip_prefix(b"=").unwrap_or(value);
            Some((decoded(name)?, decoded(value)?))
        });
        let fields: Option<Vec<_>> = pairs.collect();
        fields.map(Self).ok_or_else(broken)
    }

    fn first(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(field, _)| field == name);
        found.map(|(_, value)| value.as_str())
    }
}

fn decoded(text: &[u8]) -> Option<String> {
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, tail @ ..] = rest {
        rest = tail;
        match (first, tail) {
            (b'+', _) => octets.push(b' '),
            (b'%', [high, low, tail @ ..]) => match (digit(*high), digit(*low)) {
                (Some(high), Some(low)) => {
                    octets.push(high << 4 | low);
                    rest = tail;
                }
                _ => octets.push(b'%'),
            },
            _ => octets.push(*first),
        }
    }
    String::from_utf8(octets).ok()
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_read_as_browsers_write_them() {
        let fields = Fields::read(b"a=1&b=dua+kata&a=%C3%A9%3D&c&=x&d=100%").unwrap();
        let read: Vec<(&str, &str)> = fields
            .0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let expected = [
            ("a", "1"),
            ("b", "dua kata"),
            ("a", "é="),
            ("c", ""),
            ("", "x"),
            ("d", "100%"),
        ];
        assert_eq!(read, expected);
        assert!(Fields::read(b"a=%ff").is_err());
    }
}

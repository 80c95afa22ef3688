//! The session's cookie. Under https it has the `__Host-` prefix (RFC 6265bis 4.1.3.2): no
//! other host can set it. A demonstration on http://localhost has no https, so its cookie has
//! another name and no `Secure`.

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};

use crate::http::state::Settings;
use crate::services::entry::Token;

const SECURE: &str = "__Host-absah";
const PLAIN: &str = "absah-session";

/// The secret in the request's cookie.
pub(super) fn read(settings: &Settings, headers: &HeaderMap) -> Option<Token> {
    let name = name(settings);
    let values = headers.get_all(COOKIE).iter();
    let pairs = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'));
    let mut ours = pairs
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(key, _)| *key == name);
    let (_, value) = ours.next()?;
    // Two of one name: one of them is someone else's.
    ours.next().is_none().then(|| Token::presented(value))?
}

/// The header that gives a browser its session.
pub(super) fn given(settings: &Settings, token: &Token) -> Option<HeaderValue> {
    let secure = secure(settings);
    let name = name(settings);
    let value = format!(
        "{name}={}; Path=/; HttpOnly; SameSite=Lax{secure}",
        token.reveal()
    );
    let mut value = HeaderValue::from_str(&value).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// The header that takes it away.
pub(super) fn taken(settings: &Settings) -> Option<HeaderValue> {
    let (name, secure) = (name(settings), secure(settings));
    let value = format!("{name}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{secure}");
    HeaderValue::from_str(&value).ok()
}

fn is_https(settings: &Settings) -> bool {
    settings.public_url.starts_with("https://")
}

fn name(settings: &Settings) -> &'static str {
    if is_https(settings) { SECURE } else { PLAIN }
}

fn secure(settings: &Settings) -> &'static str {
    if is_https(settings) { "; Secure" } else { "" }
}

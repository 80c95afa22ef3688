//! `GET /trust`: the root certificate, and what Adobe Reader will show and why.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::respond::page;
use super::shell::Shell;
use super::view::{Fact, TrustPage};
use crate::domain::zone::date_in_words;
use crate::http::state::App;

/// The page about trust.
pub async fn show(State(app): State<App>, shell: Shell) -> Response {
    let root = app.authority().root();
    let settings = app.settings();
    let day = |at| date_in_words(settings.zone.date(at), shell.language);
    let until = shell.say("sampai", "to");
    let facts = vec![
        Fact::new(shell.say("Nama", "Name"), root.subject().text()),
        Fact::new(
            shell.say("Berlaku", "Valid"),
            format!(
                "{} {until} {}",
                day(root.not_before()),
                day(root.not_after())
            ),
        ),
        Fact::code(
            shell.say("Sidik jari SHA-256", "SHA-256 fingerprint"),
            fingerprint(root.fingerprint().as_bytes()),
        ),
    ];
    let language = shell.language;
    let trust = TrustPage {
        root: facts,
        public_url: settings.public_url.clone(),
        shell,
    };
    page(StatusCode::OK, language, &trust)
}

/// As openssl prints it, in groups that a telephone carries and a phone's line holds.
fn fingerprint(bytes: &[u8]) -> String {
    let pair = |byte: &u8| format!("{byte:02X}");
    let group = |bytes: &[u8]| bytes.iter().map(pair).collect::<Vec<_>>().join(":");
    bytes.chunks(8).map(group).collect::<Vec<_>>().join(" ")
}

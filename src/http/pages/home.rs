//! The first page: type a code, or choose a file.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::respond::page;
use super::shell::Shell;
use super::view::HomePage;
use crate::http::extract::Query;
use crate::http::state::App;
use crate::kernel::code::{CodeError, DocumentCode};

/// `GET /`
pub async fn show(State(app): State<App>, shell: Shell) -> Response {
    let language = shell.language;
    page(StatusCode::OK, language, &empty(&app, shell))
}

/// What the form sends.
#[derive(Debug, Deserialize)]
pub struct Typed {
    #[serde(default)]
    code: String,
}

/// `GET /v?code=`: to the code's own page, or back with what is wrong with it.
pub async fn find(State(app): State<App>, shell: Shell, Query(typed): Query<Typed>) -> Response {
    match typed.code.parse::<DocumentCode>() {
        Ok(code) => {
            let target = format!("/v/{}{}", code.compact(), shell.keep_language());
            Redirect::to(&target).into_response()
        }
        Err(error) => {
            let language = shell.language;
            let form = HomePage {
                code_error: Some(mistake(&shell, error)),
                code: typed.code.chars().take(40).collect(),
                ..empty(&app, shell)
            };
            page(StatusCode::BAD_REQUEST, language, &form)
        }
    }
}

/// The form with a word about the file.
pub(super) fn with_file_error(app: &App, shell: Shell, error: &str) -> Response {
    let language = shell.language;
    let form = HomePage {
        file_error: Some(error.to_owned()),
        ..empty(app, shell)
    };
    page(StatusCode::BAD_REQUEST, language, &form)
}

fn empty(app: &App, mut shell: Shell) -> HomePage {
    shell.path = Some("/".to_owned());
    HomePage {
        shell,
        code: String::new(),
        code_error: None,
        file_error: None,
        largest: format!("{} MB", app.settings().upload_bytes / (1024 * 1024)),
    }
}

/// What is wrong with a typed code, and what to do.
pub(super) fn mistake(shell: &Shell, error: CodeError) -> String {
    match error {
        CodeError::Length(0) => shell
            .say(
                "Ketik kode yang tercetak di dekat kode QR.",
                "Type the code printed beside the QR code.",
            )
            .to_owned(),
        CodeError::Length(length) if length > 17 => shell
            .say(
                "Kode terdiri atas 17 huruf dan angka; yang diketik lebih panjang.",
                "A code has 17 letters and digits; what was typed is longer.",
            )
            .to_owned(),
        CodeError::Length(length) => {
            let said = shell.say(
                "Kode terdiri atas 17 huruf dan angka; yang diketik ada",
                "A code has 17 letters and digits; what was typed has",
            );
            format!("{said} {length}.")
        }
        CodeError::Character(character) => {
            let said = shell.say("tidak pernah ada dalam kode.", "never occurs in a code.");
            format!("“{character}” {said}")
        }
        CodeError::Check => shell
            .say(
                "Ada huruf atau angka yang salah ketik. Cocokkan lagi dengan cetakan.",
                "A letter or digit is mistyped. Compare it with the print once more.",
            )
            .to_owned(),
    }
}

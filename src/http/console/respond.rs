//! From a page of the console to a response; problems become pages too.

use askama::Template;
use axum::http::StatusCode;
use axum::http::header::{
    CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, VARY,
};
use axum::response::{IntoResponse, Response};

use super::shell::ConsoleShell;
use crate::http::problem::{Kind, Problem};

/// Our own scripts and calls; no inline script, no string that becomes one.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' blob:; \
    script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
    frame-ancestors 'none'; require-trusted-types-for 'script'";

/// A page of the console.
pub fn page(status: StatusCode, shell: &ConsoleShell, template: &impl Template) -> Response {
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_LANGUAGE, shell.shell.language.tag()),
        (VARY, "Accept-Language, Cookie"),
        (CONTENT_SECURITY_POLICY, POLICY),
        // Without it browsers send forms with `Origin: null`.
        (REFERRER_POLICY, "same-origin"),
    ];
    match template.render() {
        Ok(html) => (status, headers, html).into_response(),
        Err(error) => Problem::internal(error).into_response(),
    }
}

/// A problem that someone in the console reads.
#[derive(Debug)]
pub struct PageProblem {
    shell: ConsoleShell,
    problem: Problem,
}

impl PageProblem {
    /// A problem in the frame of the page.
    #[must_use]
    pub fn new(shell: ConsoleShell, problem: Problem) -> Self {
        Self { shell, problem }
    }
}

#[derive(Template)]
#[template(path = "console-message.html")]
struct Message {
    console: ConsoleShell,
    heading: String,
    sentence: String,
    detail: String,
}

impl IntoResponse for PageProblem {
    fn into_response(self) -> Response {
        let Self { shell, problem } = self;
        let (heading, sentence) = words(problem.kind());
        let message = Message {
            heading: shell.say(heading.0, heading.1).to_owned(),
            sentence: shell.say(sentence.0, sentence.1).to_owned(),
            detail: problem.detail().to_owned(),
            console: shell.clone(),
        };
        let status = problem.kind().status();
        let mut response = page(status, &shell, &message);
        for (name, value) in problem.into_response().headers() {
            response.headers_mut().entry(name).or_insert(value.clone());
        }
        response
            .headers_mut()
            .remove(axum::http::header::CONTENT_LENGTH);
        response
    }
}

type Both = (&'static str, &'static str);

/// What happened, whether anything was lost, and the next step.
fn words(kind: Kind) -> (Both, Both) {
    match kind {
        Kind::NotFound => (
            ("Tidak ditemukan", "Not found"),
            (
                "Yang Anda cari tidak ada, atau bukan untuk Anda. Kembalilah ke meja kerja.",
                "What you look for is not there, or not for you. Go back to your desk.",
            ),
        ),
        Kind::Forbidden => (
            ("Tidak diizinkan", "Not allowed"),
            (
                "Akun Anda tidak berhak melakukan ini, atau halaman sudah kedaluwarsa. Tidak ada yang berubah. Muat ulang halaman, lalu coba lagi.",
                "Your account may not do this, or the page is out of date. Nothing was changed. Load the page again, then try once more.",
            ),
        ),
        Kind::Conflict => (
            ("Keadaannya sudah berubah", "Things have changed"),
            (
                "Orang lain lebih dulu, atau hal ini sudah dilakukan. Tidak ada yang hilang. Lihat keadaan terbarunya di meja kerja.",
                "Someone else was faster, or it has been done already. Nothing was lost. See how things stand on your desk.",
            ),
        ),
        Kind::RateLimited => (
            ("Terlalu banyak permintaan", "Too many requests"),
            (
                "Tunggu sebentar, lalu coba lagi.",
                "Wait a moment, then try again.",
            ),
        ),
        Kind::InvalidRequest | Kind::InvalidMetadata | Kind::TooLarge | Kind::TooSlow => (
            ("Isian tidak terbaca", "The form cannot be read"),
            (
                "Ada isian yang kurang atau salah. Tidak ada yang disimpan; kembali dan perbaiki.",
                "Something in the form is missing or wrong. Nothing was stored; go back and mend it.",
            ),
        ),
        _ => (
            ("Layanan sedang terganggu", "The service is disturbed"),
            (
                "Tidak ada yang hilang. Coba lagi beberapa saat lagi.",
                "Nothing was lost. Please try again in a moment.",
            ),
        ),
    }
}

//! From a page to a response; errors become pages too.

use askama::Template;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_LANGUAGE, CONTENT_TYPE, VARY};
use axum::response::{IntoResponse, Response};

use super::shell::Shell;
use super::view::{Banner, MessagePage, Tone};
use crate::domain::language::Language;
use crate::http::problem::{Kind, Problem};

const HTML: &str = "text/html; charset=utf-8";

/// A page as a response.
pub(super) fn page(status: StatusCode, language: Language, template: &impl Template) -> Response {
    let headers = [
        (CONTENT_TYPE, HTML),
        (CONTENT_LANGUAGE, language.tag()),
        (VARY, "Accept-Language"),
    ];
    match template.render() {
        Ok(html) => (status, headers, html).into_response(),
        Err(error) => Problem::internal(error).into_response(),
    }
}

/// A problem that a person reads.
pub(super) struct PageError {
    shell: Shell,
    problem: Problem,
}

impl PageError {
    pub(super) fn new(shell: Shell, problem: Problem) -> Self {
        Self { shell, problem }
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let Self { shell, problem } = self;
        let (heading, sentence) = words(problem.kind());
        let banner = Banner {
            tone: Tone::Calm,
            heading: shell.say(heading.0, heading.1).to_owned(),
            sentence: shell.say(sentence.0, sentence.1).to_owned(),
            next_step: None,
        };
        let language = shell.language;
        let mut response = page(
            problem.kind().status(),
            language,
            &MessagePage { shell, banner },
        );
        // The problem knows when to come back.
        for (name, value) in problem.into_response().headers() {
            if name != CONTENT_TYPE && name != axum::http::header::CONTENT_LENGTH {
                response.headers_mut().insert(name.clone(), value.clone());
            }
        }
        response
    }
}

type Both = (&'static str, &'static str);

/// What happened, that nothing was lost, and the next step.
fn words(kind: Kind) -> (Both, Both) {
    match kind {
        Kind::NotFound => (
            ("Halaman tidak ditemukan", "Page not found"),
            (
                "Tidak ada apa pun di alamat ini. Periksa alamatnya, atau mulai dari halaman depan.",
                "There is nothing at this address. Check it, or start from the first page.",
            ),
        ),
        Kind::RateLimited => (
            ("Terlalu banyak permintaan", "Too many requests"),
            (
                "Dari jaringan Anda datang terlalu banyak permintaan. Tunggu satu menit, lalu coba lagi.",
                "Too many requests came from your network. Wait a minute, then try again.",
            ),
        ),
        Kind::TooLarge => (
            ("Berkas terlalu besar", "The file is too large"),
            (
                "Berkas ini lebih besar daripada yang diterima. Berkas itu tidak disimpan.",
                "The file is larger than is accepted. It was not kept.",
            ),
        ),
        Kind::InvalidRequest | Kind::UnsupportedMediaType | Kind::TooSlow => (
            ("Permintaan tidak terbaca", "The request cannot be read"),
            (
                "Kiriman terputus atau rusak. Tidak ada yang disimpan; coba kirim sekali lagi.",
                "What was sent broke off or is damaged. Nothing was kept; please send it again.",
            ),
        ),
        Kind::MethodNotAllowed => (
            (
                "Halaman tidak dapat dibuka begitu",
                "This page cannot be opened that way",
            ),
            (
                "Mulailah dari halaman depan.",
                "Please start from the first page.",
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

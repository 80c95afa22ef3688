//! What the `type` of a problem means, for who reads it in a log.

use axum::http::StatusCode;
use axum::response::Response;

use super::respond::{PageError, page};
use super::shell::Shell;
use super::view::{Banner, MessagePage, Tone};
use crate::http::extract::Path;
use crate::http::problem::{Kind, Problem};

/// `GET /problems/{name}`
pub async fn show(Path(name): Path<String>, shell: Shell) -> Result<Response, PageError> {
    let Some(kind) = Kind::ALL.into_iter().find(|kind| kind.name() == name) else {
        let problem = Problem::not_found("There is no such problem type.");
        return Err(PageError::new(shell, problem));
    };
    let banner = Banner {
        tone: Tone::Calm,
        heading: kind.name().to_owned(),
        sentence: format!("{} ({}).", kind.title(), kind.status().as_u16()),
        next_step: Some(
            shell
                .say(
                    "Jawaban API menyebut rinciannya dalam “detail”; “request_id” menemukan permintaan itu di log.",
                    "The API's answer says more in “detail”; its “request_id” finds the request in the log.",
                )
                .to_owned(),
        ),
    };
    Ok(page(
        StatusCode::OK,
        shell.language,
        &MessagePage { shell, banner },
    ))
}

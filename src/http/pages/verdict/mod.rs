//! The verdict as a page: behind the QR code, and for an uploaded file.

mod details;
mod facts;

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::home;
use super::respond::{PageError, page};
use super::shell::{Shell, say};
use super::view::{Banner, Compare, Fact, MessagePage, Proof, VerdictPage};
use super::words::{Answer, Standing, Voice};
use crate::domain::document::PermitStatus;
use crate::http::extract::{ClientAddress, Path, Upload, UploadBudget};
use crate::http::problem::{Kind, Problem};
use crate::http::state::App;
use crate::kernel::code::DocumentCode;
use crate::kernel::validation::Verdict;
use crate::services::verify::{CodeAnswer, FileAnswer, Record};

/// `GET /v/{code}`: what a scan of the QR code shows.
pub async fn by_code(
    State(app): State<App>,
    shell: Shell,
    address: ClientAddress,
    Path(typed): Path<String>,
) -> Result<Response, PageError> {
    let failed = |problem| PageError::new(shell.clone(), problem);
    app.lookups().spend(address.0).map_err(failed)?;
    let Ok(code) = typed.parse::<DocumentCode>() else {
        return Ok(unknown_code(&app, shell));
    };
    let found = app.services().verify_code(code).await;
    Ok(match found.map_err(|error| failed(error.into()))? {
        CodeAnswer::Unknown => unknown_code(&app, shell),
        CodeAnswer::NotIssued => unissued(&app, shell, code, &Answer::NotIssued),
        CodeAnswer::NeverIssued => unissued(&app, shell, code, &Answer::NeverIssued),
        CodeAnswer::Issued(record) => of_code(&app, shell, code, &record),
    })
}

/// `POST /verify`: the verdict on a file, which is not kept.
pub async fn of_upload(
    State(app): State<App>,
    shell: Shell,
    budget: Result<UploadBudget, Problem>,
    upload: Result<Upload, Problem>,
) -> Result<Response, PageError> {
    let failed = |problem| PageError::new(shell.clone(), problem);
    budget.map_err(failed)?;
    let file = upload.and_then(|mut upload| upload.take_file());
    let file = match file {
        Ok(file) if !file.is_empty() => file,
        Ok(_) => return Ok(no_file(&app, shell)),
        Err(problem) if problem.kind() == Kind::InvalidRequest => return Ok(no_file(&app, shell)),
        Err(problem) => return Err(failed(problem)),
    };
    let answer = app.services().verify_file(Arc::new(file)).await;
    let answer = answer.map_err(|error| failed(error.into()))?;
    Ok(of_file(&app, shell, &answer))
}

fn no_file(app: &App, shell: Shell) -> Response {
    let error = say(
        shell.language,
        "Pilih berkas PDF yang akan diperiksa.",
        "Choose the PDF file to check.",
    );
    home::with_file_error(app, shell, error)
}

fn unknown_code(app: &App, shell: Shell) -> Response {
    let banner = voice(app, &shell).banner(&Answer::UnknownCode);
    let language = shell.language;
    page(
        StatusCode::NOT_FOUND,
        language,
        &MessagePage { shell, banner },
    )
}

/// A code whose document is not there yet, or never will be: nothing else is told.
fn unissued(app: &App, shell: Shell, code: DocumentCode, answer: &Answer<'_>) -> Response {
    let voice = voice(app, &shell);
    let language = shell.language;
    let verdict = VerdictPage {
        banner: voice.banner(answer),
        document_heading: voice.say("Dokumen", "Document").to_owned(),
        document: vec![Fact::code(voice.say("Kode", "Code"), code.to_string())],
        signers: Vec::new(),
        compare: None,
        proof: None,
        details: Vec::new(),
        json: None,
        shell,
    };
    page(StatusCode::OK, language, &verdict)
}

fn of_code(app: &App, shell: Shell, code: DocumentCode, record: &Record) -> Response {
    let voice = voice(app, &shell);
    let language = shell.language;
    let verdict = VerdictPage {
        banner: voice.banner(&Answer::Registered(standing(record))),
        document_heading: voice.say("Dokumen", "Document").to_owned(),
        document: facts::document(&voice, record),
        signers: facts::signers(&voice, record),
        compare: Some(Compare {
            sentence: shell
                .say(
                    "Cocokkan jenis izin, nomor, nama pemegang, dan tanggal di atas dengan cetakan Anda. Bila ada yang berbeda, data di halaman inilah yang benar.",
                    "Compare the permit type, number, holder and dates above with your copy. Where they differ, this page is right.",
                )
                .to_owned(),
            facts: Vec::new(),
        }),
        proof: Some(Proof {
            proven: shell
                .say(
                    "Kode ini diberikan kantor tersebut pada izin di atas, dan status di atas adalah status saat ini.",
                    "The office gave this code to the permit above, and the status above is the present one.",
                )
                .to_owned(),
            not_proven: not_proven(&shell),
        }),
        details: details::of_record(&voice, record),
        json: Some(format!("/api/v1/verifications/code/{}", code.compact())),
        shell,
    };
    page(StatusCode::OK, language, &verdict)
}

fn of_file(app: &App, shell: Shell, answer: &FileAnswer) -> Response {
    let voice = voice(app, &shell);
    let report = &answer.report;
    let record = answer.record.as_ref();
    let banner = banner_of_file(&voice, &shell, answer);
    let ours = matches!(
        report.verdict,
        Verdict::Authentic | Verdict::AuthenticNotInForce
    );
    let heading = if ours {
        ("Dokumen", "Document")
    } else {
        (
            "Dokumen asli menurut catatan kantor",
            "The original, as the office has it",
        )
    };
    let language = shell.language;
    let verdict = VerdictPage {
        banner,
        document_heading: voice.say(heading.0, heading.1).to_owned(),
        document: record.map(|record| facts::document(&voice, record)).unwrap_or_default(),
        signers: match record {
            Some(record) => facts::signers(&voice, record),
            None => facts::foreign_signers(&voice, report),
        },
        compare: record.filter(|_| !ours).map(|_| Compare {
            sentence: shell
                .say(
                    "Data di atas adalah data yang tercatat di kantor. Cocokkan dengan isi berkas Anda.",
                    "The data above is what the office has on record. Compare it with your file.",
                )
                .to_owned(),
            facts: Vec::new(),
        }),
        proof: ours.then(|| Proof {
            proven: proven(&voice, record),
            not_proven: not_proven(&shell),
        }),
        details: details::of_report(&voice, report),
        json: None,
        shell,
    };
    page(StatusCode::OK, language, &verdict)
}

fn banner_of_file(voice: &Voice<'_>, shell: &Shell, answer: &FileAnswer) -> Banner {
    let report = &answer.report;
    let record = answer.record.as_ref();
    let reason = report
        .reason()
        .map(|finding| details::sentence(voice, finding));
    let mut banner = voice.banner(&Answer::File {
        verdict: report.verdict,
        standing: record.map_or(NO_STANDING, standing),
        reason: reason.as_deref(),
    });
    if report.verdict == Verdict::Altered
        && let Some(record) = record
    {
        let said = shell.say(
            "Data aslinya ada di bawah ini. Kode dokumen asli:",
            "The original's data is below. The original's code:",
        );
        banner.next_step = Some(format!("{said} {}.", record.code));
    }
    banner
}

const NO_STANDING: Standing<'_> = Standing {
    status: PermitStatus::Active,
    since: None,
    reason: None,
};

fn standing(record: &Record) -> Standing<'_> {
    Standing {
        status: record.permit_status,
        since: record.status_since,
        reason: record.status_reason.as_deref(),
    }
}

fn voice<'a>(app: &'a App, shell: &Shell) -> Voice<'a> {
    let settings = app.settings();
    Voice {
        language: shell.language,
        office: &settings.office,
        zone: settings.zone,
    }
}

fn proven(voice: &Voice<'_>, record: Option<&Record>) -> String {
    let since = record.map(|record| voice.zone.in_words(record.issued_at, voice.language));
    let (office, since) = (voice.office, since.unwrap_or_default());
    voice
        .say(
            "Berkas ini diterbitkan oleh {office} dan tidak berubah sejak {since}.",
            "This file was issued by {office} and has not changed since {since}.",
        )
        .replace("{office}", office)
        .replace("{since}", &since)
}

fn not_proven(shell: &Shell) -> String {
    shell
        .say(
            "Kebenaran data yang diajukan pemohon, atau bahwa pembawa dokumen ini adalah pemegang izinnya.",
            "That what the applicant stated is true, or that whoever carries this document is the permit's holder.",
        )
        .to_owned()
}

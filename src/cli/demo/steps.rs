//! The main job, one step after the other.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use time::macros::format_description;

use super::Progress;
use super::api::Api;
use super::office::{PASSPHRASE, SampleOffice};
use crate::cli::outcome::CliError;
use crate::domain::zone::Zone;
use crate::kernel::pdf::appearance::BUILT_IN_FONTS;
use crate::kernel::pdf::sheet::{Drawn, Sheet};
use crate::services::clock::SystemClock;
use crate::services::ports::Clock as _;

const TEMPLATE: &str = include_str!("../../../pdf-templates/sample-permit.toml");
/// What finishing a signature may take here.
const PATIENCE: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(20);

/// From the permit's PDF to the refusal of a forged one.
pub(super) async fn main_job(
    progress: &Progress,
    api: &Api,
    office: &SampleOffice,
    public_url: &str,
) -> Result<(), CliError> {
    let number = number();
    let drawn = draw(&number)?;
    progress.keep("permit.pdf", &drawn.bytes)?;
    let client = office.client.reveal();
    let submitted = progress
        .step("Submitted: a permit's PDF and its metadata", || {
            submit(api, client, &number, &drawn)
        })
        .await?;
    let path = format!("/api/v1/documents/{}", text(&submitted, "id"));
    progress.say(&format!(
        "number {number}, code {}",
        text(&submitted, "code")
    ))?;
    progress
        .step(
            "Reviewed by two tiers, each bound to the file's SHA-256",
            || review(api, office, &path, &submitted),
        )
        .await?;
    progress
        .step("Gate met: the satisfaction survey (SKM)", || {
            let gate = format!("{path}/gates/skm");
            async move {
                api.post(&gate, client, &json!({ "proof": "SKM-2026-0001" }))
                    .await
            }
        })
        .await?;
    progress
        .step("Approved by the head of office with his passphrase", || {
            let approvals = format!("{path}/approvals");
            let body = json!({ "passphrase": PASSPHRASE });
            async move { api.post(&approvals, office.signatory.reveal(), &body).await }
        })
        .await?;
    progress
        .step("Issued: PAdES B-LTA, QR code, self-check", || {
            issued(api, client, &path)
        })
        .await?;
    let file = api.file(&format!("{path}/file"), client).await?;
    check(progress, api, &submitted, &file, public_url).await
}

async fn check(
    progress: &Progress,
    api: &Api,
    submitted: &Value,
    file: &[u8],
    public_url: &str,
) -> Result<(), CliError> {
    let kept = progress.keep("permit-signed.pdf", file)?;
    progress
        .step("Verified: the issued file is authentic", || {
            verdict(api, file, &["authentic"])
        })
        .await?;
    let page = format!("/v/{}", text(submitted, "code").replace('-', ""));
    progress
        .step("Verified: the page behind the QR code answers", || {
            api.page(&page)
        })
        .await?;
    let forged = tampered(file)?;
    let forgery = progress.keep("permit-tampered.pdf", &forged)?;
    progress
        .step("Tampered with: one byte changed, and refused", || {
            verdict(api, &forged, &["altered", "invalid"])
        })
        .await?;
    progress.say("")?;
    progress.say(&format!("The QR code's page   {public_url}{page}"))?;
    progress.say(&format!("Check a file         {public_url}/"))?;
    progress.say(&format!("Why trust it         {public_url}/trust"))?;
    progress.say(&format!("The signed permit    {}", kept.display()))?;
    progress.say(&format!("The forgery          {}", forgery.display()))
}

/// Numbers of the demonstration come from the clock, so that each run has its own.
fn number() -> String {
    let format = format_description!("[hour][minute][second]");
    let now = SystemClock.now().to_offset(Zone::Wib.offset());
    let serial = now.format(format).unwrap_or_default();
    format!("503/{serial}/SIPB/DPMPTSP/{}", now.year())
}

fn draw(number: &str) -> Result<Drawn, CliError> {
    let [(_, regular), (_, bold)] = BUILT_IN_FONTS;
    let sheet = Sheet::parse(TEMPLATE, regular, bold).map_err(CliError::world)?;
    let data = [("nomor".to_owned(), number.to_owned())].into();
    sheet.draw(&data).map_err(CliError::world)
}

async fn submit(api: &Api, key: &str, number: &str, drawn: &Drawn) -> Result<Value, CliError> {
    let (page, rect) = drawn
        .places
        .get("signature")
        .ok_or_else(|| CliError::world("the sample permit has no place for a signature"))?;
    let today = Zone::Wib.date(SystemClock.now());
    let metadata = json!({
        "permit_type": "SIPB",
        "number": number,
        "holder": { "name": "Melati Contoh Pertiwi", "kind": "person" },
        "issued_on": today.to_string(),
        "valid_until": format!("{}-01-01", today.year() + 5),
        "placement": { "page": page, "rect": rect },
    });
    api.upload(
        "/api/v1/documents",
        Some(key),
        &drawn.bytes,
        Some(&metadata),
    )
    .await
}

async fn review(
    api: &Api,
    office: &SampleOffice,
    path: &str,
    submitted: &Value,
) -> Result<(), CliError> {
    let sha256 = &submitted["submitted"]["sha256"];
    for (tier, reviewer) in (1..).zip(&office.reviewers) {
        let body = json!({ "tier": tier, "decision": "approve", "sha256": sha256 });
        api.post(&format!("{path}/reviews"), reviewer.reveal(), &body)
            .await?;
    }
    Ok(())
}

async fn issued(api: &Api, key: &str, path: &str) -> Result<(), CliError> {
    let until = Instant::now() + PATIENCE;
    loop {
        let document = api.get(path, key).await?;
        if document["state"] == "issued" {
            return Ok(());
        }
        if Instant::now() > until {
            let waits = text(&document, "waiting_for");
            return Err(CliError::world(format!(
                "the document is not issued, it waits: {waits}"
            )));
        }
        tokio::time::sleep(POLL).await;
    }
}

async fn verdict(api: &Api, file: &[u8], expected: &[&str]) -> Result<(), CliError> {
    let report = api
        .upload("/api/v1/verifications", None, file, None)
        .await?;
    let verdict = text(&report, "verdict");
    if expected.contains(&verdict.as_str()) {
        return Ok(());
    }
    Err(CliError::world(format!(
        "the verdict is {verdict}: {report}"
    )))
}

/// The file with one byte of its first revision changed.
fn tampered(file: &[u8]) -> Result<Vec<u8>, CliError> {
    let nothing = || CliError::world("the signed permit has no page content");
    let at = file
        .windows(6)
        .position(|window| window == b"stream")
        .ok_or_else(nothing)?;
    let mut forged = file.to_vec();
    let byte = forged.get_mut(at + 40).ok_or_else(nothing)?;
    *byte ^= 0x01;
    Ok(forged)
}

fn text(value: &Value, member: &str) -> String {
    value[member].as_str().unwrap_or_default().to_owned()
}

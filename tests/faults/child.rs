//! The process that is killed, and the client that calls it: every call has an
//! idempotency key and is made again until it is answered, whoever answers.

use std::path::Path;

use absah::domain::document::{Document, DocumentState};
use absah::domain::metadata::Metadata;
use absah::domain::review::Decision;
use absah::kernel::hash::Sha256;
use absah::services::{Once, ReviewRequest, ServiceError};

use crate::office::{Office, secret};
use crate::permit;

/// Names the data folder, for the process that is to act.
pub const FOLDER: &str = "ABSAH_FAULT_FOLDER";

/// Does nothing unless it was started to be killed.
#[test]
fn acts_when_it_is_told_to() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let office = Office::open(Path::new(&folder)).await;
        issue(&office, &mut |answer| println!("answered {answer}")).await;
    });
}

fn once(what: &str) -> Option<Once> {
    Some(Once {
        caller: "faults".into(),
        key: what.into(),
        request: Sha256::of(what.as_bytes()),
    })
}

fn metadata() -> Metadata {
    let json = br#"{"permit_type":"SIPB","number":"503/001/2026",
        "holder":{"name":"Rina Contoh","kind":"person"}}"#;
    Metadata::parse(json).unwrap()
}

/// From submission to issue; `answered` hears what was acknowledged.
pub async fn issue(office: &Office, answered: &mut dyn FnMut(&str)) -> Document {
    let file = permit::pdf(20_000);
    let services = &office.services;
    let submitted = services
        .submit(&office.client, file, metadata(), once("submit"))
        .await
        .unwrap()
        .value;
    answered(&format!("submit {}", submitted.id));
    let review = ReviewRequest {
        tier: 1,
        decision: Decision::Approve,
        sha256: submitted.submitted.sha256,
        reason: None,
    };
    let reviewed = services
        .review(&office.reviewer, &submitted.id, &review, once("review"))
        .await;
    reviewed.unwrap();
    answered("review");
    approve(office, &submitted).await;
    answered("approve");
    let issued = finish(office, &submitted).await;
    answered("issue");
    issued
}

/// Approves. Where the signature was stored and the answer was not, the state says so.
async fn approve(office: &Office, document: &Document) {
    let (documents, secret) = ([document.id], secret());
    let services = &office.services;
    let done = services
        .approve(
            &office.signatory,
            &documents,
            &secret,
            "faults",
            once("approve"),
        )
        .await;
    match done {
        Ok(done) => {
            let refused = done.value.iter().find_map(|one| one.refused.as_ref());
            assert_eq!(refused, None);
        }
        Err(ServiceError::State(error)) => assert!(matches!(error.state, "signed" | "issued")),
        Err(error) => panic!("{error}"),
    }
}

async fn finish(office: &Office, document: &Document) -> Document {
    use absah::services::ports::Documents as _;
    for _ in 0..200 {
        office.services.finish_due().await.unwrap();
        let now = office
            .database
            .document(&document.id)
            .await
            .unwrap()
            .unwrap();
        if matches!(now.state, DocumentState::Issued(_)) {
            return now;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the document was not issued");
}

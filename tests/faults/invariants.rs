//! I1 to I6 of a data folder after a kill and a restart.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use absah::domain::approval::ApprovalState;
use absah::domain::document::Document;
use absah::kernel::validation::Verdict;
use absah::services::administration::Caller;
use absah::services::ports::{CertificateQuery, Certificates as _, Documents as _, Events as _};

use crate::counted::operations;
use crate::office::Office;

/// The log's commitments, in their order.
pub async fn log(office: &Office) -> Vec<String> {
    let events = office.database.events(0, 10_000).await.unwrap();
    for (place, event) in events.iter().enumerate() {
        assert_eq!(event.index, place as u64, "I5: the log has a gap");
    }
    events
        .iter()
        .map(|event| format!("{:?}", event.commitment))
        .collect()
}

/// What was answered before the kill, the log as it was found after it, and the end.
pub async fn check(
    folder: &Path,
    office: &Office,
    answers: &[String],
    log_before: &[String],
    document: &Document,
) {
    acknowledged_is_durable(office, answers, document).await;
    one_document_one_signature(office, document).await;
    serials_are_unique(office).await;
    operations_are_accounted_for(folder, office, document).await;
    let log_after = log(office).await;
    assert!(log_after.starts_with(log_before), "I5: the log changed");
    approval_precedes_signature(office, document).await;
}

async fn acknowledged_is_durable(office: &Office, answers: &[String], document: &Document) {
    if let Some(answer) = answers.iter().find(|answer| answer.starts_with("submit")) {
        let expected = format!("submit {}", document.id);
        assert_eq!(
            *answer, expected,
            "I1: the acknowledged document is another"
        );
    }
    let caller = Caller::Client(office.client.clone());
    let file = office.services.file(&caller, &document.id).await.unwrap();
    let answer = office.services.verify_file(Arc::new(file)).await.unwrap();
    assert_eq!(
        answer.report.verdict,
        Verdict::Authentic,
        "I1: {:?}",
        answer.report
    );
}

async fn one_document_one_signature(office: &Office, document: &Document) {
    let of_number = office
        .database
        .documents_by_number(&office.client.id, &document.metadata.number)
        .await
        .unwrap();
    assert_eq!(of_number.len(), 1, "I2: more than one document");
    let signatures = office.database.signatures(&document.id).await.unwrap();
    assert_eq!(signatures.len(), 1, "I2: not one signature");
    let revisions = office.database.revisions(&document.id).await.unwrap();
    assert_eq!(revisions.len(), 1, "I2: not one original");
}

async fn serials_are_unique(office: &Office) {
    let query = CertificateQuery::default();
    let certificates = office.database.list(&query).await.unwrap();
    let serials: BTreeSet<_> = certificates
        .iter()
        .map(|record| &record.intent.id)
        .collect();
    assert_eq!(serials.len(), certificates.len(), "I3");
}

/// attempts >= operations >= stored: nothing was signed that was not written down before.
async fn operations_are_accounted_for(folder: &Path, office: &Office, document: &Document) {
    let mut attempts = 0;
    for intent in office.database.intents(&document.id).await.unwrap() {
        attempts += office.database.attempts(&intent.id).await.unwrap().len();
    }
    let operations = operations(&folder.join("operations"));
    assert!(
        attempts >= operations,
        "I4: {operations} operations, {attempts} attempts"
    );
    assert!(operations >= 1, "I4: a signature without an operation");
}

async fn approval_precedes_signature(office: &Office, document: &Document) {
    for signature in office.database.signatures(&document.id).await.unwrap() {
        let intent = office
            .database
            .intent(&signature.intent)
            .await
            .unwrap()
            .unwrap();
        let approval = office
            .database
            .approval(&intent.approval)
            .await
            .unwrap()
            .unwrap();
        match approval.state {
            ApprovalState::Given { at, .. } => assert!(at <= signature.at, "I6"),
            ApprovalState::Asked => panic!("I6: a signature without an approval"),
        }
    }
}

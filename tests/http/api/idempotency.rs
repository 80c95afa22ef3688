//! The same call twice is done once.

use serde_json::json;
use tokio::task::JoinSet;

use crate::app::problem;
use crate::office::{Office, body, created, metadata, permit};

#[tokio::test]
async fn a_repeated_call_is_answered_alike() {
    let office = Office::open().await;
    let send = async |number: &str| {
        let request = office.submission(&office.client, &permit(), &metadata(number));
        request
            .header("idempotency-key", "\"k-1\"")
            .send()
            .await
            .unwrap()
    };
    let first = send("503/1").await;
    assert!(first.headers().get("idempotency-replayed").is_none());
    let first = created(first, 201).await;
    let second = send("503/1").await;
    assert_eq!(second.headers()["idempotency-replayed"], "true");
    assert_eq!(created(second, 201).await, first);
    problem(send("503/2").await, 422, "idempotency-key-reused").await;
}

#[tokio::test]
async fn a_hundred_at_once_make_one_document_and_one_signature() {
    let office = Office::open().await;
    let mut calls = JoinSet::new();
    for _ in 0..100 {
        let request = office.submission(&office.client, &permit(), &metadata("503/1"));
        let request = request.header("idempotency-key", "k-1");
        calls.spawn(async move { request.send().await.unwrap().status().as_u16() });
    }
    let statuses = calls.join_all().await;
    assert!(
        statuses.iter().all(|status| [201, 409].contains(status)),
        "{statuses:?}"
    );
    assert!(statuses.contains(&201));
    let seen = body(office.get("/api/v1/documents", &office.client).await).await;
    assert_eq!(seen["documents"].as_array().unwrap().len(), 1);

    let path = office.ready("503/2").await;
    let mut calls = JoinSet::new();
    for _ in 0..20 {
        let request = office
            .app
            .post(&format!("{path}/approvals"))
            .bearer_auth(&office.signatory);
        let request = request
            .header("idempotency-key", "a-1")
            .header("content-type", "application/json")
            .body(json!({"passphrase": crate::office::PASSPHRASE}).to_string());
        calls.spawn(async move { request.send().await.unwrap().status().as_u16() });
    }
    let statuses = calls.join_all().await;
    assert!(
        statuses.iter().all(|status| [202, 409].contains(status)),
        "{statuses:?}"
    );
    let file = loop {
        let document = body(office.get(&path, &office.client).await).await;
        if document["state"] == "issued" {
            break office.file(&path).await;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    };
    let report = office.verify(&file).await;
    let signatures = report["signatures"].as_array().unwrap();
    let signed = signatures.iter().filter(|one| one["kind"] == "signature");
    assert_eq!(signed.count(), 1);
}

//! Reviews and approvals, and what they refuse.

use serde_json::json;

use crate::app::problem;
use crate::office::{Office, PASSPHRASE, created, sha256};

#[tokio::test]
async fn a_wrong_passphrase_signs_nothing() {
    let office = Office::open().await;
    let path = office.ready("503/1").await;
    let approvals = format!("{path}/approvals");
    let wrong = office
        .post(
            &approvals,
            &office.signatory,
            json!({"passphrase": "salah"}),
        )
        .await;
    let body = problem(wrong, 403, "forbidden").await;
    assert_eq!(body["reason"], "wrong-passphrase");
    let document = office.get(&path, &office.client).await;
    assert_eq!(created(document, 200).await["state"], "ready");
    // Nobody else's key, and no other word, opens it.
    let secret = json!({"passphrase": PASSPHRASE});
    problem(
        office
            .post(&approvals, &office.client, secret.clone())
            .await,
        403,
        "forbidden",
    )
    .await;
    problem(
        office.post(&approvals, &office.reviewer, secret).await,
        403,
        "forbidden",
    )
    .await;
    let malformed = office
        .post(&approvals, &office.signatory, json!({"pin": "1"}))
        .await;
    problem(malformed, 400, "invalid-request").await;
}

#[tokio::test]
async fn what_is_not_ready_is_not_signed() {
    let office = Office::open().await;
    let document = office.submit("503/1").await;
    let path = format!(
        "/api/v1/documents/{}/approvals",
        document["id"].as_str().unwrap()
    );
    let secret = json!({"passphrase": PASSPHRASE});
    problem(
        office.post(&path, &office.signatory, secret).await,
        409,
        "conflict",
    )
    .await;
}

#[tokio::test]
async fn a_review_is_of_this_file_and_this_tier() {
    let office = Office::open().await;
    let document = office.submit("503/1").await;
    let path = format!(
        "/api/v1/documents/{}/reviews",
        document["id"].as_str().unwrap()
    );
    let review =
        |tier: u8, sha256: &str| json!({"tier": tier, "decision": "approve", "sha256": sha256});
    let right = document["submitted"]["sha256"].as_str().unwrap();
    for wrong in [review(2, right), review(1, &sha256(b"another file"))] {
        problem(
            office.post(&path, &office.reviewer, wrong).await,
            409,
            "conflict",
        )
        .await;
    }
    let unreasoned = json!({"tier": 1, "decision": "return", "sha256": right});
    problem(
        office.post(&path, &office.reviewer, unreasoned).await,
        409,
        "conflict",
    )
    .await;
    created(
        office.post(&path, &office.reviewer, review(1, right)).await,
        201,
    )
    .await;
}

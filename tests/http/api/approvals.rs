//! Reviews and approvals, and what they refuse.

use std::time::Duration;

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
    assert_eq!(body["tries_left"], 4);
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

#[tokio::test]
async fn too_many_wrong_passphrases_lock_for_a_time_that_is_told() {
    let office = Office::open().await;
    let path = office.ready("503/1").await;
    let approvals = format!("{path}/approvals");
    let give = async |word: &str| {
        let secret = json!({ "passphrase": word });
        office.post(&approvals, &office.signatory, secret).await
    };
    for left in (0..5).rev() {
        let body = problem(give("salah").await, 403, "forbidden").await;
        assert_eq!(body["tries_left"], left);
    }
    // Not even the right one is tried now.
    let locked = give(PASSPHRASE).await;
    let header: u64 = locked.headers()["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((50..=61).contains(&header));
    let body = problem(locked, 429, "rate-limited").await;
    assert_eq!(body["reason"], "wrong-passphrases");
    assert_eq!(body["retry_after"], header);
    let document = office.get(&path, &office.client).await;
    assert_eq!(created(document, 200).await["state"], "ready");
}

#[tokio::test]
async fn an_approval_whose_answer_was_lost_is_answered_alike() {
    let office = Office::open().await;
    let path = office.ready("503/1").await;
    let give = async |patience: Duration| {
        let request = office.app.post(&format!("{path}/approvals"));
        let request = request
            .bearer_auth(&office.signatory)
            .header("idempotency-key", "a-1")
            .header("content-type", "application/json")
            .body(json!({ "passphrase": PASSPHRASE }).to_string());
        request.timeout(patience).send().await
    };
    // The caller hangs up before he is answered; what he began goes on.
    assert!(
        give(Duration::from_millis(30))
            .await
            .unwrap_err()
            .is_timeout()
    );
    let first = loop {
        let answer = give(Duration::from_secs(60)).await.unwrap();
        if answer.status() != 409 {
            break answer;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    let first = created(first, 202).await;
    assert_eq!(
        (&first["state"], &first["waiting_for"]),
        (&json!("signed"), &json!("finish"))
    );
    office.issued(&path).await;
    let again = give(Duration::from_secs(60)).await.unwrap();
    assert_eq!(again.headers()["idempotency-replayed"], "true");
    assert_eq!(created(again, 202).await, first);
    // Without the key it is another call, and the document is signed already.
    let secret = json!({ "passphrase": PASSPHRASE });
    let approvals = format!("{path}/approvals");
    let other = office.post(&approvals, &office.signatory, secret).await;
    problem(other, 409, "conflict").await;
}

//! What the office decides about an issued permit shows at once, everywhere.

use serde_json::json;

use crate::app::problem;
use crate::office::{Office, body, created};

#[tokio::test]
async fn a_permit_is_suspended_resumed_superseded_and_cancelled() {
    let office = Office::open().await;
    let (path, document) = office.issue("503/1").await;
    let (_, successor) = office.issue("503/2").await;
    let code = document["code"].as_str().unwrap();
    let verdict = async || {
        let path = format!("/api/v1/verifications/code/{code}");
        body(office.app.get(&path).send().await.unwrap()).await
    };
    assert_eq!(verdict().await["verdict"], "authentic");
    let reason = json!({"reason": "pemeriksaan lapangan"});
    let decide = async |act: &str, body| {
        office
            .post(&format!("{path}/{act}"), &office.client, body)
            .await
    };
    created(decide("suspend", reason.clone()).await, 200).await;
    let suspended = verdict().await;
    assert_eq!(suspended["verdict"], "authentic_not_in_force");
    assert_eq!(suspended["document"]["permit_status"], "suspended");
    assert_eq!(
        suspended["document"]["status_reason"],
        "pemeriksaan lapangan"
    );
    created(decide("resume", reason.clone()).await, 200).await;
    assert_eq!(verdict().await["verdict"], "authentic");
    problem(
        decide("cancel", json!({"reason": " "})).await,
        400,
        "invalid-request",
    )
    .await;
    let next = json!({"successor": successor["id"], "reason": "perubahan alamat"});
    created(decide("supersede", next).await, 200).await;
    assert_eq!(verdict().await["document"]["successor"], successor["code"]);
    created(decide("cancel", reason.clone()).await, 200).await;
    problem(decide("cancel", reason).await, 409, "conflict").await;
    let file = office.file(&path).await;
    let report = office.verify(&file).await;
    assert_eq!(report["verdict"], "authentic_not_in_force");
    assert_eq!(report["signatures"][0]["crypto_valid"], true);
}

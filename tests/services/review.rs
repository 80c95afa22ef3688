//! Reviews and gates.

use absah::domain::document::ReviewError;
use absah::domain::review::Decision;
use absah::kernel::hash::Sha256;
use absah::services::{ReviewRequest, ServiceError};

use crate::office::{Office, once};

#[tokio::test(flavor = "multi_thread")]
async fn a_review_is_of_the_file_that_was_submitted() {
    let office = Office::new().await;
    let document = office.submit("SIPB", "1").await;
    let good = ReviewRequest {
        tier: 1,
        decision: Decision::Approve,
        sha256: document.submitted.sha256,
        reason: None,
    };
    let refused = async |request: ReviewRequest| {
        let review = office
            .services
            .review(&office.reviewer, &document.id, &request, None)
            .await;
        match review.unwrap_err() {
            ServiceError::Review(error) => error,
            other => panic!("{other}"),
        }
    };
    let sha256 = Sha256::of(b"another file");
    assert!(matches!(
        refused(ReviewRequest {
            sha256,
            ..good.clone()
        })
        .await,
        ReviewError::File { .. }
    ));
    let tier = ReviewRequest {
        tier: 2,
        ..good.clone()
    };
    assert!(matches!(refused(tier).await, ReviewError::Tier { .. }));
    let decision = ReviewRequest {
        decision: Decision::Return,
        ..good.clone()
    };
    assert_eq!(refused(decision).await, ReviewError::Reason);
    let by_head = office
        .services
        .review(&office.head, &document.id, &good, None)
        .await;
    assert!(matches!(by_head, Err(ServiceError::Forbidden(_))));
    office
        .services
        .review(&office.reviewer, &document.id, &good, once("k", b"1"))
        .await
        .unwrap();
    let again = office
        .services
        .review(&office.reviewer, &document.id, &good, once("k", b"1"))
        .await;
    assert!(again.unwrap().replayed);
    assert!(matches!(refused(good).await, ReviewError::State(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_returned_document_is_not_signed() {
    let office = Office::new().await;
    let document = office.submit("SIPB", "1").await;
    let request = ReviewRequest {
        tier: 1,
        decision: Decision::Return,
        sha256: document.submitted.sha256,
        reason: Some("NIP salah".into()),
    };
    office
        .services
        .review(&office.reviewer, &document.id, &request, None)
        .await
        .unwrap();
    assert_eq!(office.state(&document.id).await, "returned");
    assert!(matches!(
        office.approve(&[document.id]).await,
        Err(ServiceError::State(_))
    ));
    assert_eq!(office.keys.operations(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gate_opens_once_and_only_where_it_stands() {
    let office = Office::new().await;
    let document = office.submit("SIPP", "1").await;
    assert_eq!(document.state.name(), "submitted");
    assert_eq!(
        office.view(&document.id).await.waiting_for.as_deref(),
        Some("gate:skm")
    );
    assert!(matches!(
        office.approve(&[document.id]).await,
        Err(ServiceError::State(_))
    ));
    let meet = async |name: &str| {
        let name = name.parse().unwrap();
        office
            .services
            .meet_gate(&office.client, &document.id, &name, "survei 7", None)
            .await
    };
    assert!(matches!(
        meet("other").await,
        Err(ServiceError::NotFound(_))
    ));
    assert_eq!(meet("skm").await.unwrap().value.state.name(), "ready");
    assert_eq!(meet("skm").await.unwrap().value.gates.len(), 1);
    office.approve(&[document.id]).await.unwrap();
    assert!(matches!(meet("skm").await, Err(ServiceError::State(_))));
}

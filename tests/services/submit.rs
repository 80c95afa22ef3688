//! Submission: what is refused, and that a key is answered once.

use absah::domain::event::Actor;
use absah::services::ServiceError;
use absah::services::administration::{Caller, NewClient};
use absah::services::ports::{Documents, Events};

use crate::office::{Office, metadata, once, permit};

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_with_one_key_make_one_document_and_one_signature() {
    let office = std::sync::Arc::new(Office::new().await);
    let events = office.store.event_count().await.unwrap();
    let calls: Vec<_> = (0..100)
        .map(|_| {
            let office = office.clone();
            tokio::spawn(async move { office.try_submit("SK", "1", once("key", b"body")).await })
        })
        .collect();
    let mut made = Vec::new();
    for call in calls {
        match call.await.unwrap() {
            Ok(document) => made.push(document.id),
            Err(error) => assert!(matches!(error, ServiceError::InFlight), "{error}"),
        }
    }
    made.dedup();
    assert_eq!(made.len(), 1);
    assert_eq!(office.store.event_count().await.unwrap(), events + 1);

    let id = made[0];
    let calls: Vec<_> = (0..100)
        .map(|_| {
            let office = office.clone();
            tokio::spawn(async move { office.approve(&[id]).await })
        })
        .collect();
    let mut signed = 0;
    for call in calls {
        signed += usize::from(call.await.unwrap().is_ok());
    }
    assert_eq!(signed, 1);
    assert_eq!(office.keys.operations(), 1);
    assert_eq!(office.store.signatures(&id).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_gives_the_same_answer() {
    let office = Office::new().await;
    let submit = async |body: &[u8]| {
        let metadata = metadata("SIPB", "1", 1);
        office
            .services
            .submit(&office.client, permit(), metadata, once("key", body))
            .await
    };
    let first = submit(b"body").await.unwrap();
    office.review(&first.value).await.unwrap();
    let again = submit(b"body").await.unwrap();
    assert_eq!((first.replayed, again.replayed), (false, true));
    assert_eq!(again.value, first.value);
    assert!(matches!(
        submit(b"other").await,
        Err(ServiceError::OtherRequest)
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_call_frees_its_key() {
    let office = Office::new().await;
    let refused = office
        .try_submit("UNKNOWN", "1", once("key", b"body"))
        .await;
    assert!(matches!(refused, Err(ServiceError::Metadata(_))));
    office
        .try_submit("SIPB", "1", once("key", b"body"))
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_signed_leaves_nothing() {
    let office = Office::new().await;
    let truncated = permit()[..permit().len() / 2].to_vec();
    for file in [Vec::new(), b"hello".to_vec(), truncated] {
        let metadata = metadata("SIPB", "1", 1);
        let refused = office
            .services
            .submit(&office.client, file, metadata, None)
            .await;
        assert!(matches!(refused, Err(ServiceError::Unsupported(_))));
    }
    let mut wrong = vec![metadata("SIPB", "1", 1); 3];
    wrong[0].qr_pages = vec![9];
    wrong[1].signatory = Some("nobody".into());
    wrong[2].placement = Some(serde_json::from_str(r#"{"field":"none"}"#).unwrap());
    for metadata in wrong {
        let refused = office
            .services
            .submit(&office.client, permit(), metadata, None)
            .await;
        assert!(matches!(
            refused,
            Err(ServiceError::Metadata(_) | ServiceError::Placement(_))
        ));
    }
    let found = office
        .store
        .documents_by_number(&office.client.id, "1")
        .await
        .unwrap();
    assert_eq!(found, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_keeps_to_its_types_and_sees_its_own() {
    let office = Office::new().await;
    let document = office.submit("SIPB", "1").await;
    let new = NewClient {
        name: "SITETEH".into(),
        permit_types: vec!["SK".parse().unwrap()],
    };
    let (other, _) = office
        .administration
        .add_client(Actor::Operator, new)
        .await
        .unwrap();
    let metadata = metadata("SIPB", "1", 1);
    let refused = office
        .services
        .submit(&other, permit(), metadata, None)
        .await;
    assert!(matches!(refused, Err(ServiceError::Forbidden(_))));
    let caller = Caller::Client(other);
    assert_eq!(
        office
            .services
            .document(&caller, &document.id)
            .await
            .unwrap(),
        None
    );
    let refused = office.services.file(&caller, &document.id).await;
    assert!(matches!(refused, Err(ServiceError::NotFound(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_and_version_are_taken_once() {
    let office = Office::new().await;
    office.submit("SIPB", "1").await;
    let refused = office.try_submit("SIPB", "1", None).await;
    assert!(matches!(refused, Err(ServiceError::Exists(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_version_voids_the_earlier_reviews() {
    let office = Office::new().await;
    let first = office.submit("SIPB", "1").await;
    assert_eq!(office.review(&first).await.unwrap().state.name(), "ready");
    let metadata = metadata("SIPB", "1", 2);
    let second = office
        .services
        .submit(&office.client, permit(), metadata, None)
        .await
        .unwrap()
        .value;
    assert_eq!(office.state(&first.id).await, "returned");
    assert_eq!(
        (second.state.name(), second.reviews.len()),
        ("in_review", 0)
    );
    assert!(matches!(
        office.approve(&[first.id]).await,
        Err(ServiceError::State(_))
    ));
    assert!(matches!(
        office.approve(&[second.id]).await,
        Err(ServiceError::State(_))
    ));
    assert_eq!(office.keys.operations(), 0);
}

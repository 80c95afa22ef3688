//! An approval whose answer was lost: the repeated call is answered alike, and nothing
//! is signed twice.

use std::sync::Arc;
use std::time::Duration;

use absah::domain::ids::DocumentId;
use absah::kernel::sign::SignError;
use absah::services::ports::Documents;
use absah::services::{Approved, Done, ServiceError};

use crate::office::{Office, PASSPHRASE, once, secret};

async fn approve(
    office: &Office,
    ids: &[DocumentId],
    key: &str,
) -> Result<Done<Vec<Approved>>, ServiceError> {
    let (services, secret) = (&office.services, secret(PASSPHRASE));
    let once = once(key, b"approve");
    services
        .approve(&office.head, ids, &secret, "test", once)
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_stays_what_it_was_after_the_issue() {
    let office = Office::new().await;
    let id = office.submit("PLAIN", "1").await.id;
    let first = approve(&office, &[id], "k").await.unwrap();
    let signed = first.value[0].signed.as_ref().unwrap();
    assert_eq!(
        **signed,
        office.document(&id).await,
        "the answer is what was stored"
    );
    office.services.finish_due().await.unwrap();
    assert_eq!(office.state(&id).await, "issued");
    let again = approve(&office, &[id], "k").await.unwrap();
    assert_eq!((again.replayed, again.value), (true, first.value));
    // Another key, or none, asks for another signature, and there is no room for one.
    assert!(matches!(
        approve(&office, &[id], "l").await,
        Err(ServiceError::State(_))
    ));
    assert!(matches!(
        office.approve(&[id]).await,
        Err(ServiceError::State(_))
    ));
    assert_eq!(office.keys.operations(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_with_one_key_get_one_signature_and_equal_answers() {
    let office = Arc::new(Office::new().await);
    let id = office.submit("PLAIN", "1").await.id;
    let calls: Vec<_> = (0..100)
        .map(|_| {
            let office = office.clone();
            tokio::spawn(async move {
                loop {
                    match approve(&office, &[id], "k").await {
                        Ok(done) => return done,
                        // The contract: in flight, come again.
                        Err(ServiceError::InFlight) => {
                            tokio::time::sleep(Duration::from_millis(20)).await;
                        }
                        Err(error) => panic!("{error}"),
                    }
                }
            })
        })
        .collect();
    let mut answers = Vec::new();
    for call in calls {
        answers.push(call.await.unwrap());
    }
    assert_eq!(answers.iter().filter(|answer| !answer.replayed).count(), 1);
    assert!(
        answers
            .iter()
            .all(|answer| answer.value == answers[0].value)
    );
    assert_eq!(office.keys.operations(), 1);
    assert_eq!(office.store.signatures(&id).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_lost_reply_of_the_device_the_same_key_signs_the_same_bytes() {
    let office = Office::new().await;
    let id = office.submit("PLAIN", "1").await.id;
    *office.keys.failing.lock().unwrap() = Some(SignError::ReplyLost("time".into()));
    assert!(approve(&office, &[id], "k").await.is_err());
    *office.keys.failing.lock().unwrap() = None;
    let done = approve(&office, &[id], "k").await.unwrap();
    assert!(!done.replayed);
    let intents = office.store.intents(&id).await.unwrap();
    assert_eq!(intents.len(), 1);
    assert_eq!(
        office.store.attempts(&intents[0].id).await.unwrap().len(),
        2
    );
    assert_eq!(office.keys.operations(), 2);
}

/// A value that someone else stored first costs that document alone.
#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_stored_with_its_answer() {
    let office = Office::new().await;
    let mut ids = Vec::new();
    for number in 0..5 {
        ids.push(office.submit("PLAIN", &number.to_string()).await.id);
    }
    let first = approve(&office, &ids, "k").await.unwrap();
    assert!(first.value.iter().all(|one| one.signed.is_some()));
    let again = approve(&office, &ids, "k").await.unwrap();
    assert_eq!((again.replayed, again.value), (true, first.value));
    assert_eq!(office.keys.operations(), 5);
}

/// A call that is dropped half way (its caller has gone) does not hold its key.
#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_was_dropped_frees_its_key_and_its_document() {
    let office = Office::new().await;
    let id = office.submit("PLAIN", "1").await.id;
    for milliseconds in [0, 1, 2, 5, 10, 20, 40] {
        let (one, limit) = ([id], Duration::from_millis(milliseconds));
        let dropped = approve(&office, &one, "k");
        if tokio::time::timeout(limit, dropped).await.is_ok() {
            break;
        }
    }
    let done = loop {
        match approve(&office, &[id], "k").await {
            Ok(done) => break done,
            Err(ServiceError::InFlight | ServiceError::Contended) => {}
            Err(error) => panic!("{error}"),
        }
    };
    assert!(done.value[0].signed.is_some());
    assert_eq!(office.store.signatures(&id).await.unwrap().len(), 1);
}

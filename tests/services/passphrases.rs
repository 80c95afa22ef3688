//! Wrong passphrases: counted, durably, by person; then a wait that grows.

use absah::domain::accounts::Person;
use absah::domain::ids::DocumentId;
use absah::domain::lockout::FREE_TRIES;
use absah::services::ServiceError;
use absah::services::ports::{Documents, Events, Lockouts};
use tempfile::TempDir;
use time::Duration;

use crate::office::{Office, PASSPHRASE, once, secret};

async fn guess(office: &Office, who: &Person, id: DocumentId, word: &str) -> ServiceError {
    let (services, secret) = (&office.services, secret(word));
    let refused = services.approve(who, &[id], &secret, "test", None).await;
    refused.unwrap_err()
}

fn waits(error: &ServiceError) -> Duration {
    match error {
        ServiceError::Locked { wait } => *wait,
        other => panic!("{other}"),
    }
}

async fn refusals_logged(office: &Office) -> usize {
    let events = office.store.events(0, u32::MAX >> 1).await.unwrap();
    let acts = events.iter().map(|event| {
        let (_, payload) = event.opening.as_ref().unwrap();
        let payload: serde_json::Value = serde_json::from_slice(payload).unwrap();
        payload["act"].as_str().unwrap().to_owned()
    });
    acts.filter(|act| act == "key.secret_refused").count()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_fifth_wrong_one_locks_also_after_a_restart_and_only_him() {
    let folder = TempDir::new().unwrap();
    let office = Office::open(folder.path()).await;
    let id = office.submit("PLAIN", "1").await.id;
    for left in (0..FREE_TRIES).rev() {
        let refused = guess(&office, &office.head, id, "salah").await;
        assert!(
            matches!(refused, ServiceError::WrongSecret { tries_left, .. } if tries_left == left),
            "{refused}"
        );
    }
    // Not even the right one is tried now.
    let locked = waits(&guess(&office, &office.head, id, PASSPHRASE).await);
    assert!(locked > Duration::seconds(50) && locked <= Duration::MINUTE);
    assert_eq!(refusals_logged(&office).await, FREE_TRIES as usize);
    office.store.close().await;

    let office = Office::open(folder.path()).await;
    waits(&guess(&office, &office.head, id, PASSPHRASE).await);
    // The deputy, who may not sign this, is refused for that and not for another's guesses.
    assert!(matches!(
        guess(&office, &office.deputy, id, PASSPHRASE).await,
        ServiceError::Right(_)
    ));
    assert_eq!(office.keys.operations(), 0);
    assert_eq!(office.state(&id).await, "ready");
    assert_eq!(office.store.intents(&id).await.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wait_grows_and_the_right_one_ends_the_count() {
    let office = Office::new().await;
    let id = office.submit("PLAIN", "1").await.id;
    let head = office.head.id;
    // As if the wrong ones had been given some time ago.
    let past = office.services.now() - Duration::minutes(30);
    for _ in 0..FREE_TRIES {
        office.store.count_wrong_secret(&head, past).await.unwrap();
    }
    let refused = guess(&office, &office.head, id, "salah").await;
    let ServiceError::WrongSecret {
        tries_left: 0,
        wait,
    } = refused
    else {
        panic!("{refused}")
    };
    assert_eq!(wait, Some(Duration::minutes(2)));
    assert!(waits(&guess(&office, &office.head, id, PASSPHRASE).await) > Duration::MINUTE);

    let other = Office::new().await;
    let id = other.submit("PLAIN", "1").await.id;
    guess(&other, &other.head, id, "salah").await;
    other.approve(&[id]).await.unwrap();
    assert_eq!(other.store.lockout(&other.head.id).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_make_no_more_guesses_than_one_after_the_other() {
    let office = std::sync::Arc::new(Office::new().await);
    let mut ids = Vec::new();
    for number in 0..30 {
        ids.push(office.submit("PLAIN", &number.to_string()).await.id);
    }
    let guesses: Vec<_> = ids
        .iter()
        .map(|id| {
            let (office, id) = (office.clone(), *id);
            tokio::spawn(async move { guess(&office, &office.head, id, "salah").await })
        })
        .collect();
    let mut tried = 0;
    for one in guesses {
        match one.await.unwrap() {
            ServiceError::WrongSecret { .. } => tried += 1,
            ServiceError::Locked { .. } => {}
            other => panic!("{other}"),
        }
    }
    assert_eq!(tried, FREE_TRIES);
    let counted = office
        .store
        .lockout(&office.head.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(counted.failures, FREE_TRIES);
    assert_eq!(office.keys.operations(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn right_ones_at_once_are_all_let_through() {
    let office = std::sync::Arc::new(Office::new().await);
    let mut calls = Vec::new();
    for number in 0..12 {
        let id = office.submit("PLAIN", &number.to_string()).await.id;
        let office = office.clone();
        calls.push(tokio::spawn(async move { office.approve(&[id]).await }));
    }
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(office.keys.operations(), 12);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_one_frees_its_idempotency_key() {
    let office = Office::new().await;
    let id = office.submit("PLAIN", "1").await.id;
    let approve = async |word: &str| {
        let key = once("k", b"1");
        let services = &office.services;
        services
            .approve(&office.head, &[id], &secret(word), "test", key)
            .await
    };
    assert!(approve("salah").await.is_err());
    let done = approve(PASSPHRASE).await.unwrap();
    assert!(!done.replayed);
    // A recorded answer needs no passphrase: nothing is opened for it.
    assert!(approve("salah").await.unwrap().replayed);
    assert_eq!(office.store.lockout(&office.head.id).await.unwrap(), None);
}

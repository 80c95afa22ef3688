//! The log's leaves: without gaps, never changed, erased only of salt and payload.

use absah::domain::document::Document;
use absah::kernel::log::Commitment;
use absah::services::clock::SystemEntropy;
use absah::services::ports::{Changes, Documents, Events, Ledger, Write};

use crate::world::{World, both, event};

both!(
    a_leaf_opens_to_its_payload,
    indices_have_no_gaps_whatever_fails,
    erasing_keeps_the_commitment,
    two_services_share_one_sequence,
);

fn with_event(document: &Document) -> Changes {
    Changes::new()
        .with(Write::AddDocument(Box::new(document.clone())))
        .event(&event(document), &SystemEntropy)
        .unwrap()
}

async fn a_leaf_opens_to_its_payload(world: World) {
    let document = world.document("1");
    world.store.commit(with_event(&document)).await.unwrap();
    let logged = world.store.events_of(&document.id).await.unwrap();
    let (salt, payload) = logged[0].opening.clone().unwrap();
    assert_eq!(payload, event(&document).payload());
    assert_eq!(logged[0].commitment, Commitment::new(&salt, &payload));
    assert_eq!(logged[0].index, 0);
}

async fn indices_have_no_gaps_whatever_fails(world: World) {
    let mut acts = Vec::new();
    for number in 0..40u32 {
        // Every other one breaks a rule, next to others in the same transaction.
        let document = world.document(&(number / 2).to_string());
        let store = world.store.clone();
        acts.push(tokio::spawn(async move {
            store.commit(with_event(&document)).await
        }));
    }
    let mut made = 0;
    for act in acts {
        made += u64::from(act.await.unwrap().is_ok());
    }
    assert_eq!(made, 20);
    assert_eq!(world.store.event_count().await.unwrap(), 20);
    let logged = world.store.events(0, 100).await.unwrap();
    let indices: Vec<u64> = logged.iter().map(|event| event.index).collect();
    assert_eq!(indices, (0..20).collect::<Vec<u64>>());
    assert_eq!(world.store.events(5, 3).await.unwrap(), logged[5..8]);
}

async fn erasing_keeps_the_commitment(world: World) {
    let document = world.document("1");
    world.store.commit(with_event(&document)).await.unwrap();
    let before = world.store.events(0, 1).await.unwrap().remove(0);
    world.store.erase_event(0).await.unwrap();
    let after = world.store.events(0, 1).await.unwrap().remove(0);
    assert_eq!(after.opening, None);
    assert_eq!((after.commitment, after.index), (before.commitment, 0));
}

async fn two_services_share_one_sequence(world: World) {
    let other = world.open_again().await;
    let mut acts = Vec::new();
    for number in 0..30u32 {
        let document = world.document(&number.to_string());
        let store = if number % 2 == 0 {
            world.store.clone()
        } else {
            other.clone()
        };
        acts.push(tokio::spawn(async move {
            store.commit(with_event(&document)).await
        }));
    }
    for act in acts {
        act.await.unwrap().unwrap();
    }
    let logged = other.events(0, 100).await.unwrap();
    let indices: Vec<u64> = logged.iter().map(|event| event.index).collect();
    assert_eq!(indices, (0..30).collect::<Vec<u64>>());
    let document = world
        .store
        .documents_by_number(&world.client.id, "7")
        .await
        .unwrap();
    assert_eq!(
        other.document(&document[0].id).await.unwrap().as_ref(),
        document.first()
    );
}

/// The database itself refuses, whoever asks.
mod refusals {
    use sqlx::Connection;

    use crate::world::World;

    const FORBIDDEN: [&str; 6] = [
        "DELETE FROM events",
        "UPDATE events SET payload = salt",
        "UPDATE events SET leaf = leaf + 1, salt = NULL, payload = NULL",
        "UPDATE events SET act = 'x', salt = NULL, payload = NULL",
        "UPDATE events SET commitment = 'x', salt = NULL, payload = NULL",
        "UPDATE log_state SET size = 0",
    ];

    async fn with_one_event(world: &World) {
        use absah::services::ports::Ledger;
        let document = world.document("1");
        world
            .store
            .commit(super::with_event(&document))
            .await
            .unwrap();
    }

    #[tokio::test]
    async fn sqlite() {
        let world = World::sqlite().await;
        with_one_event(&world).await;
        let mut raw = sqlx::SqliteConnection::connect(&world.address())
            .await
            .unwrap();
        for sql in FORBIDDEN {
            assert!(sqlx::query(sql).execute(&mut raw).await.is_err(), "{sql}");
        }
    }

    #[tokio::test]
    async fn postgres() {
        let world = World::postgres().await;
        with_one_event(&world).await;
        let mut raw = sqlx::PgConnection::connect(&world.address()).await.unwrap();
        for sql in FORBIDDEN.iter().chain(&["TRUNCATE events"]) {
            assert!(sqlx::query(*sql).execute(&mut raw).await.is_err(), "{sql}");
        }
    }
}

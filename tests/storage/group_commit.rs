//! Many acts at once: each is told its own outcome, and only when it is durable.

use absah::services::clock::SystemEntropy;
use absah::services::ports::{Changes, Documents, Events, Ledger, Write};

use crate::world::{World, both, event};

both!(
    what_was_acknowledged_is_there_for_everyone,
    acts_a_second_are_told
);

async fn what_was_acknowledged_is_there_for_everyone(world: World) {
    let other = world.open_again().await;
    let acts: Vec<_> = (0..50u32)
        .map(|number| {
            let (store, other) = (world.store.clone(), other.clone());
            let document = world.document(&number.to_string());
            tokio::spawn(async move {
                let changes = Changes::new().with(Write::AddDocument(Box::new(document.clone())));
                store.commit(changes).await.unwrap();
                assert_eq!(other.document(&document.id).await.unwrap(), Some(document));
            })
        })
        .collect();
    for act in acts {
        act.await.unwrap();
    }
}

/// No bound is asserted: machines differ. The number is for who reads the output.
async fn acts_a_second_are_told(world: World) {
    const ACTS: u32 = 1_000;
    let start = std::time::Instant::now();
    let acts: Vec<_> = (0..ACTS)
        .map(|number| {
            let store = world.store.clone();
            let document = world.document(&number.to_string());
            let changes = Changes::new()
                .with(Write::AddDocument(Box::new(document.clone())))
                .event(&event(&document), &SystemEntropy)
                .unwrap();
            tokio::spawn(async move { store.commit(changes).await.unwrap() })
        })
        .collect();
    for act in acts {
        act.await.unwrap();
    }
    println!(
        "{:.0} acts/s",
        f64::from(ACTS) / start.elapsed().as_secs_f64()
    );
    assert_eq!(world.store.event_count().await.unwrap(), u64::from(ACTS));
}

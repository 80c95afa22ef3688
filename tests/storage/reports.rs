//! What reports are made from: signatures by day and person, events by act.

use absah::services::clock::SystemEntropy;
use absah::services::ports::{
    Changes, EventFilter, Ledger, Reports, SignatureMade, SignedBy, Write,
};
use time::Duration;

use crate::world::{NOW, World, both, event};

both!(
    signatures_are_found_by_day_and_counted_by_signatory,
    events_are_listed_newest_first_by_act,
);

async fn signatures_are_found_by_day_and_counted_by_signatory(world: World) {
    let document = world.stored_document("1").await;
    let (approval, intent, attempt) = world.intent(&document);
    let signature = world.signature(&intent, &attempt, b"value");
    let made = SignatureMade {
        document: document.id,
        intent: intent.id,
        at: NOW,
    };
    let changes = Changes::new()
        .with(Write::SaveApproval(Box::new(approval)))
        .with(Write::AddIntent(Box::new(intent)))
        .with(Write::AddAttempt(attempt))
        .with(Write::AddSignature(signature));
    world.store.commit(changes).await.unwrap();
    let between = async |from, until| world.store.signed_between(from, until).await.unwrap();
    let after = NOW + Duration::MICROSECOND;
    assert_eq!(between(NOW, after).await, [made]);
    assert_eq!(between(after, after + Duration::DAY).await, []);
    assert_eq!(between(NOW - Duration::DAY, NOW).await, []);
    let by = world.store.signed_by(&world.signatory.id).await.unwrap();
    let one = SignedBy {
        finished: 1,
        unfinished: 0,
    };
    assert_eq!(by, one);
    let by = world.store.signed_by(&world.reviewer.id).await.unwrap();
    assert_eq!(by, SignedBy::default());
}

async fn events_are_listed_newest_first_by_act(world: World) {
    let first = world.stored_document("1").await;
    let second = world.stored_document("2").await;
    for document in [&first, &second] {
        let changes = Changes::new().event(&event(document), &SystemEntropy);
        world.store.commit(changes.unwrap()).await.unwrap();
    }
    let listed = async |filter: EventFilter| {
        let filter = EventFilter {
            limit: 10,
            ..filter
        };
        let events = world.store.events_matching(&filter).await.unwrap();
        events.iter().map(|event| event.index).collect::<Vec<_>>()
    };
    assert_eq!(listed(EventFilter::default()).await, [1, 0]);
    let act = |act: &str| EventFilter {
        act: Some(act.into()),
        ..EventFilter::default()
    };
    assert_eq!(listed(act("document.")).await, [1, 0]);
    assert_eq!(listed(act("key.")).await, [0u64; 0]);
    let before = EventFilter {
        before: Some(1),
        ..EventFilter::default()
    };
    assert_eq!(listed(before).await, [0]);
    let later = EventFilter {
        from: Some(NOW + Duration::SECOND),
        ..EventFilter::default()
    };
    assert_eq!(listed(later).await, [0u64; 0]);
}

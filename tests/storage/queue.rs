//! What is on its way: turns, backlog, the last permit of a type, readings.

use absah::domain::document::{Document, DocumentState};
use absah::domain::gate::MetGate;
use absah::domain::reading::Reading;
use absah::domain::review::{Decision, Review};
use absah::kernel::hash::Sha256;
use absah::services::ports::{Backlog, Changes, Documents, Ledger, Turn, Write};
use time::Duration;

use crate::world::{NOW, World, both};

both!(
    a_document_waits_for_one_turn_at_a_time,
    the_longest_waiting_comes_first,
    the_backlog_is_counted_by_stop,
    a_reading_is_of_a_person_a_document_and_a_file,
    the_last_issued_of_a_type_is_found,
);

fn sipb() -> Vec<absah::domain::permit_type::PermitTypeCode> {
    vec!["SIPB".parse().unwrap()]
}

async fn waiting(world: &World, turn: Turn) -> Vec<String> {
    let found = world.store.waiting(turn, &sipb(), 10).await.unwrap();
    let number = |document: Document| document.metadata.number;
    found.into_iter().map(number).collect()
}

async fn reviewed(world: &World, document: &Document) -> Document {
    let review = Review {
        tier: 1,
        reviewer: world.reviewer.id,
        sha256: document.submitted.sha256,
        decision: Decision::Approve,
        reason: None,
        at: NOW,
    };
    let after = document
        .clone()
        .review(review.clone(), &world.permit_type)
        .unwrap();
    let changes = Changes::new()
        .with(Write::SaveDocument(Box::new(after.clone())))
        .with(Write::AddReview(document.id, review));
    world.store.commit(changes).await.unwrap();
    world.store.document(&document.id).await.unwrap().unwrap()
}

async fn gate_met(world: &World, document: &Document) -> Document {
    let gate = MetGate {
        name: "skm".parse().unwrap(),
        reported_by: world.client.id,
        proof: "survei 12".into(),
        at: NOW,
    };
    let met = document
        .clone()
        .meet_gate(gate.clone(), &world.permit_type)
        .unwrap();
    let changes = Changes::new()
        .with(Write::SaveDocument(Box::new(met)))
        .with(Write::AddGate(document.id, gate));
    world.store.commit(changes).await.unwrap();
    world.store.document(&document.id).await.unwrap().unwrap()
}

async fn a_document_waits_for_one_turn_at_a_time(world: World) {
    let document = world.stored_document("1").await;
    assert_eq!(waiting(&world, Turn::Review(1)).await, ["1"]);
    assert_eq!(waiting(&world, Turn::Review(2)).await, [""; 0]);
    assert_eq!(waiting(&world, Turn::Signature(0)).await, [""; 0]);
    let document = reviewed(&world, &document).await;
    // Its gate is not met. The store does not know that there is no second tier.
    assert_eq!(waiting(&world, Turn::Review(1)).await, [""; 0]);
    assert_eq!(waiting(&world, Turn::Signature(0)).await, [""; 0]);
    let document = gate_met(&world, &document).await;
    assert!(matches!(document.state, DocumentState::Ready { .. }));
    assert_eq!(waiting(&world, Turn::Signature(0)).await, ["1"]);
    assert_eq!(waiting(&world, Turn::Signature(1)).await, [""; 0]);
    let none = world.store.waiting(Turn::Signature(0), &[], 10).await;
    assert_eq!(none.unwrap(), []);
    let other = ["SIPP".parse().unwrap()];
    let none = world.store.waiting(Turn::Signature(0), &other, 10).await;
    assert_eq!(none.unwrap(), []);
}

async fn the_longest_waiting_comes_first(world: World) {
    for (number, minutes) in [("late", 3), ("early", 1), ("middle", 2)] {
        let mut document = world.document(number);
        document.submitted.at = NOW + Duration::minutes(minutes);
        let changes = Changes::new().with(Write::AddDocument(Box::new(document)));
        world.store.commit(changes).await.unwrap();
    }
    let order = ["early", "middle", "late"];
    assert_eq!(waiting(&world, Turn::Review(1)).await, order);
    let two = world.store.waiting(Turn::Review(1), &sipb(), 2).await;
    assert_eq!(two.unwrap().len(), 2);
}

async fn the_backlog_is_counted_by_stop(world: World) {
    world.stored_document("1").await;
    world.stored_document("2").await;
    let third = world.stored_document("3").await;
    reviewed(&world, &third).await;
    let backlog = |reviews, documents| Backlog {
        permit_type: "SIPB".parse().unwrap(),
        state: "in_review".into(),
        signatures: 0,
        reviews,
        documents,
        oldest: NOW,
    };
    let found = world.store.backlog().await.unwrap();
    assert_eq!(found, [backlog(0, 2), backlog(1, 1)]);
}

async fn a_reading_is_of_a_person_a_document_and_a_file(world: World) {
    let document = world.stored_document("1").await;
    let other = world.stored_document("2").await;
    let reading = document
        .affirm(world.signatory.id, document.submitted.sha256, NOW)
        .unwrap();
    let later = Reading {
        at: NOW + Duration::HOUR,
        ..reading.clone()
    };
    for one in [&reading, &later] {
        let changes = Changes::new().with(Write::AddReading(one.clone()));
        world.store.commit(changes).await.unwrap();
    }
    let both = [document.id, other.id];
    let found = world.store.readings(&world.signatory.id, &both).await;
    assert_eq!(found.unwrap(), std::slice::from_ref(&reading));
    let of_another = world.store.readings(&world.reviewer.id, &both).await;
    assert_eq!(of_another.unwrap(), []);
    let of_nothing = world.store.readings(&world.signatory.id, &[]).await;
    assert_eq!(of_nothing.unwrap(), []);
    assert!(reading.covers(&document));
    assert!(!reading.covers(&other));
    let mut changed = document.clone();
    changed.submitted.sha256 = Sha256::of(b"a new version");
    assert!(!reading.covers(&changed));
}

async fn the_last_issued_of_a_type_is_found(world: World) {
    let code = &sipb()[0];
    world.stored_document("1").await;
    let none = world.store.last_issued(code, NOW + Duration::DAY).await;
    assert_eq!(none.unwrap(), None);
    for (number, hours) in [("old", 1), ("new", 2)] {
        let mut document = world.document(number);
        document.submitted.at = NOW + Duration::hours(hours);
        document.state = DocumentState::Issued(absah::domain::document::Issue {
            at: NOW,
            original: document.submitted.sha256,
            permit: absah::domain::document::Standing::Active,
        });
        let changes = Changes::new().with(Write::AddDocument(Box::new(document)));
        world.store.commit(changes).await.unwrap();
    }
    let found = async |before| {
        let found = world.store.last_issued(code, before).await.unwrap();
        found.map(|document| document.metadata.number)
    };
    assert_eq!(found(NOW + Duration::DAY).await.as_deref(), Some("new"));
    let before_new = NOW + Duration::hours(2);
    assert_eq!(found(before_new).await.as_deref(), Some("old"));
}

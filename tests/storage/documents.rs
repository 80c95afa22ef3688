//! Documents, reviews, gates, revisions.

use absah::domain::document::{Document, DocumentState};
use absah::domain::gate::MetGate;
use absah::domain::review::{Decision, Review};
use absah::domain::revision::Revision;
use absah::kernel::hash::Sha256;
use absah::services::ports::{
    Changes, CommitError, Constraint, DocumentFilter, Documents, Ledger, Write,
};

use crate::world::{NOW, World, both};

both!(
    a_document_reads_back_with_its_reviews_and_gates,
    number_and_code_are_unique,
    a_change_of_something_changed_meanwhile_is_refused,
    all_changes_or_none,
    lists_page_from_the_newest,
    released_revisions_are_found_by_hash,
);

fn add(document: &Document) -> Changes {
    Changes::new().with(Write::AddDocument(Box::new(document.clone())))
}

fn save(document: &Document) -> Changes {
    Changes::new().with(Write::SaveDocument(Box::new(document.clone())))
}

async fn a_document_reads_back_with_its_reviews_and_gates(world: World) {
    let document = world.stored_document("1").await;
    let review = Review {
        tier: 1,
        reviewer: world.reviewer.id,
        sha256: document.submitted.sha256,
        decision: Decision::Approve,
        reason: None,
        at: NOW,
    };
    let gate = MetGate {
        name: "skm".parse().unwrap(),
        reported_by: world.client.id,
        proof: "survei 12".into(),
        at: NOW,
    };
    let reviewed = document.review(review.clone(), &world.permit_type).unwrap();
    let met = reviewed
        .meet_gate(gate.clone(), &world.permit_type)
        .unwrap();
    let changes = save(&met)
        .with(Write::AddReview(met.id, review))
        .with(Write::AddGate(met.id, gate));
    world.store.commit(changes).await.unwrap();

    let expected = Document {
        generation: 1,
        ..met
    };
    assert!(matches!(expected.state, DocumentState::Ready { .. }));
    assert_eq!(
        world.store.document(&expected.id).await.unwrap(),
        Some(expected.clone())
    );
    assert_eq!(
        world.store.document_by_code(expected.code).await.unwrap(),
        Some(expected.clone())
    );
    let by_hash = world
        .store
        .documents_by_submitted(&expected.submitted.sha256)
        .await
        .unwrap();
    assert_eq!(by_hash, [expected]);
}

async fn number_and_code_are_unique(world: World) {
    let document = world.stored_document("1").await;
    let same_number = world.document("1");
    let refused = world.store.commit(add(&same_number)).await;
    assert_eq!(
        refused,
        Err(CommitError::Breaks(Constraint::DocumentNumber))
    );

    let same_code = Document {
        code: document.code,
        ..world.document("2")
    };
    let refused = world.store.commit(add(&same_code)).await;
    assert_eq!(refused, Err(CommitError::Breaks(Constraint::DocumentCode)));

    let mut next = world.document("1");
    next.metadata.version = 2;
    world.store.commit(add(&next)).await.unwrap();
    let versions = world
        .store
        .documents_by_number(&world.client.id, "1")
        .await
        .unwrap();
    assert_eq!(versions, [next, document]);
}

async fn a_change_of_something_changed_meanwhile_is_refused(world: World) {
    let document = world.stored_document("1").await;
    world.store.commit(save(&document)).await.unwrap();
    let refused = world.store.commit(save(&document)).await;
    assert_eq!(refused, Err(CommitError::Stale("the document")));
}

async fn all_changes_or_none(world: World) {
    let document = world.stored_document("1").await;
    let stale = Document {
        generation: 5,
        ..document
    };
    let changes = add(&world.document("2")).and(save(&stale));
    assert_eq!(
        world.store.commit(changes).await,
        Err(CommitError::Stale("the document"))
    );
    let found = world
        .store
        .documents_by_number(&world.client.id, "2")
        .await
        .unwrap();
    assert_eq!(found, []);
}

async fn lists_page_from_the_newest(world: World) {
    let mut all = Vec::new();
    for number in ["1", "2", "3"] {
        all.insert(0, world.stored_document(number).await);
    }
    let page = async |filter: DocumentFilter| world.store.documents(&filter).await.unwrap();
    let filter = DocumentFilter {
        client: Some(world.client.id),
        limit: 2,
        ..Default::default()
    };
    let first = page(filter.clone()).await;
    assert_eq!(first, all[..2]);
    let rest = page(DocumentFilter {
        before: Some(first[1].id),
        ..filter.clone()
    })
    .await;
    assert_eq!(rest, all[2..]);
    let number = Some("2".to_owned());
    assert_eq!(
        page(DocumentFilter {
            number,
            ..filter.clone()
        })
        .await,
        all[1..2]
    );
    let state = Some("issued".to_owned());
    assert_eq!(
        page(DocumentFilter {
            state,
            ..filter.clone()
        })
        .await,
        []
    );
    let until = Some(NOW);
    assert_eq!(
        page(DocumentFilter {
            until,
            ..filter.clone()
        })
        .await,
        []
    );
    let (from, permit_type) = (Some(NOW), Some("SIPB".parse().unwrap()));
    assert_eq!(
        page(DocumentFilter {
            from,
            permit_type,
            ..filter
        })
        .await,
        all[..2]
    );
    let counted = world.store.count_by_state().await.unwrap();
    assert_eq!(counted, [("in_review".to_owned(), 3)]);
}

async fn released_revisions_are_found_by_hash(world: World) {
    let document = world.stored_document("1").await;
    let revision = |ordinal: u32| Revision {
        document: document.id,
        ordinal,
        sha256: Sha256::of(&ordinal.to_be_bytes()),
        size: 4,
        at: NOW,
    };
    let changes = Changes::new()
        .with(Write::AddRevision(revision(0)))
        .with(Write::AddRevision(revision(1)));
    world.store.commit(changes).await.unwrap();
    let found = world.store.revision(&revision(1).sha256).await.unwrap();
    assert_eq!(found, Some(revision(1)));
    assert_eq!(world.store.revision(&Sha256::of(b"")).await.unwrap(), None);
    assert_eq!(
        world.store.revisions(&document.id).await.unwrap(),
        [revision(0), revision(1)]
    );
}

//! I1 to I6 of what a service left behind, read from its stores once it has ended.

use std::collections::BTreeSet;

use absah::domain::document::{Document, DocumentState};
use absah::kernel::hash::Sha256;
use absah::services::ports::{
    Blobs as _, CertificateQuery, Certificates as _, DocumentFilter, Documents as _, Events as _,
};

use crate::service::Caller;
use crate::site::Site;

/// Checks all of them. `caller` knows what was acknowledged.
pub async fn check(site: &Site, caller: &Caller<'_>) {
    let instance = site.open().await;
    let store = &instance.database;
    let filter = DocumentFilter {
        limit: 10_000,
        ..Default::default()
    };
    let documents = store.documents(&filter).await.unwrap();
    check_acknowledged(caller, &documents);
    let (mut numbers, mut attempts) = (BTreeSet::new(), 0);
    for document in &documents {
        // I2: one document for a key; one signature for a place.
        assert!(
            numbers.insert(document.metadata.number.clone()),
            "two for one key"
        );
        let signatures = store.signatures(&document.id).await.unwrap();
        assert!(signatures.len() <= 1, "signed twice");
        for intent in store.intents(&document.id).await.unwrap() {
            let tried = store.attempts(&intent.id).await.unwrap();
            let stored = signatures.iter().filter(|one| one.intent == intent.id);
            assert!(
                tried.len() >= stored.count(),
                "a signature without an attempt"
            );
            attempts += tried.len();
            // I6: the approval came first.
            let approval = store.approval(&intent.approval).await.unwrap().unwrap();
            assert!(tried.iter().all(|attempt| approval.asked <= attempt.at));
            // I1: whatever a row names is there, whole.
            instance.blobs.read(&intent.prepared).await.unwrap();
        }
        for file in files(document) {
            instance.blobs.read(&file).await.unwrap();
        }
    }
    // I3: one row for a serial number, and as many serial numbers as rows.
    let issued = store.list(&CertificateQuery::default()).await.unwrap();
    let serials: BTreeSet<_> = issued.iter().map(|record| &record.intent.id).collect();
    assert_eq!(serials.len(), issued.len());
    // I4, I5: every attempt is an event, and no leaf is missing.
    let events = store.events(0, u32::MAX >> 1).await.unwrap();
    assert!(
        events
            .iter()
            .zip(0..)
            .all(|(event, index)| event.index == index)
    );
    let acts = events.iter().map(|event| {
        let (_, payload) = event.opening.as_ref().unwrap();
        let payload: serde_json::Value = serde_json::from_slice(payload).unwrap();
        payload["act"].as_str().unwrap().to_owned()
    });
    assert_eq!(
        acts.filter(|act| act == "signature.attempted").count(),
        attempts
    );
    store.close().await;
    assert_eq!(
        std::fs::read_dir(site.data().join("files/tmp"))
            .unwrap()
            .count(),
        0
    );
}

/// I1: what was acknowledged is there.
fn check_acknowledged(caller: &Caller<'_>, documents: &[Document]) {
    let find = |number: &String| {
        let found = documents.iter().find(|one| one.metadata.number == *number);
        found.unwrap_or_else(|| panic!("{number} was acknowledged and is gone"))
    };
    for (number, body) in caller.submitted.lock().unwrap().iter() {
        assert_eq!(find(number).id.to_string(), body["id"].as_str().unwrap());
    }
    for number in caller.approved.lock().unwrap().keys() {
        let state = find(number).state.name();
        assert!(["signed", "issued"].contains(&state), "{number}: {state}");
    }
}

fn files(document: &Document) -> Vec<Sha256> {
    let mut files = vec![document.submitted.sha256, document.current];
    if let DocumentState::Issued(issue) = &document.state {
        files.push(issue.original);
    }
    files
}

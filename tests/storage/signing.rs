//! Intents, attempts and signatures: at most one is stored.

use absah::domain::approval::{Approval, Evidence};
use absah::domain::signing::{Attempt, Intent};
use absah::kernel::hash::Sha256;
use absah::services::ports::{Changes, CommitError, Constraint, Documents, Ledger, Write};

use crate::world::{NOW, World, both};

both!(
    what_led_to_a_signature_reads_back,
    one_signature_is_stored_for_a_place,
    an_approval_is_given_once,
    an_attempt_needs_its_intent,
);

fn begin(approval: &Approval, intent: &Intent, attempt: &Attempt) -> Changes {
    Changes::new()
        .with(Write::SaveApproval(Box::new(approval.clone())))
        .with(Write::AddIntent(Box::new(intent.clone())))
        .with(Write::AddAttempt(attempt.clone()))
}

async fn what_led_to_a_signature_reads_back(world: World) {
    let document = world.stored_document("1").await;
    let (approval, intent, attempt) = world.intent(&document);
    let signature = world.signature(&intent, &attempt, b"value");
    let changes = begin(&approval, &intent, &attempt).with(Write::AddSignature(signature.clone()));
    world.store.commit(changes).await.unwrap();

    let store = &world.store;
    assert_eq!(store.approval(&approval.id).await.unwrap(), Some(approval));
    assert_eq!(
        store.intent(&intent.id).await.unwrap(),
        Some(intent.clone())
    );
    assert_eq!(
        store.intents(&document.id).await.unwrap(),
        std::slice::from_ref(&intent)
    );
    assert_eq!(store.attempts(&intent.id).await.unwrap(), [attempt]);
    assert_eq!(
        store.signature(&intent.place).await.unwrap(),
        Some(signature.clone())
    );
    assert_eq!(store.signatures(&document.id).await.unwrap(), [signature]);
    assert_eq!(
        store
            .document_by_signature(&Sha256::of(b"value"))
            .await
            .unwrap(),
        Some(document.id)
    );
    assert_eq!(
        store
            .document_by_signature(&Sha256::of(b"other"))
            .await
            .unwrap(),
        None
    );
}

async fn one_signature_is_stored_for_a_place(world: World) {
    let document = world.stored_document("1").await;
    let (first, second) = (world.intent(&document), world.intent(&document));
    for (approval, intent, attempt) in [&first, &second] {
        world
            .store
            .commit(begin(approval, intent, attempt))
            .await
            .unwrap();
    }
    let tries = [&first, &second].map(|(_, intent, attempt)| {
        let signature = world.signature(intent, attempt, &intent.digest);
        let store = world.store.clone();
        tokio::spawn(async move {
            store
                .commit(Changes::new().with(Write::AddSignature(signature)))
                .await
        })
    });
    let mut outcomes = Vec::new();
    for one in tries {
        outcomes.push(one.await.unwrap());
    }
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert!(outcomes.contains(&Err(CommitError::Breaks(Constraint::Signature))));
    assert_eq!(world.store.signatures(&document.id).await.unwrap().len(), 1);
}

async fn an_approval_is_given_once(world: World) {
    let document = world.stored_document("1").await;
    let (approval, ..) = world.intent(&document);
    let save =
        |approval: &Approval| Changes::new().with(Write::SaveApproval(Box::new(approval.clone())));
    world.store.commit(save(&approval)).await.unwrap();
    let given = approval
        .give(NOW, Evidence::Passphrase { via: "api".into() })
        .unwrap();
    world.store.commit(save(&given)).await.unwrap();
    let refused = world.store.commit(save(&given)).await;
    assert_eq!(refused, Err(CommitError::Stale("the approval")));
    assert_eq!(world.store.approval(&given.id).await.unwrap(), Some(given));
}

async fn an_attempt_needs_its_intent(world: World) {
    let document = world.stored_document("1").await;
    let (_, _, attempt) = world.intent(&document);
    let changes = Changes::new().with(Write::AddAttempt(attempt));
    let refused = world.store.commit(changes).await;
    assert_eq!(refused, Err(CommitError::Breaks(Constraint::Row)));
}

//! Idempotency keys.

use std::sync::atomic::{AtomicI64, Ordering};

use absah::kernel::hash::Sha256;
use absah::services::ports::{
    Changes, Claim, ClaimToken, Claimed, CommitError, Idempotency, Ledger, Write,
};
use time::Duration;

use crate::world::{NOW, World, both};

both!(
    one_claim_of_many_is_fresh,
    an_answer_is_given_again,
    another_request_is_not_answered,
    a_claim_that_ran_out_is_taken_over,
    a_claim_of_a_clock_that_went_back_is_taken_over,
    a_claim_given_up_can_be_made_again,
    callers_do_not_meet,
    a_restart_frees_claims_and_age_forgets_answers,
);

fn claim(key: &str) -> Claim {
    static NEXT: AtomicI64 = AtomicI64::new(1);
    Claim {
        serial: NEXT.fetch_add(1, Ordering::Relaxed),
        caller: "client".into(),
        key: key.into(),
        request: Sha256::of(b"request"),
        at: NOW,
        until: NOW + Duration::MINUTE,
    }
}

async fn fresh(world: &World, claim: &Claim) -> ClaimToken {
    match world.store.claim(claim).await.unwrap() {
        Claimed::Fresh => ClaimToken {
            caller: claim.caller.clone(),
            key: claim.key.clone(),
            serial: claim.serial,
        },
        other => panic!("{other:?}"),
    }
}

fn answer(token: &ClaimToken) -> Changes {
    Changes::new().with(Write::Answer(token.clone(), b"done".to_vec()))
}

async fn one_claim_of_many_is_fresh(world: World) {
    let claims: Vec<_> = (0..100)
        .map(|_| {
            let store = world.store.clone();
            tokio::spawn(async move { store.claim(&claim("k")).await.unwrap() })
        })
        .collect();
    let mut fresh = 0;
    for one in claims {
        match one.await.unwrap() {
            Claimed::Fresh => fresh += 1,
            other => assert_eq!(other, Claimed::InFlight),
        }
    }
    assert_eq!(fresh, 1);
}

async fn an_answer_is_given_again(world: World) {
    let token = fresh(&world, &claim("k")).await;
    world.store.commit(answer(&token)).await.unwrap();
    let again = world.store.claim(&claim("k")).await.unwrap();
    assert_eq!(again, Claimed::Done(b"done".to_vec()));
    let twice = world.store.commit(answer(&token)).await;
    assert_eq!(twice, Err(CommitError::Stale("the idempotency key")));
}

async fn another_request_is_not_answered(world: World) {
    let token = fresh(&world, &claim("k")).await;
    let other = Claim {
        request: Sha256::of(b"other"),
        ..claim("k")
    };
    assert_eq!(
        world.store.claim(&other).await.unwrap(),
        Claimed::OtherRequest
    );
    world.store.commit(answer(&token)).await.unwrap();
    assert_eq!(
        world.store.claim(&other).await.unwrap(),
        Claimed::OtherRequest
    );
    let late = Claim {
        at: NOW + Duration::HOUR,
        until: NOW + Duration::HOUR,
        ..other
    };
    assert_eq!(
        world.store.claim(&late).await.unwrap(),
        Claimed::OtherRequest
    );
}

async fn a_claim_that_ran_out_is_taken_over(world: World) {
    let first = fresh(&world, &claim("k")).await;
    let early = Claim {
        at: NOW + Duration::seconds(59),
        ..claim("k")
    };
    assert_eq!(world.store.claim(&early).await.unwrap(), Claimed::InFlight);
    let late = Claim {
        at: NOW + Duration::MINUTE,
        until: NOW + Duration::HOUR,
        ..claim("k")
    };
    let second = fresh(&world, &late).await;
    let refused = world.store.commit(answer(&first)).await;
    assert_eq!(refused, Err(CommitError::Stale("the idempotency key")));
    world.store.commit(answer(&second)).await.unwrap();
}

async fn a_claim_of_a_clock_that_went_back_is_taken_over(world: World) {
    let ahead = NOW + Duration::HOUR;
    let first = Claim {
        at: ahead,
        until: ahead + Duration::MINUTE,
        ..claim("k")
    };
    let lost = fresh(&world, &first).await;
    let token = fresh(&world, &claim("k")).await;
    let refused = world.store.commit(answer(&lost)).await;
    assert_eq!(refused, Err(CommitError::Stale("the idempotency key")));
    world.store.commit(answer(&token)).await.unwrap();
}

async fn a_claim_given_up_can_be_made_again(world: World) {
    let first = fresh(&world, &claim("k")).await;
    world.store.give_up_claim(&first).await.unwrap();
    let second = fresh(&world, &claim("k")).await;
    world.store.give_up_claim(&first).await.unwrap();
    assert_eq!(
        world.store.claim(&claim("k")).await.unwrap(),
        Claimed::InFlight
    );
    world.store.commit(answer(&second)).await.unwrap();
    world.store.give_up_claim(&second).await.unwrap();
    assert!(matches!(
        world.store.claim(&claim("k")).await.unwrap(),
        Claimed::Done(_)
    ));
}

async fn callers_do_not_meet(world: World) {
    fresh(&world, &claim("k")).await;
    let other = Claim {
        caller: "other".into(),
        ..claim("k")
    };
    fresh(&world, &other).await;
}

async fn a_restart_frees_claims_and_age_forgets_answers(world: World) {
    fresh(&world, &claim("in flight")).await;
    let done = fresh(&world, &claim("done")).await;
    world.store.commit(answer(&done)).await.unwrap();
    world.store.free_claims().await.unwrap();
    fresh(&world, &claim("in flight")).await;
    assert!(matches!(
        world.store.claim(&claim("done")).await.unwrap(),
        Claimed::Done(_)
    ));
    world
        .store
        .forget_claims(NOW + Duration::HOUR)
        .await
        .unwrap();
    fresh(&world, &claim("done")).await;
}

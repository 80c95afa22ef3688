//! The queue of jobs.

use absah::domain::ids::DocumentId;
use absah::services::ports::{Changes, Job, Jobs, Ledger, OutboxMessage, Write};
use time::{Duration, OffsetDateTime};

use crate::world::{NOW, World, both};

both!(
    a_job_is_leased_once_until_its_time,
    a_job_tried_again_waits,
    a_time_from_a_clock_that_went_back_binds_nobody,
    a_message_is_kept_once
);

const SOON: OffsetDateTime = NOW.saturating_add(Duration::MINUTE);

async fn job(world: &World, number: &str, due: OffsetDateTime) -> Job {
    let document = world.stored_document(number).await;
    let job = Job {
        document: document.id,
        tries: 0,
        waiting_for: None,
        due,
    };
    world
        .store
        .commit(Changes::new().with(Write::SaveJob(job.clone())))
        .await
        .unwrap();
    job
}

async fn leased(world: &World, now: OffsetDateTime, limit: u32) -> Vec<DocumentId> {
    let until = now + Duration::MINUTE;
    let mut jobs = world.store.lease_jobs(now, until, limit).await.unwrap();
    jobs.sort_by_key(|job| job.document);
    jobs.into_iter().map(|job| job.document).collect()
}

async fn a_job_is_leased_once_until_its_time(world: World) {
    let first = job(&world, "1", NOW).await;
    let second = job(&world, "2", NOW).await;
    let later = job(&world, "3", SOON).await;
    assert_eq!(leased(&world, NOW - Duration::SECOND, 9).await, []);
    assert_eq!(leased(&world, NOW, 1).await, [first.document]);
    assert_eq!(leased(&world, NOW, 9).await, [second.document]);
    assert_eq!(leased(&world, NOW, 9).await, []);
    assert_eq!(
        leased(&world, SOON, 9).await,
        [first.document, second.document, later.document]
    );
    world.store.free_jobs().await.unwrap();
    assert_eq!(
        leased(&world, NOW, 9).await,
        [first.document, second.document]
    );
    // A lease whose answer was lost is given back by its end, and no other is.
    let until = NOW + Duration::MINUTE;
    world
        .store
        .free_lease(until + Duration::SECOND)
        .await
        .unwrap();
    assert_eq!(leased(&world, NOW, 9).await, []);
    world.store.free_lease(until).await.unwrap();
    assert_eq!(
        leased(&world, NOW, 9).await,
        [first.document, second.document]
    );
}

async fn a_job_tried_again_waits(world: World) {
    let first = job(&world, "1", NOW).await;
    leased(&world, NOW, 9).await;
    let waiting_for = Some("timestamp".to_owned());
    let again = Job {
        tries: 1,
        waiting_for,
        due: SOON,
        ..first.clone()
    };
    world
        .store
        .commit(Changes::new().with(Write::SaveJob(again.clone())))
        .await
        .unwrap();
    assert_eq!(leased(&world, NOW, 9).await, []);
    assert_eq!(world.store.job(&first.document).await.unwrap(), Some(again));
    assert_eq!(leased(&world, SOON, 9).await, [first.document]);
    world
        .store
        .commit(Changes::new().with(Write::EndJob(first.document)))
        .await
        .unwrap();
    assert_eq!(world.store.job(&first.document).await.unwrap(), None);
}

async fn a_time_from_a_clock_that_went_back_binds_nobody(world: World) {
    let ahead = NOW + Duration::DAY;
    let put_off = job(&world, "1", ahead).await;
    let held = job(&world, "2", NOW).await;
    assert_eq!(
        leased(&world, ahead, 9).await,
        [put_off.document, held.document]
    );
    // The clock goes back: neither the lease nor the time it was put off to counts.
    assert_eq!(
        leased(&world, NOW, 9).await,
        [put_off.document, held.document]
    );
    assert_eq!(leased(&world, NOW, 9).await, []);
}

async fn a_message_is_kept_once(world: World) {
    let message = OutboxMessage {
        id: "msg_1".into(),
        kind: "document.issued".into(),
        document: None,
        body: "{}".into(),
        at: NOW,
    };
    let add = || Changes::new().with(Write::AddMessage(message.clone()));
    world.store.commit(add()).await.unwrap();
    assert!(world.store.commit(add()).await.is_err());
}

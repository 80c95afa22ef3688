//! The finish: fail-closed, visible, and tried again.

use std::sync::atomic::Ordering;

use absah::domain::document::DocumentState;
use absah::kernel::sign::SignError;
use absah::services::ports::{Changes, Job, Jobs, Ledger, Write};
use time::OffsetDateTime;

use crate::office::Office;

async fn due_now(office: &Office, job: Job) {
    let job = Job {
        due: OffsetDateTime::now_utc(),
        ..job
    };
    office
        .store
        .commit(Changes::new().with(Write::SaveJob(job)))
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_timestamp_nothing_is_issued_until_there_is_one() {
    let office = Office::new().await;
    let document = office.submit("SIPB", "1").await;
    office.review(&document).await.unwrap();
    office.approve(&[document.id]).await.unwrap();
    office.timestamps.down.store(true, Ordering::SeqCst);
    office.services.finish_due().await.unwrap();
    let view = office.view(&document.id).await;
    assert_eq!(view.document.state.name(), "signed");
    assert!(view.waiting_for.unwrap().starts_with("timestamp: "));
    let job = office.store.job(&document.id).await.unwrap().unwrap();
    assert_eq!(job.tries, 1);
    assert_eq!(
        office.services.finish_due().await.unwrap(),
        0,
        "it waits before it tries again"
    );

    office.timestamps.down.store(false, Ordering::SeqCst);
    due_now(&office, job).await;
    office.services.finish_due().await.unwrap();
    assert_eq!(office.state(&document.id).await, "issued");
    assert_eq!(office.keys.operations(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_job_is_taken_up_after_a_restart() {
    let office = Office::new().await;
    let document = office.submit("SIPB", "1").await;
    office.review(&document).await.unwrap();
    office.approve(&[document.id]).await.unwrap();
    let now = OffsetDateTime::now_utc();
    let leased = office
        .store
        .lease_jobs(now, now + time::Duration::minutes(2), 9)
        .await
        .unwrap();
    assert_eq!(leased.len(), 1);
    assert_eq!(office.services.finish_due().await.unwrap(), 0);
    office.services.take_up().await.unwrap();
    assert_eq!(office.services.finish_due().await.unwrap(), 1);
    assert_eq!(office.state(&document.id).await, "issued");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preparation_lapses_with_its_approval() {
    let office = Office::new().await;
    let document = office.submit("PLAIN", "1").await;
    *office.keys.failing.lock().unwrap() = Some(SignError::ReplyLost("time".into()));
    assert!(office.approve(&[document.id]).await.is_err());
    assert_eq!(office.services.lapse_expired().await.unwrap(), 0);
    assert_eq!(office.state(&document.id).await, "prepared");

    let mut prepared = office.document(&document.id).await;
    let DocumentState::Prepared(preparation) = &mut prepared.state else {
        panic!()
    };
    preparation.expires = preparation.since;
    let changes = Changes::new().with(Write::SaveDocument(Box::new(prepared)));
    office.store.commit(changes).await.unwrap();
    assert_eq!(office.services.lapse_expired().await.unwrap(), 1);
    assert_eq!(office.state(&document.id).await, "ready");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_finished_side_by_side() {
    const BATCH: usize = 20;
    let office = Office::new().await;
    let mut ids = Vec::new();
    for number in 0..BATCH {
        let document = office.submit("SIPB", &number.to_string()).await;
        office.review(&document).await.unwrap();
        ids.push(document.id);
    }
    let start = std::time::Instant::now();
    office.approve(&ids).await.unwrap();
    let signed = start.elapsed();
    assert_eq!(office.services.finish_due().await.unwrap(), BATCH);
    println!(
        "{BATCH} signed in {signed:?}, issued in {:?}",
        start.elapsed()
    );
    let counted = office.services.count_by_state().await.unwrap();
    assert_eq!(counted, [("issued".to_owned(), BATCH as u64)]);
    assert_eq!(office.keys.operations(), BATCH);
}

//! PostgreSQL that stops answering, dies in the middle of the work, or refuses one row.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::cluster::Cluster;
use crate::invariants;
use crate::service::{Answer, Caller, Service, problem};
use crate::site::Site;

/// No caller waits longer for a database that does not answer.
const BOUND: Duration = Duration::from_secs(30);

async fn site(cluster: &Cluster) -> Site {
    let url = cluster.database("absah");
    Site::changed(|config, folder| {
        let file = folder.join("url");
        std::fs::write(&file, url).unwrap();
        config.storage.database_url_file = Some(file);
    })
    .await
}

fn is_away(answer: &Answer) {
    problem(answer, 503, "unavailable");
}

#[tokio::test(flavor = "multi_thread")]
async fn that_is_stopped_is_a_problem_in_bounded_time() {
    let cluster = Cluster::start();
    let site = Box::leak(Box::new(site(&cluster).await));
    let mut service = Service::start(site).await;
    let caller = Arc::new(Caller::new(site));
    caller.carry_through("before").await;
    for number in 0..4 {
        let submitted = caller.submit(&format!("ready-{number}")).await.unwrap();
        assert_eq!(submitted.status, 201, "{submitted:?}: {}", service.said());
    }

    let stopped = cluster.stopped();
    let start = Instant::now();
    let mut calls = JoinSet::new();
    for number in 0..4 {
        let (one, two) = (caller.clone(), caller.clone());
        calls.spawn(async move { one.submit(&format!("new-{number}")).await.unwrap() });
        calls.spawn(async move { two.approve(&format!("ready-{number}")).await.unwrap() });
    }
    for answer in calls.join_all().await {
        is_away(&answer);
    }
    let ready = caller.get("/readyz").await.unwrap();
    assert_eq!(ready.status, 503);
    println!("all refused after {:?}", start.elapsed());
    assert!(start.elapsed() < BOUND);
    assert!(service.is_alive());

    drop(stopped);
    for number in 0..4 {
        caller.carry_through(&format!("new-{number}")).await;
        caller.carry_through(&format!("ready-{number}")).await;
    }
    service.kill().await;
    invariants::check(site, &caller).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn that_is_killed_in_the_middle_of_the_work_loses_nothing() {
    let cluster = Cluster::start();
    let site = Box::leak(Box::new(site(&cluster).await));
    let mut service = Service::start(site).await;
    let caller = Arc::new(Caller::new(site));
    let kills = if std::env::var_os("ABSAH_FULL").is_some() {
        20
    } else {
        3
    };
    for round in 0..kills {
        let over = Arc::new(AtomicBool::new(false));
        let mut calls = JoinSet::new();
        for lane in 0..4 {
            let (caller, over) = (caller.clone(), over.clone());
            calls.spawn(async move {
                for number in 0.. {
                    if over.load(Ordering::Relaxed) {
                        break;
                    }
                    let number = format!("{round}-{lane}-{number}");
                    let Some(201) = caller.submit(&number).await.map(|one| one.status) else {
                        continue;
                    };
                    let approved = caller.approve(&number).await.unwrap();
                    assert!([202, 503].contains(&approved.status), "{approved:?}");
                }
            });
        }
        tokio::time::sleep(Duration::from_millis(1_000 + 137 * round)).await;
        cluster.kill();
        tokio::time::sleep(Duration::from_millis(300)).await;
        cluster.start_again();
        tokio::time::sleep(Duration::from_millis(300)).await;
        over.store(true, Ordering::Relaxed);
        calls.join_all().await;
        assert!(service.is_alive(), "{}", service.said());
    }
    let submitted: Vec<String> = caller.submitted.lock().unwrap().keys().cloned().collect();
    println!("{kills} kills, {} documents", submitted.len());
    for number in &submitted {
        caller.carry_through(number).await;
    }
    service.kill().await;
    invariants::check(site, &caller).await;
}

/// One INSERT that fails: nothing is signed without its attempt, and a value that could
/// not be stored is made again from the same bytes.
#[tokio::test(flavor = "multi_thread")]
async fn that_refuses_one_row_lets_nothing_half_happen() {
    let cluster = Cluster::start();
    let site = site(&cluster).await;
    let service = Service::start(&site).await;
    let caller = Caller::new(&site);
    cluster.sql(
        "absah",
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN RAISE EXCEPTION 'refused'; END $$",
    );
    for table in [
        "attempts",
        "intents",
        "approvals",
        "signatures",
        "jobs",
        "events",
    ] {
        caller.submit(table).await.unwrap();
        let trigger = format!(
            "CREATE TRIGGER refuse BEFORE INSERT ON {table} \
             FOR EACH ROW EXECUTE FUNCTION refuse()"
        );
        cluster.sql("absah", &trigger);
        is_away(&caller.approve(table).await.unwrap());
        let after_the_key = ["signatures", "jobs"].contains(&table);
        let state = if after_the_key { "prepared" } else { "ready" };
        assert_eq!(caller.document(table).await["state"], state, "{table}");
        cluster.sql("absah", &format!("DROP TRIGGER refuse ON {table}"));
        caller.carry_through(table).await;
        let attempts = cluster.sql(
            "absah",
            &format!(
                "SELECT count(*) FROM attempts JOIN intents ON intents.id = attempts.intent
                 WHERE intents.document = '{}'",
                caller.id(table)
            ),
        );
        assert_eq!(
            attempts.trim(),
            if after_the_key { "2" } else { "1" },
            "{table}"
        );
    }
    let submitted = cluster.sql("absah", "SELECT count(*) FROM documents");
    cluster.sql(
        "absah",
        "CREATE TRIGGER refuse BEFORE INSERT ON documents FOR EACH ROW EXECUTE FUNCTION refuse()",
    );
    is_away(&caller.submit("refused").await.unwrap());
    cluster.sql("absah", "DROP TRIGGER refuse ON documents");
    assert_eq!(
        cluster.sql("absah", "SELECT count(*) FROM documents"),
        submitted
    );
    caller.carry_through("refused").await;
    service.kill().await;
    invariants::check(&site, &caller).await;
}

//! A foreign time-stamping authority that is slow, dead or lies: the document waits,
//! says why, is never issued at a lower level, and is issued once the authority is back.

use crate::invariants;
use crate::service::{Caller, Service};
use crate::site::Site;
use crate::stub_tsa::{Mood, StubTsa};

/// One document waits while the authority behaves so, over a restart too.
async fn waits_while_it(behaves: Mood) {
    let mut stub = None;
    let site = Site::changed(|config, folder| {
        let tsa = StubTsa::before(config.server.listen);
        let timestamps = &mut config.timestamps;
        timestamps.urls = vec![tsa.url.clone()];
        timestamps.anchors = vec![folder.join("tsa.pem")];
        timestamps.private_hosts = vec!["localhost".to_owned()];
        timestamps.patience_seconds = 5;
        stub = Some(tsa);
    })
    .await;
    // Behind the stub is the office's own authority.
    let root = site.data().join("authority/root.pem");
    std::fs::copy(root, site.beside("tsa.pem")).unwrap();
    let stub = stub.unwrap();
    let service = Service::start(&site).await;
    let caller = Caller::new(&site);
    caller.carry_through("before").await;

    stub.be(behaves);
    assert_eq!(caller.submit("1").await.unwrap().status, 201);
    // The signatory is not held up.
    assert_eq!(caller.approve("1").await.unwrap().status, 202);
    let why = caller.waits_for("1", "timestamp: ").await;
    println!("{behaves:?}: {why}");
    assert_eq!(caller.document("1").await["state"], "signed");
    let file = format!("/api/v1/documents/{}/file", caller.id("1"));
    assert_eq!(caller.get(&file).await.unwrap().status, 200);
    service.kill().await;
    invariants::check(&site, &caller).await;

    stub.be(Mood::Slow);
    let service = Service::start(&site).await;
    caller.issued("1").await;
    service.kill().await;
    invariants::check(&site, &caller).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn that_is_dead() {
    waits_while_it(Mood::Dead).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn that_hangs() {
    waits_while_it(Mood::Hangs).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn that_lies() {
    waits_while_it(Mood::Lies).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn that_is_none() {
    waits_while_it(Mood::Garbage).await;
}

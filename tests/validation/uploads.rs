//! What a service asks others about an uploaded file, counted by a canary: the status of
//! certificates that lead to an anchor of its settings, of hosts that they name, once.

use std::sync::Arc;

use absah::cli::config::Config;
use absah::cli::serve::Running;
use absah::services::ports::Clock;
use reqwest::Client;
use serde_json::Value;
use tempfile::TempDir;
use time::{Duration, OffsetDateTime};

use super::canary::{Canary, Office};
use super::document::document;
use super::world::{Profile, SIGNED, World, issued};

/// An hour after the files were signed.
struct Later;

impl Clock for Later {
    fn now(&self) -> OffsetDateTime {
        SIGNED + Duration::HOUR
    }
}

struct Service {
    running: Running,
    client: Client,
    _folder: TempDir,
}

impl Service {
    /// One that knows the office's root as a provider's.
    async fn knowing(office: &Office, change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut config = Config::default();
        config.server.listen = "127.0.0.1:0".parse().expect("an address");
        config.storage.data = folder.path().join("data");
        config.program = Some(env!("CARGO_BIN_EXE_absah").into());
        config.psre.anchors = vec![office.root()];
        config.psre.private_hosts = vec!["127.0.0.1".to_owned()];
        change(&mut config);
        Self {
            running: Running::start_at(config, Arc::new(Later))
                .await
                .expect("a service"),
            client: Client::builder().no_proxy().build().expect("a client"),
            _folder: folder,
        }
    }

    async fn verdict(&self, file: Vec<u8>) -> Value {
        let boundary = "4bs4h";
        let head = "Content-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"";
        let mut body = format!("--{boundary}\r\n{head}\r\n\r\n").into_bytes();
        body.extend(file);
        body.extend(format!("\r\n--{boundary}--\r\n").into_bytes());
        let url = format!("http://{}/api/v1/verifications", self.running.address());
        let kind = format!("multipart/form-data; boundary={boundary}");
        let request = self.client.post(url).header("content-type", kind);
        let answer = request.body(body).send().await.expect("an answer");
        let text = answer.text().await.expect("a text");
        serde_json::from_str(&text).expect("a report")
    }
}

fn signed(office: &Office) -> Vec<u8> {
    std::fs::read(office.signed()).expect("the file")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_upload_lacks_is_fetched_once_for_all_files_of_a_signer() {
    let canary = Canary::new();
    let office = Office::naming(&canary.base("127.0.0.1"));
    office.serve_honestly(&canary);
    let service = Service::knowing(&office, |_| {}).await;
    let report = service.verdict(signed(&office)).await;
    assert_eq!(report["verdict"], "unknown_valid", "{report:#}");
    assert_eq!(report["signatures"][0]["revocation"]["source"], "ocsp");
    assert_eq!(canary.asked(), 3, "responder, responder, list");
    for file in [signed(&office), office.world.b_t(&document(), SIGNED)] {
        let report = service.verdict(file).await;
        assert_eq!(report["signatures"][0]["revocation"]["state"], "good");
    }
    // The signer's time-stamping authority names no address, and the rest is known.
    assert_eq!(canary.asked(), 0);
    service.running.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_fails_is_left_in_peace_for_a_while() {
    let canary = Canary::new();
    let office = Office::naming(&canary.base("127.0.0.1"));
    canary.serve("/", "500 Internal Server Error", Vec::new());
    let service = Service::knowing(&office, |_| {}).await;
    for asked in [4, 0, 0] {
        let report = service.verdict(signed(&office)).await;
        assert_eq!(report["verdict"], "indeterminate");
        assert_eq!(canary.asked(), asked);
    }
    service.running.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_makes_nobody_ask_who_may_not() {
    let canary = Canary::new();
    let office = Office::naming(&canary.base("127.0.0.1"));
    office.serve_honestly(&canary);
    let stranger = office.put("stranger.der", World::new().root.certificate.der());
    let settings: [&dyn Fn(&mut Config); 4] = [
        &|config| config.verification.offline = true,
        &|config| config.psre.private_hosts = Vec::new(),
        &|config| config.psre.revocation_hosts = vec!["ocsp.example.id".to_owned()],
        &|config| config.psre.anchors = vec![stranger.clone()],
    ];
    for (number, change) in settings.into_iter().enumerate() {
        let service = Service::knowing(&office, |config| {
            change(config);
            if number == 2 {
                config.psre.private_hosts = Vec::new();
            }
        })
        .await;
        let report = service.verdict(signed(&office)).await;
        assert_eq!(report["verdict"], "indeterminate", "{number}");
        assert_eq!(canary.asked(), 0, "{number}");
        service.running.end().await;
    }
}

/// The names of the office's own authorities, and everywhere the canary's address.
#[tokio::test(flavor = "multi_thread")]
async fn a_chain_that_is_only_named_alike_is_not_asked_about() {
    let canary = Canary::new();
    let base = canary.base("127.0.0.1");
    let mut office = Office::naming(&base);
    office.serve_honestly(&canary);
    let service = Service::knowing(&office, |_| {}).await;
    let hostile = |profile: Profile| Profile {
        online: Some(base.clone()),
        ..profile
    };
    let stranger = World::new();
    let forged = issued(
        &hostile(Profile::authority("Issuing CA")),
        2,
        Some(&stranger.root),
    );
    office.world.signer = issued(&hostile(Profile::signer()), 10, Some(&forged));
    office.world.tsa = issued(&hostile(Profile::tsa()), 11, Some(&forged));
    office.world.ca = forged;
    let report = service.verdict(office.world.b_t(&document(), SIGNED)).await;
    assert_eq!(report["verdict"], "indeterminate");
    assert_eq!(report["signatures"][0]["trusted"], false);
    assert_eq!(canary.asked(), 0);
    service.running.end().await;
}

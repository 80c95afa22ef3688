//! A running service and a client to talk to it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use absah::domain::zone::Zone;
use absah::http::extract::TrustedProxies;
use absah::http::router::router;
use absah::http::server;
use absah::http::state::{App, Settings};
use absah::http::tls::Tls;
use absah::services::administration::Administration;
use absah::services::clock::{SystemClock, SystemEntropy};
use absah::storage::Database;
use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// The smallest upload limit that the sample permit passes.
pub const UPLOAD_LIMIT: usize = 1024 * 1024;

/// A service on a free port; it ends when this is dropped.
pub struct TestApp {
    pub address: SocketAddr,
    pub end: CancellationToken,
    pub served: Option<JoinHandle<()>>,
    pub administration: Administration,
    client: Client,
    _folder: TempDir,
}

impl TestApp {
    pub async fn start() -> Self {
        Self::start_with(None, |_| {}).await
    }

    pub async fn start_with(tls: Option<Tls>, change: impl FnOnce(&mut Settings)) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut settings = settings(address);
        change(&mut settings);
        let end = CancellationToken::new();
        let folder = tempfile::tempdir().unwrap();
        let entropy = Arc::new(SystemEntropy);
        let file = folder.path().join("absah.db");
        let database = Database::open_sqlite(&file, entropy.clone()).await.unwrap();
        let administration =
            Administration::new(Arc::new(database), Arc::new(SystemClock), entropy);
        let router = router(App::new(settings, administration.clone()));
        let served = tokio::spawn(server::serve(listener, tls, router, end.clone()));
        Self {
            address,
            end,
            served: Some(served),
            administration,
            _folder: folder,
            client: Client::builder().no_proxy().build().unwrap(),
        }
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("http://{}{path}", self.address))
    }

    pub fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(format!("http://{}{path}", self.address))
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.end.cancel();
    }
}

fn settings(address: SocketAddr) -> Settings {
    Settings {
        office: "DPMPTSP Kabupaten Contoh".to_owned(),
        contact: "(0251) 123456".to_owned(),
        zone: Zone::Wib,
        demonstration: true,
        public_url: format!("http://localhost:{}", address.port()),
        upload_bytes: UPLOAD_LIMIT,
        request_limit: Duration::from_secs(60),
        idle_limit: Duration::from_secs(1),
        lookups_per_minute: 1000,
        uploads_per_minute: 1000,
        trusted_proxies: TrustedProxies::default(),
    }
}

/// The body of an answer that must be a problem of this type and status.
pub async fn problem(response: Response, status: u16, kind: &str) -> Value {
    assert_eq!(response.status().as_u16(), status);
    let media_type = response.headers()["content-type"].to_str().unwrap();
    assert_eq!(media_type, "application/problem+json");
    let id = response.headers()["x-request-id"]
        .to_str()
        .unwrap()
        .to_owned();
    let body: Value = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
    assert_eq!(body["type"], format!("/problems/{kind}"), "{body}");
    assert_eq!(body["status"], status);
    assert_eq!(body["request_id"], id);
    assert!(
        body["detail"]
            .as_str()
            .is_some_and(|detail| !detail.is_empty())
    );
    body
}

//! A running service and a client to talk to it.

use absah::cli::config::Config;
use absah::cli::serve::Running;
use absah::services::administration::Administration;
use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value;
use std::net::SocketAddr;
use std::path::Path;
use tempfile::TempDir;

/// The smallest upload limit that the sample permit passes.
pub const UPLOAD_LIMIT: usize = 1024 * 1024;

/// A service on a free port, with a demonstration authority; it ends when this is dropped.
pub struct TestApp {
    pub address: SocketAddr,
    pub administration: Administration,
    folder: TempDir,
    running: Option<Running>,
    client: Client,
}

impl TestApp {
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    pub async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::default();
        config.server.listen = "127.0.0.1:0".parse().unwrap();
        config.storage.data = folder.path().join("data");
        config.office.contact = "(0251) 123456".to_owned();
        config.limits.upload_bytes = UPLOAD_LIMIT;
        config.limits.idle_seconds = 1;
        config.limits.lookups_per_minute = 10_000;
        config.limits.uploads_per_minute = 10_000;
        config.program = Some(env!("CARGO_BIN_EXE_absah").into());
        change(&mut config);
        let running = Running::start(config).await.unwrap();
        Self {
            address: running.address(),
            administration: running.parts().administration.clone(),
            folder,
            running: Some(running),
            client: Client::builder().no_proxy().build().unwrap(),
        }
    }

    /// Where everything of it is kept.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn running(&self) -> &Running {
        self.running.as_ref().unwrap()
    }

    /// Ends the service in order.
    pub async fn end(&mut self) {
        self.running.take().unwrap().end().await;
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("http://{}{path}", self.address))
    }

    pub fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(format!("http://{}{path}", self.address))
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

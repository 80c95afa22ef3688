//! The demonstration speaks to the service as any permit system would.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value;

use crate::cli::outcome::CliError;

const PATIENCE: Duration = Duration::from_secs(60);
/// Does not occur in a PDF by chance.
const BOUNDARY: &str = "absah-demo-7d1f0c5be5a94b0f";

/// A client of the service at one address.
pub(super) struct Api {
    http: Client,
    base: String,
}

impl Api {
    pub(super) fn new(url: &str) -> Result<Self, CliError> {
        let http = Client::builder()
            .no_proxy()
            // A loopback name wherever it is asked (RFC 6761, 6.3): a minimal system has
            // no list of hosts, and the service listens on this one of its addresses.
            .resolve("localhost", SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
            .timeout(PATIENCE)
            .build();
        Ok(Self {
            http: http.map_err(CliError::world)?,
            base: url.trim_end_matches('/').to_owned(),
        })
    }

    pub(super) async fn get(&self, path: &str, key: &str) -> Result<Value, CliError> {
        json(self.http.get(self.url(path)).bearer_auth(key)).await
    }

    pub(super) async fn file(&self, path: &str, key: &str) -> Result<Vec<u8>, CliError> {
        let response = sent(self.http.get(self.url(path)).bearer_auth(key)).await?;
        let bytes = response.bytes().await.map_err(CliError::world)?;
        Ok(bytes.to_vec())
    }

    pub(super) async fn page(&self, path: &str) -> Result<String, CliError> {
        let response = sent(self.http.get(self.url(path))).await?;
        response.text().await.map_err(CliError::world)
    }

    pub(super) async fn post(
        &self,
        path: &str,
        key: &str,
        body: &Value,
    ) -> Result<Value, CliError> {
        let request = self.http.post(self.url(path)).bearer_auth(key);
        let request = request.header("content-type", "application/json");
        json(request.body(body.to_string())).await
    }

    /// Sends a PDF, with metadata where it is submitted.
    pub(super) async fn upload(
        &self,
        path: &str,
        key: Option<&str>,
        file: &[u8],
        metadata: Option<&Value>,
    ) -> Result<Value, CliError> {
        let mut request = self.http.post(self.url(path));
        if let Some(key) = key {
            request = request
                .bearer_auth(key)
                .header("idempotency-key", key_of(file));
        }
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        let request = request.header("content-type", kind);
        json(request.body(multipart(file, metadata))).await
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }
}

fn key_of(file: &[u8]) -> String {
    crate::kernel::hash::Sha256::of(file).to_string()
}

fn multipart(file: &[u8], metadata: Option<&Value>) -> Vec<u8> {
    let mut body = Vec::with_capacity(file.len() + 1024);
    if let Some(metadata) = metadata {
        let part = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"metadata\"\r\n\
             Content-Type: application/json\r\n\r\n{metadata}\r\n"
        );
        body.extend_from_slice(part.as_bytes());
    }
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"izin.pdf\"\r\n\
         Content-Type: application/pdf\r\n\r\n"
    );
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(file);
    body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    body
}

async fn json(request: RequestBuilder) -> Result<Value, CliError> {
    let bytes = sent(request)
        .await?
        .bytes()
        .await
        .map_err(CliError::world)?;
    serde_json::from_slice(&bytes).map_err(CliError::world)
}

async fn sent(request: RequestBuilder) -> Result<Response, CliError> {
    let response = request.send().await.map_err(|error| {
        CliError::world(format!("the service does not answer: {error}"))
            .mend("is `absah serve` running on this address?")
    })?;
    if response.status().is_success() {
        return Ok(response);
    }
    let status = response.status();
    let said = response.text().await.unwrap_or_default();
    Err(CliError::world(format!(
        "the service answered {status}: {said}"
    )))
}

//! `absah serve` in a process of its own, and a client that notes what it was promised.

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};

use crate::site::{PASSPHRASE, Site, permit};

/// Long enough for a machine that does much else.
const PATIENCE: Duration = Duration::from_secs(60);
const BOUNDARY: &str = "absah-test-3c9a1f";

/// A running service. Ends when it is dropped.
pub struct Service {
    pub child: Child,
    log: std::path::PathBuf,
}

/// What was answered: the status, and the body where it is JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
    pub replayed: bool,
}

/// The permit system and the signatory, with a memory.
pub struct Caller<'a> {
    site: &'a Site,
    client: Client,
    /// Acknowledged submissions: number to document.
    pub submitted: Mutex<BTreeMap<String, Value>>,
    /// Acknowledged approvals.
    pub approved: Mutex<BTreeMap<String, Value>>,
}

impl Service {
    /// Starts it and waits until it answers.
    pub async fn start(site: &Site) -> Self {
        Self::start_under(site, Command::new(env!("CARGO_BIN_EXE_absah"))).await
    }

    /// Starts it with an environment or under a program that was put in front.
    pub async fn start_under(site: &Site, command: Command) -> Self {
        let mut service = Self::spawn(site, command);
        let caller = Caller::new(site);
        let until = Instant::now() + PATIENCE;
        while caller.get("/healthz").await.is_none() {
            if let Some(status) = service.child.try_wait().unwrap() {
                panic!("the service ended, {status}: {}", service.said());
            }
            assert!(Instant::now() < until, "{}", service.said());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        service
    }

    /// Starts it and does not wait.
    pub fn spawn(site: &Site, mut command: Command) -> Self {
        let log = site.beside("log");
        let file = || {
            let mut open = std::fs::File::options();
            open.append(true).create(true).open(&log).unwrap()
        };
        let config = site.beside("absah.toml");
        std::fs::write(&config, settings(site)).unwrap();
        command.args(["serve", "--config", config.to_str().unwrap()]);
        command.stdin(Stdio::null()).stdout(file()).stderr(file());
        let child = command.spawn().expect("the service starts");
        Self { child, log }
    }

    /// All that it ever printed.
    pub fn said(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// Waits for its end.
    pub async fn ended(&mut self) -> ExitStatus {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < until, "it goes on: {}", self.said());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Waits for the end that it makes itself when it must not go on.
    pub async fn stopped_itself(&mut self) {
        let status = self.ended().await;
        let said = self.said();
        assert_eq!(status.signal(), Some(6), "{status}: {said}");
        assert!(said.contains("absah: stopping: "), "{said}");
    }

    /// kill -9.
    pub async fn kill(mut self) {
        self.child.kill().unwrap();
        self.ended().await;
    }

    pub fn is_alive(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn settings(site: &Site) -> String {
    let config = &site.config;
    let mut text = format!(
        "[server]\nlisten = \"{}\"\n[storage]\ndata = \"{}\"\n",
        config.server.listen,
        site.data().display()
    );
    if let Some(file) = &config.storage.database_url_file {
        text += &format!("database_url_file = \"{}\"\n", file.display());
    }
    let timestamps = &config.timestamps;
    if !timestamps.urls.is_empty() {
        text += &format!(
            "[timestamps]\nurls = {:?}\nanchors = {:?}\npatience_seconds = {}\n\
             private_hosts = {:?}\n",
            timestamps.urls,
            timestamps.anchors,
            timestamps.patience_seconds,
            timestamps.private_hosts
        );
    }
    text
}

impl<'a> Caller<'a> {
    pub fn new(site: &'a Site) -> Self {
        let client = Client::builder().no_proxy().timeout(PATIENCE);
        Self {
            site,
            client: client.build().unwrap(),
            submitted: Mutex::default(),
            approved: Mutex::default(),
        }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.site.config.server.listen)
    }

    /// Nothing where no answer came: then nothing was promised.
    async fn send(&self, request: RequestBuilder) -> Option<Answer> {
        let response = request.send().await.ok()?;
        let status = response.status().as_u16();
        let replayed = response.headers().contains_key("idempotency-replayed");
        let bytes = response.bytes().await.ok()?;
        Some(Answer {
            status,
            body: serde_json::from_slice(&bytes).unwrap_or_default(),
            replayed,
        })
    }

    pub async fn get(&self, path: &str) -> Option<Answer> {
        let request = self.client.get(self.url(path));
        self.send(request.bearer_auth(&self.site.client)).await
    }

    /// Submits a number under an idempotency key of its own.
    pub async fn submit(&self, number: &str) -> Option<Answer> {
        let metadata = json!({
            "permit_type": "SIPB",
            "number": number,
            "holder": {"name": "Melati Contoh Pertiwi", "kind": "person"},
        });
        let request = self.client.post(self.url("/api/v1/documents"));
        let request = request
            .bearer_auth(&self.site.client)
            .header("idempotency-key", format!("submit-{number}"))
            .header(
                "content-type",
                format!("multipart/form-data; boundary={BOUNDARY}"),
            )
            .body(multipart(&permit(number), &metadata));
        let answer = self.send(request).await?;
        if answer.status == 201 {
            note(&self.submitted, number, &answer.body);
        }
        Some(answer)
    }

    /// Approves a number that was submitted, under a key of its own.
    pub async fn approve(&self, number: &str) -> Option<Answer> {
        let id = self.id(number);
        let request = self
            .client
            .post(self.url(&format!("/api/v1/documents/{id}/approvals")));
        let request = request
            .bearer_auth(&self.site.signatory)
            .header("idempotency-key", format!("approve-{number}"))
            .header("content-type", "application/json")
            .body(json!({ "passphrase": PASSPHRASE }).to_string());
        let answer = self.send(request).await?;
        if answer.status == 202 {
            note(&self.approved, number, &answer.body);
        }
        Some(answer)
    }

    pub fn id(&self, number: &str) -> String {
        let submitted = self.submitted.lock().unwrap();
        submitted[number]["id"].as_str().unwrap().to_owned()
    }

    pub async fn document(&self, number: &str) -> Value {
        let path = format!("/api/v1/documents/{}", self.id(number));
        self.get(&path).await.unwrap().body
    }

    /// Repeats every call until it is acknowledged, then waits for the issue.
    pub async fn carry_through(&self, number: &str) -> Value {
        let until = Instant::now() + PATIENCE;
        loop {
            let submitted = self.submit(number).await;
            if submitted.is_some_and(|answer| answer.status == 201)
                && self
                    .approve(number)
                    .await
                    .is_some_and(|answer| answer.status == 202)
            {
                break;
            }
            assert!(Instant::now() < until, "{number} is not taken");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        self.issued(number).await
    }

    pub async fn issued(&self, number: &str) -> Value {
        let until = Instant::now() + PATIENCE;
        loop {
            let document = self.document(number).await;
            if document["state"] == "issued" {
                return document;
            }
            assert!(Instant::now() < until, "{document}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until the document says what it waits for in words that begin so.
    pub async fn waits_for(&self, number: &str, beginning: &str) -> String {
        let until = Instant::now() + PATIENCE;
        loop {
            let document = self.document(number).await;
            assert_ne!(document["state"], "issued", "{document}");
            let waiting = document["waiting_for"].as_str().unwrap_or_default();
            if waiting.starts_with(beginning) {
                return waiting.to_owned();
            }
            assert!(Instant::now() < until, "{document}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

fn note(memory: &Mutex<BTreeMap<String, Value>>, number: &str, body: &Value) {
    let earlier = memory
        .lock()
        .unwrap()
        .insert(number.to_owned(), body.clone());
    if let Some(earlier) = earlier {
        assert_eq!(earlier, *body, "the same call was answered in another way");
    }
}

/// The answer must be a problem of this type.
pub fn problem(answer: &Answer, status: u16, kind: &str) {
    let kind = format!("/problems/{kind}");
    assert_eq!(
        (answer.status, &answer.body["type"]),
        (status, &json!(kind)),
        "{answer:?}"
    );
}

fn multipart(file: &[u8], metadata: &Value) -> Vec<u8> {
    let head = "Content-Disposition: form-data; name=\"metadata\"";
    let mut bytes = format!("--{BOUNDARY}\r\n{head}\r\n\r\n{metadata}\r\n").into_bytes();
    let head = "Content-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"";
    bytes.extend(format!("--{BOUNDARY}\r\n{head}\r\n\r\n").into_bytes());
    bytes.extend_from_slice(file);
    bytes.extend(format!("\r\n--{BOUNDARY}--\r\n").into_bytes());
    bytes
}

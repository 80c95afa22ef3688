//! The same files through the library, the command line, HTTP and the page: the product
//! says what its reference says. A part of the cases by default, each class among them;
//! with `ABSAH_ATTACKS=all` every one.
//!
//! The service is the real one, with its worker processes. Only whom it trusts and what
//! time it is are the case's, where the question is handed to the worker.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use absah::cli::config::Config;
use absah::cli::instance::Instance;
use absah::clients::worker::WorkerProcesses;
use absah::http::router::router;
use absah::http::server::serve;
use absah::http::state::{App, Parts, Settings};
use absah::kernel::code::DocumentCode;
use absah::kernel::examination::{Der, Examination, Outline, PagesError, Question, Trusted};
use absah::kernel::hash::Sha256;
use absah::kernel::pdf::Limits;
use absah::kernel::pdf::appearance::{BlockPrinter, Template};
use absah::kernel::pdf::placement::Placement;
use absah::keys::vault::Vault;
use absah::services::ports::{Examiner, ExaminerError};
use absah::services::{Ports, Services};
use absah::storage::FileDrawings;
use async_trait::async_trait;
use reqwest::Client;
use serde_json::{Value, json};
use tempfile::TempDir;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::process::Command;

use super::case::Case;
use super::catalogue::CATALOGUE;

/// By default one case of so many is asked about: each costs three processes.
const SAMPLE: usize = 6;

/// How many cases are asked about at once.
const AT_ONCE: usize = 4;

const BOUNDARY: &str = "4bs4h";

/// A worker that is told whom to trust and what time it is.
struct Told {
    workers: WorkerProcesses,
    /// By the SHA-256 of a file: anchor and time.
    cases: HashMap<Sha256, (Der, OffsetDateTime)>,
}

#[async_trait]
impl Examiner for Told {
    async fn examine(
        &self,
        file: Arc<Vec<u8>>,
        question: Question,
    ) -> Result<Examination, ExaminerError> {
        let told = self.cases.get(&Sha256::of(&file)).cloned();
        let (anchor, at) = told.expect("a file of the catalogue");
        let question = Question {
            anchors: Trusted {
                signer: vec![anchor.clone()],
                tsa: vec![anchor],
                ocsp: Vec::new(),
            },
            untrusted: Vec::new(),
            crls: Vec::new(),
            ocsps: Vec::new(),
            at,
            ..question
        };
        self.workers.examine(file, question).await
    }

    /// Pictures lead to codes of ours, and there are none in these files.
    async fn codes_shown(
        &self,
        _file: Arc<Vec<u8>>,
        _limits: Limits,
        _address: String,
    ) -> Result<Vec<DocumentCode>, ExaminerError> {
        Ok(Vec::new())
    }

    async fn outline(
        &self,
        file: Arc<Vec<u8>>,
        limits: Limits,
        placement: Option<Placement>,
    ) -> Result<Result<Outline, PagesError>, ExaminerError> {
        self.workers.outline(file, limits, placement).await
    }

    async fn picture(
        &self,
        file: Arc<Vec<u8>>,
        limits: Limits,
        page: u32,
        width: u32,
    ) -> Result<Result<Vec<u8>, PagesError>, ExaminerError> {
        self.workers.picture(file, limits, page, width).await
    }
}

/// The service and a client.
struct Service {
    address: String,
    client: Client,
    _instance: Instance,
    _folder: TempDir,
}

impl Service {
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut config = Config::default();
        config.server.listen = address;
        config.storage.data = folder.path().join("data");
        config.program = Some(env!("CARGO_BIN_EXE_absah").into());
        let instance = Instance::create(config).await.unwrap();
        let authority = instance.authority().await.unwrap();
        let parts = instance.parts(authority).unwrap();
        let parts = Parts {
            services: services(&instance, &parts),
            ..parts
        };
        let app = App::new(settings(&instance), parts);
        let end = tokio_util::sync::CancellationToken::new();
        tokio::spawn(serve(listener, None, router(app), end));
        Self {
            address: format!("http://{address}"),
            client: Client::builder().no_proxy().build().unwrap(),
            _instance: instance,
            _folder: folder,
        }
    }

    async fn upload(&self, path: &str, file: &[u8]) -> reqwest::Response {
        let head = "Content-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"";
        let mut body = format!("--{BOUNDARY}\r\n{head}\r\n\r\n").into_bytes();
        body.extend_from_slice(file);
        body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        let request = self.client.post(format!("{}{path}", self.address));
        let request = request.header("content-type", kind).body(body);
        request.send().await.unwrap()
    }
}

fn services(instance: &Instance, parts: &Parts) -> Services {
    let cases = CATALOGUE.cases.iter().map(|case| {
        let told = (Der::from(&case.root), case.at);
        (Sha256::of(&case.file), told)
    });
    let examiner = Told {
        workers: WorkerProcesses::of(env!("CARGO_BIN_EXE_absah").into()),
        cases: cases.collect(),
    };
    let ports = Ports {
        store: Arc::new(instance.database.clone()),
        blobs: Arc::new(instance.blobs.clone()),
        clock: Arc::clone(&instance.clock),
        entropy: Arc::clone(&instance.entropy),
        timestamps: parts.authority.timestamps(),
        revocation: parts.authority.revocation_data(),
        keys: Arc::new(Vault::new(Arc::new(instance.database.clone()))),
        examiner: Arc::new(examiner),
        drawings: Arc::new(FileDrawings::new(
            &instance.config.storage.data.join("pictures"),
            1 << 20,
        )),
    };
    let printer = BlockPrinter::new(Template::built_in().unwrap());
    Services::new(ports, parts.services.policy().clone(), printer)
}

fn settings(instance: &Instance) -> Settings {
    let config = &instance.config;
    Settings {
        office: config.office.name.clone(),
        contact: String::new(),
        zone: config.office.zone,
        demonstration: true,
        public_url: config.public_url(),
        upload_bytes: config.limits.upload_bytes,
        request_limit: std::time::Duration::from_secs(60),
        idle_limit: std::time::Duration::from_secs(30),
        lookups_per_minute: 100_000,
        uploads_per_minute: 100_000,
        trusted_proxies: absah::http::extract::TrustedProxies(Arc::from([])),
    }
}

/// What must be the same everywhere.
fn essence(report: &Value) -> Value {
    let codes = |findings: &Value| -> Vec<Value> {
        let list = findings.as_array().cloned().unwrap_or_default();
        list.iter().map(|one| one["code"].clone()).collect()
    };
    let signatures = report["signatures"].as_array().cloned().unwrap_or_default();
    let of = |one: &Value| {
        json!([
            one["indication"],
            one["sub_indication"],
            one["intact"],
            one["crypto_valid"],
            one["modification"],
            one["level"],
            one["best_signature_time"],
            codes(&one["findings"]),
        ])
    };
    json!({
        "verdict": report["verdict"],
        "signatures": signatures.iter().map(of).collect::<Vec<_>>(),
        "findings": codes(&report["findings"]),
    })
}

/// The page's heading for a verdict, in Indonesian.
fn heading(verdict: &str) -> &'static str {
    match verdict {
        "unknown_valid" => "Bukan dari kami",
        "invalid" => "Tidak sah",
        "indeterminate" => "Belum dapat dipastikan",
        "unsigned" => "Tanpa tanda tangan elektronik",
        other => panic!("{other} needs a register"),
    }
}

/// The command line's answer, and its exit status.
async fn command(folder: &Path, case: &Case) -> (Value, Option<i32>) {
    let name = case.id.replace('/', "-");
    let (file, root) = (
        folder.join(format!("{name}.pdf")),
        folder.join(format!("{name}.der")),
    );
    std::fs::write(&file, &case.file).unwrap();
    std::fs::write(&root, case.root.der()).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_absah"))
        .arg("verify")
        .arg(&file)
        .arg("--trust")
        .arg(&root)
        .args([
            "--at",
            &case.at.format(&Rfc3339).unwrap(),
            "--offline",
            "--json",
        ])
        .output()
        .await
        .unwrap();
    std::fs::remove_file(&file).unwrap();
    let value = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
    (value, output.status.code())
}

/// What is not the same; nothing if all is.
async fn differences(service: &Service, folder: &Path, case: &Case) -> Vec<String> {
    let mut found = Vec::new();
    let reference = serde_json::to_value(case.report()).unwrap();
    let (said, status) = command(folder, case).await;
    let expected = match case.required.verdict.is_good() {
        true => Some(0),
        // What is no PDF is wrong use; what is too large is not read.
        false if said.is_null() || said["findings"][0]["code"] == "not-a-pdf" => Some(2),
        false => Some(1),
    };
    if status != expected {
        found.push(format!(
            "{}: exit status {status:?}, not {expected:?}",
            case.id
        ));
    }
    let mut compare = |surface: &str, other: &Value| {
        if essence(&reference) != essence(other) {
            let (one, other) = (essence(&reference), essence(other));
            found.push(format!("{}: {surface}\n  {one}\n  {other}", case.id));
        }
    };
    if !said.is_null() {
        compare("command line", &said);
    }
    let answer = service.upload("/api/v1/verifications", &case.file).await;
    // A file beyond the limit is refused before anything else.
    if answer.status().as_u16() == 413 {
        assert!(case.file.len() > 25 << 20, "{}", case.id);
        return found;
    }
    let text = answer.text().await.unwrap();
    compare("HTTP", &serde_json::from_str(&text).unwrap_or(Value::Null));
    let verdict = reference["verdict"].as_str().unwrap();
    let page = service.upload("/verify?lang=id", &case.file).await;
    let page = page.text().await.unwrap();
    // Nothing was chosen: the page asks again.
    if !case.file.is_empty() && !page.contains(heading(verdict)) {
        found.push(format!(
            "{}: the page does not say {}",
            case.id,
            heading(verdict)
        ));
    }
    found
}

/// The cases that are asked about: all of them, or a sample with each class in it.
fn chosen() -> impl Iterator<Item = &'static Case> {
    let all = std::env::var_os("ABSAH_ATTACKS").is_some_and(|which| which == "all");
    let mut classes = HashSet::new();
    CATALOGUE
        .cases
        .iter()
        .enumerate()
        .filter_map(move |(index, case)| {
            let new = classes.insert(case.class());
            (all || new || index % SAMPLE == 0).then_some(case)
        })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn command_line_http_and_page_say_what_the_library_says() {
    let service = Arc::new(Service::start().await);
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let mut tasks = tokio::task::JoinSet::new();
    for part in 0..AT_ONCE {
        let (service, folder) = (Arc::clone(&service), Arc::clone(&folder));
        tasks.spawn(async move {
            let mut found = Vec::new();
            for case in chosen().skip(part).step_by(AT_ONCE) {
                found.extend(differences(&service, folder.path(), case).await);
            }
            found
        });
    }
    let mut all = Vec::new();
    while let Some(found) = tasks.join_next().await {
        all.extend(found.unwrap());
    }
    assert!(
        all.is_empty(),
        "{} differences:\n{}",
        all.len(),
        all.join("\n")
    );
}

//! A sample office in a running service, and what its people and systems send.

use absah::domain::accounts::{Person, Role};
use absah::domain::event::Actor;
use absah::domain::permit_type::{PermitType, ServiceClass, SignatureSlot};
use absah::domain::review::Tier;
use absah::kernel::hash::Sha256;
use absah::kernel::pdf::appearance::BUILT_IN_FONTS;
use absah::kernel::pdf::placement::Placement;
use absah::kernel::pdf::sheet::Sheet;
use absah::kernel::x509::Certificate;
use absah::services::administration::{NewClient, NewPerson};
use absah::services::clock::SystemClock;
use absah::services::ports::{Clock as _, Passphrase};
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};

use crate::app::TestApp;
use crate::keep;

pub const PASSPHRASE: &str = "kata sandi untuk uji saja";
const BOUNDARY: &str = "absah-test-3c9a1f";

/// A service with an office, and the keys of everyone in it.
pub struct Office {
    pub app: TestApp,
    pub client: String,
    pub reviewer: String,
    pub signatory: String,
}

impl Office {
    pub async fn open() -> Self {
        Self::in_service(TestApp::start().await).await
    }

    pub async fn in_service(app: TestApp) -> Self {
        let office = app.administration.clone();
        let add = async |name: &str, role: Role| -> (Person, String) {
            let new = NewPerson {
                name: name.to_owned(),
                office: "Kepala Dinas".to_owned(),
                rank: Some("Pembina Tk. I".to_owned()),
                nip: None,
                roles: vec![role],
            };
            let (person, key) = office.add_person(Actor::Operator, new).await.unwrap();
            (person, key.reveal().to_owned())
        };
        let (rini, reviewer) = add("Rini Contohwati, S.H.", Role::Reviewer).await;
        let (ahmad, signatory) = add("Ahmad Teladan, M.Si.", Role::Signatory).await;
        let instance = app.running().instance();
        let authority = instance.authority().await.unwrap();
        let ca = authority.open_demonstration_issuing().unwrap();
        let passphrase = Passphrase::new(PASSPHRASE.to_owned());
        instance
            .enrol(&authority, &ca, &ahmad, passphrase)
            .await
            .unwrap();
        office
            .save_permit_type(Actor::Operator, &permit_type(&rini, &ahmad))
            .await
            .unwrap();
        let client = new_client(&app, "OPTIMIS").await;
        Self {
            app,
            client,
            reviewer,
            signatory,
        }
    }

    pub async fn submit(&self, number: &str) -> Value {
        let response = self
            .submission(&self.client, &permit(), &metadata(number))
            .send()
            .await;
        created(response.unwrap(), 201).await
    }

    /// A submission, ready to be sent or to get another header.
    pub fn submission(&self, key: &str, file: &[u8], metadata: &Value) -> RequestBuilder {
        self.multipart("/api/v1/documents", file, Some(&metadata.to_string()))
            .bearer_auth(key)
    }

    pub fn multipart(&self, path: &str, file: &[u8], metadata: Option<&str>) -> RequestBuilder {
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        self.app
            .post(path)
            .header("content-type", kind)
            .body(multipart(file, metadata))
    }

    /// A JSON body, sent with a key.
    pub async fn post(&self, path: &str, key: &str, body: Value) -> Response {
        let request = self.app.post(path).bearer_auth(key);
        let request = request.header("content-type", "application/json");
        request.body(body.to_string()).send().await.unwrap()
    }

    pub async fn get(&self, path: &str, key: &str) -> Response {
        self.app.get(path).bearer_auth(key).send().await.unwrap()
    }

    /// A submitted document, reviewed and with its gate met.
    pub async fn ready(&self, number: &str) -> String {
        let document = self.submit(number).await;
        let path = format!("/api/v1/documents/{}", document["id"].as_str().unwrap());
        let review =
            json!({"tier": 1, "decision": "approve", "sha256": document["submitted"]["sha256"]});
        created(
            self.post(&format!("{path}/reviews"), &self.reviewer, review)
                .await,
            201,
        )
        .await;
        let gate = json!({"proof": "SKM-1"});
        created(
            self.post(&format!("{path}/gates/skm"), &self.client, gate)
                .await,
            200,
        )
        .await;
        path
    }

    /// An issued document, as its client sees it.
    pub async fn issue(&self, number: &str) -> (String, Value) {
        let path = self.ready(number).await;
        let secret = json!({"passphrase": PASSPHRASE});
        created(
            self.post(&format!("{path}/approvals"), &self.signatory, secret)
                .await,
            202,
        )
        .await;
        let document = self.issued(&path).await;
        (path, document)
    }

    /// Waits until a document is issued.
    pub async fn issued(&self, path: &str) -> Value {
        for _ in 0..600 {
            let document = body(self.get(path, &self.client).await).await;
            if document["state"] == "issued" {
                return document;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("{path} is not issued");
    }

    pub async fn file(&self, path: &str) -> Vec<u8> {
        let response = self.get(&format!("{path}/file"), &self.client).await;
        assert_eq!(response.headers()["content-type"], "application/pdf");
        response.bytes().await.unwrap().to_vec()
    }

    fn keep(&self, file: &[u8]) {
        let root = self.app.folder().join("data/authority/root.pem");
        let root = Certificate::from_pem_or_der(&std::fs::read(root).unwrap()).unwrap();
        let now = SystemClock.now().unix_timestamp();
        keep::pdf(file, root[0].der(), now, &[], &[]);
    }

    pub async fn verify(&self, file: &[u8]) -> Value {
        self.keep(file);
        body(
            self.multipart("/api/v1/verifications", file, None)
                .send()
                .await
                .unwrap(),
        )
        .await
    }
}

pub async fn new_client(app: &TestApp, name: &str) -> String {
    let new = NewClient {
        name: name.to_owned(),
        permit_types: Vec::new(),
    };
    let (_, key) = app
        .administration
        .add_client(Actor::Operator, new)
        .await
        .unwrap();
    key.reveal().to_owned()
}

fn permit_type(reviewer: &Person, signatory: &Person) -> PermitType {
    PermitType {
        code: "SIPB".parse().unwrap(),
        name: "Surat Izin Praktik Bidan".to_owned(),
        signatures: vec![SignatureSlot {
            field: "Signature1".to_owned(),
            office: "Kepala Dinas".to_owned(),
            signatories: vec![signatory.id],
            placement: Placement::Rect {
                page: 1,
                rect: [288.0, 90.0, 246.0, 122.0],
            },
        }],
        tiers: vec![Tier {
            name: "Kepala Seksi".to_owned(),
            reviewers: vec![reviewer.id],
        }],
        gates: vec!["skm".parse().unwrap()],
        service_class: ServiceClass::ThreeHours,
        active: true,
    }
}

/// The demonstration's permit.
pub fn permit() -> Vec<u8> {
    let [(_, regular), (_, bold)] = BUILT_IN_FONTS;
    let template = include_str!("../../pdf-templates/sample-permit.toml");
    Sheet::parse(template, regular, bold)
        .unwrap()
        .draw(&Default::default())
        .unwrap()
        .bytes
}

pub fn metadata(number: &str) -> Value {
    json!({
        "permit_type": "SIPB",
        "number": number,
        "holder": {"name": "Melati Contoh Pertiwi", "kind": "person"},
        "valid_until": "2099-01-01",
    })
}

pub fn multipart(file: &[u8], metadata: Option<&str>) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(metadata) = metadata {
        let head = "Content-Disposition: form-data; name=\"metadata\"";
        bytes.extend(format!("--{BOUNDARY}\r\n{head}\r\n\r\n{metadata}\r\n").into_bytes());
    }
    let head = "Content-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"";
    bytes.extend(format!("--{BOUNDARY}\r\n{head}\r\n\r\n").into_bytes());
    bytes.extend_from_slice(file);
    bytes.extend(format!("\r\n--{BOUNDARY}--\r\n").into_bytes());
    bytes
}

/// The body of an answer that must have this status.
pub async fn created(response: Response, status: u16) -> Value {
    let found = response.status().as_u16();
    let body = body(response).await;
    assert_eq!(found, status, "{body}");
    body
}

pub async fn body(response: Response) -> Value {
    serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
}

pub fn sha256(file: &[u8]) -> String {
    Sha256::of(file).to_string()
}

//! An office with one client, one permit type and two people.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use absah::domain::accounts::{Client, Person, Role};
use absah::domain::approval::{Approval, ApprovalEntry, ApprovalState};
use absah::domain::document::{Document, Submission, SubmittedFile};
use absah::domain::event::{Act, Actor, Event, Subject};
use absah::domain::ids::{ApprovalId, AttemptId, ClientId, DocumentId, IntentId, PersonId};
use absah::domain::mandate::SigningRight;
use absah::domain::metadata::Metadata;
use absah::domain::permit_type::{PermitType, ServiceClass, SignatureSlot};
use absah::domain::review::Tier;
use absah::domain::signing::{Attempt, Intent, SignaturePlace, StoredSignature};
use absah::kernel::code::DocumentCode;
use absah::kernel::hash::Sha256;
use absah::kernel::pdf::placement::Placement;
use absah::services::clock::SystemEntropy;
use absah::services::ports::{Changes, Entropy, Ledger, Write};
use absah::storage::Database;
use tempfile::TempDir;
use time::OffsetDateTime;
use time::macros::datetime;

use crate::cluster;

pub const NOW: OffsetDateTime = datetime!(2026-11-22 04:00:00.000123 UTC);

/// Runs a test, `async fn(World)`, on both databases.
macro_rules! both {
    ($($test:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test($crate::world::World::sqlite().await).await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test($crate::world::World::postgres().await).await;
            })*
        }
    };
}
pub(crate) use both;

pub struct World {
    pub store: Database,
    pub client: Client,
    pub reviewer: Person,
    pub signatory: Person,
    pub permit_type: PermitType,
    place: Place,
    next: AtomicU64,
}

enum Place {
    Folder(TempDir),
    Url(String),
}

impl World {
    pub async fn sqlite() -> Self {
        Self::at(Place::Folder(TempDir::new().unwrap())).await
    }

    pub async fn postgres() -> Self {
        Self::at(Place::Url(cluster::new_database())).await
    }

    async fn at(place: Place) -> Self {
        let store = open(&place).await;
        let world = Self {
            store,
            client: client("OPTIMIS", 1),
            reviewer: person("Budi Santoso", Role::Reviewer, 2),
            signatory: person("Dra. Siti Aminah, M.Si.", Role::Signatory, 3),
            permit_type: permit_type(),
            place,
            next: AtomicU64::new(100),
        };
        let changes = Changes::new()
            .with(Write::SaveClient(
                world.client.clone(),
                Some(Sha256::of(b"client key")),
            ))
            .with(Write::SavePerson(
                world.reviewer.clone(),
                Some(Sha256::of(b"reviewer key")),
            ))
            .with(Write::SavePerson(world.signatory.clone(), None))
            .with(Write::SavePermitType(Box::new(world.permit_type.clone())));
        world.store.commit(changes).await.unwrap();
        world
    }

    /// Opens the same database once more, as another process would.
    pub async fn open_again(&self) -> Database {
        open(&self.place).await
    }

    /// The address for a connection of the test's own.
    pub fn address(&self) -> String {
        match &self.place {
            Place::Folder(folder) => format!("sqlite:{}/absah.db", folder.path().display()),
            Place::Url(url) => url.clone(),
        }
    }

    pub fn random(&self) -> [u8; 10] {
        let next = self.next.fetch_add(1, Ordering::Relaxed);
        let mut random = [0; 10];
        random[2..].copy_from_slice(&next.to_be_bytes());
        random
    }

    /// A document that is not stored yet.
    pub fn document(&self, number: &str) -> Document {
        let json = format!(
            r#"{{"permit_type":"SIPB","number":"{number}","holder":{{"name":"Rina","kind":"person"}}}}"#
        );
        let random = self.random();
        let file = SubmittedFile {
            sha256: Sha256::of(number.as_bytes()),
            size: 7,
            at: NOW,
        };
        let submission = Submission {
            id: DocumentId::new(NOW, random),
            client: self.client.id,
            code: DocumentCode::from_random(random),
            metadata: Metadata::parse(json.as_bytes()).unwrap(),
            file,
        };
        Document::submit(submission, &self.permit_type)
    }

    pub async fn stored_document(&self, number: &str) -> Document {
        let document = self.document(number);
        let changes = Changes::new().with(Write::AddDocument(Box::new(document.clone())));
        self.store.commit(changes).await.unwrap();
        document
    }

    /// An approval, an intent and an attempt for a document, not stored yet.
    pub fn intent(&self, document: &Document) -> (Approval, Intent, Attempt) {
        let intent = IntentId::new(NOW, self.random());
        let digest = Sha256::of(&intent.to_bytes()).as_bytes().to_vec();
        let approval = Approval {
            id: ApprovalId::new(NOW, self.random()),
            signatory: self.signatory.id,
            key: b"key".to_vec(),
            certificate: Sha256::of(b"certificate"),
            nonce: [1; 32],
            asked: NOW,
            expires: NOW + time::Duration::minutes(5),
            entries: vec![ApprovalEntry {
                document: document.id,
                submitted: document.submitted.sha256,
                intent,
                digest: digest.clone(),
            }],
            state: ApprovalState::Asked,
        };
        let attempt = Attempt {
            id: AttemptId::new(NOW, self.random()),
            intent,
            approval: Some(approval.id),
            at: NOW,
        };
        let intent = Intent {
            id: intent,
            place: SignaturePlace {
                document: document.id,
                revision: 0,
                field: "Signature1".into(),
            },
            approval: approval.id,
            signatory: self.signatory.id,
            right: SigningRight::Own,
            certificate: approval.certificate,
            prepared: Sha256::of(b"prepared"),
            layout: serde_json::json!({"hole": [1, 2]}),
            signed_attributes: vec![0x31, 0],
            digest,
            at: NOW,
        };
        (approval, intent, attempt)
    }

    pub fn signature(&self, intent: &Intent, attempt: &Attempt, value: &[u8]) -> StoredSignature {
        StoredSignature {
            place: intent.place.clone(),
            intent: intent.id,
            attempt: attempt.id,
            value: value.to_vec(),
            at: NOW,
        }
    }
}

pub fn event(document: &Document) -> Event {
    let subject = Subject::Document(document.id);
    Event::new(
        NOW,
        Actor::Client(document.client),
        Act::DocumentSubmitted,
        subject,
    )
}

async fn open(place: &Place) -> Database {
    let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
    match place {
        Place::Folder(folder) => Database::open_sqlite(&folder.path().join("absah.db"), entropy)
            .await
            .unwrap(),
        Place::Url(url) => Database::open_postgres(url, entropy).await.unwrap(),
    }
}

pub fn client(name: &str, number: u8) -> Client {
    let id = ClientId::new(NOW, [number; 10]);
    Client {
        id,
        name: name.into(),
        permit_types: Vec::new(),
        active: true,
    }
}

pub fn person(name: &str, role: Role, number: u8) -> Person {
    Person {
        id: PersonId::new(NOW, [number; 10]),
        name: name.into(),
        office: "Kepala Dinas".into(),
        rank: None,
        nip: Some("19750619 199503 1 003".into()),
        roles: vec![role],
        active: true,
    }
}

fn permit_type() -> PermitType {
    PermitType {
        code: "SIPB".parse().unwrap(),
        name: "Surat Izin Praktik Bidan".into(),
        signatures: vec![SignatureSlot {
            field: "Signature1".into(),
            office: "Kepala Dinas".into(),
            signatories: vec![PersonId::new(NOW, [3; 10])],
            placement: Placement::Invisible,
        }],
        tiers: vec![Tier {
            name: "Kepala Seksi".into(),
            reviewers: vec![PersonId::new(NOW, [2; 10])],
        }],
        gates: vec!["skm".parse().unwrap()],
        service_class: ServiceClass::ThreeHours,
        active: true,
    }
}

//! An office in a folder, as the service opens it, with a counter at the key.

use std::path::Path;
use std::sync::Arc;

use absah::authority::clock::{SinceBoot, WatchedClock};
use absah::authority::{self, Authority, AuthorityPorts, Request, Subject};
use absah::domain::accounts::{Client, Person, Role};
use absah::domain::event::Actor;
use absah::domain::permit_type::{PermitType, ServiceClass, SignatureSlot};
use absah::domain::review::Tier;
use absah::domain::zone::Zone;
use absah::kernel::hash::HashAlgorithm;
use absah::kernel::pdf::Limits;
use absah::kernel::pdf::appearance::{BlockPrinter, Certifier, Template};
use absah::kernel::pdf::placement::Placement;
use absah::keys::{KdfCost, KeyType, SoftwareKey, Vault};
use absah::services::administration::{Administration, NewClient, NewPerson};
use absah::services::clock::{SystemClock, SystemEntropy};
use absah::services::ports::{KeyRecord, Passphrase, UnlockSecret};
use absah::services::{Policy, Ports, Services};
use absah::storage::{Database, FileBlobs};
use time::Duration;

use crate::counted::CountedKeys;

pub const PASSPHRASE: &str = "empat kata yang panjang";
pub const URL: &str = "http://localhost:8080";

/// An open office.
pub struct Office {
    pub database: Database,
    pub services: Services,
    pub client: Client,
    pub reviewer: Person,
    pub signatory: Person,
}

fn ports_of(database: &Database) -> AuthorityPorts {
    let store = Arc::new(database.clone());
    AuthorityPorts {
        register: store.clone(),
        marks: store,
        clock: Arc::new(SystemClock),
        health: Arc::new(WatchedClock::new(
            Arc::new(SystemClock),
            Arc::new(SinceBoot),
            None,
        )),
        entropy: Arc::new(SystemEntropy),
        instance: "faults".into(),
    }
}

async fn database(folder: &Path) -> Database {
    let entropy = Arc::new(SystemEntropy);
    Database::open_sqlite(&folder.join("absah.db"), entropy)
        .await
        .unwrap()
}

/// Makes an office with a client, a reviewer, a signatory with his key and a permit type.
pub async fn found(folder: &Path) {
    let database = database(folder).await;
    let authority =
        Authority::create_demonstration(&folder.join("authority"), URL, ports_of(&database))
            .await
            .unwrap();
    let administration = Administration::new(
        Arc::new(database.clone()),
        Arc::new(SystemClock),
        Arc::new(SystemEntropy),
    );
    let client = NewClient {
        name: "OPTIMIS".into(),
        permit_types: Vec::new(),
    };
    administration
        .add_client(Actor::Operator, client)
        .await
        .unwrap();
    let person = |name: &str, role| NewPerson {
        name: name.into(),
        office: "Kepala Dinas".into(),
        rank: None,
        nip: None,
        roles: vec![role],
    };
    let add = async |name, role| {
        let added = administration.add_person(Actor::Operator, person(name, role));
        added.await.unwrap().0
    };
    let reviewer = add("Budi Contoh", Role::Reviewer).await;
    let signatory = add("Siti Contoh", Role::Signatory).await;
    enrol(&administration, &authority, &signatory).await;
    let permit_type = permit_type(&reviewer, &signatory);
    administration
        .save_permit_type(Actor::Operator, &permit_type)
        .await
        .unwrap();
}

async fn enrol(administration: &Administration, authority: &Authority, signatory: &Person) {
    let key = SoftwareKey::generate(KeyType::P256).unwrap();
    let ca = authority.open_demonstration_issuing().unwrap();
    let request = Request {
        role: authority::Role::Signatory,
        subject: &Subject::named(&signatory.name),
        spki: &key.spki_der().unwrap(),
    };
    let issued = authority.issuance().issue(ca.as_issuer(), request).await;
    let certificate = issued.unwrap();
    let chain = authority.chain_of(&certificate);
    let record = KeyRecord {
        person: signatory.id,
        chain: chain[1..].iter().map(|one| one.der().to_vec()).collect(),
        certificate: certificate.der().to_vec(),
        kind: absah::keys::vault::SEALED.into(),
        algorithm: KeyType::P256.usual_algorithm(),
        sealed: Vault::seal(&signatory.id, &key, &secret(), KdfCost::LEAST).unwrap(),
        at: time::OffsetDateTime::UNIX_EPOCH,
    };
    administration
        .enrol_key(Actor::Operator, record)
        .await
        .unwrap();
}

fn permit_type(reviewer: &Person, signatory: &Person) -> PermitType {
    PermitType {
        code: "SIPB".parse().unwrap(),
        name: "Surat Izin Praktik Bidan".into(),
        signatures: vec![SignatureSlot {
            field: "Signature1".into(),
            office: "Kepala Dinas".into(),
            signatories: vec![signatory.id],
            placement: Placement::Rect {
                page: 1,
                rect: [300.0, 90.0, 240.0, 110.0],
            },
        }],
        tiers: vec![Tier {
            name: "Kepala Seksi".into(),
            reviewers: vec![reviewer.id],
        }],
        gates: Vec::new(),
        service_class: ServiceClass::ThreeHours,
        active: true,
    }
}

pub fn secret() -> UnlockSecret {
    UnlockSecret::Passphrase(Passphrase::new(PASSPHRASE.into()))
}

impl Office {
    /// Opens the office, as a service does when it starts.
    pub async fn open(folder: &Path) -> Self {
        let database = database(folder).await;
        let authority = Authority::open(&folder.join("authority"), ports_of(&database)).unwrap();
        let store = Arc::new(database.clone());
        let vault = Vault::new(store.clone());
        let ports = Ports {
            store: store.clone(),
            blobs: Arc::new(FileBlobs::open(&folder.join("files")).unwrap()),
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
            timestamps: authority.timestamps(),
            revocation: authority.revocation_data(),
            keys: Arc::new(CountedKeys::new(vault, &folder.join("operations"))),
        };
        let printer = BlockPrinter::new(Template::built_in().unwrap());
        let services = Services::new(ports, policy(&authority), printer);
        services.take_up().await.unwrap();
        let administration =
            Administration::new(store, Arc::new(SystemClock), Arc::new(SystemEntropy));
        Self {
            client: administration.find_client("OPTIMIS").await.unwrap(),
            reviewer: administration.find_person("Budi Contoh").await.unwrap(),
            signatory: administration.find_person("Siti Contoh").await.unwrap(),
            database,
            services,
        }
    }
}

fn policy(authority: &Authority) -> Policy {
    Policy {
        office: "DPMPTSP Contoh".into(),
        location: None,
        public_url: URL.into(),
        zone: Zone::Wib,
        certifier: Certifier::Demonstration {
            issuer: "DEMONSTRASI".into(),
        },
        anchors: vec![authority.root().clone()],
        intermediates: vec![authority.issuing().clone()],
        hash: HashAlgorithm::Sha256,
        limits: Limits::default(),
        validation: absah::kernel::validation::Policy::strict().unwrap(),
        approval_lifetime: Duration::minutes(5),
        claim_lifetime: Duration::minutes(5),
    }
}

//! An office in a folder: demonstration authority, SQLite, files, two permit types,
//! and ports that count and fail.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use absah::authority::clock::{SinceBoot, WatchedClock};
use absah::authority::{Authority, AuthorityPorts, Request, Role as CertificateRole, Subject};
use absah::clients::worker::WorkerProcesses;
use absah::domain::accounts::{Client, Person, Role};
use absah::domain::document::Document;
use absah::domain::event::Actor;
use absah::domain::ids::DocumentId;
use absah::domain::metadata::Metadata;
use absah::domain::permit_type::{PermitType, ServiceClass, SignatureSlot};
use absah::domain::review::{Decision, Tier};
use absah::domain::zone::Zone;
use absah::kernel::hash::{HashAlgorithm, Sha256};
use absah::kernel::pdf::Limits;
use absah::kernel::pdf::appearance::{BUILT_IN_FONTS, BlockPrinter, Certifier, Template};
use absah::kernel::pdf::placement::Placement;
use absah::kernel::pdf::sheet::Sheet;
use absah::kernel::sign::{SignError, SignatureAlgorithm, Signer};
use absah::kernel::validation;
use absah::keys::vault::{SEALED, Vault};
use absah::keys::{KdfCost, KeyType, SoftwareKey};
use absah::services::administration::{Administration, Caller, NewClient, NewPerson};
use absah::services::clock::{SystemClock, SystemEntropy};
use absah::services::ports::signatory_keys::OpenedKey;
use absah::services::ports::{
    Accounts, KeyRecord, Passphrase, SignatoryKeys, TimestampError, Timestamps, UnlockError,
    UnlockSecret,
};
use absah::services::{Once, Policy, Ports, ReviewRequest, ServiceError, Services};
use absah::storage::{Database, FileBlobs, FileDrawings};
use async_trait::async_trait;
use tempfile::TempDir;
use time::Duration;

pub const PASSPHRASE: &str = "kuda laut berlari di padang";
const URL: &str = "http://localhost:8080";

/// An office that is open.
pub struct Office {
    pub services: Services,
    pub administration: Administration,
    pub store: Database,
    pub authority: Authority,
    pub keys: Arc<CountedKeys>,
    pub timestamps: Arc<UnreliableTimestamps>,
    pub client: Client,
    pub reviewer: Person,
    pub head: Person,
    pub deputy: Person,
    _folder: Option<TempDir>,
}

/// A signatory's keys; every operation is a line in a file, so that it outlives the
/// process.
pub struct CountedKeys {
    vault: Vault,
    file: PathBuf,
    /// Every operation fails in this way.
    pub failing: std::sync::Mutex<Option<SignError>>,
}

struct CountedSigner {
    signer: Box<dyn Signer>,
    file: PathBuf,
    failing: Option<SignError>,
}

/// A time-stamping authority that can be switched off.
pub struct UnreliableTimestamps {
    timestamps: Arc<dyn Timestamps>,
    pub down: AtomicBool,
    pub asked: AtomicUsize,
}

impl Signer for CountedSigner {
    fn algorithm(&self) -> SignatureAlgorithm {
        self.signer.algorithm()
    }

    fn sign_digest(&self, digest: &[u8]) -> Result<Vec<u8>, SignError> {
        let mut file = OpenOptions::new()
            .append(true)
            .create(true)
            .open(&self.file)
            .unwrap();
        writeln!(file, "{}", hex::encode(digest)).unwrap();
        match &self.failing {
            Some(error) => Err(error.clone()),
            None => self.signer.sign_digest(digest),
        }
    }
}

#[async_trait]
impl SignatoryKeys for CountedKeys {
    async fn unlock(&self, who: &str, secret: &UnlockSecret) -> Result<OpenedKey, UnlockError> {
        let opened = self.vault.unlock(who, secret).await?;
        let failing = self.failing.lock().unwrap().clone();
        let signer = CountedSigner {
            signer: opened.signer,
            file: self.file.clone(),
            failing,
        };
        Ok(OpenedKey {
            signer: Box::new(signer),
            ..opened
        })
    }
}

#[async_trait]
impl Timestamps for UnreliableTimestamps {
    async fn timestamp(
        &self,
        hash: HashAlgorithm,
        digest: &[u8],
    ) -> Result<Vec<u8>, TimestampError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        if self.down.load(Ordering::SeqCst) {
            return Err(TimestampError::NoneAnswered(vec!["switched off".into()]));
        }
        self.timestamps.timestamp(hash, digest).await
    }

    fn longest_token(&self) -> usize {
        self.timestamps.longest_token()
    }
}

impl CountedKeys {
    /// How many key operations were started.
    pub fn operations(&self) -> usize {
        std::fs::read_to_string(&self.file).map_or(0, |lines| lines.lines().count())
    }
}

impl Office {
    /// A new office in a folder of its own.
    pub async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let mut office = Self::open(folder.path()).await;
        office._folder = Some(folder);
        office
    }

    /// A new office where approvals lapse soon.
    pub async fn hurried(lifetime: Duration) -> Self {
        let folder = TempDir::new().unwrap();
        let mut office = Self::open_with(folder.path(), lifetime).await;
        office._folder = Some(folder);
        office
    }

    /// The office of a folder; set up if there is none.
    pub async fn open(folder: &Path) -> Self {
        Self::open_with(folder, Duration::minutes(5)).await
    }

    async fn open_with(folder: &Path, lifetime: Duration) -> Self {
        let database = folder.join("absah.db");
        let store = Database::open_sqlite(&database, Arc::new(SystemEntropy))
            .await
            .unwrap();
        let clock = Arc::new(SystemClock);
        let ports = AuthorityPorts {
            register: Arc::new(store.clone()),
            marks: Arc::new(store.clone()),
            health: Arc::new(WatchedClock::new(clock.clone(), Arc::new(SinceBoot), None)),
            clock: clock.clone(),
            entropy: Arc::new(SystemEntropy),
            instance: "test".into(),
            service_passphrase: None,
        };
        let at = folder.join("authority");
        let authority = match Authority::exists(&at) {
            true => Authority::open(&at, ports).unwrap(),
            false => Authority::create_demonstration(&at, URL, ports)
                .await
                .unwrap(),
        };
        let administration =
            Administration::new(Arc::new(store.clone()), clock, Arc::new(SystemEntropy));
        if store.clients().await.unwrap().is_empty() {
            set_up(&administration, &authority).await;
        }
        Self::assemble(folder, store, (authority, lifetime), administration).await
    }

    async fn assemble(
        folder: &Path,
        store: Database,
        (authority, lifetime): (Authority, Duration),
        administration: Administration,
    ) -> Self {
        let keys = Arc::new(CountedKeys {
            vault: Vault::new(Arc::new(store.clone())),
            file: folder.join("operations"),
            failing: std::sync::Mutex::default(),
        });
        let timestamps = Arc::new(UnreliableTimestamps {
            timestamps: authority.timestamps(),
            down: AtomicBool::new(false),
            asked: AtomicUsize::new(0),
        });
        let ports = Ports {
            store: Arc::new(store.clone()),
            blobs: Arc::new(FileBlobs::open(&folder.join("files")).unwrap()),
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
            timestamps: timestamps.clone(),
            revocation: authority.revocation_data(),
            keys: keys.clone(),
            examiner: Arc::new(WorkerProcesses::of(env!("CARGO_BIN_EXE_absah").into())),
            drawings: Arc::new(FileDrawings::new(&folder.join("pictures"), 1 << 20)),
        };
        let printer = BlockPrinter::new(Template::built_in().unwrap());
        let policy = Policy {
            approval_lifetime: lifetime,
            ..policy(&authority)
        };
        let services = Services::new(ports, policy, printer);
        let person = async |name: &str| administration.find_person(name).await.unwrap();
        Self {
            client: store.clients().await.unwrap().remove(0),
            reviewer: person("Budi Santoso, S.E.").await,
            head: person("Dra. Siti Aminah, M.Si.").await,
            deputy: person("Drs. Agus Salim").await,
            services,
            administration,
            store,
            authority,
            keys,
            timestamps,
            _folder: None,
        }
    }

    /// Submits a permit of a type.
    pub async fn submit(&self, permit_type: &str, number: &str) -> Document {
        self.try_submit(permit_type, number, None).await.unwrap()
    }

    pub async fn try_submit(
        &self,
        permit_type: &str,
        number: &str,
        once: Option<Once>,
    ) -> Result<Document, ServiceError> {
        let metadata = metadata(permit_type, number, 1);
        let done = self
            .services
            .submit(&self.client, permit(), metadata, once)
            .await?;
        Ok(done.value)
    }

    /// Approves as a reviewer.
    pub async fn review(&self, document: &Document) -> Result<Document, ServiceError> {
        let request = ReviewRequest {
            tier: 1,
            decision: Decision::Approve,
            sha256: document.submitted.sha256,
            reason: None,
        };
        let done = self
            .services
            .review(&self.reviewer, &document.id, &request, None)
            .await?;
        Ok(done.value)
    }

    /// Approves as the head of the office.
    pub async fn approve(&self, documents: &[DocumentId]) -> Result<(), ServiceError> {
        self.approve_as(&self.head, documents).await
    }

    pub async fn approve_as(
        &self,
        person: &Person,
        documents: &[DocumentId],
    ) -> Result<(), ServiceError> {
        let done = self
            .services
            .approve(person, documents, &secret(PASSPHRASE), "test", None)
            .await?;
        let refused = done.value.iter().find(|one| one.refused.is_some());
        assert_eq!(refused, None);
        Ok(())
    }

    /// From submission to issue.
    pub async fn issue(&self, number: &str) -> Document {
        let document = self.submit("SIPB", number).await;
        self.review(&document).await.unwrap();
        self.approve(&[document.id]).await.unwrap();
        self.services.finish_due().await.unwrap();
        self.document(&document.id).await
    }

    pub async fn document(&self, id: &DocumentId) -> Document {
        self.view(id).await.document
    }

    pub async fn view(&self, id: &DocumentId) -> absah::services::View {
        let caller = Caller::Client(self.client.clone());
        self.services.document(&caller, id).await.unwrap().unwrap()
    }

    pub async fn state(&self, id: &DocumentId) -> &'static str {
        self.document(id).await.state.name()
    }

    pub fn caller(&self) -> Caller {
        Caller::Client(self.client.clone())
    }
}

pub fn secret(text: &str) -> UnlockSecret {
    UnlockSecret::Passphrase(Passphrase::new(text.into()))
}

pub fn once(key: &str, request: &[u8]) -> Option<Once> {
    let (caller, key) = ("client".to_owned(), key.to_owned());
    Some(Once {
        caller,
        key,
        request: Sha256::of(request),
    })
}

pub fn metadata(permit_type: &str, number: &str, version: u32) -> Metadata {
    let json = format!(
        r#"{{"permit_type":"{permit_type}","number":"{number}","version":{version},
            "holder":{{"name":"Rina Contoh","kind":"person"}},"valid_until":"2099-12-31"}}"#
    );
    Metadata::parse(json.as_bytes()).unwrap()
}

/// The sample permit.
pub fn permit() -> Vec<u8> {
    drawn().0
}

fn drawn() -> (Vec<u8>, u32, [f64; 4]) {
    let template = include_str!("../../pdf-templates/sample-permit.toml");
    let [(_, regular), (_, bold)] = BUILT_IN_FONTS;
    let sheet = Sheet::parse(template, regular, bold).unwrap();
    let drawn = sheet.draw(&BTreeMap::new()).unwrap();
    let (page, rect) = drawn.places["signature"];
    (drawn.bytes, page, rect)
}

fn policy(authority: &Authority) -> Policy {
    Policy {
        office: "DPMPTSP Contoh".into(),
        location: Some("Contoh".into()),
        public_url: URL.into(),
        zone: Zone::Wib,
        certifier: Certifier::Demonstration {
            issuer: "DEMONSTRASI".into(),
        },
        anchors: validation::Anchors::for_all(vec![authority.root().clone()]),
        psre: Vec::new(),
        intermediates: vec![authority.issuing().clone()],
        hash: HashAlgorithm::Sha256,
        validation: validation::Policy::strict().unwrap(),
        limits: Limits::default(),
        asks_about_files: true,
        approval_lifetime: Duration::minutes(5),
        claim_lifetime: Duration::minutes(1),
    }
}

/// Client, people, keys, permit types: `SIPB` with a reviewer, `SK` with two
/// signatures, `SIPP` with a gate, `PLAIN` invisible and without any of it.
async fn set_up(administration: &Administration, authority: &Authority) {
    let operator = Actor::Operator;
    let new = NewClient {
        name: "OPTIMIS".into(),
        permit_types: Vec::new(),
    };
    administration.add_client(operator, new).await.unwrap();
    let person = async |name: &str, role: Role| {
        let new = NewPerson {
            name: name.into(),
            office: "Kepala Dinas".into(),
            rank: Some("Pembina Tk. I".into()),
            nip: Some("19750619 199503 1 003".into()),
            roles: vec![role],
        };
        administration.add_person(operator, new).await.unwrap().0
    };
    let reviewer = person("Budi Santoso, S.E.", Role::Reviewer).await;
    let head = person("Dra. Siti Aminah, M.Si.", Role::Signatory).await;
    let deputy = person("Drs. Agus Salim", Role::Signatory).await;
    enrol(administration, authority, &head).await;
    enrol(administration, authority, &deputy).await;
    let (_, page, rect) = drawn();
    let slot = |field: &str, who: &Person, placement| SignatureSlot {
        field: field.into(),
        office: who.office.clone(),
        signatories: vec![who.id],
        placement,
    };
    let first = slot("Signature1", &head, Placement::Rect { page, rect });
    let permit_type = |code: &str| PermitType {
        code: code.parse().unwrap(),
        name: "Surat Izin Praktik Bidan".into(),
        signatures: vec![first.clone()],
        tiers: Vec::new(),
        gates: Vec::new(),
        service_class: ServiceClass::ThreeHours,
        active: true,
    };
    let tier = Tier {
        name: "Kepala Seksi".into(),
        reviewers: vec![reviewer.id],
    };
    let second = slot("Signature2", &deputy, Placement::Invisible);
    let invisible = SignatureSlot {
        placement: Placement::Invisible,
        ..first.clone()
    };
    let types = [
        PermitType {
            signatures: vec![invisible],
            ..permit_type("PLAIN")
        },
        PermitType {
            tiers: vec![tier],
            ..permit_type("SIPB")
        },
        PermitType {
            signatures: vec![first.clone(), second],
            ..permit_type("SK")
        },
        PermitType {
            gates: vec!["skm".parse().unwrap()],
            ..permit_type("SIPP")
        },
    ];
    for permit_type in &types {
        administration
            .save_permit_type(operator, permit_type)
            .await
            .unwrap();
    }
}

async fn enrol(administration: &Administration, authority: &Authority, person: &Person) {
    let key = SoftwareKey::generate(KeyType::P256).unwrap();
    let ca = authority.open_demonstration_issuing().unwrap();
    let (subject, spki) = (Subject::named(&person.name), key.spki_der().unwrap());
    let request = Request {
        role: CertificateRole::Signatory,
        subject: &subject,
        spki: &spki,
    };
    let issued = authority
        .issuance()
        .issue(ca.as_issuer(), request)
        .await
        .unwrap();
    let chain = authority.chain_of(&issued);
    let record = KeyRecord {
        person: person.id,
        certificate: issued.der().to_vec(),
        chain: chain
            .iter()
            .skip(1)
            .map(|link| link.der().to_vec())
            .collect(),
        algorithm: key.algorithm(),
        kind: SEALED.into(),
        sealed: Vault::seal(&person.id, &key, &secret(PASSPHRASE), KdfCost::LEAST).unwrap(),
        at: issued.not_before(),
    };
    administration
        .enrol_key(Actor::Operator, record)
        .await
        .unwrap();
}

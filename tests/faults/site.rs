//! An office on disk: made in this process, then served by another.

use std::net::TcpListener;
use std::path::{Path, PathBuf};

use absah::cli::config::Config;
use absah::cli::instance::Instance;
use absah::domain::accounts::Role;
use absah::domain::event::Actor;
use absah::domain::permit_type::{PermitType, ServiceClass, SignatureSlot};
use absah::kernel::pdf::appearance::BUILT_IN_FONTS;
use absah::kernel::pdf::placement::Placement;
use absah::kernel::pdf::sheet::Sheet;
use absah::services::administration::{NewClient, NewPerson};
use absah::services::ports::Passphrase;
use tempfile::TempDir;

pub const PASSPHRASE: &str = "kata sandi untuk uji saja";

/// The office: its data folder, and the keys to it.
pub struct Site {
    pub config: Config,
    pub client: String,
    pub signatory: String,
    folder: TempDir,
}

impl Site {
    /// On SQLite, in a folder of its own.
    pub async fn new() -> Self {
        Self::changed(|_, _| {}).await
    }

    /// With another configuration. `change` also gets the folder beside the data.
    pub async fn changed(change: impl FnOnce(&mut Config, &Path)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::default();
        config.storage.data = folder.path().join("data");
        std::fs::create_dir(&config.storage.data).unwrap();
        // Its port stays the same over restarts: the authority's addresses carry it.
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        config.server.listen = free.local_addr().unwrap();
        drop(free);
        change(&mut config, folder.path());
        let (client, signatory) = set_up(config.clone()).await;
        Self {
            config,
            client,
            signatory,
            folder,
        }
    }

    pub fn data(&self) -> &Path {
        &self.config.storage.data
    }

    /// A path beside the data folder.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The instance, opened in this process.
    pub async fn open(&self) -> Instance {
        Instance::open(self.config.clone()).await.unwrap()
    }
}

async fn set_up(config: Config) -> (String, String) {
    let instance = Instance::create(config).await.unwrap();
    let authority = instance.authority().await.unwrap();
    let office = instance.administration();
    let new = NewClient {
        name: "OPTIMIS".to_owned(),
        permit_types: Vec::new(),
    };
    let (_, client) = office.add_client(Actor::Operator, new).await.unwrap();
    let new = NewPerson {
        name: "Ahmad Teladan, M.Si.".to_owned(),
        office: "Kepala Dinas".to_owned(),
        rank: None,
        nip: None,
        roles: vec![Role::Signatory],
    };
    let (ahmad, signatory) = office.add_person(Actor::Operator, new).await.unwrap();
    let ca = authority.open_demonstration_issuing().unwrap();
    let passphrase = Passphrase::new(PASSPHRASE.to_owned());
    let enrolled = instance.enrol(&authority, &ca, &ahmad, passphrase);
    enrolled.await.unwrap();
    let permit_type = PermitType {
        code: "SIPB".parse().unwrap(),
        name: "Surat Izin Praktik Bidan".to_owned(),
        signatures: vec![SignatureSlot {
            field: "Signature1".to_owned(),
            office: "Kepala Dinas".to_owned(),
            signatories: vec![ahmad.id],
            placement: Placement::Invisible,
        }],
        tiers: Vec::new(),
        gates: Vec::new(),
        service_class: ServiceClass::ThreeHours,
        active: true,
    };
    let saved = office.save_permit_type(Actor::Operator, &permit_type).await;
    saved.unwrap();
    instance.database.close().await;
    (client.reveal().to_owned(), signatory.reveal().to_owned())
}

/// The demonstration's permit; each number has a file of its own.
pub fn permit(number: &str) -> Vec<u8> {
    let [(_, regular), (_, bold)] = BUILT_IN_FONTS;
    let template = include_str!("../../pdf-templates/sample-permit.toml");
    let sheet = Sheet::parse(template, regular, bold).unwrap();
    let data = [("nomor".to_owned(), number.to_owned())].into();
    sheet.draw(&data).unwrap().bytes
}

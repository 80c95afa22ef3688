//! A whole authority in a folder: demonstration and ceremony, opened again, its services at work.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use absah::authority::clock::{SinceBoot, WatchedClock};
use absah::authority::{
    Authority, AuthorityError, AuthorityPorts, Ceremony, CrlPolicy, IdentityError, Kind, Request,
    Role, Subject, open_root,
};
use absah::domain::ids::PersonId;
use absah::kernel::hash::{HashAlgorithm, Sha256};
use absah::kernel::sign::Signer;
use absah::kernel::tsp::TimeStampToken;
use absah::kernel::x509::{Certificate, pem};
use absah::keys::vault::{SEALED, Vault};
use absah::keys::{KdfCost, KeyType, Passphrase, SoftwareKey, UnlockSecret};
use absah::services::clock::{SystemClock, SystemEntropy};
use absah::services::ports::{
    KeyRecord, KeyRecords, SignatoryKeys as _, StoreError, TimeMarks, UnlockError,
};
use async_trait::async_trait;
use time::{Duration, OffsetDateTime};

use crate::register::Register;
use crate::support::tools::{must, run};

#[derive(Default)]
struct Marks(Mutex<Vec<(String, OffsetDateTime)>>);

#[async_trait]
impl TimeMarks for Marks {
    async fn marks(&self) -> Result<Vec<(String, OffsetDateTime)>, StoreError> {
        Ok(self.0.lock().unwrap().clone())
    }

    async fn raise(&self, instance: &str, to: OffsetDateTime) -> Result<(), StoreError> {
        self.0.lock().unwrap().push((instance.into(), to));
        Ok(())
    }
}

fn ports() -> AuthorityPorts {
    let clock = Arc::new(SystemClock);
    AuthorityPorts {
        register: Arc::new(Register::default()),
        marks: Arc::new(Marks::default()),
        health: Arc::new(WatchedClock::new(clock.clone(), Arc::new(SinceBoot), None)),
        clock,
        entropy: Arc::new(SystemEntropy),
        instance: "satu".into(),
        service_passphrase: None,
    }
}

fn passphrase(text: &str) -> Passphrase {
    Passphrase::new(text.into())
}

fn write(at: &Path, name: &str, certificate: &Certificate) {
    fs::write(at.join(name), pem::encode("CERTIFICATE", certificate.der())).unwrap();
}

#[tokio::test]
async fn a_demonstration_says_so_everywhere_and_works_without_a_server() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().join("authority");
    let ports = ports();
    let made = Authority::create_demonstration(&at, "http://localhost:8080/", ports.clone())
        .await
        .unwrap();
    let again = Authority::create_demonstration(&at, "http://localhost:8080", ports.clone()).await;
    assert!(matches!(again, Err(AuthorityError::Exists(_))));
    drop(made);
    let authority = Authority::open(&at, ports).unwrap();
    assert!(authority.is_demonstration());
    let services = authority.services().map(|(_, certificate)| certificate);
    for certificate in [authority.root(), authority.issuing()]
        .into_iter()
        .chain(&services)
    {
        let subject = certificate.subject().text();
        assert!(subject.contains("CN=DEMONSTRASI "), "{subject}");
        assert!(
            subject.contains("O=DEMONSTRASI – tidak sah secara hukum"),
            "{subject}"
        );
    }
    let digest = HashAlgorithm::Sha256.digest(&[b"izin"]);
    let token = authority
        .timestamps()
        .timestamp(HashAlgorithm::Sha256, &digest)
        .await
        .unwrap();
    let time = TimeStampToken::parse(&token).unwrap().tst.gen_time;
    for certificate in [&authority.seal().certificate, authority.tsa().certificate()] {
        let evidence = authority
            .revocation_data()
            .collect(&authority.chain_of(certificate), time)
            .await
            .unwrap();
        assert_eq!((evidence.ocsps.len(), evidence.crls.len()), (1, 1));
        fs::write(folder.path().join("ocsp.der"), &evidence.ocsps[0]).unwrap();
        write(folder.path(), "root.pem", authority.root());
        write(folder.path(), "issuing.pem", authority.issuing());
        write(folder.path(), "leaf.pem", certificate);
        let check = [
            "ocsp",
            "-respin",
            "ocsp.der",
            "-no_nonce",
            "-issuer",
            "issuing.pem",
            "-cert",
            "leaf.pem",
        ];
        let trust = ["-CAfile", "root.pem", "-verify_other", "issuing.pem"];
        let said = must(folder.path(), "openssl", &[&check[..], &trust].concat());
        assert!(
            said.contains("Response verify OK") && said.contains("leaf.pem: good"),
            "{said}"
        );
    }
}

#[tokio::test]
async fn a_demonstration_issues_and_renews_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().join("authority");
    let ports = ports();
    let authority = Authority::create_demonstration(&at, "http://localhost:8080", ports.clone())
        .await
        .unwrap();
    let ca = authority.open_demonstration_issuing().unwrap();
    assert_eq!(authority.ending_within(Duration::days(30)), []);
    assert_eq!(authority.ending_within(Duration::days(90)), [Role::Ocsp]);
    let renewed = authority.renew_service(Role::Ocsp, &ca).await.unwrap();
    assert_eq!(authority.responder().certificate(), &renewed, "at once");
    let reopened = Authority::open(&at, ports).unwrap();
    assert_eq!(reopened.responder().certificate(), &renewed);
    let root = authority.open_demonstration_root().unwrap();
    let due = authority
        .publisher()
        .publish_if_due(root.as_issuer(), CrlPolicy::ROOT)
        .await
        .unwrap();
    assert_eq!(due, None);
}

#[tokio::test]
async fn nothing_in_the_folder_is_readable_by_others_or_holds_a_bare_key() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().join("authority");
    Authority::create_demonstration(&at, "http://localhost:8080", ports())
        .await
        .unwrap();
    assert_eq!(
        fs::metadata(&at).unwrap().permissions().mode() & 0o777,
        0o700
    );
    let files: Vec<PathBuf> = fs::read_dir(&at)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(files.len(), 9, "{files:?}");
    for file in files {
        assert_eq!(
            fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o600,
            "{file:?}"
        );
        let text = fs::read_to_string(&file).unwrap();
        assert!(!text.contains("PRIVATE KEY"), "{file:?}");
    }
}

#[tokio::test]
async fn a_key_beside_another_certificate_does_not_open() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().join("authority");
    let ports = ports();
    Authority::create_demonstration(&at, "http://localhost:8080", ports.clone())
        .await
        .unwrap();
    let certificate_of = |text: &str| text.split("sealed_key").next().unwrap().to_owned();
    let tsa = fs::read_to_string(at.join("tsa.toml")).unwrap();
    let seal = fs::read_to_string(at.join("seal.toml")).unwrap();
    let mixed = seal.replace(&certificate_of(&seal), &certificate_of(&tsa));
    fs::write(at.join("tsa.toml"), mixed).unwrap();
    let refused = Authority::open(&at, ports.clone());
    assert!(matches!(
        refused,
        Err(AuthorityError::Identity(IdentityError::Key(_)))
    ));
    fs::write(at.join("tsa.toml"), tsa).unwrap();
    fs::write(at.join("service.secret"), "00").unwrap();
    assert!(matches!(
        Authority::open(&at, ports.clone()),
        Err(AuthorityError::Identity(IdentityError::Key(_)))
    ));
    let missing = Authority::open(&folder.path().join("none"), ports);
    assert!(matches!(missing, Err(AuthorityError::Missing(_))));
}

const ROOT: &str = "kata sandi akar yang panjang";
const ISSUING: &str = "kata sandi penerbit yang panjang";

fn own_policies() -> String {
    let text =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("certs/profiles.toml"))
            .unwrap();
    text.replace("1.3.6.1.4.1.32473.", "1.3.6.1.4.1.99999.")
}

#[tokio::test]
async fn a_ceremony_leaves_the_root_with_the_operator_only() {
    let folder = tempfile::tempdir().unwrap();
    let (at, stick) = (folder.path().join("authority"), folder.path().join("stick"));
    let (root_passphrase, issuing_passphrase) = (passphrase(ROOT), passphrase(ISSUING));
    let profiles = own_policies();
    let ceremony = Ceremony {
        organization: "DPMPTSP Contoh",
        public_url: "https://izin.contoh.go.id",
        profiles: Some(&profiles),
        root_folder: &stick,
        root_passphrase: &root_passphrase,
        issuing_passphrase: &issuing_passphrase,
    };
    let authority = Authority::create(&at, &ceremony, ports()).await.unwrap();
    assert_eq!(authority.manifest().kind, Kind::Production);
    let said = run(
        &stick,
        "openssl",
        &[
            "pkey",
            "-in",
            "root.key.pem",
            "-passin",
            &format!("pass:{ROOT}"),
            "-noout",
        ],
    );
    assert!(said.content, "{}", said.text);
    assert!(
        !run(
            &stick,
            "openssl",
            &["pkey", "-in", "root.key.pem", "-passin", "pass:x", "-noout"]
        )
        .content
    );
    assert!(
        !fs::read_to_string(at.join("root.toml"))
            .unwrap()
            .contains("sealed_key")
    );
    assert!(matches!(
        authority.open_demonstration_issuing(),
        Err(AuthorityError::NotADemonstration)
    ));
    assert!(matches!(
        authority.open_demonstration_root(),
        Err(AuthorityError::NotADemonstration)
    ));
    assert!(authority.open_issuing(&passphrase("salah")).is_err());
    let secret = fs::read_to_string(at.join("service.secret")).unwrap();
    assert!(
        authority.open_issuing(&passphrase(&secret)).is_err(),
        "the service cannot issue"
    );
    let ca = authority.open_issuing(&issuing_passphrase).unwrap();
    let key = SoftwareKey::generate(KeyType::P256).unwrap();
    let (subject, spki) = (
        Subject::named("Siti").of("DPMPTSP Contoh"),
        key.spki_der().unwrap(),
    );
    let request = Request {
        role: Role::Signatory,
        subject: &subject,
        spki: &spki,
    };
    authority
        .issuance()
        .issue(ca.as_issuer(), request)
        .await
        .unwrap();
    assert!(open_root(&stick, &root_passphrase).is_ok());
    assert!(open_root(&stick, &issuing_passphrase).is_err());
}

#[tokio::test]
async fn a_careless_ceremony_is_refused_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (at, stick) = (folder.path().join("authority"), folder.path().join("stick"));
    let (long, other, short) = (passphrase(ROOT), passphrase(ISSUING), passphrase("pendek"));
    let (inside, profiles) = (at.join("root"), own_policies());
    let good = || Ceremony {
        organization: "DPMPTSP Contoh",
        public_url: "https://izin.contoh.go.id",
        profiles: Some(&profiles),
        root_folder: &stick,
        root_passphrase: &long,
        issuing_passphrase: &other,
    };
    let careless = [
        Ceremony {
            public_url: "http://izin.contoh.go.id",
            ..good()
        },
        Ceremony {
            root_passphrase: &short,
            ..good()
        },
        Ceremony {
            issuing_passphrase: &short,
            ..good()
        },
        Ceremony {
            issuing_passphrase: &long,
            ..good()
        },
        Ceremony {
            root_folder: &inside,
            ..good()
        },
        Ceremony {
            profiles: None,
            ..good()
        },
    ];
    for ceremony in careless {
        let refused = Authority::create(&at, &ceremony, ports()).await;
        assert!(matches!(
            refused,
            Err(AuthorityError::Rule(_) | AuthorityError::Profile(_))
        ));
        assert!(!at.exists() && !stick.exists());
    }
}

struct OneKey(KeyRecord);

#[async_trait]
impl KeyRecords for OneKey {
    async fn key_in_use(&self, person: &PersonId) -> Result<Option<KeyRecord>, StoreError> {
        Ok((*person == self.0.person).then(|| self.0.clone()))
    }

    async fn key_of_certificate(&self, sha256: &Sha256) -> Result<Option<KeyRecord>, StoreError> {
        Ok((*sha256 == self.0.fingerprint()).then(|| self.0.clone()))
    }

    async fn key_copy(
        &self,
        _: &Sha256,
        _: &absah::domain::credentials::CredentialId,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(None)
    }
}

#[tokio::test]
async fn a_signatory_opens_his_own_key_only() {
    let folder = tempfile::tempdir().unwrap();
    let authority =
        Authority::create_demonstration(&folder.path().join("a"), "http://localhost:1", ports())
            .await
            .unwrap();
    let ca = authority.open_demonstration_issuing().unwrap();
    let key = SoftwareKey::generate(KeyType::P256).unwrap();
    let (subject, spki) = (Subject::named("Siti"), key.spki_der().unwrap());
    let request = Request {
        role: Role::Signatory,
        subject: &subject,
        spki: &spki,
    };
    let certificate = authority
        .issuance()
        .issue(ca.as_issuer(), request)
        .await
        .unwrap();
    let at = certificate.not_before();
    let (siti, other) = (PersonId::new(at, [1; 10]), PersonId::new(at, [2; 10]));
    let secret = UnlockSecret::Passphrase(passphrase("rahasia"));
    let record = KeyRecord {
        person: siti,
        certificate: certificate.der().to_vec(),
        chain: Vec::new(),
        algorithm: key.algorithm(),
        kind: SEALED.into(),
        sealed: Vault::seal(&siti, &key, &secret, KdfCost::LEAST).unwrap(),
        at,
    };
    let vault = |record: &KeyRecord| Vault::new(Arc::new(OneKey(record.clone())));
    let opened = vault(&record)
        .unlock(&siti.to_string(), &secret)
        .await
        .unwrap();
    assert!(opened.signer.sign(b"izin").is_ok());
    let wrong = UnlockSecret::Passphrase(passphrase("salah"));
    let refused = vault(&record).unlock(&siti.to_string(), &wrong).await;
    assert!(matches!(refused, Err(UnlockError::WrongSecret)));
    let refused = vault(&record).unlock(&other.to_string(), &secret).await;
    assert!(matches!(refused, Err(UnlockError::NoKey(_))));
    let moved = KeyRecord {
        person: other,
        ..record.clone()
    };
    let refused = vault(&moved).unlock(&other.to_string(), &secret).await;
    assert!(
        matches!(refused, Err(UnlockError::WrongSecret)),
        "a sealed key moved to another person"
    );
    let foreign = KeyRecord {
        certificate: authority.root().der().to_vec(),
        ..record
    };
    let refused = vault(&foreign).unlock(&siti.to_string(), &secret).await;
    assert!(
        matches!(refused, Err(UnlockError::KeyStore(_))),
        "another certificate"
    );
}

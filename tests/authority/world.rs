//! A small authority for tests: every role issued through the public interface, its
//! certificates written as PEM files for other programs.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use absah::authority::{Issuance, IssueError, Issuer, Profiles, Request, Role, Subject};
use absah::kernel::x509::{Certificate, pem};
use absah::keys::{KeyType, SoftwareKey};
use absah::services::ports::{Clock, Entropy, EntropyError};
use time::{Duration, OffsetDateTime};

use crate::register::Register;

/// A clock that is set by hand; it starts at the real time, in whole seconds.
pub struct TestClock(Mutex<OffsetDateTime>);

impl TestClock {
    pub fn new() -> Arc<Self> {
        // Other programs compare with the machine's clock, so this one starts from it.
        let real = std::process::Command::new("date")
            .arg("+%s")
            .output()
            .unwrap();
        let seconds = String::from_utf8(real.stdout)
            .unwrap()
            .trim()
            .parse()
            .unwrap();
        Arc::new(Self(Mutex::new(
            OffsetDateTime::from_unix_timestamp(seconds).unwrap(),
        )))
    }

    pub fn advance(&self, by: Duration) {
        *self.0.lock().unwrap() += by;
    }
}

impl Clock for TestClock {
    fn now(&self) -> OffsetDateTime {
        *self.0.lock().unwrap()
    }
}

/// OpenSSL's randomness.
pub struct TestEntropy;

impl Entropy for TestEntropy {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
        openssl::rand::rand_bytes(bytes).map_err(|error| EntropyError(error.to_string()))
    }
}

/// A key and its certificate.
#[derive(Clone)]
pub struct Identity {
    pub key: SoftwareKey,
    pub certificate: Certificate,
}

impl Identity {
    pub fn as_issuer(&self) -> Issuer<'_> {
        Issuer {
            certificate: &self.certificate,
            signer: &self.key,
        }
    }
}

/// The authority.
pub struct World {
    pub folder: tempfile::TempDir,
    pub register: Arc<Register>,
    pub clock: Arc<TestClock>,
    pub issuance: Issuance,
    pub root: Identity,
    pub issuing: Identity,
}

pub const BASE: &str = "https://izin.contoh.go.id";

impl World {
    pub async fn new() -> Self {
        Self::with_keys(KeyType::P384, KeyType::P256).await
    }

    pub async fn with_keys(root: KeyType, issuing: KeyType) -> Self {
        let register = Arc::new(Register::default());
        let clock = TestClock::new();
        let issuance = Issuance {
            register: register.clone(),
            clock: clock.clone(),
            entropy: Arc::new(TestEntropy),
            profiles: Arc::new(Profiles::built_in().unwrap()),
            base: BASE.into(),
        };
        let key = SoftwareKey::generate(root).unwrap();
        let subject = Subject::named("Contoh Root CA").of("DPMPTSP Contoh");
        let certificate = issuance
            .issue_root(&key, &subject, &key.spki_der().unwrap())
            .await
            .unwrap();
        let root = Identity { key, certificate };
        let made = issue(
            &issuance,
            &root,
            Role::IssuingCa,
            "Contoh Issuing CA",
            issuing,
        )
        .await;
        let folder = tempfile::tempdir().unwrap();
        let world = Self {
            folder,
            register,
            clock,
            issuance,
            issuing: made.unwrap(),
            root,
        };
        world.write("root", &world.root);
        world.write("issuing", &world.issuing);
        world
    }

    pub async fn issue(&self, role: Role, name: &str, kind: KeyType) -> Identity {
        let identity = issue(&self.issuance, &self.issuing, role, name, kind)
            .await
            .unwrap();
        self.write(name, &identity);
        identity
    }

    pub fn at(&self) -> &Path {
        self.folder.path()
    }

    pub fn write(&self, name: &str, identity: &Identity) {
        self.write_der(name, identity.certificate.der());
    }

    pub fn write_der(&self, name: &str, der: &[u8]) {
        fs::write(
            self.at().join(format!("{name}.pem")),
            pem::encode("CERTIFICATE", der),
        )
        .unwrap();
    }
}

pub async fn issue(
    issuance: &Issuance,
    issuer: &Identity,
    role: Role,
    name: &str,
    kind: KeyType,
) -> Result<Identity, IssueError> {
    let key = SoftwareKey::generate(kind).unwrap();
    let spki = key.spki_der().unwrap();
    let subject = Subject::named(name).of("DPMPTSP Contoh");
    let request = Request {
        role,
        subject: &subject,
        spki: &spki,
    };
    let certificate = issuance.issue(issuer.as_issuer(), request).await?;
    Ok(Identity { key, certificate })
}

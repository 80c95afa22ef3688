//! An authority as an instance keeps it: a folder with its certificates, the sealed keys of
//! its services, and how to reach the rest.
//!
//! | File | Holds |
//! |---|---|
//! | `authority.toml` | kind, organisation, public URL |
//! | `profiles.toml` | what each certificate contains |
//! | `root.toml`, `issuing.toml` | certificates; the issuing CA's sealed key |
//! | `root.pem` | the anchor, for `--trust` and other programs |
//! | `tsa.toml`, `ocsp.toml`, `seal.toml` | certificates and sealed keys of the services |
//! | `service.secret` | what opens the services' keys when the service starts |
//!
//! The running service opens the three service keys and no other. The issuing CA's key is opened
//! by an administrator's passphrase for one act ([`Authority::open_issuing`]). A demonstration
//! differs: its root's and issuing CA's keys open with `service.secret` too, and it says so.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use const_oid::ObjectIdentifier;
use serde::{Deserialize, Serialize};
use time::Duration;

use super::crl::CrlPublisher;
use super::identity_file::{IdentityError, IdentityFile};
use super::issuance::{Issuance, IssueError, Issuer};
use super::local_revocation::LocalRevocationData;
use super::local_timestamps::LocalTimestamps;
use super::ocsp::{Responder, ResponderParts};
use super::private_file;
use super::profile::{ProfileError, Profiles};
use super::revocation::Revocations;
use super::role::Role;
use super::tsa::{Tsa, TsaParts};
use crate::kernel::sign::Signer;
use crate::kernel::x509::Certificate;
use crate::keys::Passphrase;
use crate::services::ports::{
    Certificates, Clock, ClockHealth, Entropy, RevocationData, TimeMarks, Timestamps,
};

/// The world, for an authority.
#[derive(Clone)]
pub struct AuthorityPorts {
    /// The register of certificates.
    pub register: Arc<dyn Certificates>,
    /// The TSA's marks.
    pub marks: Arc<dyn TimeMarks>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The time for timestamps.
    pub health: Arc<dyn ClockHealth>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// The name of this instance, unlike any other replica's.
    pub instance: String,
}

/// What `authority.toml` says.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    version: u32,
    /// Whether it is a demonstration.
    pub kind: Kind,
    /// The organisation that its certificates name.
    pub organization: String,
    /// The URL that addresses in certificates begin with.
    pub public_url: String,
}

/// Whether an authority is to be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Made in one call, all keys in one place: for showing and testing.
    Demonstration,
    /// Made in a ceremony, its root offline.
    Production,
}

/// Why an authority was not made or opened.
#[derive(Debug, thiserror::Error)]
pub enum AuthorityError {
    /// There is one already.
    #[error("there is an authority in {0}")]
    Exists(PathBuf),
    /// There is none.
    #[error("there is no authority in {0}: run `absah ca init`")]
    Missing(PathBuf),
    /// A file of the folder.
    #[error("{path}: {error}")]
    File {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        error: String,
    },
    /// A certificate or a key of the folder.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The profiles.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// A certificate was not issued.
    #[error(transparent)]
    Issue(#[from] IssueError),
    /// A CRL was not published.
    #[error(transparent)]
    Publish(#[from] super::crl::PublishError),
    /// What only a demonstration may do.
    #[error("only a demonstration authority opens its issuing key by itself")]
    NotADemonstration,
    /// A production authority's rule that the ceremony broke.
    #[error("{0}")]
    Rule(&'static str),
}

impl Manifest {
    pub(super) fn new(kind: Kind, organization: &str, public_url: &str) -> Self {
        Self {
            version: 1,
            kind,
            organization: organization.to_owned(),
            public_url: public_url.trim_end_matches('/').to_owned(),
        }
    }
}

/// An authority, open for service.
pub struct Authority {
    folder: PathBuf,
    manifest: Manifest,
    profiles: Arc<Profiles>,
    ports: AuthorityPorts,
    root: Certificate,
    issuing: Certificate,
    seal: Sealing,
    tsa: Arc<Tsa>,
    responder: Arc<Responder>,
    revocation_data: Arc<LocalRevocationData>,
}

/// The organisation's seal.
#[derive(Clone)]
pub struct Sealing {
    /// Its certificate.
    pub certificate: Certificate,
    /// Its key.
    pub signer: Arc<dyn Signer>,
}

/// A CA whose key is open. It closes when this is dropped.
pub struct OpenCa {
    /// Its certificate.
    pub certificate: Certificate,
    /// Its key.
    pub signer: Arc<dyn Signer>,
}

impl OpenCa {
    /// For [`Issuance`] and [`CrlPublisher`].
    #[must_use]
    pub fn as_issuer(&self) -> Issuer<'_> {
        Issuer {
            certificate: &self.certificate,
            signer: self.signer.as_ref(),
        }
    }
}

/// How the services' keys are opened at the start.
pub(super) const SERVICE_SECRET: &str = "service.secret";

impl Authority {
    /// True if a folder holds an authority.
    #[must_use]
    pub fn exists(folder: &Path) -> bool {
        folder.join("authority.toml").exists()
    }

    /// Opens an authority for service.
    ///
    /// # Errors
    /// What is missing or damaged.
    pub fn open(folder: &Path, ports: AuthorityPorts) -> Result<Self, AuthorityError> {
        if !Self::exists(folder) {
            return Err(AuthorityError::Missing(folder.to_owned()));
        }
        let manifest: Manifest = toml::from_str(&read(folder, "authority.toml")?)
            .map_err(|error| file_error(folder, "authority.toml", &error))?;
        let profiles = Arc::new(Profiles::parse(&read(folder, "profiles.toml")?)?);
        let secret = service_secret(folder)?;
        let opened = |role: Role| -> Result<(Certificate, Arc<dyn Signer>), AuthorityError> {
            let file = identity(folder, role)?;
            Ok((file.certificate()?, file.open(Some(&secret))?))
        };
        let root = identity(folder, Role::Root)?.certificate()?;
        let issuing = identity(folder, Role::IssuingCa)?.certificate()?;
        let (certificate, signer) = opened(Role::Ocsp)?;
        let responder = Arc::new(Responder::new(ResponderParts {
            certificate,
            signer,
            issuer: issuing.clone(),
            register: ports.register.clone(),
            clock: ports.clock.clone(),
        }));
        let tsa = start_tsa(opened(Role::Tsa)?, &issuing, &profiles, &ports)?;
        let (certificate, signer) = opened(Role::Seal)?;
        let revocation_data = Arc::new(LocalRevocationData::new(
            responder.clone(),
            ports.register.clone(),
            ports.clock.clone(),
        ));
        Ok(Self {
            folder: folder.to_owned(),
            manifest,
            profiles,
            ports,
            root,
            issuing,
            seal: Sealing {
                certificate,
                signer,
            },
            tsa,
            responder,
            revocation_data,
        })
    }

    /// What it says of itself.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Its folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> time::OffsetDateTime {
        self.ports.clock.now()
    }

    /// Whether it is a demonstration.
    #[must_use]
    pub fn is_demonstration(&self) -> bool {
        self.manifest.kind == Kind::Demonstration
    }

    /// The anchor.
    #[must_use]
    pub fn root(&self) -> &Certificate {
        &self.root
    }

    /// The issuing CA.
    #[must_use]
    pub fn issuing(&self) -> &Certificate {
        &self.issuing
    }

    /// A certificate of this authority with those above it, the anchor last.
    #[must_use]
    pub fn chain_of(&self, certificate: &Certificate) -> Vec<Certificate> {
        vec![certificate.clone(), self.issuing.clone(), self.root.clone()]
    }

    /// The organisation's seal.
    #[must_use]
    pub fn seal(&self) -> &Sealing {
        &self.seal
    }

    /// The time-stamping authority.
    #[must_use]
    pub fn tsa(&self) -> &Arc<Tsa> {
        &self.tsa
    }

    /// The OCSP responder.
    #[must_use]
    pub fn responder(&self) -> &Arc<Responder> {
        &self.responder
    }

    /// Timestamps, in process.
    #[must_use]
    pub fn timestamps(&self) -> Arc<dyn Timestamps> {
        Arc::new(LocalTimestamps::new(
            self.tsa.clone(),
            self.ports.entropy.clone(),
        ))
    }

    /// Revocation data, in process.
    #[must_use]
    pub fn revocation_data(&self) -> Arc<dyn RevocationData> {
        self.revocation_data.clone()
    }

    /// What issues certificates; it needs an open CA.
    #[must_use]
    pub fn issuance(&self) -> Issuance {
        issuance(&self.ports, &self.profiles, &self.manifest)
    }

    /// What revokes and releases.
    #[must_use]
    pub fn revocations(&self) -> Revocations {
        Revocations::new(self.ports.register.clone(), self.ports.clock.clone())
    }

    /// What publishes CRLs; it needs an open CA.
    #[must_use]
    pub fn publisher(&self) -> CrlPublisher {
        CrlPublisher::new(self.ports.register.clone(), self.ports.clock.clone())
    }

    /// Opens the issuing CA for one act.
    ///
    /// # Errors
    /// A wrong passphrase, or a token that refuses.
    pub fn open_issuing(&self, passphrase: &Passphrase) -> Result<OpenCa, AuthorityError> {
        Ok(OpenCa {
            certificate: self.issuing.clone(),
            signer: identity(&self.folder, Role::IssuingCa)?.open(Some(passphrase))?,
        })
    }

    /// Whether the issuing CA's key is in a token, which has its PIN from elsewhere.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn issuing_is_in_token(&self) -> Result<bool, AuthorityError> {
        Ok(identity(&self.folder, Role::IssuingCa)?.is_in_token())
    }

    /// Opens a demonstration's issuing CA with nobody's help.
    ///
    /// # Errors
    /// [`AuthorityError::NotADemonstration`].
    pub fn open_demonstration_issuing(&self) -> Result<OpenCa, AuthorityError> {
        if !self.is_demonstration() {
            return Err(AuthorityError::NotADemonstration);
        }
        self.open_issuing(&service_secret(&self.folder)?)
    }

    /// Opens a demonstration's root with nobody's help.
    ///
    /// # Errors
    /// [`AuthorityError::NotADemonstration`].
    pub fn open_demonstration_root(&self) -> Result<OpenCa, AuthorityError> {
        if !self.is_demonstration() {
            return Err(AuthorityError::NotADemonstration);
        }
        let secret = service_secret(&self.folder)?;
        Ok(OpenCa {
            certificate: self.root.clone(),
            signer: identity(&self.folder, Role::Root)?.open(Some(&secret))?,
        })
    }

    /// Gives a service (TSA, OCSP responder, seal) a new key and certificate. They are used
    /// from the next [`Authority::open`] on.
    ///
    /// # Errors
    /// Why not; then the old ones stand.
    pub async fn renew_service(
        &self,
        role: Role,
        ca: &OpenCa,
    ) -> Result<Certificate, AuthorityError> {
        let secret = service_secret(&self.folder)?;
        super::ceremony::equip(
            &self.folder,
            &self.issuance(),
            &self.manifest,
            role,
            ca,
            &secret,
        )
        .await
    }

    /// The services whose certificates end within a time: to be renewed.
    #[must_use]
    pub fn ending_within(&self, time: Duration) -> Vec<Role> {
        let limit = self.ports.clock.now() + time;
        let services = [
            (Role::Tsa, self.tsa.certificate()),
            (Role::Ocsp, self.responder.certificate()),
            (Role::Seal, &self.seal.certificate),
        ];
        let ending = services
            .iter()
            .filter(|(_, certificate)| certificate.not_after() <= limit);
        ending.map(|(role, _)| *role).collect()
    }
}

pub(super) fn issuance(
    ports: &AuthorityPorts,
    profiles: &Arc<Profiles>,
    manifest: &Manifest,
) -> Issuance {
    Issuance {
        register: ports.register.clone(),
        clock: ports.clock.clone(),
        entropy: ports.entropy.clone(),
        profiles: profiles.clone(),
        base: manifest.public_url.clone(),
    }
}

pub(super) fn identity_path(folder: &Path, role: Role) -> PathBuf {
    let name = match role {
        Role::IssuingCa => "issuing",
        other => other.name(),
    };
    folder.join(format!("{name}.toml"))
}

fn identity(folder: &Path, role: Role) -> Result<IdentityFile, IdentityError> {
    IdentityFile::read(&identity_path(folder, role))
}

fn start_tsa(
    (certificate, signer): (Certificate, Arc<dyn Signer>),
    issuing: &Certificate,
    profiles: &Profiles,
    ports: &AuthorityPorts,
) -> Result<Arc<Tsa>, AuthorityError> {
    Ok(Arc::new(Tsa::new(TsaParts {
        policy: stamping_policy(profiles)?,
        certificate,
        chain: vec![issuing.clone()],
        signer,
        clock: ports.health.clone(),
        marks: ports.marks.clone(),
        entropy: ports.entropy.clone(),
        instance: ports.instance.clone(),
    })))
}

fn stamping_policy(profiles: &Profiles) -> Result<ObjectIdentifier, AuthorityError> {
    let policies = profiles.policies(profiles.of(Role::Tsa)?);
    policies
        .first()
        .copied()
        .ok_or(AuthorityError::Rule("the profile tsa names no policy"))
}

fn service_secret(folder: &Path) -> Result<Passphrase, AuthorityError> {
    let content = zeroize::Zeroizing::new(read(folder, SERVICE_SECRET)?);
    Ok(Passphrase::from_file_content(&content))
}

fn read(folder: &Path, name: &str) -> Result<String, AuthorityError> {
    std::fs::read_to_string(folder.join(name)).map_err(|error| file_error(folder, name, &error))
}

pub(super) fn write(folder: &Path, name: &str, content: &[u8]) -> Result<(), AuthorityError> {
    private_file::replace(&folder.join(name), content)
        .map_err(|error| file_error(folder, name, &error))
}

pub(super) fn file_error(
    folder: &Path,
    name: &str,
    error: &dyn std::fmt::Display,
) -> AuthorityError {
    AuthorityError::File {
        path: folder.join(name),
        error: error.to_string(),
    }
}

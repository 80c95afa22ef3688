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
//! | `service.secret` | what opens the services' keys when the service starts, where no passphrase does |
//!
//! The running service opens the three service keys and no other. The issuing CA's key is opened
//! by an administrator's passphrase for one act ([`Authority::open_issuing`]). A demonstration
//! differs: its root's and issuing CA's keys open with the services' secret too, and it says so.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use const_oid::ObjectIdentifier;
use time::Duration;

use super::crl::CrlPublisher;
use super::current::Current;
use super::identity_file::{IdentityError, IdentityFile};
use super::issuance::{Issuance, IssueError, Issuer};
use super::local_revocation::LocalRevocationData;
use super::local_timestamps::LocalTimestamps;
use super::ocsp::{Responder, ResponderParts};
use super::private_file;
use super::profile::{ProfileError, Profiles};
use super::published::{Manifest, Published};
use super::revocation::Revocations;
use super::role::Role;
use super::service_secret::{self, ServiceSecret};
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
    /// What opens the services' keys, where the folder itself does not.
    pub service_passphrase: Option<Arc<Passphrase>>,
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

/// How long before their end the certificates of services are renewed: a third of the
/// responder's life.
pub const RENEWAL: Duration = Duration::days(30);

/// An authority, open for service.
pub struct Authority {
    folder: PathBuf,
    published: Published,
    profiles: Arc<Profiles>,
    ports: AuthorityPorts,
    secret: ServiceSecret,
    seal: Current<Sealing>,
    tsa: Arc<Current<Tsa>>,
    responder: Arc<Current<Responder>>,
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
        let published = Published::read(folder)?;
        let issuing = &published.issuing;
        let profiles = Arc::new(Profiles::parse(&read(folder, "profiles.toml")?)?);
        let secret = ServiceSecret::find(folder, ports.service_passphrase.as_ref())?;
        let opened = |role| identity(folder, role)?.identity(&secret);
        let responder = start_responder(opened(Role::Ocsp)?, issuing, &ports);
        let tsa = start_tsa(opened(Role::Tsa)?, issuing, &profiles, &ports)?;
        let seal = Current::new(Sealing::from(opened(Role::Seal)?));
        let responder = Arc::new(Current::new(responder));
        let revocation_data = Arc::new(LocalRevocationData::following(
            responder.clone(),
            ports.register.clone(),
            ports.clock.clone(),
        ));
        Ok(Self {
            folder: folder.to_owned(),
            published,
            profiles,
            ports,
            secret,
            seal,
            tsa: Arc::new(Current::new(tsa)),
            responder,
            revocation_data,
        })
    }

    /// Puts the keys that `service.secret` opens under a passphrase, and forgets that file.
    ///
    /// # Errors
    /// There is no authority or no such file, or the passphrase is short.
    pub fn reseal(folder: &Path, passphrase: &Arc<Passphrase>) -> Result<(), AuthorityError> {
        let kind = Manifest::read(folder)?.kind;
        service_secret::reseal(folder, kind, passphrase)
    }

    /// What everyone may know of it.
    #[must_use]
    pub fn published(&self) -> &Published {
        &self.published
    }

    /// What it says of itself.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.published.manifest
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
        self.published.is_demonstration()
    }

    /// The anchor.
    #[must_use]
    pub fn root(&self) -> &Certificate {
        &self.published.root
    }

    /// The issuing CA.
    #[must_use]
    pub fn issuing(&self) -> &Certificate {
        &self.published.issuing
    }

    /// A certificate of this authority with those above it, the anchor last.
    #[must_use]
    pub fn chain_of(&self, certificate: &Certificate) -> Vec<Certificate> {
        vec![
            certificate.clone(),
            self.issuing().clone(),
            self.root().clone(),
        ]
    }

    /// The organisation's seal.
    #[must_use]
    pub fn seal(&self) -> Arc<Sealing> {
        self.seal.now()
    }

    /// The time-stamping authority.
    #[must_use]
    pub fn tsa(&self) -> Arc<Tsa> {
        self.tsa.now()
    }

    /// The OCSP responder.
    #[must_use]
    pub fn responder(&self) -> Arc<Responder> {
        self.responder.now()
    }

    /// Timestamps, in process.
    #[must_use]
    pub fn timestamps(&self) -> Arc<dyn Timestamps> {
        Arc::new(LocalTimestamps::following(
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
        issuance(&self.ports, &self.profiles, self.manifest())
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
            certificate: self.issuing().clone(),
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
        self.open_issuing(&self.secret.passphrase)
    }

    /// Opens a demonstration's root with nobody's help.
    ///
    /// # Errors
    /// [`AuthorityError::NotADemonstration`].
    pub fn open_demonstration_root(&self) -> Result<OpenCa, AuthorityError> {
        if !self.is_demonstration() {
            return Err(AuthorityError::NotADemonstration);
        }
        let secret = &self.secret.passphrase;
        Ok(OpenCa {
            certificate: self.root().clone(),
            signer: identity(&self.folder, Role::Root)?.open(Some(secret))?,
        })
    }

    /// Gives a service (TSA, OCSP responder, seal) a new key and certificate, in use at once
    /// here and, in another process, from [`Authority::take_up_renewed`] on.
    ///
    /// # Errors
    /// Why not; then the old ones stand.
    pub async fn renew_service(
        &self,
        role: Role,
        ca: &OpenCa,
    ) -> Result<Certificate, AuthorityError> {
        let certificate = super::ceremony::equip(
            &self.folder,
            &self.issuance(),
            self.manifest(),
            role,
            ca,
            &self.secret,
        )
        .await?;
        self.take_up(role)?;
        Ok(certificate)
    }

    /// Renews the services of a demonstration whose certificates end within a time.
    ///
    /// # Errors
    /// [`AuthorityError::NotADemonstration`], or why one was not renewed.
    pub async fn renew_ending(&self, within: Duration) -> Result<Vec<Role>, AuthorityError> {
        if !self.is_demonstration() {
            return Err(AuthorityError::NotADemonstration);
        }
        let ending = self.ending_within(within);
        if ending.is_empty() {
            return Ok(ending);
        }
        let ca = self.open_demonstration_issuing()?;
        for role in &ending {
            self.renew_service(*role, &ca).await?;
        }
        Ok(ending)
    }

    /// Takes up what another process renewed in the folder.
    ///
    /// # Errors
    /// A file is damaged or a key does not open; the old ones stand.
    pub fn take_up_renewed(&self) -> Result<Vec<Role>, AuthorityError> {
        let mut renewed = Vec::new();
        for (role, in_use) in self.services() {
            if identity(&self.folder, role)?.certificate()? != in_use {
                self.take_up(role)?;
                renewed.push(role);
            }
        }
        Ok(renewed)
    }

    fn take_up(&self, role: Role) -> Result<(), AuthorityError> {
        let opened = identity(&self.folder, role)?.identity(&self.secret)?;
        match role {
            Role::Tsa => {
                let tsa = start_tsa(opened, self.issuing(), &self.profiles, &self.ports)?;
                self.tsa.replace(tsa);
            }
            Role::Ocsp => {
                let responder = start_responder(opened, self.issuing(), &self.ports);
                self.responder.replace(responder);
            }
            Role::Seal => self.seal.replace(opened.into()),
            Role::Root | Role::IssuingCa | Role::Signatory => {
                return Err(AuthorityError::Rule("only a service is renewed"));
            }
        }
        Ok(())
    }

    /// The services with the certificates that are in use.
    #[must_use]
    pub fn services(&self) -> [(Role, Certificate); 3] {
        [
            (Role::Tsa, self.tsa.now().certificate().clone()),
            (Role::Ocsp, self.responder.now().certificate().clone()),
            (Role::Seal, self.seal.now().certificate.clone()),
        ]
    }

    /// The services whose certificates end within a time: to be renewed.
    #[must_use]
    pub fn ending_within(&self, time: Duration) -> Vec<Role> {
        let limit = self.ports.clock.now() + time;
        let services = self.services().into_iter();
        let ending = services.filter(|(_, certificate)| certificate.not_after() <= limit);
        ending.map(|(role, _)| role).collect()
    }
}

impl From<Identity> for Sealing {
    fn from((certificate, signer): Identity) -> Self {
        Self {
            certificate,
            signer,
        }
    }
}

/// A certificate with its open key.
pub(super) type Identity = (Certificate, Arc<dyn Signer>);

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
    (certificate, signer): Identity,
    issuing: &Certificate,
    profiles: &Profiles,
    ports: &AuthorityPorts,
) -> Result<Tsa, AuthorityError> {
    Ok(Tsa::new(TsaParts {
        policy: stamping_policy(profiles)?,
        certificate,
        chain: vec![issuing.clone()],
        signer,
        clock: ports.health.clone(),
        marks: ports.marks.clone(),
        entropy: ports.entropy.clone(),
        instance: ports.instance.clone(),
    }))
}

fn start_responder(
    (certificate, signer): Identity,
    issuing: &Certificate,
    ports: &AuthorityPorts,
) -> Responder {
    Responder::new(ResponderParts {
        certificate,
        signer,
        issuer: issuing.clone(),
        register: ports.register.clone(),
        clock: ports.clock.clone(),
    })
}

fn stamping_policy(profiles: &Profiles) -> Result<ObjectIdentifier, AuthorityError> {
    let policies = profiles.policies(profiles.of(Role::Tsa)?);
    policies
        .first()
        .copied()
        .ok_or(AuthorityError::Rule("the profile tsa names no policy"))
}

pub(super) fn read(folder: &Path, name: &str) -> Result<String, AuthorityError> {
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

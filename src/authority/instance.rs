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

use super::crl::CrlPublisher;
use super::current::Current;
use super::folder::{AuthorityError, identity, read};
use super::issuance::{Issuance, Issuer};
use super::local_revocation::LocalRevocationData;
use super::local_timestamps::LocalTimestamps;
use super::ocsp::Responder;
use super::profile::Profiles;
use super::published::{Manifest, Published};
use super::revocation::Revocations;
use super::role::Role;
use super::service_secret::{self, ServiceSecret};
use super::services::{Sealing, start_responder, start_tsa};
use super::tsa::Tsa;
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

/// An authority, open for service.
pub struct Authority {
    folder: PathBuf,
    published: Published,
    pub(super) profiles: Arc<Profiles>,
    pub(super) ports: AuthorityPorts,
    pub(super) secret: ServiceSecret,
    pub(super) seal: Current<Sealing>,
    pub(super) tsa: Arc<Current<Tsa>>,
    pub(super) responder: Arc<Current<Responder>>,
    revocation_data: Arc<LocalRevocationData>,
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

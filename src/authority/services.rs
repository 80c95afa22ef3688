//! The services of an authority (TSA, OCSP responder, seal): how each starts with its key, and
//! how a key and certificate are renewed while the service runs.

use std::sync::Arc;

use const_oid::ObjectIdentifier;
use time::Duration;

use super::folder::{AuthorityError, identity};
use super::instance::{Authority, AuthorityPorts, OpenCa};
use super::ocsp::{Responder, ResponderParts};
use super::profile::Profiles;
use super::role::Role;
use super::tsa::{Tsa, TsaParts};
use crate::kernel::sign::Signer;
use crate::kernel::x509::Certificate;

/// How long before their end the certificates of services are renewed: a third of the
/// responder's life.
pub const RENEWAL: Duration = Duration::days(30);

/// The organisation's seal.
#[derive(Clone)]
pub struct Sealing {
    /// Its certificate.
    pub certificate: Certificate,
    /// Its key.
    pub signer: Arc<dyn Signer>,
}

/// A certificate with its open key.
pub(super) type Identity = (Certificate, Arc<dyn Signer>);

impl From<Identity> for Sealing {
    fn from((certificate, signer): Identity) -> Self {
        Self {
            certificate,
            signer,
        }
    }
}

impl Authority {
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
            self.folder(),
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
            if identity(self.folder(), role)?.certificate()? != in_use {
                self.take_up(role)?;
                renewed.push(role);
            }
        }
        Ok(renewed)
    }

    fn take_up(&self, role: Role) -> Result<(), AuthorityError> {
        let opened = identity(self.folder(), role)?.identity(&self.secret)?;
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

pub(super) fn start_tsa(
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

pub(super) fn start_responder(
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

//! What every handler may use.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::FromRef;

use super::extract::{TrustedProxies, UploadLimit};
use super::metrics::Metrics;
use super::rate_limit::RateLimit;
use crate::authority::Authority;
use crate::domain::zone::Zone;
use crate::keys::Envelopes;
use crate::services::Services;
use crate::services::administration::Administration;
use crate::services::entry::Entry;
use crate::services::ports::Certificates;

/// What the configuration decides about the service's face.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The office as every page names it.
    pub office: String,
    /// Whom to ask; empty where nobody is named.
    pub contact: String,
    /// The zone times are shown in.
    pub zone: Zone,
    /// Whether the authority is a demonstration.
    pub demonstration: bool,
    /// What links name, without a slash at the end.
    pub public_url: String,
    /// The largest file taken.
    pub upload_bytes: usize,
    /// The longest time a request is worked on.
    pub request_limit: Duration,
    /// The longest time a body may stall.
    pub idle_limit: Duration,
    /// Public look-ups per address and minute.
    pub lookups_per_minute: u32,
    /// Public uploads per address and minute.
    pub uploads_per_minute: u32,
    /// Whose word about the client's address is believed.
    pub trusted_proxies: TrustedProxies,
}

/// What stands behind the handlers.
#[derive(Clone)]
pub struct Parts {
    /// What the system does.
    pub services: Services,
    /// People, clients, permit types.
    pub administration: Administration,
    /// The way into the console.
    pub entry: Entry,
    /// Timestamps, OCSP answers, certificates.
    pub authority: Arc<Authority>,
    /// The published CRLs.
    pub register: Arc<dyn Certificates>,
}

/// The service as the handlers see it; cloned for each request.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    parts: Parts,
    settings: Settings,
    metrics: Arc<Metrics>,
    lookups: RateLimit,
    uploads: RateLimit,
    envelopes: Envelopes,
}

impl App {
    /// Puts the parts together.
    #[must_use]
    pub fn new(settings: Settings, parts: Parts) -> Self {
        Self(Arc::new(Inner {
            parts,
            metrics: Arc::new(Metrics::default()),
            lookups: RateLimit::per_minute(settings.lookups_per_minute),
            uploads: RateLimit::per_minute(settings.uploads_per_minute),
            settings,
            envelopes: Envelopes::default(),
        }))
    }

    /// What the configuration decides.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// What the system does.
    #[must_use]
    pub fn services(&self) -> &Services {
        &self.0.parts.services
    }

    /// The way into the console.
    #[must_use]
    pub fn entry(&self) -> &Entry {
        &self.0.parts.entry
    }

    /// People, clients, permit types.
    #[must_use]
    pub fn administration(&self) -> &Administration {
        &self.0.parts.administration
    }

    /// The keys that pages seal secrets to.
    #[must_use]
    pub fn envelopes(&self) -> &Envelopes {
        &self.0.envelopes
    }

    /// The authority.
    #[must_use]
    pub fn authority(&self) -> &Authority {
        &self.0.parts.authority
    }

    /// The register of certificates and CRLs.
    #[must_use]
    pub fn register(&self) -> &dyn Certificates {
        &*self.0.parts.register
    }

    /// The counters.
    #[must_use]
    pub fn metrics(&self) -> &Arc<Metrics> {
        &self.0.metrics
    }

    /// The budget of public look-ups.
    #[must_use]
    pub fn lookups(&self) -> &RateLimit {
        &self.0.lookups
    }

    /// The budget of public uploads.
    #[must_use]
    pub fn uploads(&self) -> &RateLimit {
        &self.0.uploads
    }
}

impl FromRef<App> for UploadLimit {
    fn from_ref(app: &App) -> Self {
        Self(app.settings().upload_bytes)
    }
}

impl FromRef<App> for Administration {
    fn from_ref(app: &App) -> Self {
        app.0.parts.administration.clone()
    }
}

impl FromRef<App> for TrustedProxies {
    fn from_ref(app: &App) -> Self {
        app.settings().trusted_proxies.clone()
    }
}

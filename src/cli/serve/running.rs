//! A service that runs: started in one call, ended in one call. The demonstration
//! and the tests start it too.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::workers;
use crate::cli::config::Config;
use crate::cli::instance::Instance;
use crate::cli::outcome::CliError;
use crate::http::extract::TrustedProxies;
use crate::http::router::router;
use crate::http::server;
use crate::http::state::{App, Parts, Settings};
use crate::http::tls::Tls;
use crate::services::clock::SystemClock;
use crate::services::ports::Clock;

/// What the database gets to close.
const CLOSING: Duration = Duration::from_secs(5);

/// A running service.
pub struct Running {
    instance: Instance,
    parts: Parts,
    address: SocketAddr,
    end: CancellationToken,
    tasks: JoinSet<()>,
}

impl Running {
    /// Opens the instance, made where there is none, and serves it.
    ///
    /// # Errors
    /// The instance or the listener does not open.
    pub async fn start(config: Config) -> Result<Self, CliError> {
        Self::start_at(config, Arc::new(SystemClock)).await
    }

    /// The same at another time than the system's.
    ///
    /// # Errors
    /// As [`Running::start`].
    pub async fn start_at(mut config: Config, clock: Arc<dyn Clock>) -> Result<Self, CliError> {
        let listen = config.server.listen;
        let listener = TcpListener::bind(listen)
            .await
            .map_err(|error| CliError::world(format!("cannot listen on {listen}: {error}")))?;
        let address = listener.local_addr().map_err(CliError::world)?;
        // Port 0 asks for a free one: from here on it is known.
        config.server.listen = address;
        let tls = tls(&config)?;
        let mut instance = Instance::create(config).await?;
        instance.clock = clock;
        let authority = instance.authority().await?;
        let parts = instance.parts(authority)?;
        if instance.config.storage.database_url_file.is_none() {
            // Alone on this database: what a crash left is checked, and what it left half
            // done taken up, before anyone asks.
            let checked = instance.database.check_after_crash().await;
            checked.map_err(|error| {
                CliError::world(error).mend("put back the data folder from the newest backup")
            })?;
            parts.services.take_up().await.map_err(CliError::world)?;
        }
        let end = CancellationToken::new();
        let mut tasks = JoinSet::new();
        workers::spawn(&mut tasks, &parts, &end);
        let app = App::new(settings(&instance.config), parts.clone());
        tasks.spawn(server::serve(listener, tls, router(app), end.clone()));
        Ok(Self {
            instance,
            parts,
            address,
            end,
            tasks,
        })
    }

    /// Lets running requests finish, ends everything and closes the database.
    pub async fn end(self) {
        let Self {
            instance,
            parts,
            end,
            mut tasks,
            ..
        } = self;
        end.cancel();
        while tasks.join_next().await.is_some() {}
        // The database closes when nobody holds it any more. What was acknowledged is
        // durable without that, so a straggler is not waited for.
        drop(parts);
        let _ = tokio::time::timeout(CLOSING, instance.database.close()).await;
    }

    /// The instance.
    #[must_use]
    pub fn instance(&self) -> &Instance {
        &self.instance
    }

    /// What stands behind it.
    #[must_use]
    pub fn parts(&self) -> &Parts {
        &self.parts
    }

    /// Its configuration, with the port that was taken.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.instance.config
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What links name.
    #[must_use]
    pub fn public_url(&self) -> String {
        self.config().public_url()
    }
}

fn tls(config: &Config) -> Result<Option<Tls>, CliError> {
    match (&config.server.tls_cert, &config.server.tls_key) {
        (Some(certificates), Some(key)) => Tls::from_files(certificates, key)
            .map(Some)
            .map_err(CliError::usage),
        _ => Ok(None),
    }
}

fn settings(config: &Config) -> Settings {
    Settings {
        office: config.office.name.clone(),
        contact: config.office.contact.clone(),
        zone: config.office.zone,
        demonstration: config.authority.demonstration,
        public_url: config.public_url(),
        upload_bytes: config.limits.upload_bytes,
        request_limit: Duration::from_secs(config.limits.request_seconds),
        idle_limit: Duration::from_secs(config.limits.idle_seconds),
        lookups_per_minute: config.limits.lookups_per_minute,
        uploads_per_minute: config.limits.uploads_per_minute,
        trusted_proxies: TrustedProxies(Arc::from(config.server.trusted_proxies.as_slice())),
    }
}

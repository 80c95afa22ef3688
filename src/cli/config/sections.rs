//! The sections of the configuration and their defaults. What each setting means
//! stands in [`super::SETTINGS`], once.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use ipnet::IpNet;
use serde::Deserialize;
use time::Duration;

use crate::domain::sessions::SessionLimits;
use crate::domain::zone::Zone;

/// `[office]`
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs, reason = "SETTINGS documents each")]
pub struct Office {
    pub name: String,
    pub contact: String,
    pub zone: Zone,
}

impl Default for Office {
    fn default() -> Self {
        Self {
            name: "DPMPTSP Kabupaten Contoh".to_owned(),
            contact: String::new(),
            zone: Zone::Wib,
        }
    }
}

/// `[server]`
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs, reason = "SETTINGS documents each")]
pub struct Server {
    pub listen: SocketAddr,
    pub public_url: Option<String>,
    pub tls_cert: Option<PathBuf>,
    pub tls_key: Option<PathBuf>,
    pub trusted_proxies: Vec<IpNet>,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            public_url: None,
            tls_cert: None,
            tls_key: None,
            trusted_proxies: Vec::new(),
        }
    }
}

/// `[storage]`
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs, reason = "SETTINGS documents each")]
pub struct Storage {
    pub data: PathBuf,
    pub database_url_file: Option<PathBuf>,
}

impl Default for Storage {
    fn default() -> Self {
        Self {
            data: PathBuf::from("absah-data"),
            database_url_file: None,
        }
    }
}

/// `[authority]`
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs, reason = "SETTINGS documents each")]
pub struct Authority {
    pub demonstration: bool,
    pub service_passphrase_file: Option<PathBuf>,
}

impl Default for Authority {
    fn default() -> Self {
        Self {
            demonstration: true,
            service_passphrase_file: None,
        }
    }
}

/// `[timestamps]`
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs, reason = "SETTINGS documents each")]
pub struct Timestamps {
    pub urls: Vec<String>,
    pub anchors: Vec<PathBuf>,
    pub intermediates: Vec<PathBuf>,
    pub patience_seconds: u64,
    pub revocation_hosts: Vec<String>,
    pub private_hosts: Vec<String>,
}

impl Default for Timestamps {
    fn default() -> Self {
        Self {
            urls: Vec::new(),
            anchors: Vec::new(),
            intermediates: Vec::new(),
            patience_seconds: 10,
            revocation_hosts: Vec::new(),
            private_hosts: Vec::new(),
        }
    }
}

/// `[psre]`
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs, reason = "SETTINGS documents each")]
pub struct Psre {
    pub anchors: Vec<PathBuf>,
    pub intermediates: Vec<PathBuf>,
    pub revocation_hosts: Vec<String>,
    pub private_hosts: Vec<String>,
}

/// `[verification]`
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs, reason = "SETTINGS documents each")]
pub struct Verification {
    pub offline: bool,
}

/// `[console]`
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs, reason = "SETTINGS documents each")]
pub struct Console {
    pub idle_minutes: u32,
    pub session_hours: u32,
    pub proof_minutes: u32,
}

impl Default for Console {
    fn default() -> Self {
        Self {
            idle_minutes: 15,
            session_hours: 8,
            proof_minutes: 5,
        }
    }
}

impl Console {
    /// The same, as the domain has it.
    #[must_use]
    pub fn limits(&self) -> SessionLimits {
        SessionLimits {
            idle: Duration::minutes(self.idle_minutes.into()),
            absolute: Duration::hours(self.session_hours.into()),
            proof: Duration::minutes(self.proof_minutes.into()),
        }
    }
}

/// `[limits]`
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs, reason = "SETTINGS documents each")]
pub struct Limits {
    pub upload_bytes: usize,
    pub request_seconds: u64,
    pub idle_seconds: u64,
    pub lookups_per_minute: u32,
    pub uploads_per_minute: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            upload_bytes: 25 * 1024 * 1024,
            request_seconds: 60,
            idle_seconds: 30,
            lookups_per_minute: 120,
            uploads_per_minute: 20,
        }
    }
}

/// `[log]`
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs, reason = "SETTINGS documents each")]
pub struct Log {
    pub format: LogFormat,
    pub level: String,
}

impl Default for Log {
    fn default() -> Self {
        Self {
            format: LogFormat::Text,
            level: "info".to_owned(),
        }
    }
}

/// How a log line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

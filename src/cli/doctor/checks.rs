//! What is checked, and what mends it.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use super::Check;
use crate::cli::config::Config;
use crate::cli::settings::InstanceArguments;

/// With less than this much room the next days are in danger.
const LITTLE_ROOM: u64 = 1 << 30;

/// All checks, as far as each lets the next ones be made.
pub(super) fn all(instance: &InstanceArguments) -> Vec<Check> {
    let config = match instance.unchecked() {
        Ok(config) => config,
        Err(error) => {
            let mend = "mend the configuration, then run the doctor again";
            return vec![Check::error("configuration", error.to_string(), mend)];
        }
    };
    let mut checks = vec![configuration(&config), exposure(&config)];
    checks.extend(data_folder(&config.storage.data));
    checks
}

fn configuration(config: &Config) -> Check {
    match config.check() {
        Ok(()) => Check::good(
            "configuration",
            format!("public URL {}", config.public_url()),
        ),
        Err(error) => Check::error(
            "configuration",
            error.to_string(),
            "mend the setting it names",
        ),
    }
}

/// Passphrases and keys travel over this connection.
fn exposure(config: &Config) -> Check {
    let loopback = config.server.listen.ip().is_loopback();
    match (
        loopback,
        &config.server.tls_cert,
        config.server.trusted_proxies.is_empty(),
    ) {
        (_, Some(_), _) => Check::good("transport", "TLS ends here"),
        (true, None, _) => Check::good("transport", "listens on this machine only"),
        (false, None, false) => Check::good("transport", "TLS ends at a trusted proxy"),
        (false, None, true) => Check::error(
            "transport",
            format!(
                "{} is open to the network without TLS",
                config.server.listen
            ),
            "set server.tls_cert and server.tls_key, or server.trusted_proxies",
        ),
    }
}

fn data_folder(folder: &Path) -> Vec<Check> {
    let metadata = match fs::metadata(folder) {
        Ok(metadata) => metadata,
        Err(error) => {
            let found = format!("{}: {error}", folder.display());
            let mend = "start `absah serve` once, or name the folder with --data";
            return vec![Check::error("data folder", found, mend)];
        }
    };
    let mode = metadata.permissions().mode() & 0o777;
    let permissions = if mode & 0o077 == 0 {
        Check::good(
            "data folder",
            format!("{}, its owner's alone", folder.display()),
        )
    } else {
        let found = format!("{} is open to others (mode {mode:o})", folder.display());
        Check::error(
            "data folder",
            found,
            format!("chmod 700 {}", folder.display()),
        )
    };
    vec![permissions, room(folder)]
}

fn room(folder: &Path) -> Check {
    match rustix::fs::statvfs(folder) {
        Ok(system) => {
            let free = system.f_bavail.saturating_mul(system.f_frsize);
            let found = format!("{} MB free", free >> 20);
            if free < LITTLE_ROOM {
                Check::warning("room", found, "make room: a full disk stops the service")
            } else {
                Check::good("room", found)
            }
        }
        Err(error) => Check::warning("room", format!("cannot be read: {error}"), "check the disk"),
    }
}

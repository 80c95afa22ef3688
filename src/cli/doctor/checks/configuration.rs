//! The configuration: whether it can stand, how requests arrive, and the files it names.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use super::Check;
use crate::cli::config::Config;

pub(super) fn check(config: &Config) -> Vec<Check> {
    let mut checks = vec![configuration(config), exposure(config)];
    checks.extend(secrets(config));
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

/// Files with secrets are their owner's alone.
fn secrets(config: &Config) -> Vec<Check> {
    let named = [
        &config.storage.database_url_file,
        &config.authority.service_passphrase_file,
        &config.server.tls_key,
    ];
    named
        .into_iter()
        .flatten()
        .map(|path| secret(path))
        .collect()
}

fn secret(path: &Path) -> Check {
    let name = path.display();
    match fs::metadata(path) {
        Err(error) => {
            let mend = "put it there, or name another in the configuration";
            Check::error("secret", format!("{name}: {error}"), mend)
        }
        Ok(found) if found.permissions().mode() & 0o077 != 0 => {
            let text = format!("{name} can be read by others");
            Check::warning("secret", text, format!("chmod 600 {name}"))
        }
        Ok(_) => Check::good("secret", format!("{name}, its owner's alone")),
    }
}

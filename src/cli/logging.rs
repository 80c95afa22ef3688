//! The service's log, on stderr. What it may contain is decided where it is
//! written: no names, no codes, no keys, no addresses of clients.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt;

use super::config::{Log, LogFormat};
use super::outcome::CliError;

/// Starts the log.
///
/// # Errors
/// The level is none.
pub fn start(log: &Log) -> Result<(), CliError> {
    let filter = EnvFilter::try_new(&log.level)
        .map_err(|error| CliError::usage(format!("log.level: {error}")))?;
    let builder = fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = match log.format {
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
        LogFormat::Text => {
            let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
            builder.with_ansi(colour).with_target(false).try_init()
        }
    };
    // Only a test that starts two services meets a log that is started already.
    started.or(Ok(()))
}

//! The arguments that name whom to trust and what is known of revocation, as
//! `verify` and `cert verify` share them.

use std::path::{Path, PathBuf};

use clap::Args;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::anchors;
use super::files;
use super::outcome::CliError;
use crate::kernel::x509::Certificate;
use crate::kernel::x509::crl::Crl;
use crate::services::clock::SystemClock;
use crate::services::ports::Clock as _;

/// The largest certificate file, CRL or OCSP response that is read.
const LIMIT: u64 = 64 << 20;

/// Whom to trust, and what is known.
#[derive(Debug, Args)]
pub struct EvidenceArguments {
    /// A trust anchor, PEM or DER; instead of the anchors built in
    #[arg(long, value_name = "CERT")]
    pub trust: Vec<PathBuf>,
    /// A certificate to build paths with, trusted for nothing
    #[arg(long, value_name = "CERT")]
    pub untrusted: Vec<PathBuf>,
    /// A certificate revocation list, PEM or DER
    #[arg(long, value_name = "FILE")]
    pub crl: Vec<PathBuf>,
    /// An OCSP response, DER
    #[arg(long, value_name = "FILE")]
    pub ocsp: Vec<PathBuf>,
    /// The time to judge at, RFC 3339; now, if not given
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub at: Option<OffsetDateTime>,
}

/// The same, read.
pub struct Evidence {
    /// The anchors.
    pub anchors: Vec<Certificate>,
    /// Certificates that are trusted for nothing.
    pub untrusted: Vec<Certificate>,
    /// CRLs in DER.
    pub crls: Vec<Vec<u8>>,
    /// OCSP responses in DER.
    pub ocsps: Vec<Vec<u8>>,
    /// The time.
    pub at: OffsetDateTime,
}

impl EvidenceArguments {
    /// Reads the files. `data` is an instance whose authority is trusted too
    /// where no anchor is named.
    ///
    /// # Errors
    /// A file cannot be read, or is not what it should be.
    pub fn read(&self, data: Option<&Path>) -> Result<Evidence, CliError> {
        let anchors = if self.trust.is_empty() {
            let mut anchors = anchors::built_in()?;
            anchors.extend(instance_anchors(data)?);
            anchors
        } else {
            certificates(&self.trust)?
        };
        Ok(Evidence {
            anchors,
            untrusted: certificates(&self.untrusted)?,
            crls: crls(&self.crl)?,
            ocsps: self
                .ocsp
                .iter()
                .map(|path| files::read(path, LIMIT))
                .collect::<Result<_, _>>()?,
            at: self.at.unwrap_or_else(|| SystemClock.now()),
        })
    }
}

/// The root of an instance's own authority.
fn instance_anchors(data: Option<&Path>) -> Result<Vec<Certificate>, CliError> {
    match data.map(|data| data.join("authority").join("root.pem")) {
        Some(root) => certificates(&[root]),
        None => Ok(Vec::new()),
    }
}

/// The certificates of files.
///
/// # Errors
/// A file cannot be read, or holds none.
pub(super) fn certificates(paths: &[PathBuf]) -> Result<Vec<Certificate>, CliError> {
    let mut all = Vec::new();
    for path in paths {
        let bytes = files::read(path, LIMIT)?;
        let read = Certificate::from_pem_or_der(&bytes);
        all.extend(read.map_err(|error| CliError::usage(format!("{}: {error}", path.display())))?);
    }
    Ok(all)
}

fn crls(paths: &[PathBuf]) -> Result<Vec<Vec<u8>>, CliError> {
    let mut all = Vec::new();
    for path in paths {
        let bytes = files::read(path, LIMIT)?;
        let read = Crl::from_pem_or_der(&bytes)
            .map_err(|error| CliError::usage(format!("{}: {error}", path.display())))?;
        all.extend(read.iter().map(|crl| crl.der().to_vec()));
    }
    Ok(all)
}

fn parse_time(text: &str) -> Result<OffsetDateTime, String> {
    OffsetDateTime::parse(text, &Rfc3339)
        .map_err(|error| format!("{error}; a time looks like 2026-11-22T09:14:00+07:00"))
}

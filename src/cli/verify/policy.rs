//! The policy of `--policy` and the trust anchors that it names, by role.

use std::path::Path;

use super::RevocationMode;
use crate::cli::evidence::certificates;
use crate::cli::files;
use crate::cli::outcome::CliError;
use crate::kernel::validation::{Anchors, Policy};
use crate::kernel::x509::Certificate;

/// The largest policy file that is read.
const LIMIT: u64 = 1 << 20;

/// The policy of a file; the strict one, if none is named.
pub(super) fn read(file: Option<&Path>, revocation: RevocationMode) -> Result<Policy, CliError> {
    let policy = match file {
        None => Policy::strict().map_err(CliError::usage)?,
        Some(path) => {
            let bytes = files::read(path, LIMIT)?;
            let read = Policy::parse(&String::from_utf8_lossy(&bytes));
            read.map_err(|error| CliError::usage(format!("{}: {error}", path.display())))?
        }
    };
    Ok(match revocation {
        // The file may already let it pass.
        RevocationMode::Required => policy,
        RevocationMode::IfPresent => policy.with_revocation_required(false),
    })
}

/// The anchors that a policy names beside its file; for roles without any, those given.
pub(super) fn anchors(
    policy: &Policy,
    file: Option<&Path>,
    given: Anchors,
) -> Result<Anchors, CliError> {
    let folder = file.and_then(Path::parent).unwrap_or(Path::new("."));
    let named = |files: &[String], given: Vec<Certificate>| match files {
        [] => Ok(given),
        files => {
            let paths: Vec<_> = files.iter().map(|name| folder.join(name)).collect();
            certificates(&paths)
        }
    };
    Ok(Anchors::new(
        named(&policy.anchors.signer, given.signer)?,
        named(&policy.anchors.tsa, given.tsa)?,
        named(&policy.anchors.ocsp, given.ocsp)?,
    ))
}

//! Reading and writing the files that a command names.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use super::outcome::CliError;
use crate::kernel::pdf::Limits;

/// What a PDF of one's own machine may cost: larger than an upload by an unknown person.
pub fn limits() -> Limits {
    Limits {
        file_size: 128 << 20,
        ..Limits::default()
    }
}

/// Reads a file of at most `limit` bytes.
///
/// # Errors
/// Unreadable or larger than the limit: wrong use.
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>, CliError> {
    let describe = |error| CliError::usage(format!("cannot read {}: {error}", path.display()));
    let length = fs::metadata(path).map_err(describe)?.len();
    if length > limit {
        return Err(CliError::usage(format!(
            "{} has {length} bytes, more than the {limit} that are read",
            path.display()
        )));
    }
    fs::read(path).map_err(describe)
}

/// Writes a file so that it is either whole or absent: a temporary file beside
/// it is written, synced and renamed.
///
/// # Errors
/// The disk refuses: the world failed.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    let describe = |error| CliError::world(format!("cannot write {}: {error}", path.display()));
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let name = path
        .file_name()
        .ok_or_else(|| CliError::usage(format!("{} is not a file name", path.display())))?;
    let mut temporary = name.to_os_string();
    temporary.push(format!(".{}.part", std::process::id()));
    let temporary = folder.join(temporary);
    write_synced(&temporary, bytes)
        .and_then(|()| fs::rename(&temporary, path))
        .and_then(|()| fs::File::open(folder)?.sync_all())
        .map_err(|error| {
            // The rename did not happen: what is left over helps nobody.
            let _ = fs::remove_file(&temporary);
            describe(error)
        })
}

fn write_synced(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = fs::File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

//! The data folder: there, closed to others, writable, with room.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use super::Check;

/// With less than this much room the next days are in danger.
const LITTLE_ROOM: u64 = 1 << 30;

pub(super) fn check(folder: &Path) -> Vec<Check> {
    let metadata = match fs::metadata(folder) {
        Ok(metadata) => metadata,
        Err(error) => {
            let found = format!("{}: {error}", folder.display());
            let mend = "start `absah serve` once, or name the folder with --data";
            return vec![Check::error("data folder", found, mend)];
        }
    };
    let mut checks = vec![rights("data folder", folder, &metadata)];
    // What holds keys and permits is closed on its own, should the folder above be opened.
    for (name, inner) in [("authority folder", "authority"), ("files folder", "files")] {
        let path = folder.join(inner);
        if let Ok(metadata) = fs::metadata(&path)
            && mode(&metadata) & 0o007 != 0
            && mode_of(folder) & 0o007 != 0
        {
            checks.push(rights(name, &path, &metadata));
        }
    }
    checks.push(writable(folder));
    checks.push(room(folder));
    checks
}

fn mode(metadata: &fs::Metadata) -> u32 {
    metadata.permissions().mode() & 0o777
}

fn mode_of(folder: &Path) -> u32 {
    fs::metadata(folder).map_or(0, |metadata| mode(&metadata))
}

fn rights(name: &'static str, folder: &Path, metadata: &fs::Metadata) -> Check {
    let (path, mode) = (folder.display(), mode(metadata));
    if mode & 0o077 == 0 {
        return Check::good(name, format!("{path}, its owner's alone"));
    }
    let found = format!("{path} is open to others (mode {mode:o})");
    Check::error(name, found, format!("chmod 700 {path}"))
}

/// Whether who runs the doctor could write there: he should be who runs the service.
fn writable(folder: &Path) -> Check {
    match rustix::fs::access(folder, rustix::fs::Access::WRITE_OK) {
        Ok(()) => Check::good("write access", "this account may write there"),
        Err(error) => Check::error(
            "write access",
            format!(
                "this account may not write to {}: {error}",
                folder.display()
            ),
            "run the doctor and the service as the folder's owner",
        ),
    }
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

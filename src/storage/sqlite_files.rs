//! What must be true of SQLite's files before a process believes what it reads in them.
//!
//! A process that is killed between writing a transaction and its fsync leaves it in the
//! kernel's page cache alone. Its successor would read it, and tell a client that repeats
//! his call that it was done: acknowledged, and lost with the power. After a *failed*
//! fsync it is worse, since the pages then count as written. So the files are made
//! durable and their cached pages dropped first: what is read next is what the disk holds.
//!
//! SQLite ignores an fsync of its folder that fails; the folder is so synced here.

use std::fs::File;
use std::path::{Path, PathBuf};

use rustix::fs::{Advice, fadvise};

use crate::services::fault;

/// Makes what an earlier process left durable, or stops. Tells whether it left a log
/// that was not written back: it did not close the database.
pub(super) fn settle(database: &Path) -> bool {
    let log = log_of(database);
    for path in [&log, database] {
        // One that is not there, or does not open: SQLite says so.
        if let Ok(file) = File::open(path) {
            settle_one(&file, path);
        }
    }
    log.metadata().is_ok_and(|log| log.len() > 0)
}

fn settle_one(file: &File, path: &Path) {
    fault::sync_or_stop(file, path);
    // Advice only: where it is not taken, the fsync before it has still succeeded.
    let _ = fadvise(file, 0, None, Advice::DontNeed);
}

/// Makes the names of the files durable, or stops.
pub(super) fn keep_names(database: &Path) {
    let folder = match database.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    if let Ok(open) = File::open(folder) {
        fault::sync_or_stop(&open, folder);
    }
}

fn log_of(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push("-wal");
    PathBuf::from(name)
}

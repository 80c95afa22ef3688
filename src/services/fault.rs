//! Where the process ends itself: on what it must not survive, and, in tests, at a
//! point that they name.
//!
//! After a failed fsync the kernel may have dropped the pages that were to be
//! written; a later fsync that succeeds proves nothing. The only safe answer is to
//! stop and start again from what is on the disk.

use std::fs::File;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// The environment variable that names a fail point: `name` or `name:n`, to end at
/// the nth time it is reached.
pub const FAIL_POINT: &str = "ABSAH_FAIL_POINT";

struct Armed {
    name: String,
    left: AtomicU64,
}

static ARMED: OnceLock<Option<Armed>> = OnceLock::new();

/// Ends the process at once, as kill -9 would, if the environment says so.
/// Otherwise does nothing.
pub fn point(name: &str) {
    let armed = ARMED.get_or_init(|| std::env::var(FAIL_POINT).ok().map(|text| parse(&text)));
    if let Some(armed) = armed
        && armed.name == name
        && armed.left.fetch_sub(1, Ordering::SeqCst) == 1
    {
        eprintln!("absah: fail point {name}");
        std::process::abort();
    }
}

fn parse(text: &str) -> Armed {
    let (name, count) = text.split_once(':').unwrap_or((text, "1"));
    Armed {
        name: name.to_owned(),
        left: AtomicU64::new(count.parse().unwrap_or(1)),
    }
}

/// Makes a file or folder durable, or ends the process.
pub fn sync_or_stop(file: &File, path: &Path) {
    if let Err(error) = file.sync_all() {
        stop(&format!("fsync of {} failed: {error}", path.display()));
    }
}

/// Ends the process: going on could lose what was acknowledged.
pub fn stop(why: &str) -> ! {
    tracing::error!(why, "stopping: it is not safe to go on");
    eprintln!("absah: stopping: {why}");
    std::process::abort();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_may_be_counted() {
        let armed = parse("commit.before:3");
        assert_eq!(
            (armed.name.as_str(), armed.left.into_inner()),
            ("commit.before", 3)
        );
        assert_eq!(parse("rename.after").left.into_inner(), 1);
    }

    #[test]
    fn nothing_happens_unless_asked_for() {
        point("nowhere");
    }
}

//! Pictures of pages in a folder, up to a number of octets; the oldest go first.
//!
//! Nothing rests on them: no fsync, and a disk that is full or fails only means that a
//! page is drawn once more. What a picture shows is as confidential as the permit, and
//! the folder is the instance's own.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use async_trait::async_trait;

use crate::kernel::hash::Sha256;
use crate::services::ports::Drawings;

/// A folder of pictures. Clones share it.
#[derive(Clone)]
pub struct FileDrawings(Arc<Folder>);

struct Folder {
    root: PathBuf,
    most: u64,
    /// What was added since the folder was last looked through; full at the start, so
    /// that what an earlier process left is counted.
    added: AtomicU64,
    next: AtomicU64,
}

impl FileDrawings {
    /// A folder for `most` octets, made when the first picture comes.
    #[must_use]
    pub fn new(root: &Path, most: u64) -> Self {
        Self(Arc::new(Folder {
            root: root.to_owned(),
            most,
            added: AtomicU64::new(most),
            next: AtomicU64::new(0),
        }))
    }
}

#[async_trait]
impl Drawings for FileDrawings {
    async fn kept(&self, name: &Sha256) -> Option<Vec<u8>> {
        tokio::fs::read(self.0.path(name)).await.ok()
    }

    async fn keep(&self, name: &Sha256, bytes: Vec<u8>) {
        let (folder, name) = (Arc::clone(&self.0), *name);
        let kept = tokio::task::spawn_blocking(move || folder.keep(&name, &bytes)).await;
        if let Ok(Err(error)) = kept {
            tracing::debug!(%error, "a picture is not kept");
        }
    }
}

impl Folder {
    fn path(&self, name: &Sha256) -> PathBuf {
        self.root.join(name.to_string())
    }

    fn keep(&self, name: &Sha256, bytes: &[u8]) -> io::Result<()> {
        let size = bytes.len() as u64;
        if size > self.most / 4 {
            return Ok(());
        }
        fs::create_dir_all(&self.root)?;
        if self.added.fetch_add(size, Ordering::Relaxed) >= self.most / 4 {
            self.added.store(size, Ordering::Relaxed);
            self.make_room(size)?;
        }
        // A name of its own until it is whole; readers never see half a picture.
        let unique = self.next.fetch_add(1, Ordering::Relaxed);
        let half = self
            .root
            .join(format!("{}-{unique}.half", std::process::id()));
        fs::write(&half, bytes)?;
        fs::rename(&half, self.path(name))
    }

    /// Removes the oldest until a quarter is free: what is added before the next look
    /// then stays within the bound.
    fn make_room(&self, size: u64) -> io::Result<()> {
        let mut found: Vec<(SystemTime, u64, PathBuf)> = Vec::new();
        for entry in fs::read_dir(&self.root)? {
            let entry = entry?;
            let about = entry.metadata()?;
            found.push((about.modified()?, about.len(), entry.path()));
        }
        found.sort();
        let mut total: u64 = found.iter().map(|(_, size, _)| size).sum();
        for (_, length, path) in found {
            if total.saturating_add(size) <= self.most / 4 * 3 {
                break;
            }
            fs::remove_file(path)?;
            total = total.saturating_sub(length);
        }
        Ok(())
    }
}

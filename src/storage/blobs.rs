//! Files by their SHA-256, in a folder.
//!
//! `ab/cdef…` for the hash `abcdef…`. A file is complete and durable under its name or
//! it is not there:
//!
//! ```text
//! open(tmp/P-N, O_CREAT|O_EXCL|O_WRONLY) a name that no other write has
//! write … fsync(file)                    the content is durable, still without a name
//! mkdir(ab), fsync(folder)               if ab is new: its name is durable
//! rename(tmp/P-N, ab/cdef…)              atomic; over an equal file, harmless
//! fsync(ab)                              the name is durable
//! ```
//! Only then does `put` return. If one of these fsyncs fails the process stops: the
//! kernel may have dropped what was to be written, and would report success the next
//! time. So a file that is there already is written again, over itself: who wrote it
//! may have died of the fsync of its name, and a second fsync of the same proves nothing.
//!
//! A file is removed only if it is the very one that was found in a listing. It is moved
//! away first (`tmp/away-ab…`), and moved back if someone stored it anew in that moment;
//! one that a killed process left there is moved back on opening.
//!
//! It does not seal what it stores.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;

use crate::kernel::hash::Sha256;
use crate::services::fault;
use crate::services::ports::{BlobError, Blobs, StoredBlob};

/// A folder of files. Clones share it.
#[derive(Clone)]
pub struct FileBlobs {
    folder: Arc<Folder>,
}

struct Folder {
    root: PathBuf,
    temporary: PathBuf,
    next: AtomicU64,
}

impl FileBlobs {
    /// Opens a folder, made if it is not there. What a process that is gone left half
    /// written is removed.
    ///
    /// # Errors
    /// When the folder cannot be made or read.
    pub fn open(root: &Path) -> io::Result<Self> {
        let temporary = root.join("tmp");
        fs::create_dir_all(&temporary)?;
        let folder = Folder {
            root: root.to_owned(),
            temporary,
            next: AtomicU64::new(0),
        };
        for entry in fs::read_dir(&folder.temporary)? {
            let entry = entry?;
            if let Some(sha256) = away(&entry.file_name()) {
                folder.move_back(&sha256)?;
            } else if is_orphan(&entry.file_name()) {
                fs::remove_file(entry.path())?;
            }
        }
        sync(root)?;
        Ok(Self {
            folder: Arc::new(folder),
        })
    }
}

/// What a file that is being removed is called meanwhile.
const AWAY: &str = "away-";

fn away(name: &OsStr) -> Option<Sha256> {
    name.to_str()?.strip_prefix(AWAY)?.parse().ok()
}

/// Temporary files are named `process-number`.
fn is_orphan(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    let process = name.split('-').next().unwrap_or_default();
    !Path::new("/proc").join(process).exists()
}

#[async_trait]
impl Blobs for FileBlobs {
    async fn put(&self, bytes: Vec<u8>) -> Result<Sha256, BlobError> {
        let folder = Arc::clone(&self.folder);
        blocking(move || {
            let sha256 = Sha256::of(&bytes);
            folder
                .put(&sha256, &bytes)
                .map_err(|error| failed(&error))?;
            Ok(sha256)
        })
        .await
    }

    async fn read(&self, sha256: &Sha256) -> Result<Vec<u8>, BlobError> {
        let (folder, expected) = (Arc::clone(&self.folder), *sha256);
        blocking(move || folder.read(expected)).await
    }

    async fn list(&self, first: u8) -> Result<Vec<StoredBlob>, BlobError> {
        let folder = Arc::clone(&self.folder);
        blocking(move || folder.list(first).map_err(|error| failed(&error))).await
    }

    async fn remove(&self, blob: &StoredBlob) -> Result<bool, BlobError> {
        let (folder, blob) = (Arc::clone(&self.folder), blob.clone());
        blocking(move || match folder.remove(&blob) {
            // Someone else was faster.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            done => done.map_err(|error| failed(&error)),
        })
        .await
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BlobError> + Send + 'static,
) -> Result<T, BlobError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| BlobError::Failed(error.to_string()))?
}

impl Folder {
    fn path(&self, sha256: &Sha256) -> (PathBuf, PathBuf) {
        let name = sha256.to_string();
        let (first, rest) = name.split_at(2);
        let parent = self.root.join(first);
        let path = parent.join(rest);
        (parent, path)
    }

    fn put(&self, sha256: &Sha256, bytes: &[u8]) -> io::Result<()> {
        fault::point("blob.before");
        let (temporary, file) = self.new_temporary()?;
        let stored = write(file, &temporary, bytes).and_then(|()| self.name(sha256, &temporary));
        if stored.is_err() {
            // Nothing was promised about this file; a leftover is removed on opening.
            let _ = fs::remove_file(&temporary);
        }
        stored
    }

    /// Gives a file that is durable its name.
    fn name(&self, sha256: &Sha256, temporary: &Path) -> io::Result<()> {
        let (parent, path) = self.path(sha256);
        if !parent.exists() {
            fs::create_dir_all(&parent)?;
            sync(&self.root)?;
        }
        fault::point("rename.before");
        fs::rename(temporary, &path)?;
        fault::point("rename.after");
        sync(&parent)?;
        fault::point("blob.after");
        Ok(())
    }

    fn list(&self, first: u8) -> io::Result<Vec<StoredBlob>> {
        let shelf = format!("{first:02x}");
        let entries = match fs::read_dir(self.root.join(&shelf)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut found = Vec::new();
        for entry in entries {
            let entry = entry?;
            let name = format!("{shelf}{}", entry.file_name().to_string_lossy());
            let Ok(sha256) = name.parse() else { continue };
            match entry.metadata() {
                Ok(metadata) => found.push(StoredBlob {
                    sha256,
                    stored: metadata.ino(),
                    at: metadata.modified()?.into(),
                }),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(found)
    }

    fn remove(&self, blob: &StoredBlob) -> io::Result<bool> {
        let (parent, path) = self.path(&blob.sha256);
        let moved = self.away(&blob.sha256);
        fs::rename(&path, &moved)?;
        if fs::metadata(&moved)?.ino() != blob.stored {
            self.move_back(&blob.sha256)?;
            return Ok(false);
        }
        fs::remove_file(&moved)?;
        sync(&parent)?;
        Ok(true)
    }

    fn away(&self, sha256: &Sha256) -> PathBuf {
        self.temporary.join(format!("{AWAY}{sha256}"))
    }

    /// Over a file of the same name it changes nothing: the content is the same.
    fn move_back(&self, sha256: &Sha256) -> io::Result<()> {
        let (parent, path) = self.path(sha256);
        fs::rename(self.away(sha256), path)?;
        sync(&parent)
    }

    fn new_temporary(&self) -> io::Result<(PathBuf, File)> {
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            let path = self
                .temporary
                .join(format!("{}-{number}", std::process::id()));
            match File::create_new(&path) {
                // Left by an earlier process of the same number.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                created => return created.map(|file| (path, file)),
            }
        }
    }

    fn read(&self, expected: Sha256) -> Result<Vec<u8>, BlobError> {
        let (_, path) = self.path(&expected);
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(BlobError::Missing(expected));
            }
            Err(error) => return Err(failed(&error)),
        };
        let actual = Sha256::of(&bytes);
        if actual != expected {
            return Err(BlobError::Damaged { expected, actual });
        }
        Ok(bytes)
    }
}

fn write(mut file: File, path: &Path, bytes: &[u8]) -> io::Result<()> {
    file.write_all(bytes)?;
    fault::sync_or_stop(&file, path);
    Ok(())
}

fn sync(folder: &Path) -> io::Result<()> {
    fault::sync_or_stop(&File::open(folder)?, folder);
    Ok(())
}

fn failed(error: &io::Error) -> BlobError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => BlobError::Full,
        _ => BlobError::Failed(error.to_string()),
    }
}

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
//! time. A file that is there already was durable before its name was; its folder is
//! fsynced again all the same, since who wrote the name may have died before that.
//!
//! It never deletes, and it does not seal what it stores.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;

use crate::kernel::hash::Sha256;
use crate::services::fault;
use crate::services::ports::{BlobError, Blobs};

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
        for entry in fs::read_dir(&temporary)? {
            let entry = entry?;
            if is_orphan(&entry.file_name()) {
                fs::remove_file(entry.path())?;
            }
        }
        sync(root)?;
        let folder = Folder {
            root: root.to_owned(),
            temporary,
            next: AtomicU64::new(0),
        };
        Ok(Self {
            folder: Arc::new(folder),
        })
    }
}

/// Temporary files are named `process-number`.
fn is_orphan(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    let process = name.split('-').next().unwrap_or_default();
    !Path::new("/proc").join(process).exists()
}

#[async_trait]
impl Blobs for FileBlobs {
    async fn put(&self, bytes: &[u8]) -> Result<Sha256, BlobError> {
        let (folder, bytes) = (Arc::clone(&self.folder), bytes.to_vec());
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
        let (parent, path) = self.path(sha256);
        if path.exists() {
            return sync(&parent);
        }
        let temporary = self.write_temporary(bytes)?;
        if !parent.exists() {
            fs::create_dir_all(&parent)?;
            sync(&self.root)?;
        }
        fault::point("rename.before");
        fs::rename(&temporary, &path)?;
        fault::point("rename.after");
        sync(&parent)?;
        fault::point("blob.after");
        Ok(())
    }

    fn write_temporary(&self, bytes: &[u8]) -> io::Result<PathBuf> {
        fault::point("blob.before");
        let (path, file) = self.new_temporary()?;
        let written = write(file, &path, bytes);
        if written.is_err() {
            // Nothing was promised about this file; a leftover is removed on opening.
            let _ = fs::remove_file(&path);
        }
        written.map(|()| path)
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
    fsync(&file, path);
    Ok(())
}

fn sync(folder: &Path) -> io::Result<()> {
    fsync(&File::open(folder)?, folder);
    Ok(())
}

fn fsync(file: &File, path: &Path) {
    if let Err(error) = file.sync_all() {
        fault::stop(&format!("fsync of {} failed: {error}", path.display()));
    }
}

fn failed(error: &io::Error) -> BlobError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => BlobError::Full,
        _ => BlobError::Failed(error.to_string()),
    }
}

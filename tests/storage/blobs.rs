//! Blobs: complete under their name, or not there.

use std::fs;

use absah::kernel::hash::Sha256;
use absah::services::ports::{BlobError, Blobs};
use absah::storage::FileBlobs;
use tempfile::TempDir;

fn file_of(folder: &TempDir, sha256: &Sha256) -> std::path::PathBuf {
    let name = sha256.to_string();
    folder.path().join(&name[..2]).join(&name[2..])
}

#[tokio::test]
async fn what_was_put_is_read_also_by_another() {
    let folder = TempDir::new().unwrap();
    let blobs = FileBlobs::open(folder.path()).unwrap();
    let sha256 = blobs.put(b"bytes".to_vec()).await.unwrap();
    assert_eq!(sha256, Sha256::of(b"bytes"));
    assert_eq!(blobs.put(b"bytes".to_vec()).await.unwrap(), sha256);
    let other = FileBlobs::open(folder.path()).unwrap();
    assert_eq!(other.read(&sha256).await.unwrap(), b"bytes");
    let missing = Sha256::of(b"");
    assert_eq!(other.read(&missing).await, Err(BlobError::Missing(missing)));
}

#[tokio::test]
async fn a_damaged_file_is_not_given_out() {
    let folder = TempDir::new().unwrap();
    let blobs = FileBlobs::open(folder.path()).unwrap();
    let expected = blobs.put(b"bytes".to_vec()).await.unwrap();
    fs::write(file_of(&folder, &expected), b"bytez").unwrap();
    let actual = Sha256::of(b"bytez");
    assert_eq!(
        blobs.read(&expected).await,
        Err(BlobError::Damaged { expected, actual })
    );
}

#[tokio::test]
async fn parallel_writes_of_one_content_agree() {
    let folder = TempDir::new().unwrap();
    let blobs = FileBlobs::open(folder.path()).unwrap();
    let puts: Vec<_> = (0..50)
        .map(|_| {
            let blobs = blobs.clone();
            tokio::spawn(async move { blobs.put(vec![7; 100_000]).await.unwrap() })
        })
        .collect();
    for put in puts {
        assert_eq!(put.await.unwrap(), Sha256::of(&[7; 100_000]));
    }
    assert_eq!(fs::read_dir(folder.path().join("tmp")).unwrap().count(), 0);
}

#[test]
fn leftovers_of_the_dead_are_removed_and_of_the_living_kept() {
    let folder = TempDir::new().unwrap();
    let temporary = folder.path().join("tmp");
    fs::create_dir(&temporary).unwrap();
    let living = temporary.join(format!("{}-0", std::process::id()));
    fs::write(&living, b"half").unwrap();
    fs::write(temporary.join("4194999-0"), b"half").unwrap();
    FileBlobs::open(folder.path()).unwrap();
    let left: Vec<_> = fs::read_dir(&temporary)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(left, [living]);
}

#[tokio::test]
async fn a_listing_tells_what_is_there_and_only_that_very_file_is_removed() {
    let folder = TempDir::new().unwrap();
    let blobs = FileBlobs::open(folder.path()).unwrap();
    let sha256 = blobs.put(b"bytes".to_vec()).await.unwrap();
    let first = sha256.as_bytes()[0];
    let listed = blobs.list(first).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].sha256, sha256);
    assert_eq!(blobs.list(first.wrapping_add(1)).await.unwrap(), []);

    // Stored once more: another file of the same name, which someone is about to name.
    blobs.put(b"bytes".to_vec()).await.unwrap();
    assert!(!blobs.remove(&listed[0]).await.unwrap());
    assert_eq!(blobs.read(&sha256).await.unwrap(), b"bytes");
    let now = blobs.list(first).await.unwrap();
    assert!(blobs.remove(&now[0]).await.unwrap());
    assert!(!blobs.remove(&now[0]).await.unwrap());
    assert_eq!(blobs.read(&sha256).await, Err(BlobError::Missing(sha256)));
}

#[tokio::test]
async fn a_file_that_a_killed_process_moved_away_comes_back() {
    let folder = TempDir::new().unwrap();
    let blobs = FileBlobs::open(folder.path()).unwrap();
    let sha256 = blobs.put(b"bytes".to_vec()).await.unwrap();
    let away = folder.path().join("tmp").join(format!("away-{sha256}"));
    fs::rename(file_of(&folder, &sha256), &away).unwrap();
    let blobs = FileBlobs::open(folder.path()).unwrap();
    assert_eq!(blobs.read(&sha256).await.unwrap(), b"bytes");
    assert!(!away.exists());
}

/// Storing and removing the same content at once: what was acknowledged last is there.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_stored_while_it_is_removed_stays() {
    let folder = TempDir::new().unwrap();
    let blobs = FileBlobs::open(folder.path()).unwrap();
    let sha256 = Sha256::of(b"bytes");
    for _ in 0..200 {
        blobs.put(b"bytes".to_vec()).await.unwrap();
        let listed = blobs.list(sha256.as_bytes()[0]).await.unwrap().remove(0);
        let (put, removed) = tokio::join!(blobs.put(b"bytes".to_vec()), blobs.remove(&listed));
        put.unwrap();
        removed.unwrap();
        assert_eq!(blobs.read(&sha256).await.unwrap(), b"bytes");
    }
}

#[tokio::test]
async fn what_cannot_be_named_leaves_nothing_half() {
    let folder = TempDir::new().unwrap();
    let blobs = FileBlobs::open(folder.path()).unwrap();
    let sha256 = Sha256::of(b"bytes");
    // A file where the folder of this name would be.
    let shelf = folder.path().join(&sha256.to_string()[..2]);
    fs::write(&shelf, b"in the way").unwrap();
    assert!(matches!(
        blobs.put(b"bytes".to_vec()).await,
        Err(BlobError::Failed(_))
    ));
    assert_eq!(fs::read_dir(folder.path().join("tmp")).unwrap().count(), 0);
    fs::remove_file(shelf).unwrap();
    blobs.put(b"bytes".to_vec()).await.unwrap();
}

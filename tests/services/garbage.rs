//! Files that nothing names go; files that something names stay, also under way.

use std::fs::File;
use std::time::{Duration, SystemTime};

use absah::kernel::hash::Sha256;
use absah::services::ServiceError;
use absah::services::ports::{BlobError, Blobs as _};
use absah::storage::FileBlobs;
use tempfile::TempDir;

use crate::office::{Office, metadata, permit};

/// Makes every file look two days old.
fn age(folder: &TempDir) {
    let old = SystemTime::now() - Duration::from_secs(2 * 24 * 3600);
    for shelf in std::fs::read_dir(folder.path().join("files")).unwrap() {
        for file in std::fs::read_dir(shelf.unwrap().path()).unwrap() {
            let file = File::options()
                .write(true)
                .open(file.unwrap().path())
                .unwrap();
            file.set_modified(old).unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_named_stays_and_what_is_not_goes_at_the_second_look() {
    let folder = TempDir::new().unwrap();
    let office = Office::open(folder.path()).await;
    let blobs = FileBlobs::open(&folder.path().join("files")).unwrap();
    let issued = office.issue("1").await;
    let waiting = office.submit("PLAIN", "2").await;
    office.approve(&[waiting.id]).await.unwrap();
    let orphan = blobs
        .put(b"of a submission that was refused".to_vec())
        .await
        .unwrap();
    let reused = blobs
        .put(b"stored again by a call that is under way".to_vec())
        .await
        .unwrap();
    let (looked, removed) = (async || office.services.clear_away().await.unwrap(), 0);

    assert_eq!(looked().await, removed, "too young");
    assert_eq!(looked().await, removed, "too young at any number of looks");
    age(&folder);
    assert_eq!(looked().await, removed, "seen for the first time");
    blobs
        .put(b"stored again by a call that is under way".to_vec())
        .await
        .unwrap();
    age(&folder);
    assert_eq!(looked().await, 1);
    assert_eq!(blobs.read(&orphan).await, Err(BlobError::Missing(orphan)));
    blobs.read(&reused).await.unwrap();
    assert_eq!(looked().await, 1, "the other one was not used after all");
    assert_eq!(looked().await, 0);

    blobs.read(&issued.submitted.sha256).await.unwrap();
    blobs.read(&issued.current).await.unwrap();
    office.services.finish_due().await.unwrap();
    assert_eq!(
        office.state(&waiting.id).await,
        "issued",
        "its prepared bytes were kept"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_is_taken_is_refused_before_its_file_is_stored() {
    let folder = TempDir::new().unwrap();
    let office = Office::open(folder.path()).await;
    office.submit("PLAIN", "1").await;
    let mut other = permit();
    other.extend_from_slice(b"\n");
    let name = Sha256::of(&other);
    let client = &office.client;
    let refused = office
        .services
        .submit(client, other, metadata("PLAIN", "1", 1), None);
    assert!(matches!(refused.await, Err(ServiceError::Exists(_))));
    let blobs = FileBlobs::open(&folder.path().join("files")).unwrap();
    assert_eq!(blobs.read(&name).await, Err(BlobError::Missing(name)));
}

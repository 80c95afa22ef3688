//! Pictures that are kept for a while.

use std::fs;

use absah::kernel::hash::Sha256;
use absah::services::ports::Drawings as _;
use absah::storage::FileDrawings;
use tempfile::TempDir;

fn name(number: u32) -> Sha256 {
    Sha256::of(&number.to_be_bytes())
}

#[tokio::test]
async fn what_is_kept_is_found_also_by_the_next_process() {
    let folder = TempDir::new().unwrap();
    let root = folder.path().join("pictures");
    let drawings = FileDrawings::new(&root, 1_000);
    assert_eq!(drawings.kept(&name(1)).await, None);
    drawings.keep(&name(1), b"a page".to_vec()).await;
    let again = FileDrawings::new(&root, 1_000);
    assert_eq!(again.kept(&name(1)).await, Some(b"a page".to_vec()));
}

#[tokio::test]
async fn the_folder_stays_within_its_bound() {
    let folder = TempDir::new().unwrap();
    let drawings = FileDrawings::new(folder.path(), 1_000);
    for number in 0..100 {
        drawings.keep(&name(number), vec![0; 50]).await;
        let sizes = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().metadata().unwrap().len());
        let total: u64 = sizes.sum();
        assert!(total <= 1_000, "{total} after {number}");
    }
    assert_eq!(drawings.kept(&name(0)).await, None);
    assert!(drawings.kept(&name(99)).await.is_some());
}

#[tokio::test]
async fn what_is_too_large_or_finds_no_room_is_only_drawn_again() {
    let folder = TempDir::new().unwrap();
    let drawings = FileDrawings::new(folder.path(), 100);
    drawings.keep(&name(1), vec![0; 51]).await;
    assert_eq!(drawings.kept(&name(1)).await, None);
    let file = folder.path().join("file");
    fs::write(&file, b"in the way").unwrap();
    let nowhere = FileDrawings::new(&file, 1_000);
    nowhere.keep(&name(1), vec![0; 5]).await;
    assert_eq!(nowhere.kept(&name(1)).await, None);
}

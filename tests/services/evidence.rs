//! The evidence bundle opens without this system.

use std::io::{Cursor, Read as _};
use std::process::Command;

use absah::kernel::hash::Sha256;
use absah::services::ServiceError;
use zip::ZipArchive;

use crate::office::Office;

fn unpack(bundle: &[u8]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    ZipArchive::new(Cursor::new(bundle))
        .unwrap()
        .extract(folder.path())
        .unwrap();
    folder
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_holds_the_file_and_what_led_to_it() {
    let office = Office::new().await;
    let document = office.issue("503/1").await;
    let caller = office.caller();
    let bundle = office
        .services
        .evidence(&caller, &document.id)
        .await
        .unwrap();
    let mut zip = ZipArchive::new(Cursor::new(bundle.as_slice())).unwrap();
    let mut pdf = Vec::new();
    zip.by_name("document.pdf")
        .unwrap()
        .read_to_end(&mut pdf)
        .unwrap();
    assert_eq!(Sha256::of(&pdf), document.current);

    let folder = unpack(&bundle);
    let table = std::fs::read_to_string(folder.path().join("evidence.json")).unwrap();
    assert!(table.contains("missing") && table.contains("shown"));
    // The fourth step of VERIFY.md.
    let check = "cd signature-1 && openssl x509 -in certificates.pem -noout -pubkey > key.pem &&
        openssl dgst -sha256 -verify key.pem -signature value.bin signed-attributes.der";
    let run = || {
        Command::new("sh")
            .args(["-c", check])
            .current_dir(folder.path())
            .output()
            .unwrap()
    };
    assert!(run().status.success());
    let attributes = folder.path().join("signature-1/signed-attributes.der");
    let mut changed = std::fs::read(&attributes).unwrap();
    *changed.last_mut().unwrap() ^= 1;
    std::fs::write(&attributes, changed).unwrap();
    assert!(!run().status.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_issued_has_no_bundle() {
    let office = Office::new().await;
    let document = office.submit("SIPB", "1").await;
    let refused = office
        .services
        .evidence(&office.caller(), &document.id)
        .await;
    assert!(matches!(refused, Err(ServiceError::Exists(_))));
}

//! `/v/{code}` and `/verify`, in both languages.

use serde_json::json;

use super::html;
use crate::app::TestApp;
use crate::office::{Office, created};

#[tokio::test]
async fn the_page_behind_the_code_says_how_the_permit_stands() {
    let office = Office::open().await;
    let (path, document) = office.issue("503/1").await;
    let code = document["code"].as_str().unwrap();
    let ask = async |code: &str, lang: &str| {
        let path = format!("/v/{code}?lang={lang}");
        html(office.app.get(&path).send().await.unwrap(), 200, lang).await
    };
    // Case, hyphens and look-alikes do not matter.
    for spelling in [
        code.to_owned(),
        code.replace('-', ""),
        code.to_lowercase().replace('0', "o"),
    ] {
        let page = ask(&spelling, "id").await;
        assert!(page.contains("Terdaftar dan berlaku") && page.contains("503/1"));
        assert!(page.contains("M***** C***** P******") && !page.contains("Melati"));
        assert!(page.contains("tidak tersertifikasi PSrE"));
    }
    assert!(ask(code, "en").await.contains("Registered and in force"));

    let address = format!("{path}/cancel");
    let cancel = office.post(&address, &office.client, json!({"reason": "data palsu"}));
    created(cancel.await, 200).await;
    let page = ask(code, "id").await;
    assert!(page.contains("Terdaftar, tetapi tidak berlaku") && page.contains("DIBATALKAN"));
    assert!(page.contains("data palsu"));
    assert!(
        ask(code, "en")
            .await
            .contains("This permit was cancelled on")
    );
}

#[tokio::test]
async fn a_reserved_code_says_that_it_is_not_issued() {
    let office = Office::open().await;
    let document = office.submit("503/1").await;
    let path = format!("/v/{}", document["code"].as_str().unwrap());
    let page = html(office.app.get(&path).send().await.unwrap(), 200, "id").await;
    assert!(page.contains("Belum diterbitkan") && !page.contains("503/1"));
}

#[tokio::test]
async fn an_unknown_code_is_a_page_that_is_not_found() {
    let app = TestApp::start().await;
    for code in ["041061050R3GG28AB", "nonsense"] {
        let page = html(
            app.get(&format!("/v/{code}")).send().await.unwrap(),
            404,
            "id",
        )
        .await;
        assert!(page.contains("Kode tidak dikenal"));
    }
}

#[tokio::test]
async fn an_uploaded_file_gets_its_verdict() {
    let office = Office::open().await;
    let (path, _) = office.issue("503/1").await;
    let file = office.file(&path).await;
    let upload = async |file: &[u8], lang: &str, status: u16| {
        let request = office.multipart(&format!("/verify?lang={lang}"), file, None);
        html(request.send().await.unwrap(), status, lang).await
    };
    let page = upload(&file, "id", 200).await;
    assert!(page.contains("Asli dan berlaku") && page.contains("Melati Contoh Pertiwi"));
    let mut forged = file.clone();
    forged[600] ^= 1;
    let page = upload(&forged, "en", 200).await;
    assert!(page.contains("Altered") && page.contains("The original, as the office has it"));
    assert!(upload(b"hello", "en", 200).await.contains("Not "));
    assert!(upload(b"", "en", 400).await.contains("Choose the PDF file"));
}

#[tokio::test]
async fn the_trust_page_shows_the_fingerprint_of_the_root() {
    let app = TestApp::start().await;
    let root = app.running().parts().authority.root().fingerprint();
    let pairs: Vec<String> = root
        .as_bytes()
        .iter()
        .map(|byte| format!("{byte:02X}"))
        .collect();
    for lang in ["id", "en"] {
        let page = app
            .get(&format!("/trust?lang={lang}"))
            .send()
            .await
            .unwrap();
        let page = html(page, 200, lang).await;
        for group in pairs.chunks(8) {
            assert!(page.contains(&group.join(":")));
        }
        assert!(page.contains("Adobe Reader"));
    }
}

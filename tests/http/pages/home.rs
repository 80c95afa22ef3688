//! The first page: code, upload, trust.

use super::html;
use crate::app::TestApp;

#[tokio::test]
async fn the_first_page_speaks_the_readers_language() {
    let app = TestApp::start().await;
    let page = html(app.get("/").send().await.unwrap(), 200, "id").await;
    assert!(page.contains("Periksa keaslian dokumen"));
    let english = app.get("/").header("accept-language", "en-GB,en;q=0.9");
    let page = html(english.send().await.unwrap(), 200, "en").await;
    assert!(page.contains("Check whether a document is genuine"));
    // What the address says outweighs what the browser asks for, and is kept.
    let chosen = app.get("/?lang=id").header("accept-language", "en");
    let page = html(chosen.send().await.unwrap(), 200, "id").await;
    assert!(page.contains("href=\"/trust?lang=id\""));
    assert!(page.contains("href=\"/?lang=en\""));
}

#[tokio::test]
async fn a_typed_code_leads_to_its_page() {
    let app = TestApp::start().await;
    let response = app
        .get("/v?code=o41O-61o5-or3g-g28a-b&lang=en")
        .send()
        .await
        .unwrap();
    assert_eq!(response.url().path(), "/v/041061050R3GG28AB");
    assert_eq!(response.url().query(), Some("lang=en"));
}

#[tokio::test]
async fn a_mistyped_code_is_explained() {
    let app = TestApp::start().await;
    for (typed, said) in [
        ("", "Type the code printed"),
        ("0410", "has 4."),
        ("041061050R3GG28ABBB", "is longer"),
        ("0410-6105-0R3G-G28A-C", "mistyped"),
        ("0410-6105-0R3G-G28U-A", "never occurs"),
        ("<b>", "“&#60;” never occurs"),
    ] {
        let typed = typed.replace('<', "%3C").replace('>', "%3E");
        let request = app.get(&format!("/v?code={typed}&lang=en"));
        let page = html(request.send().await.unwrap(), 400, "en").await;
        assert!(page.contains(said), "{typed}: {page}");
        assert!(page.contains("aria-invalid=\"true\"") && !page.contains("<b>"));
    }
}

#[tokio::test]
async fn a_browser_gets_a_page_where_there_is_nothing() {
    let app = TestApp::start().await;
    let request = app.get("/nothing").header("accept", "text/html,*/*;q=0.8");
    let page = html(request.send().await.unwrap(), 404, "id").await;
    assert!(page.contains("Halaman tidak ditemukan"));
}

#[tokio::test]
async fn the_style_sheet_is_kept_for_good_and_nothing_else_is_there() {
    let app = TestApp::start().await;
    let page = html(app.get("/").send().await.unwrap(), 200, "id").await;
    let (_, rest) = page.split_once("rel=\"stylesheet\" href=\"").unwrap();
    let (path, _) = rest.split_once('"').unwrap();
    let response = app.get(path).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(
        response.headers()["cache-control"]
            .to_str()
            .unwrap()
            .contains("immutable")
    );
    for path in [
        "/assets/absah-000000000000.css",
        "/assets/..%2f..%2fetc%2fpasswd",
    ] {
        assert_eq!(app.get(path).send().await.unwrap().status(), 404);
    }
}

//! The authority over HTTP, asked by the real `openssl`.

use std::path::Path;
use std::process::Command;

use crate::app::{TestApp, problem};

/// What openssl prints; it must succeed.
fn openssl(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("openssl")
        .current_dir(folder)
        .args(arguments)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {text}");
    text
}

async fn save(app: &TestApp, path: &str, folder: &Path, name: &str) -> reqwest::Response {
    let response = app.get(path).send().await.unwrap();
    assert_eq!(response.status(), 200, "{path}");
    let again = app.get(path).send().await.unwrap();
    std::fs::write(folder.join(name), again.bytes().await.unwrap()).unwrap();
    response
}

#[tokio::test]
async fn the_certificates_form_a_chain() {
    let app = TestApp::start().await;
    let folder = tempfile::tempdir().unwrap();
    let root = save(&app, "/certs/root.pem", folder.path(), "root.pem").await;
    assert_eq!(root.headers()["content-type"], "application/x-pem-file");
    let issuing = save(&app, "/certs/issuing.cer", folder.path(), "issuing.cer").await;
    assert_eq!(issuing.headers()["content-type"], "application/pkix-cert");
    openssl(
        folder.path(),
        &[
            "x509",
            "-in",
            "issuing.cer",
            "-inform",
            "DER",
            "-out",
            "issuing.pem",
        ],
    );
    let said = openssl(
        folder.path(),
        &[
            "verify",
            "-x509_strict",
            "-CAfile",
            "root.pem",
            "issuing.pem",
        ],
    );
    assert!(said.contains("OK"), "{said}");
    for path in [
        "/certs/none.pem",
        "/certs/root",
        "/certs/..%2fauthority%2froot.toml",
    ] {
        problem(app.get(path).send().await.unwrap(), 404, "not-found").await;
    }
}

#[tokio::test]
async fn the_tsa_answers_openssl() {
    let app = TestApp::start().await;
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    save(&app, "/certs/root.pem", at, "root.pem").await;
    save(&app, "/certs/issuing.pem", at, "issuing.pem").await;
    std::fs::write(at.join("data"), b"a permit").unwrap();
    for hash in ["-sha256", "-sha384", "-sha512"] {
        openssl(
            at,
            &[
                "ts", "-query", "-data", "data", hash, "-cert", "-out", "q.tsq",
            ],
        );
        let query = std::fs::read(at.join("q.tsq")).unwrap();
        let request = app
            .post("/tsa")
            .header("content-type", "application/timestamp-query");
        let response = request.body(query).send().await.unwrap();
        assert_eq!(
            response.headers()["content-type"],
            "application/timestamp-reply"
        );
        std::fs::write(at.join("r.tsr"), response.bytes().await.unwrap()).unwrap();
        let verify = [
            "ts",
            "-verify",
            "-queryfile",
            "q.tsq",
            "-in",
            "r.tsr",
            "-CAfile",
            "root.pem",
            "-untrusted",
            "issuing.pem",
        ];
        assert!(openssl(at, &verify).contains("Verification: OK"));
    }
    let wrong = app.post("/tsa").body("x").send().await.unwrap();
    problem(wrong, 415, "unsupported-media-type").await;
    let long = app
        .post("/tsa")
        .header("content-type", "application/timestamp-query");
    problem(
        long.body(vec![0; 100_000]).send().await.unwrap(),
        413,
        "too-large",
    )
    .await;
}

#[tokio::test]
async fn the_responder_answers_openssl_and_caches() {
    let app = TestApp::start().await;
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    save(&app, "/certs/root.pem", at, "root.pem").await;
    save(&app, "/certs/issuing.pem", at, "issuing.pem").await;
    let tsa = app.running().parts().authority.tsa();
    std::fs::write(at.join("tsa.cer"), tsa.certificate().der()).unwrap();
    openssl(
        at,
        &[
            "x509", "-in", "tsa.cer", "-inform", "DER", "-out", "tsa.pem",
        ],
    );
    let url = format!("http://{}/ocsp", app.address);
    let ask = [
        "ocsp",
        "-issuer",
        "issuing.pem",
        "-cert",
        "tsa.pem",
        "-url",
        &url,
        "-CAfile",
        "root.pem",
        "-verify_other",
        "issuing.pem",
    ];
    let (folder_path, ask) = (at.to_owned(), ask.map(str::to_owned));
    let said = tokio::task::spawn_blocking(move || {
        openssl(&folder_path, &ask.each_ref().map(String::as_str))
    });
    let said = said.await.unwrap();
    assert!(
        said.contains("Response verify OK") && said.contains("tsa.pem: good"),
        "{said}"
    );

    openssl(
        at,
        &[
            "ocsp",
            "-issuer",
            "issuing.pem",
            "-cert",
            "tsa.pem",
            "-no_nonce",
            "-reqout",
            "o.req",
        ],
    );
    let request = std::fs::read(at.join("o.req")).unwrap();
    let encoded = openssl(at, &["base64", "-A", "-in", "o.req"]);
    assert!(!request.is_empty());
    let encoded = encoded
        .trim()
        .replace('+', "%2B")
        .replace('/', "%2F")
        .replace('=', "%3D");
    let response = app.get(&format!("/ocsp/{encoded}")).send().await.unwrap();
    assert_eq!(
        response.headers()["content-type"],
        "application/ocsp-response"
    );
    let cache = response.headers()["cache-control"].to_str().unwrap();
    assert!(
        cache.starts_with("max-age=") && cache.contains("public"),
        "{cache}"
    );
}

#[tokio::test]
async fn the_crls_are_current_and_verify() {
    let app = TestApp::start().await;
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let authority = &app.running().parts().authority;
    for (name, ca) in [("root", authority.root()), ("issuing", authority.issuing())] {
        save(&app, &format!("/certs/{name}.pem"), at, "ca.pem").await;
        let path = format!(
            "/crl/{}.crl",
            hex::encode(ca.subject_key_identifier().unwrap())
        );
        let crl = save(&app, &path, at, "ca.crl").await;
        assert_eq!(crl.headers()["content-type"], "application/pkix-crl");
        let said = openssl(
            at,
            &[
                "crl", "-inform", "DER", "-in", "ca.crl", "-noout", "-CAfile", "ca.pem",
            ],
        );
        assert!(said.contains("verify OK"), "{said}");
        let tag = crl.headers()["etag"].clone();
        let again = app
            .get(&path)
            .header("if-none-match", tag)
            .send()
            .await
            .unwrap();
        assert_eq!(again.status(), 304);
    }
    problem(
        app.get("/crl/00.crl").send().await.unwrap(),
        404,
        "not-found",
    )
    .await;
}

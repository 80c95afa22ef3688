//! What holds for every route.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::app::{TestApp, problem};

#[tokio::test]
async fn an_unknown_address_is_a_problem() {
    let app = TestApp::start().await;
    let response = app.get("/api/v1/nothing").send().await.unwrap();
    problem(response, 404, "not-found").await;
}

#[tokio::test]
async fn another_method_is_a_problem_that_names_the_right_ones() {
    let app = TestApp::start().await;
    let response = app.post("/healthz").send().await.unwrap();
    assert_eq!(response.headers()["allow"], "GET,HEAD");
    problem(response, 405, "method-not-allowed").await;
}

#[tokio::test]
async fn every_answer_bears_the_security_headers() {
    let app = TestApp::start().await;
    for path in ["/healthz", "/nothing", "/"] {
        let response = app.get(path).send().await.unwrap();
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        assert!(header("content-security-policy").starts_with("default-src 'none'"));
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("referrer-policy"), "no-referrer");
        assert_eq!(header("cache-control"), "no-store");
        assert!(
            response
                .headers()
                .get("strict-transport-security")
                .is_none()
        );
    }
}

#[tokio::test]
async fn browsers_are_held_to_https_where_it_is_public() {
    let app = TestApp::start_with(|config| {
        config.server.public_url = Some("https://izin.example.go.id".to_owned());
    })
    .await;
    let response = app.get("/healthz").send().await.unwrap();
    assert!(response.headers().contains_key("strict-transport-security"));
}

#[tokio::test]
async fn measurements_name_routes_and_never_addresses() {
    let app = TestApp::start().await;
    app.get("/assets/7K3M9QXZ2B4CD6EFG").send().await.unwrap();
    let page = app
        .get("/metrics")
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(
        page.contains("route=\"/assets/{name}\",status=\"404\"} 1"),
        "{page}"
    );
    assert!(!page.contains("7K3M"));
}

#[tokio::test]
async fn a_client_that_sends_no_head_is_let_go() {
    let app = TestApp::start().await;
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    stream
        .write_all(b"GET /healthz HTTP/1.1\r\nHost: a\r\n")
        .await
        .unwrap();
    let mut rest = Vec::new();
    let ended = tokio::time::timeout(Duration::from_secs(25), stream.read_to_end(&mut rest));
    assert!(ended.await.is_ok(), "the connection stays open");
}

#[tokio::test]
async fn the_end_lets_running_requests_finish() {
    let mut app = TestApp::start().await;
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    stream
        .write_all(b"GET /healthz HTTP/1.1\r\nHost: a\r\n")
        .await
        .unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    let finishing = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        stream.write_all(b"\r\n").await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    };
    let address = app.address;
    let ((), answer) = tokio::join!(app.end(), finishing);
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(TcpStream::connect(address).await.is_err());
}

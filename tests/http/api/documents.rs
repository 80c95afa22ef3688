//! `/api/v1/documents`: what is taken, what is refused, who sees it.

use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::app::{UPLOAD_LIMIT, problem};
use crate::office::{Office, body, metadata, new_client, permit, sha256};

#[tokio::test]
async fn a_document_goes_in_and_its_way_is_seen() {
    let office = Office::open().await;
    let document = office.submit("503/1").await;
    assert_eq!(document["state"], "in_review");
    assert_eq!(document["waiting_for"], "review:1");
    assert_eq!(document["submitted"]["sha256"], sha256(&permit()));
    let path = format!("/api/v1/documents/{}", document["id"].as_str().unwrap());
    assert_eq!(
        office.file(&path).await,
        permit(),
        "before it is issued the submitted bytes"
    );
    let (_, issued) = office.issue("503/2").await;
    assert_eq!(issued["permit_status"], "active");
    assert_eq!(issued["waiting_for"], json!(null));
}

#[tokio::test]
async fn another_clients_document_is_not_there() {
    let office = Office::open().await;
    let document = office.submit("503/1").await;
    let path = format!("/api/v1/documents/{}", document["id"].as_str().unwrap());
    let other = new_client(&office.app, "SITETEH").await;
    for path in [path.clone(), format!("{path}/file")] {
        problem(office.get(&path, &other).await, 404, "not-found").await;
        problem(
            office.app.get(&path).send().await.unwrap(),
            401,
            "unauthenticated",
        )
        .await;
    }
    let cancel = office
        .post(&format!("{path}/cancel"), &other, json!({"reason": "x"}))
        .await;
    problem(cancel, 404, "not-found").await;
    let seen = body(office.get("/api/v1/documents", &other).await).await;
    assert_eq!(seen["documents"], json!([]));
}

#[tokio::test]
async fn an_unknown_key_opens_nothing() {
    let office = Office::open().await;
    let unknown = format!("absah_{}", "A".repeat(43));
    let response = office
        .submission(&unknown, &permit(), &metadata("1"))
        .send()
        .await
        .unwrap();
    assert_eq!(
        response.headers()["www-authenticate"],
        "Bearer realm=\"absah\""
    );
    problem(response, 401, "unauthenticated").await;
    // A person is known, but submits nothing; a client reviews nothing.
    let response = office
        .submission(&office.reviewer, &permit(), &metadata("1"))
        .send()
        .await;
    problem(response.unwrap(), 403, "forbidden").await;
    let document = office.submit("2").await;
    let path = format!(
        "/api/v1/documents/{}/reviews",
        document["id"].as_str().unwrap()
    );
    let review = json!({"tier": 1, "decision": "approve", "sha256": sha256(&permit())});
    problem(
        office.post(&path, &office.client, review).await,
        403,
        "forbidden",
    )
    .await;
}

#[tokio::test]
async fn files_that_cannot_be_signed_are_refused_with_the_reason() {
    let office = Office::open().await;
    let whole = permit();
    let (half, _) = whole.split_at(whole.len() / 2);
    for (file, reason) in [
        (&b""[..], "not-a-pdf"),
        (b"hello", "not-a-pdf"),
        (half, "damaged-xref"),
    ] {
        let response = office
            .submission(&office.client, file, &metadata("1"))
            .send()
            .await
            .unwrap();
        let body = problem(response, 422, "unsupported-document").await;
        assert_eq!(body["reason"], reason);
    }
    let seen = body(office.get("/api/v1/documents", &office.client).await).await;
    assert_eq!(seen["documents"], json!([]), "nothing is stored half");
}

#[tokio::test]
async fn wrong_metadata_is_refused_by_its_member() {
    let office = Office::open().await;
    let mut unknown_type = metadata("1");
    unknown_type["permit_type"] = json!("NONE");
    let mut misspelt = metadata("1");
    misspelt["valid_untill"] = json!("2030-01-01");
    let mut empty = metadata("1");
    empty["number"] = json!("");
    for wrong in [unknown_type, misspelt, empty] {
        let response = office
            .submission(&office.client, &permit(), &wrong)
            .send()
            .await
            .unwrap();
        let body = problem(response, 422, "invalid-metadata").await;
        assert!(body["member"].is_string(), "{body}");
    }
    let missing = office
        .multipart("/api/v1/documents", &permit(), None)
        .bearer_auth(&office.client);
    problem(missing.send().await.unwrap(), 422, "invalid-metadata").await;
    let bare = office
        .app
        .post("/api/v1/documents")
        .bearer_auth(&office.client);
    problem(bare.send().await.unwrap(), 415, "unsupported-media-type").await;
}

/// A gigabyte is announced and sent: the answer comes at the limit, and the client,
/// still sending, gets to read it.
#[tokio::test]
async fn a_stream_that_does_not_end_is_refused_at_the_limit() {
    let office = Office::open().await;
    let mut stream = TcpStream::connect(office.app.address).await.unwrap();
    let head = format!(
        "POST /api/v1/documents HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {}\r\n\
         Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 1073741824\r\n\r\n\
         --b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n",
        office.client
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let chunk = vec![0; 64 * 1024];
    for _ in 0..(4 * UPLOAD_LIMIT / chunk.len()) {
        stream.write_all(&chunk).await.unwrap();
    }
    let mut answer = vec![0; 4096];
    let read = tokio::time::timeout(Duration::from_secs(10), stream.read(&mut answer));
    let length = read.await.unwrap().unwrap();
    let answer = String::from_utf8_lossy(&answer[..length]).into_owned();
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    assert!(answer.contains("/problems/too-large"), "{answer}");
}

#[tokio::test]
async fn a_body_that_stalls_is_given_up() {
    let office = Office::open().await;
    let mut stream = TcpStream::connect(office.app.address).await.unwrap();
    let head = format!(
        "POST /api/v1/documents HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {}\r\n\
         Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 5000\r\n\r\n--b\r\n",
        office.client
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = vec![0; 4096];
    let read = tokio::time::timeout(Duration::from_secs(10), stream.read(&mut answer));
    let length = read.await.unwrap().unwrap();
    let answer = String::from_utf8_lossy(&answer[..length]).into_owned();
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
}

#[tokio::test]
async fn a_number_and_version_are_taken_once() {
    let office = Office::open().await;
    office.submit("503/1").await;
    let again = office.submission(&office.client, &permit(), &metadata("503/1"));
    problem(again.send().await.unwrap(), 409, "conflict").await;
    let mut next = metadata("503/1");
    next["version"] = json!(2);
    let next = office
        .submission(&office.client, &permit(), &next)
        .send()
        .await
        .unwrap();
    assert_eq!(next.status(), 201);
}

#[tokio::test]
async fn a_list_is_filtered_and_pages_by_cursor() {
    let office = Office::open().await;
    for number in 0..3 {
        office.submit(&format!("503/{number}")).await;
    }
    let list = async |query: &str| {
        body(
            office
                .get(&format!("/api/v1/documents{query}"), &office.client)
                .await,
        )
        .await
    };
    assert_eq!(list("").await["documents"].as_array().unwrap().len(), 3);
    assert_eq!(
        list("?number=503/1").await["documents"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(list("?state=issued").await["documents"], json!([]));
    let newest = list("").await["documents"][0]["id"].clone();
    let older = list(&format!("?cursor={}", newest.as_str().unwrap())).await;
    assert_eq!(older["documents"].as_array().unwrap().len(), 2);
    let wrong = office
        .get("/api/v1/documents?colour=red", &office.client)
        .await;
    problem(wrong, 400, "invalid-request").await;
}

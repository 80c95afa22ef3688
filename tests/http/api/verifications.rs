//! Verdicts by file, code and hash, for everyone.

use absah::kernel::pdf::render::{Pages, View};
use serde_json::{Value, json};

use crate::app::{TestApp, problem};
use crate::office::{Office, PASSPHRASE, body, created, permit, sha256};
use crate::support::picture;

#[tokio::test]
async fn an_issued_file_is_authentic_and_a_changed_one_is_not() {
    let office = Office::open().await;
    let (path, document) = office.issue("503/1").await;
    let file = office.file(&path).await;
    let report = office.verify(&file).await;
    assert_eq!(report["verdict"], "authentic", "{report}");
    assert_eq!(report["sha256"], sha256(&file));
    assert_eq!(report["document"]["code"], document["code"]);
    assert_eq!(report["document"]["holder"], "Melati Contoh Pertiwi");
    assert_eq!(report["signatures"][0]["level"], "B-LTA");

    let mut flipped = file.clone();
    flipped[600] ^= 1;
    let mut appended = file.clone();
    appended.extend_from_slice(b"\n%more\n");
    let mut cut = file.clone();
    cut.truncate(file.len() - 20);
    for (forged, how) in [(flipped, "flipped"), (appended, "appended"), (cut, "cut")] {
        let report = office.verify(&forged).await;
        assert_eq!(report["verdict"], "altered", "{how}: {report}");
        assert_eq!(
            report["document"]["holder"], "M***** C***** P******",
            "{how}"
        );
    }
}

/// A print that was scanned, a page of its own around the copied QR code, and a link that
/// no search of the raw bytes finds: nothing of our bytes is left, our code is.
#[tokio::test]
async fn our_code_in_another_file_leads_to_the_original() {
    let office = Office::open().await;
    let (path, document) = office.issue("503/1").await;
    let file = office.file(&path).await;
    let view = View {
        page: 1,
        rect: None,
        dpi: 150.0,
    };
    let print = Pages::open(file).unwrap().gray(&view).unwrap();
    let scan = picture::scan(print.width, print.height, &print.pixels);
    let report = office.verify(&scan).await;
    assert_eq!(report["verdict"], "altered", "{report}");
    assert_eq!(report["document"]["code"], document["code"]);
    assert_eq!(report["document"]["holder"], "M***** C***** P******");

    // The same picture without the code is nobody's.
    let blank = vec![0xff; print.pixels.len()];
    let report = office
        .verify(&picture::scan(print.width, print.height, &blank))
        .await;
    assert_eq!(report["verdict"], "unsigned", "{report}");
    assert_eq!(report["document"], json!(null));
}

/// What was uploaded is nowhere afterwards.
#[tokio::test]
async fn an_upload_leaves_nothing_behind() {
    let office = Office::open().await;
    let mark = b"% a mark that stands nowhere else 8f1c2d";
    let mut file = permit();
    file.extend_from_slice(mark);
    office.verify(&file).await;
    let mut folders = vec![office.app.folder().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            let found = bytes.windows(mark.len()).any(|window| window == mark);
            assert!(!found, "{} holds the upload", path.display());
        }
    }
}

/// More files at once than are examined at once: each gets its own verdict.
#[tokio::test]
async fn a_flood_of_uploads_is_answered_in_turn() {
    let office = std::sync::Arc::new(Office::open().await);
    let mut asked = tokio::task::JoinSet::new();
    for number in 0..24 {
        let office = std::sync::Arc::clone(&office);
        asked.spawn(async move {
            let mut file = permit();
            file.extend_from_slice(format!("% {number}\n").as_bytes());
            let report = office.verify(&file).await;
            assert_eq!(report["sha256"], sha256(&file), "{report}");
        });
    }
    while let Some(answered) = asked.join_next().await {
        answered.unwrap();
    }
    assert_eq!(
        office.app.get("/healthz").send().await.unwrap().status(),
        200
    );
}

#[tokio::test]
async fn what_is_not_ours_says_so() {
    let office = Office::open().await;
    assert_eq!(office.verify(&permit()).await["verdict"], "unsigned");
    let report = office.verify(b"hello").await;
    assert_ne!(report["verdict"], "authentic");
    assert_eq!(report["document"], json!(null));
    let missing = office
        .app
        .post("/api/v1/verifications")
        .send()
        .await
        .unwrap();
    problem(missing, 415, "unsupported-media-type").await;
}

#[tokio::test]
async fn who_names_xml_first_gets_the_report_of_ts_119_102_2() {
    let office = Office::open().await;
    let (path, _) = office.issue("503/1").await;
    let file = office.file(&path).await;
    let ask = async |accept: &str| {
        let call = office.multipart("/api/v1/verifications", &file, None);
        let answer = call.header("Accept", accept).send().await.unwrap();
        let kind = answer.headers()["content-type"]
            .to_str()
            .unwrap()
            .to_owned();
        (kind, answer.text().await.unwrap())
    };
    let (kind, xml) = ask("application/xml").await;
    assert_eq!(kind, "application/xml");
    assert!(
        xml.contains("<absah:Verdict>authentic</absah:Verdict>"),
        "{xml}"
    );
    assert!(xml.contains("mainindication:total-passed"), "{xml}");
    for accept in ["*/*", "application/json, application/xml;q=0.5"] {
        assert_eq!(ask(accept).await.0, "application/json", "{accept}");
    }
}

#[tokio::test]
async fn a_hash_tells_no_more_than_the_code() {
    let office = Office::open().await;
    let (path, document) = office.issue("503/1").await;
    let sha256 = sha256(&office.file(&path).await);
    let ask = async |path: String| body(office.app.get(&path).send().await.unwrap()).await;
    let by_hash = ask(format!("/api/v1/verifications/sha256/{sha256}")).await;
    let code = document["code"].as_str().unwrap().to_lowercase();
    let by_code = ask(format!("/api/v1/verifications/code/{code}")).await;
    assert_eq!(by_hash, by_code);
    assert_eq!(by_code["document"]["holder"], "M***** C***** P******");
    assert!(!by_code.to_string().contains("Melati"));
}

#[tokio::test]
async fn unknown_codes_and_hashes_are_not_found() {
    let app = TestApp::start().await;
    for path in [
        "code/0410-6105-0R3G-G28A-B",
        "code/0410",
        "sha256/00",
        &format!("sha256/{}", "0".repeat(64)),
    ] {
        let response = app
            .get(&format!("/api/v1/verifications/{path}"))
            .send()
            .await
            .unwrap();
        problem(response, 404, "not-found").await;
    }
}

#[tokio::test]
async fn a_reserved_code_discloses_nothing() {
    let office = Office::open().await;
    let document = office.submit("503/1").await;
    let path = format!(
        "/api/v1/verifications/code/{}",
        document["code"].as_str().unwrap()
    );
    let answer = body(office.app.get(&path).send().await.unwrap()).await;
    assert_eq!(
        answer,
        json!({"stage": "not_issued", "verdict": null, "document": null})
    );
}

#[tokio::test]
async fn guessing_is_slowed_down() {
    let app = TestApp::start_with(|config| config.limits.lookups_per_minute = 3).await;
    let ask = async || {
        let path = "/api/v1/verifications/code/0410-6105-0R3G-G28A-B";
        app.get(path).send().await.unwrap()
    };
    for _ in 0..3 {
        assert_eq!(ask().await.status(), 404);
    }
    let refused = ask().await;
    assert!(refused.headers().contains_key("retry-after"));
    problem(refused, 429, "rate-limited").await;
}

/// What was submitted is not what was issued: until the issue a file without signature,
/// from then on one that the office's own was made from.
#[tokio::test]
async fn a_submitted_file_that_comes_back_unsigned_is_altered_once_it_is_issued() {
    let office = Office::open().await;
    let waiting = office.ready("503/1").await;
    let verdict = office.verify(&permit()).await;
    assert_eq!(
        (&verdict["verdict"], &verdict["document"]),
        (&json!("unsigned"), &Value::Null)
    );
    let secret = json!({ "passphrase": PASSPHRASE });
    let approvals = format!("{waiting}/approvals");
    let approved = office.post(&approvals, &office.signatory, secret).await;
    created(approved, 202).await;
    office.issued(&waiting).await;
    let verdict = office.verify(&permit()).await;
    assert_eq!(verdict["verdict"], "altered");
    assert_eq!(verdict["document"]["number"], "503/1");
}

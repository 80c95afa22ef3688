//! `absah user` and `absah mandate`: every kind of key signs through the whole service, and a
//! mandate lets its holder sign until it ends.

use serde_json::{Value, json};

use crate::world::{Answer, Folder, PASSPHRASE, PERMIT_TYPE, Service, token, token_uri};

/// Adds a signatory, and tells the API key.
fn signatory(folder: &Folder, name: &str, key: &[&str]) -> String {
    let user = [
        "user",
        "add",
        name,
        "--office",
        "Kepala Dinas",
        "--role",
        "signatory",
    ];
    let added = folder.office_json(&[&user[..], key].concat());
    added["key"].as_str().unwrap().to_owned()
}

fn office(folder: &Folder, key: &[&str]) -> (String, String) {
    assert_eq!(folder.office(&["ca", "init", "--demonstration"]).status, 0);
    let client = folder.office_json(&["client", "add", "OPTIMIS"]);
    let ahmad = signatory(folder, "Ahmad Teladan", key);
    std::fs::write(folder.path("type.toml"), PERMIT_TYPE).unwrap();
    folder
        .office(&["permit-type", "save", "type.toml"])
        .expect(0, "SIPB");
    (client["key"].as_str().unwrap().to_owned(), ahmad)
}

async fn approve(service: &Service, path: &str, key: &str, secret: &str) -> (u16, Value) {
    let body = json!({ "passphrase": secret });
    service.post(&format!("{path}/approvals"), key, body).await
}

async fn issues(service: &Service, client: &str, signatory: &str, secret: &str, number: &str) {
    let path = service.submit(client, number).await;
    let (status, said) = approve(service, &path, signatory, secret).await;
    assert_eq!(status, 202, "{said}");
    let document = service.settled(&path, client).await;
    assert_eq!(document["state"], "issued", "{document}");
}

#[tokio::test]
async fn every_kind_of_software_key_signs_permits() {
    let folder = Folder::new();
    let (client, ahmad) = office(&folder, &["--passphrase-file", "pass"]);
    let service = folder.serve();
    issues(&service, &client, &ahmad, PASSPHRASE, "p-256").await;
    for kind in ["p-384", "rsa-2048", "rsa-3072"] {
        let again = ["user", "enrol", "Ahmad Teladan", "--key-type", kind];
        folder
            .office(&[&again[..], &["--passphrase-file", "pass"]].concat())
            .expect(0, "Ahmad");
        issues(&service, &client, &ahmad, PASSPHRASE, kind).await;
    }
    let wrong = ["user", "enrol", "Ahmad Teladan", "--key-type", "rsa-1024"];
    folder.office(&wrong).expect(2, "unknown key type");
}

#[tokio::test]
async fn a_key_in_a_token_signs_permits_with_its_pin_only() {
    let folder = token(Folder::new());
    let uri = token_uri("rsa");
    let key = ["--pkcs11", &uri, "--passphrase-file", "pin"];
    let (client, ahmad) = office(&folder, &key);
    let service = folder.serve();
    issues(&service, &client, &ahmad, "4321", "rsa").await;
    let path = service.submit(&client, "wrong").await;
    let (status, said) = approve(&service, &path, &ahmad, "1234").await;
    assert_ne!(status, 202, "{said}");
    assert_eq!(service.get(&path, &client).await["state"], "ready");
    let uri = token_uri("ec");
    let enrol = |uri: &str, pin: &str| {
        folder.office(&[
            "user",
            "enrol",
            "Ahmad Teladan",
            "--pkcs11",
            uri,
            "--passphrase-file",
            pin,
        ])
    };
    enrol(&uri, "badpin").expect(2, "refuses the PIN");
    enrol(&format!("{uri}&pin-value=4321"), "pin").expect(2, "leave the PIN out");
    enrol(&uri, "pin").expect(0, "Ahmad");
    issues(&service, &client, &ahmad, "4321", "ec").await;
}

fn mandate(folder: &Folder, extra: &[&str]) -> Answer {
    let people = ["--grantor", "Ahmad Teladan", "--holder", "Rini Contoh"];
    let add = ["mandate", "--json", "add", "--kind", "plh"];
    folder.office(&[&add[..], &people, extra].concat())
}

#[tokio::test]
async fn a_mandate_lets_its_holder_sign_until_it_ends() {
    let folder = Folder::new();
    let (client, _) = office(&folder, &["--passphrase-file", "pass"]);
    let rini = signatory(&folder, "Rini Contoh", &["--passphrase-file", "pass"]);
    let service = folder.serve();
    let path = service.submit(&client, "1").await;
    let (status, said) = approve(&service, &path, &rini, PASSPHRASE).await;
    assert_ne!(status, 202, "no mandate yet: {said}");
    let year = ["--from", "2020-01-01", "--until", "2099-12-31"];
    mandate(&folder, &[&year[..], &["--decree", " "]].concat()).expect(2, "decree");
    let decree = ["--decree", "800/123/2026"];
    let backwards = ["--from", "2099-01-01", "--until", "2020-01-01"];
    mandate(&folder, &[&decree[..], &backwards].concat()).expect(2, "ends after it begins");
    mandate(
        &folder,
        &[&decree[..], &["--from", "kini", "--until", "besok"]].concat(),
    )
    .expect(2, "2026-11-22");
    let given = mandate(
        &folder,
        &[&decree[..], &year, &["--permit-type", "SIPB"]].concat(),
    );
    let given = given.expect(0, "").json();
    let id = given[0]["id"].as_str().unwrap();
    folder.office(&["mandate", "list"]).expect(0, "in force");
    let (status, said) = approve(&service, &path, &rini, PASSPHRASE).await;
    assert_eq!(status, 202, "{said}");
    assert_eq!(service.settled(&path, &client).await["state"], "issued");
    folder.office(&["mandate", "end", id]).expect(0, "ended");
    folder
        .office(&["mandate", "end", id])
        .expect(2, "has ended");
    let path = service.submit(&client, "2").await;
    let (status, said) = approve(&service, &path, &rini, PASSPHRASE).await;
    assert_ne!(status, 202, "it ended: {said}");
}

//! A service that takes its timestamps from others: in their order, trusted ones only,
//! with proof about them; and without proof no permit.

use std::fs;
use std::net::TcpListener;

use serde_json::json;

use crate::world::{Folder, PASSPHRASE, PERMIT_TYPE, Service};

/// Another office whose TSA is asked.
struct Other {
    folder: Folder,
    service: Service,
}

impl Other {
    fn new() -> Self {
        let folder = Folder::new();
        let service = folder.serve();
        Self { folder, service }
    }

    fn tsa(&self) -> String {
        format!("{}/tsa", self.service.url)
    }

    fn certificate(&self) -> Vec<u8> {
        let pem = fs::read_to_string(self.folder.path("data/authority/tsa.toml")).unwrap();
        let begin = pem.find("-----BEGIN").unwrap();
        fs::write(self.folder.path("tsa.pem"), &pem[begin..]).unwrap();
        self.folder
            .openssl("x509 -in tsa.pem -outform DER -out tsa.der");
        fs::read(self.folder.path("tsa.der")).unwrap()
    }
}

/// Our office, which asks these for timestamps and believes this one alone.
fn office(urls: &[&str], believed: &Other) -> (Folder, String, String) {
    let root = believed.folder.path("data/authority/root.pem");
    let folder = Folder::new()
        .with("ABSAH_TIMESTAMPS_URLS", &urls.join(","))
        .with("ABSAH_TIMESTAMPS_ANCHORS", root.to_str().unwrap())
        .with("ABSAH_TIMESTAMPS_PATIENCE_SECONDS", "1")
        .with("ABSAH_TIMESTAMPS_PRIVATE_HOSTS", "localhost");
    assert_eq!(folder.office(&["ca", "init", "--demonstration"]).status, 0);
    let client = folder.office_json(&["client", "add", "OPTIMIS"]);
    let user = ["user", "add", "Ahmad Teladan", "--office", "Kepala Dinas"];
    let key = ["--role", "signatory", "--passphrase-file", "pass"];
    let user = folder.office_json(&[&user[..], &key].concat());
    fs::write(folder.path("type.toml"), PERMIT_TYPE).unwrap();
    folder
        .office(&["permit-type", "save", "type.toml"])
        .expect(0, "SIPB");
    let key = |one: &serde_json::Value| one["key"].as_str().unwrap().to_owned();
    (folder, key(&client), key(&user))
}

async fn approved(service: &Service, client: &str, signatory: &str) -> serde_json::Value {
    let path = service.submit(client, "1").await;
    let secret = json!({"passphrase": PASSPHRASE});
    let approvals = format!("{path}/approvals");
    let (status, said) = service.post(&approvals, signatory, secret).await;
    assert_eq!(status, 202, "{said}");
    let mut document = service.settled(&path, client).await;
    document["path"] = path.into();
    document
}

#[tokio::test]
async fn the_first_good_one_of_the_list_stamps_and_the_permit_is_b_lta() {
    let (good, untrusted) = (Other::new(), Other::new());
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let slow = format!("http://{}/tsa", silent.local_addr().unwrap());
    let urls = [
        "http://127.0.0.1:1/tsa",
        &slow,
        &untrusted.tsa(),
        &good.tsa(),
    ];
    let (folder, client, signatory) = office(&urls, &good);
    let service = folder.serve();
    let document = approved(&service, &client, &signatory).await;
    assert_eq!(document["state"], "issued", "{document}");
    let file = format!("{}/file", document["path"].as_str().unwrap());
    let file = service.bytes(&file, &client).await;
    let text = String::from_utf8_lossy(&file).to_lowercase();
    let carries = |other: &Other| text.contains(&hex::encode(other.certificate()));
    assert!(carries(&good) && !carries(&untrusted));
    fs::write(folder.path("permit.pdf"), &file).unwrap();
    let report = folder
        .office(&["verify", "permit.pdf", "--json"])
        .expect(0, "")
        .json();
    assert_eq!(report["verdict"], "authentic");
    assert_eq!(report["signatures"][0]["level"], "B-LTA");
    let log = fs::read_to_string(folder.path("serve.log")).unwrap();
    for reason in [
        "no connection",
        "no answer in time",
        "its certificate is not trusted",
    ] {
        assert!(log.contains(reason), "{reason}: {log}");
    }
    // Whoever trusts our root alone does not believe the foreign time.
    let ours = ["verify", "permit.pdf", "--trust", "data/authority/root.pem"];
    let report = folder.absah(&[&ours[..], &["--json"]].concat()).json();
    assert_eq!(report["signatures"][0]["level"], "B-B");
    assert_eq!(report["signatures"][0]["best_signature_time"], json!(null));
}

#[tokio::test]
async fn wrong_answers_and_a_revoked_tsa_keep_the_permit_waiting() {
    let (good, untrusted) = (Other::new(), Other::new());
    let page = format!("{}/", good.service.url);
    let (folder, client, signatory) = office(&[&untrusted.tsa(), &page], &good);
    let service = folder.serve();
    let document = approved(&service, &client, &signatory).await;
    assert_eq!(document["state"], "signed", "{document}");
    let why = document["waiting_for"].as_str().unwrap();
    assert!(
        why.starts_with("timestamp") && why.contains("not trusted"),
        "{why}"
    );

    let listed = good.folder.office_json(&["ca", "list", "--role", "tsa"]);
    let serial = listed[0]["serial"].as_str().unwrap();
    good.folder
        .office(&["ca", "revoke", serial, "--reason", "keyCompromise"])
        .expect(0, "");
    let (folder, client, signatory) = office(&[&good.tsa()], &good);
    let service = folder.serve();
    let document = approved(&service, &client, &signatory).await;
    assert_eq!(document["state"], "signed", "{document}");
    let why = document["waiting_for"].as_str().unwrap();
    assert!(why.contains("is revoked"), "{why}");
}

#[test]
fn addresses_without_anchors_are_refused() {
    let folder = Folder::new().with("ABSAH_TIMESTAMPS_URLS", "http://127.0.0.1:1/tsa");
    folder
        .office(&["client", "list"])
        .expect(2, "timestamps.anchors");
}

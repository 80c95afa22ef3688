//! `absah verify --data`: the register's verdicts, the same as over HTTP.

use serde_json::{Value, json};

use crate::world::{Folder, PASSPHRASE, PERMIT_TYPE, Service, permit};

struct Office {
    folder: Folder,
    service: Service,
    client: String,
    signatory: String,
}

impl Office {
    fn open() -> Self {
        let folder = Folder::new();
        assert_eq!(folder.office(&["ca", "init", "--demonstration"]).status, 0);
        let client = folder.office_json(&["client", "add", "OPTIMIS"]);
        let user = ["user", "add", "Ahmad Teladan", "--office", "Kepala Dinas"];
        let key = ["--role", "signatory", "--passphrase-file", "pass"];
        let user = folder.office_json(&[&user[..], &key].concat());
        std::fs::write(folder.path("type.toml"), PERMIT_TYPE).unwrap();
        folder
            .office(&["permit-type", "save", "type.toml"])
            .expect(0, "SIPB");
        let key = |one: &Value| one["key"].as_str().unwrap().to_owned();
        let (client, signatory) = (key(&client), key(&user));
        let service = folder.serve();
        Self {
            folder,
            service,
            client,
            signatory,
        }
    }

    async fn issue(&self) -> (String, Vec<u8>) {
        let path = self.service.submit(&self.client, "1").await;
        let secret = json!({"passphrase": PASSPHRASE});
        let approvals = format!("{path}/approvals");
        let (status, said) = self.service.post(&approvals, &self.signatory, secret).await;
        assert_eq!(status, 202, "{said}");
        let document = self.service.settled(&path, &self.client).await;
        assert_eq!(document["state"], "issued", "{document}");
        let file = format!("{path}/file");
        (path, self.service.bytes(&file, &self.client).await)
    }

    /// The verdict on the command line and its exit status; the same as over HTTP.
    async fn verdict(&self, file: &[u8]) -> (i32, Value) {
        std::fs::write(self.folder.path("file.pdf"), file).unwrap();
        let answer = self.folder.office(&["verify", "file.pdf", "--json"]);
        let (here, there) = (answer.json(), self.service.verify(file).await);
        let (here, there) = (timeless(here), timeless(there));
        for part in ["verdict", "sha256", "document", "signatures"] {
            assert_eq!(here[part], there[part], "{part}");
        }
        (answer.status, here)
    }
}

/// The same without the time at which it was judged.
fn timeless(mut report: Value) -> Value {
    let signatures = report["signatures"].as_array_mut();
    let checks = signatures.into_iter().flatten();
    let checks = checks.filter_map(|signature| signature["checks"].as_array_mut());
    for check in checks.flatten() {
        if check["check"] == "certificate-validation" {
            check["time"] = Value::Null;
        }
    }
    report
}

#[tokio::test]
async fn the_command_line_says_what_the_service_says() {
    let office = Office::open();
    let (path, issued) = office.issue().await;
    let (status, report) = office.verdict(&issued).await;
    assert_eq!((status, &report["verdict"]), (0, &json!("authentic")));
    assert_eq!(report["document"]["number"], "1");
    assert_eq!(report["document"]["holder"], "Melati Contoh Pertiwi");
    office
        .folder
        .office(&["verify", "file.pdf"])
        .expect(0, "ASLI DAN BERLAKU");
    let plain = office.folder.absah(&[
        "verify",
        "file.pdf",
        "--trust",
        "data/authority/root.pem",
        "--json",
    ]);
    assert_eq!(
        plain.json()["verdict"],
        "unknown_valid",
        "without --data there is no register"
    );

    let mut altered = issued.clone();
    let at = altered
        .windows(4)
        .position(|four| four == b"/Nam")
        .unwrap_or(900);
    altered[at + 1] ^= 1;
    let extended = [&issued[..], b"\n%%EOF\n"].concat();
    for made_from_ours in [&altered, &extended, &permit()] {
        let (status, report) = office.verdict(made_from_ours).await;
        assert_eq!((status, &report["verdict"]), (1, &json!("altered")));
    }

    let cancel = json!({"reason": "Data pemohon tidak benar"});
    let (status, said) = office
        .service
        .post(&format!("{path}/cancel"), &office.client, cancel)
        .await;
    assert_eq!(status, 200, "{said}");
    let (status, report) = office.verdict(&issued).await;
    assert_eq!(
        (status, &report["verdict"]),
        (1, &json!("authentic_not_in_force"))
    );
    let words = office
        .folder
        .office(&["verify", "file.pdf"])
        .expect(1, "ASLI, TIDAK BERLAKU");
    words
        .expect(1, "DIBATALKAN")
        .expect(1, "Data pemohon tidak benar");
}

#[tokio::test]
async fn what_others_made_is_not_ours() {
    let office = Office::open();
    let other = Folder::new();
    other
        .office(&["sign", "in.pdf", "-o", "signed.pdf", "--invisible"])
        .expect(0, "B-LTA");
    let foreign = std::fs::read(other.path("signed.pdf")).unwrap();
    let (status, report) = office.verdict(&foreign).await;
    assert_eq!((status, &report["verdict"]), (1, &json!("indeterminate")));
    office
        .folder
        .office(&["sign", "in.pdf", "-o", "ours.pdf", "--invisible"])
        .expect(0, "");
    let sealed = std::fs::read(office.folder.path("ours.pdf")).unwrap();
    let (status, report) = office.verdict(&sealed).await;
    assert_eq!(
        (status, &report["verdict"]),
        (0, &json!("unknown_valid")),
        "sealed, never released"
    );
    let (status, report) = office.verdict(&permit()).await;
    assert_eq!((status, &report["verdict"]), (1, &json!("unsigned")));
    other.office(&["verify", "none.pdf"]).expect(2, "none.pdf");
    other
        .absah(&["verify", "in.pdf", "--data", "nowhere"])
        .expect(2, "nowhere");
}

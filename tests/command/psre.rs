//! A signatory whose certificate a provider (PSrE) issues: request, certificate, import, a
//! permit signed through the service, verified; and what must not pass.

use serde_json::{Value, json};

use crate::world::{Folder, PASSPHRASE, PERMIT_TYPE, Psre, Service};

/// An office whose signatory waits for the provider's certificate.
struct Scene {
    folder: Folder,
    psre: Psre,
    client: String,
    signatory: String,
}

impl Scene {
    fn new() -> Self {
        let folder = Folder::new();
        let psre = Psre::new(&folder);
        let anchors = folder.path("psre.pem").display().to_string();
        let folder = folder
            .with("ABSAH_PSRE_ANCHORS", &anchors)
            .with("ABSAH_PSRE_PRIVATE_HOSTS", "localhost");
        assert_eq!(folder.office(&["ca", "init", "--demonstration"]).status, 0);
        let client = folder.office_json(&["client", "add", "OPTIMIS"]);
        let user = ["user", "add", "Ahmad Teladan", "--office", "Kepala Dinas"];
        let role = ["--role", "signatory", "--without-key"];
        let user = folder.office_json(&[&user[..], &role].concat());
        std::fs::write(folder.path("type.toml"), PERMIT_TYPE).unwrap();
        folder
            .office(&["permit-type", "save", "type.toml"])
            .expect(0, "SIPB");
        Self {
            folder,
            psre,
            client: text(&client, "key"),
            signatory: text(&user, "key"),
        }
    }

    fn request(&self, name: &str, kind: &str) {
        let request = [
            "ca",
            "request",
            "--person",
            "Ahmad Teladan",
            "--key-type",
            kind,
        ];
        let out = ["--key-passphrase-file", "pass", "-o", name];
        self.folder
            .office(&[&request[..], &out].concat())
            .expect(0, "absah ca import");
    }

    fn import(&self, certificate: &str, trust: &[&str]) -> crate::world::Answer {
        let import = ["ca", "import", certificate, "--person", "Ahmad Teladan"];
        self.folder.office(&[&import[..], trust].concat())
    }

    /// A permit, submitted and approved.
    async fn approve(&self, service: &Service, number: &str) -> String {
        let path = service.submit(&self.client, number).await;
        let secret = json!({"passphrase": PASSPHRASE});
        let approvals = format!("{path}/approvals");
        let (status, said) = service.post(&approvals, &self.signatory, secret).await;
        assert_eq!(status, 202, "{said}");
        path
    }
}

fn text(value: &Value, field: &str) -> String {
    value[field].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_certificate_of_a_provider_signs_permits_and_is_labelled_as_certified() {
    let scene = Scene::new();
    let folder = &scene.folder;
    scene.request("r.pem", "p-384");
    let said = folder.openssl("req -in r.pem -verify -noout -subject");
    assert!(said.contains("Ahmad Teladan"), "{said}");
    scene.psre.certify(folder, "r.pem", "c.pem", 700);
    let service = folder.serve();
    let early = service.submit(&scene.client, "1").await;
    let secret = json!({"passphrase": PASSPHRASE});
    let approvals = format!("{early}/approvals");
    let (status, said) = service.post(&approvals, &scene.signatory, secret).await;
    assert_ne!(status, 202, "there is no certificate yet: {said}");
    scene.import("c.pem", &[]).expect(0, "issued by");
    let path = scene.approve(&service, "2").await;
    let document = service.settled(&path, &scene.client).await;
    assert_eq!(document["state"], "issued", "{document}");
    let file = service.bytes(&format!("{path}/file"), &scene.client).await;
    std::fs::write(folder.path("permit.pdf"), file).unwrap();
    let answer = folder
        .office(&["verify", "permit.pdf", "--json"])
        .expect(0, "");
    let report = answer.json();
    assert_eq!(report["verdict"], "authentic");
    assert_eq!(report["signatures"][0]["level"], "B-LTA");
    let certifier = json!({"kind": "psre", "issuer": "PSrE_Contoh"});
    assert_eq!(report["document"]["certifier"], certifier);
    let words = folder.office(&["verify", "permit.pdf"]).out;
    assert!(!words.contains("ersertifikasi PSrE"), "{words}");
    let trust = ["verify", "permit.pdf", "--trust", "data/authority/root.pem"];
    folder.absah(&trust).expect(1, "BELUM DAPAT DIPASTIKAN");
}

#[tokio::test]
async fn a_revoked_or_unproven_certificate_keeps_the_permit_waiting() {
    let scene = Scene::new();
    scene.request("r.pem", "rsa-2048");
    scene.psre.certify(&scene.folder, "r.pem", "c.pem", 700);
    scene.import("c.pem", &[]).expect(0, "");
    scene.psre.revoke(&scene.folder, "c.pem");
    let service = scene.folder.serve();
    let path = scene.approve(&service, "1").await;
    let document = service.settled(&path, &scene.client).await;
    assert_eq!(document["state"], "signed", "{document}");
    assert!(
        document["waiting_for"]
            .as_str()
            .unwrap()
            .contains("is revoked"),
        "{document}"
    );
    scene.psre.fall_silent();
    let path = scene.approve(&service, "2").await;
    let document = service.settled(&path, &scene.client).await;
    assert!(
        document["waiting_for"]
            .as_str()
            .unwrap()
            .starts_with("revocation"),
        "{document}"
    );
}

#[test]
fn only_the_certificate_of_our_key_under_a_named_root_is_imported() {
    let scene = Scene::new();
    let folder = &scene.folder;
    scene.import("c.pem", &[]).expect(2, "absah ca request");
    scene.request("first.pem", "p-256");
    scene.psre.certify(folder, "first.pem", "first.crt", 700);
    scene.request("r.pem", "p-256");
    scene
        .import("first.crt", &[])
        .expect(2, "0 of the certificates are for the key");
    scene.psre.certify(folder, "r.pem", "c.pem", 700);
    folder.openssl(
        "req -x509 -newkey rsa:2048 -nodes -keyout o.key -subj /CN=Lain -days 30 -out other.pem",
    );
    scene
        .import("c.pem", &["--trust", "other.pem"])
        .expect(2, "not accepted");
    scene.import("c.pem", &[]).expect(0, "");
    scene
        .import("c.pem", &[])
        .expect(2, "no request of Ahmad Teladan waits");
}

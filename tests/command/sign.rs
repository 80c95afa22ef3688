//! `absah sign` with keys from elsewhere: PKCS#12, PKCS#11, a foreign TSA, certificates of
//! a provider whose CRL is fetched.

use crate::world::{Answer, Folder, Psre, Service, token, token_uri};

/// A provider, an instance whose TSA serves, a signatory's key and certificate.
struct Scene {
    folder: Folder,
    psre: Psre,
    tsa: Service,
}

impl Scene {
    fn new(folder: Folder) -> Self {
        let psre = Psre::new(&folder);
        folder.openssl("ecparam -name secp384r1 -genkey -noout -out s.key");
        folder.openssl("req -new -key s.key -subj /CN=Siti -out s.csr");
        psre.certify(&folder, "s.csr", "s.pem", 700);
        folder.openssl("pkcs12 -export -inkey s.key -in s.pem -certfile psre.pem -passout file:pass -out s.p12");
        let tsa = folder.serve();
        Self { folder, psre, tsa }
    }

    /// Signs with whom to trust and where to fetch, as far as `world` says.
    fn sign(&self, key: &[&str], world: &[&str]) -> Answer {
        let _ = std::fs::remove_file(self.folder.path("out.pdf"));
        let fixed = ["sign", "in.pdf", "-o", "out.pdf", "--invisible"];
        let answer = self.folder.absah(&[&fixed[..], key, world].concat());
        let written = self.folder.path("out.pdf").exists();
        assert_eq!(written, answer.status == 0, "{answer}");
        answer
    }

    fn world<'a>(&self, tsa: &'a str) -> Vec<&'a str> {
        let trust = ["--trust", "psre.pem", "--trust", "data/authority/root.pem"];
        [&["--tsa", tsa, "--private-host", "localhost"], &trust[..]].concat()
    }

    fn verify(&self) -> Answer {
        let trust = ["--trust", "psre.pem", "--trust", "data/authority/root.pem"];
        self.folder
            .absah(&[&["verify", "out.pdf", "--json"], &trust[..]].concat())
    }

    /// The level that is reached, without revocation data for what the file has none of.
    fn level(&self) -> serde_json::Value {
        let trust = ["--trust", "psre.pem", "--trust", "data/authority/root.pem"];
        let verify = ["verify", "out.pdf", "--json", "--revocation", "if-present"];
        let report = self.folder.absah(&[&verify[..], &trust].concat()).json();
        report["signatures"][0]["level"].clone()
    }
}

const P12: &[&str] = &["--p12", "s.p12", "--passphrase-file", "pass"];

#[test]
fn a_providers_p12_signs_up_to_b_lta_with_a_foreign_tsa() {
    let scene = Scene::new(Folder::new());
    let url = format!("{}/tsa", scene.tsa.url);
    let world = scene.world(&url);
    scene.sign(P12, &world).expect(0, "B-LTA");
    let report = scene.verify().expect(0, "").json();
    assert_eq!(report["verdict"], "unknown_valid");
    let signature = &report["signatures"][0];
    assert_eq!(signature["level"], "B-LTA");
    assert_eq!(signature["revocation"]["source"], "crl");
    for (level, name) in [("b-b", "B-B"), ("b-t", "B-T"), ("b-lt", "B-LT")] {
        scene
            .sign(P12, &[&world[..], &["--level", level]].concat())
            .expect(0, "");
        assert_eq!(scene.level(), name);
    }
    scene
        .sign(P12, &[&world[..], &["--level", "b-t"]].concat())
        .expect(0, "");
    std::fs::rename(scene.folder.path("out.pdf"), scene.folder.path("bt.pdf")).unwrap();
    let raise = ["augment", "bt.pdf", "-o", "out.pdf"];
    scene
        .folder
        .absah(&[&raise[..], &world].concat())
        .expect(0, "B-LTA");
    assert_eq!(scene.verify().json()["signatures"][0]["level"], "B-LTA");
}

#[test]
fn what_is_missing_or_wrong_is_said_and_nothing_is_written() {
    let scene = Scene::new(Folder::new());
    let url = format!("{}/tsa", scene.tsa.url);
    let world = scene.world(&url);
    let wrong = ["--p12", "s.p12", "--passphrase-file", "wrong"];
    scene.sign(&wrong, &world).expect(2, "s.p12");
    let dead = scene.world("http://127.0.0.1:1/tsa");
    scene.sign(P12, &dead).expect(3, "127.0.0.1: no connection");
    let failover = [&dead[..], &["--tsa", &url]].concat();
    scene.sign(P12, &failover).expect(0, "B-LTA");
    scene.sign(P12, &[]).expect(2, "--tsa");
    let nobody = ["--tsa", &url, "--private-host", "localhost"];
    scene.sign(P12, &nobody).expect(2, "--trust");
    let untrusted = [&nobody[..], &["--trust", "psre.pem"]].concat();
    scene
        .sign(P12, &untrusted)
        .expect(3, "its certificate is not trusted");
    let public_only = ["--tsa", &url, "--trust", "data/authority/root.pem"];
    scene
        .sign(P12, &public_only)
        .expect(3, "nothing current and fresh");
    scene.psre.revoke(&scene.folder, "s.pem");
    scene
        .sign(P12, &world)
        .expect(2, "is revoked (keyCompromise)");
    scene.psre.fall_silent();
    scene
        .sign(P12, &world)
        .expect(3, "nothing current and fresh");
}

#[test]
fn a_token_signs_with_its_pin_only() {
    let scene = Scene::new(token(Folder::new()));
    let folder = &scene.folder;
    folder.openssl("pkey -pubin -inform DER -in ec.pub -out ec.pem");
    folder.openssl("x509 -req -in s.csr -force_pubkey ec.pem -CA psre.pem -CAkey psre.key -CAcreateserial -days 700 -extfile psre.cnf -extensions person -out t.pem");
    let url = format!("{}/tsa", scene.tsa.url);
    let world = scene.world(&url);
    let pin = |file: &str| {
        format!(
            "{}&pin-source=file:{}",
            token_uri("ec"),
            folder.path(file).display()
        )
    };
    let (good, bad) = (pin("pin"), pin("badpin"));
    let key = |uri| ["--pkcs11", uri, "--certificate", "t.pem"];
    scene.sign(&key(&good), &world).expect(0, "B-LTA");
    let report = scene.verify().expect(0, "").json();
    assert_eq!(report["signatures"][0]["level"], "B-LTA");
    scene.sign(&key(&bad), &world).expect(2, "refuses the PIN");
    let of_another = ["--pkcs11", &good, "--certificate", "s.pem"];
    scene
        .sign(&of_another, &world)
        .expect(2, "no certificate of this key");
    let unknown = good.replace("object=ec", "object=none");
    scene
        .sign(&key(&unknown), &world)
        .expect(3, "0 private keys");
}

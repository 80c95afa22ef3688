//! TLS by the service's own listener.

use std::fs;

use absah::http::tls::{Tls, TlsError};
use openssl::asn1::Asn1Time;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::x509::extension::SubjectAlternativeName;
use openssl::x509::{X509, X509Builder, X509NameBuilder};
use reqwest::{Certificate, Client, Version};
use tempfile::TempDir;

use crate::app::TestApp;

fn key() -> PKey<Private> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap()
}

fn certificate(key: &PKey<Private>) -> X509 {
    let mut name = X509NameBuilder::new().unwrap();
    name.append_entry_by_nid(Nid::COMMONNAME, "localhost")
        .unwrap();
    let name = name.build();
    let mut builder = X509Builder::new().unwrap();
    builder.set_version(2).unwrap();
    builder.set_subject_name(&name).unwrap();
    builder.set_issuer_name(&name).unwrap();
    builder.set_pubkey(key).unwrap();
    builder
        .set_not_before(&Asn1Time::days_from_now(0).unwrap())
        .unwrap();
    builder
        .set_not_after(&Asn1Time::days_from_now(1).unwrap())
        .unwrap();
    let names = SubjectAlternativeName::new()
        .dns("localhost")
        .build(&builder.x509v3_context(None, None))
        .unwrap();
    builder.append_extension(names).unwrap();
    builder.sign(key, MessageDigest::sha256()).unwrap();
    builder.build()
}

struct Files {
    folder: TempDir,
    certificate: X509,
}

impl Files {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let key = key();
        let certificate = certificate(&key);
        fs::write(
            folder.path().join("cert.pem"),
            certificate.to_pem().unwrap(),
        )
        .unwrap();
        fs::write(
            folder.path().join("key.pem"),
            key.private_key_to_pem_pkcs8().unwrap(),
        )
        .unwrap();
        Self {
            folder,
            certificate,
        }
    }

    fn tls(&self, certificate: &str, key: &str) -> Result<Tls, TlsError> {
        Tls::from_files(
            &self.folder.path().join(certificate),
            &self.folder.path().join(key),
        )
    }
}

#[tokio::test]
async fn the_listener_speaks_tls_and_http_2() {
    let files = Files::new();
    let app = TestApp::start_with(|config| {
        config.server.tls_cert = Some(files.folder.path().join("cert.pem"));
        config.server.tls_key = Some(files.folder.path().join("key.pem"));
    })
    .await;
    let root = Certificate::from_pem(&files.certificate.to_pem().unwrap()).unwrap();
    let client = Client::builder()
        .no_proxy()
        .tls_certs_only([root])
        .resolve("localhost", app.address)
        .build()
        .unwrap();
    let url = format!("https://localhost:{}/healthz", app.address.port());
    let response = client.get(url).send().await.unwrap();
    assert_eq!(response.version(), Version::HTTP_2);
    assert_eq!(response.text().await.unwrap(), "ok\n");
    // A client without TLS gets no answer, and does no harm.
    assert!(app.get("/healthz").send().await.is_err());
}

#[test]
fn a_key_of_another_certificate_is_refused() {
    let files = Files::new();
    let other = key().private_key_to_pem_pkcs8().unwrap();
    fs::write(files.folder.path().join("other.pem"), other).unwrap();
    let refused = |certificate, key| files.tls(certificate, key).unwrap_err();
    assert!(matches!(
        refused("cert.pem", "other.pem"),
        TlsError::Key(_) | TlsError::Mismatch(_)
    ));
    assert!(matches!(
        refused("missing.pem", "key.pem"),
        TlsError::Certificate(_)
    ));
    assert!(matches!(refused("cert.pem", "cert.pem"), TlsError::Key(_)));
}

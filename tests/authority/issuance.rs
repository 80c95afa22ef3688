//! Every profile, issued and read by `openssl x509` and `openssl verify`.

use absah::authority::{IssueError, Role, certificate_id};
use absah::kernel::sign::{SignError, SignatureAlgorithm, Signer};
use absah::keys::KeyType;
use absah::services::ports::{CertificateId, CertificateQuery, Certificates as _};
use time::Duration;

use crate::support::tools::{must, run};
use crate::world::{Identity, World, issue};

#[tokio::test]
async fn each_profile_says_what_its_role_needs() {
    let world = World::new().await;
    for (role, name) in [
        (Role::Signatory, "signatory"),
        (Role::Seal, "seal"),
        (Role::Tsa, "tsa"),
        (Role::Ocsp, "ocsp"),
    ] {
        world.issue(role, name, KeyType::P256).await;
    }
    let id = hex::encode(world.issuing.certificate.subject_key_identifier().unwrap());
    let crl = format!("URI:https://izin.contoh.go.id/crl/{id}.crl");
    let issuer = format!("CA Issuers - URI:https://izin.contoh.go.id/certs/{id}.cer");
    let ocsp = "OCSP - URI:https://izin.contoh.go.id/ocsp";
    let signer = [
        "X509v3 Key Usage: critical\n                Non Repudiation\n",
        "Extended Key Usage: \n                1.3.6.1.5.5.7.3.36, E-mail Protection\n",
        "CA:FALSE",
        crl.as_str(),
        &issuer,
        ocsp,
    ];
    let ca = [
        "X509v3 Key Usage: critical\n                Certificate Sign, CRL Sign\n",
        "CA:TRUE",
    ];
    says(&world, "root", &ca, &["URI:", "pathlen", "Extended"]);
    says(
        &world,
        "issuing",
        &[&ca[..], &["CA:TRUE, pathlen:0", "/crl/"]].concat(),
        &["OCSP", "Extended"],
    );
    says(&world, "signatory", &signer, &["No Check", "32473.1.2"]);
    says(&world, "seal", &signer, &["No Check", "32473.1.1"]);
    let stamping = "Extended Key Usage: critical\n                Time Stamping\n";
    let digital = "X509v3 Key Usage: critical\n                Digital Signature\n";
    says(
        &world,
        "tsa",
        &[stamping, digital, &crl, ocsp, "32473.1.3"],
        &["No Check"],
    );
    let nocheck = ["OCSP Signing", "OCSP No Check", digital, &issuer];
    says(&world, "ocsp", &nocheck, &["OCSP - URI", "/crl/"]);
}

fn says(world: &World, name: &str, expected: &[&str], absent: &[&str]) {
    let text = must(
        world.at(),
        "openssl",
        &["x509", "-in", &format!("{name}.pem"), "-noout", "-text"],
    );
    for one in expected {
        assert!(text.contains(one), "{name} lacks {one:?}:\n{text}");
    }
    for one in absent {
        assert!(!text.contains(one), "{name} has {one:?}:\n{text}");
    }
}

#[tokio::test]
async fn openssl_builds_the_path_for_the_right_purpose_only() {
    for (root, issuing, leaf) in [
        (KeyType::P384, KeyType::P256, KeyType::P256),
        (KeyType::Rsa4096, KeyType::Rsa3072, KeyType::Rsa2048),
        (KeyType::P384, KeyType::Rsa3072, KeyType::P384),
    ] {
        let world = World::with_keys(root, issuing).await;
        world.issue(Role::Tsa, "tsa", leaf).await;
        world.issue(Role::Signatory, "signatory", leaf).await;
        let foreign = World::with_keys(KeyType::P384, KeyType::P256).await;
        foreign.issue(Role::Tsa, "tsa", leaf).await;
        let verify = |purpose: &str, root: &str, leaf: &str| {
            let fixed = [
                "verify",
                "-x509_strict",
                "-untrusted",
                "issuing.pem",
                "-purpose",
                purpose,
            ];
            run(
                world.at(),
                "openssl",
                &[&fixed[..], &["-CAfile", root, leaf]].concat(),
            )
            .content
        };
        let foreign_root = foreign.at().join("root.pem");
        let foreign_root = foreign_root.to_str().unwrap();
        assert!(verify("timestampsign", "root.pem", "tsa.pem"));
        assert!(verify("smimesign", "root.pem", "signatory.pem"));
        assert!(
            !verify("timestampsign", "root.pem", "signatory.pem"),
            "a signatory is no TSA"
        );
        assert!(
            !verify("smimesign", "root.pem", "tsa.pem"),
            "a TSA is no signatory"
        );
        assert!(!verify("sslserver", "root.pem", "signatory.pem"));
        assert!(
            !verify("timestampsign", foreign_root, "tsa.pem"),
            "foreign root"
        );
    }
}

#[tokio::test]
async fn a_certificate_never_outlives_its_issuer() {
    let world = World::new().await;
    world.clock.advance(Duration::days(3652 - 30));
    let late = world.issue(Role::Tsa, "tsa", KeyType::P256).await;
    assert_eq!(
        late.certificate.not_after(),
        world.issuing.certificate.not_after()
    );
    world.clock.advance(Duration::days(31));
    let refused = issue(
        &world.issuance,
        &world.issuing,
        Role::Tsa,
        "tsa2",
        KeyType::P256,
    )
    .await;
    assert!(matches!(refused, Err(IssueError::IssuerExpired { .. })));
}

#[tokio::test]
async fn only_the_right_ca_issues_and_only_for_allowed_keys() {
    let world = World::new().await;
    let leaf = world
        .issue(Role::Signatory, "signatory", KeyType::P256)
        .await;
    for (issuer, role) in [
        (&world.root, Role::Signatory),
        (&world.issuing, Role::IssuingCa),
        (&world.issuing, Role::Root),
        (&leaf, Role::Signatory),
    ] {
        let refused = issue(&world.issuance, issuer, role, "x", KeyType::P384).await;
        assert!(
            matches!(refused, Err(IssueError::WrongIssuer { .. })),
            "{role}"
        );
    }
    let refused = issue(
        &world.issuance,
        &world.root,
        Role::IssuingCa,
        "x",
        KeyType::Rsa2048,
    )
    .await;
    assert!(matches!(
        refused,
        Err(IssueError::KeyType {
            role: Role::IssuingCa
        })
    ));
}

#[tokio::test]
async fn nothing_is_signed_before_the_intent_is_stored() {
    let world = World::new().await;
    let counted = Counted(&world.issuing, std::sync::atomic::AtomicUsize::new(0));
    *world.register.fail.lock().unwrap() = Some("reserve");
    let refused = sign_with(&world, &counted).await;
    assert!(matches!(refused, Err(IssueError::Store(_))), "{refused:?}");
    assert_eq!(counted.1.load(std::sync::atomic::Ordering::Relaxed), 0);
}

#[tokio::test]
async fn a_certificate_that_was_signed_and_not_stored_is_in_the_register() {
    let world = World::new().await;
    *world.register.fail.lock().unwrap() = Some("complete");
    let Err(IssueError::NotStored { id, .. }) = issue(
        &world.issuance,
        &world.issuing,
        Role::Signatory,
        "x",
        KeyType::P256,
    )
    .await
    else {
        panic!("it was handed out")
    };
    let row = world.register.find(&id).await.unwrap().unwrap();
    assert_eq!(row.certificate, None);
    assert!(!row.intent.linted.is_empty());
}

#[tokio::test]
async fn a_signature_of_another_key_is_not_handed_out() {
    let world = World::new().await;
    let other = World::new().await;
    let mixed = Identity {
        key: other.issuing.key.clone(),
        ..world.issuing.clone()
    };
    let refused = issue(&world.issuance, &mixed, Role::Signatory, "x", KeyType::P256).await;
    assert!(matches!(refused, Err(IssueError::IssuerMismatch)));
}

#[tokio::test]
async fn serial_numbers_are_unique_and_registered() {
    let world = World::new().await;
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..20 {
        let made = issue(
            &world.issuance,
            &world.issuing,
            Role::Signatory,
            "x",
            KeyType::P256,
        )
        .await
        .unwrap();
        let id: CertificateId = certificate_id(&made.certificate);
        assert_eq!(id.serial.len(), 32);
        assert!(seen.insert(id));
    }
    let query = CertificateQuery {
        profile: Some("signatory".into()),
        ..CertificateQuery::default()
    };
    assert_eq!(world.register.list(&query).await.unwrap().len(), 20);
}

struct Counted<'a>(&'a Identity, std::sync::atomic::AtomicUsize);

impl Signer for Counted<'_> {
    fn algorithm(&self) -> SignatureAlgorithm {
        self.0.key.algorithm()
    }

    fn sign_digest(&self, digest: &[u8]) -> Result<Vec<u8>, SignError> {
        self.1.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        self.0.key.sign_digest(digest)
    }
}

async fn sign_with(
    world: &World,
    counted: &Counted<'_>,
) -> Result<absah::kernel::x509::Certificate, IssueError> {
    let key = absah::keys::SoftwareKey::generate(KeyType::P256).unwrap();
    let spki = key.spki_der().unwrap();
    let subject = absah::authority::Subject::named("x");
    let issuer = absah::authority::Issuer {
        certificate: &world.issuing.certificate,
        signer: counted,
    };
    let request = absah::authority::Request {
        role: Role::Signatory,
        subject: &subject,
        spki: &spki,
    };
    world.issuance.issue(issuer, request).await
}

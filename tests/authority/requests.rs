//! Certificate requests read by `openssl req`, and what a foreign PSrE returns for them.

use std::fs;

use absah::authority::import::accept;
use absah::authority::request::{key_of, make, to_pem};
use absah::authority::{ImportError, Request, Role, Subject};
use absah::kernel::hash::HashAlgorithm;
use absah::kernel::sign::SignatureAlgorithm;
use absah::kernel::x509::Certificate;
use absah::keys::{KeyType, SoftwareKey};
use absah::services::ports::Clock as _;
use time::Duration;

use crate::support::tools::must;
use crate::world::World;

#[test]
fn openssl_reads_and_verifies_our_requests() {
    let folder = tempfile::tempdir().unwrap();
    let subject = Subject::named("Siti Contoh").of("DPMPTSP Contoh");
    for kind in [KeyType::P256, KeyType::P384, KeyType::Rsa2048] {
        let key = SoftwareKey::generate(kind).unwrap();
        let mut keys = vec![key.clone()];
        if kind.is_rsa() {
            keys.push(
                key.with_algorithm(SignatureAlgorithm::RsaPss(HashAlgorithm::Sha256))
                    .unwrap(),
            );
        }
        for key in keys {
            let request = make(&subject, &key.spki_der().unwrap(), &key).unwrap();
            fs::write(folder.path().join("r.pem"), to_pem(&request)).unwrap();
            let said = must(
                folder.path(),
                "openssl",
                &["req", "-in", "r.pem", "-verify", "-noout", "-subject"],
            );
            assert!(
                said.contains("verify OK") && said.contains("CN = Siti Contoh"),
                "{key:?}: {said}"
            );
        }
    }
}

#[test]
fn requests_of_openssl_are_taken_with_proof_of_possession_only() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let new = [
        "req",
        "-new",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
    ];
    must(
        at,
        "openssl",
        &[
            &new[..],
            &["-keyout", "k.pem", "-subj", "/CN=x", "-out", "r.pem"],
        ]
        .concat(),
    );
    must(
        at,
        "openssl",
        &[
            "pkey", "-in", "k.pem", "-pubout", "-outform", "DER", "-out", "p.der",
        ],
    );
    let request = fs::read(at.join("r.pem")).unwrap();
    assert_eq!(
        key_of(&request).unwrap(),
        fs::read(at.join("p.der")).unwrap()
    );
    let twice = [request.clone(), request].concat();
    assert!(key_of(&twice).is_err());
}

#[tokio::test]
async fn what_a_psre_returns_is_accepted_for_our_key_and_a_named_root_only() {
    let psre = World::new().await;
    let key = SoftwareKey::generate(KeyType::P256).unwrap();
    let spki = key.spki_der().unwrap();
    let subject = Subject::named("Siti Contoh");
    let certify = async |role| {
        let request = Request {
            role,
            subject: &subject,
            spki: &spki,
        };
        psre.issuance
            .issue(psre.issuing.as_issuer(), request)
            .await
            .unwrap()
    };
    let ours = certify(Role::Signatory).await;
    let (issuing, root) = (
        psre.issuing.certificate.clone(),
        psre.root.certificate.clone(),
    );
    let now = psre.clock.now();
    let roots = [root.clone()];
    let bundle = [root.clone(), issuing.clone(), ours.clone(), ours.clone()];
    let imported = accept(&spki, &bundle, &roots, now).unwrap();
    assert_eq!(imported.certificate, ours);
    assert_eq!(imported.chain, [issuing.clone(), root]);

    let other = SoftwareKey::generate(KeyType::P256)
        .unwrap()
        .spki_der()
        .unwrap();
    assert!(matches!(
        accept(&other, &bundle, &roots, now),
        Err(ImportError::NotForOurKey(0))
    ));
    let again = [
        ours.clone(),
        certify(Role::Signatory).await,
        issuing.clone(),
    ];
    assert!(matches!(
        accept(&spki, &again, &roots, now),
        Err(ImportError::NotForOurKey(2))
    ));
    assert!(matches!(
        accept(&spki, &bundle, &[], now),
        Err(ImportError::NoAnchor)
    ));
    let path_fails = |bundle: &[Certificate], roots: &[Certificate], at| {
        matches!(accept(&spki, bundle, roots, at), Err(ImportError::Path(_)))
    };
    let foreign = World::new().await;
    assert!(
        path_fails(
            &bundle,
            std::slice::from_ref(&foreign.root.certificate),
            now
        ),
        "foreign root"
    );
    assert!(
        path_fails(std::slice::from_ref(&ours), &roots, now),
        "the issuing CA is missing"
    );
    assert!(
        path_fails(&bundle, &roots, now + Duration::days(800)),
        "expired"
    );
    let stamping = [certify(Role::Tsa).await, issuing];
    assert!(
        path_fails(&stamping, &roots, now),
        "a TSA's certificate does not sign permits"
    );
}

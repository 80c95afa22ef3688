//! CRLs and OCSP, checked by `openssl crl`, `openssl verify -crl_check_all` and `openssl ocsp`.

use std::fs;
use std::sync::Arc;

use absah::authority::{
    CrlPolicy, CrlPublisher, Due, LocalRevocationData, Responder, ResponderParts, Revocations,
    RevokeError, Role, certificate_id,
};
use absah::kernel::x509::{RevocationReason, pem};
use absah::keys::KeyType;
use absah::services::ports::{
    Certificates as _, Clock as _, RevocationData as _, RevocationDataError,
};
use time::Duration;

use crate::support::tools::{Said, must, run};
use crate::world::{Identity, World, issue};

struct Pki {
    world: World,
    leaf: Identity,
    publisher: CrlPublisher,
    revocations: Revocations,
    responder: Arc<Responder>,
}

impl Pki {
    async fn new() -> Self {
        let world = World::new().await;
        let leaf = world.issue(Role::Signatory, "leaf", KeyType::P256).await;
        let ocsp = world.issue(Role::Ocsp, "ocsp", KeyType::P256).await;
        let publisher = CrlPublisher::new(world.register.clone(), world.clock.clone());
        let revocations = Revocations::new(world.register.clone(), world.clock.clone());
        let responder = Responder::new(ResponderParts {
            certificate: ocsp.certificate,
            signer: Arc::new(ocsp.key),
            issuer: world.issuing.certificate.clone(),
            register: world.register.clone(),
            clock: world.clock.clone(),
        });
        Self {
            world,
            leaf,
            publisher,
            revocations,
            responder: Arc::new(responder),
        }
    }

    async fn publish(&self) {
        let mut all = String::new();
        for (issuer, policy) in [
            (&self.world.issuing, CrlPolicy::ISSUING),
            (&self.world.root, CrlPolicy::ROOT),
        ] {
            let crl = self
                .publisher
                .publish(issuer.as_issuer(), policy)
                .await
                .unwrap();
            all.push_str(&pem::encode("X509 CRL", &crl.crl));
        }
        fs::write(self.world.at().join("crls.pem"), all).unwrap();
    }

    async fn revoke(&self, reason: RevocationReason) {
        let id = certificate_id(&self.leaf.certificate);
        self.revocations.revoke(&id, reason, None).await.unwrap();
    }

    fn verify(&self, extra: &[&str]) -> Said {
        let fixed = [
            "verify",
            "-x509_strict",
            "-crl_check_all",
            "-CAfile",
            "root.pem",
            "-untrusted",
            "issuing.pem",
        ];
        let files = ["-CRLfile", "crls.pem", "leaf.pem"];
        run(
            self.world.at(),
            "openssl",
            &[&fixed[..], extra, &files].concat(),
        )
    }

    async fn ocsp(&self, serial_of: &str, request: &[&str]) -> Said {
        let make = [
            "ocsp",
            "-issuer",
            "issuing.pem",
            "-cert",
            serial_of,
            "-reqout",
            "req.der",
        ];
        must(self.world.at(), "openssl", &[&make[..], request].concat());
        let request = fs::read(self.world.at().join("req.der")).unwrap();
        let response = self.responder.respond(&request).await;
        fs::write(self.world.at().join("resp.der"), response).unwrap();
        let check = [
            "ocsp",
            "-respin",
            "resp.der",
            "-reqin",
            "req.der",
            "-no_nonce",
            "-issuer",
            "issuing.pem",
        ];
        let trust = [
            "-cert",
            serial_of,
            "-CAfile",
            "root.pem",
            "-verify_other",
            "issuing.pem",
        ];
        run(self.world.at(), "openssl", &[&check[..], &trust].concat())
    }
}

#[tokio::test]
async fn a_path_with_current_crls_holds_until_the_leaf_is_revoked() {
    let pki = Pki::new().await;
    pki.publish().await;
    let said = pki.verify(&[]);
    assert!(said.content, "{}", said.text);
    pki.revoke(RevocationReason::KeyCompromise).await;
    assert!(pki.verify(&[]).content, "the old CRL does not know");
    pki.publish().await;
    let said = pki.verify(&[]);
    assert!(
        !said.content && said.text.contains("certificate revoked"),
        "{}",
        said.text
    );
}

#[tokio::test]
async fn a_path_fails_without_crls_with_stale_ones_and_with_a_revoked_ca() {
    let pki = Pki::new().await;
    pki.publish().await;
    let late = (pki.world.clock.now() + Duration::days(8))
        .unix_timestamp()
        .to_string();
    let said = pki.verify(&["-attime", &late]);
    assert!(
        !said.content && said.text.contains("CRL has expired"),
        "{}",
        said.text
    );
    fs::write(pki.world.at().join("crls.pem"), "").unwrap();
    assert!(!pki.verify(&[]).content);
    let ca = certificate_id(&pki.world.issuing.certificate);
    pki.revocations
        .revoke(&ca, RevocationReason::CaCompromise, None)
        .await
        .unwrap();
    pki.publish().await;
    assert!(pki.verify(&[]).text.contains("certificate revoked"));
}

#[tokio::test]
async fn a_crl_says_reason_date_and_a_number_that_rises() {
    let pki = Pki::new().await;
    let since = pki.world.clock.now() - Duration::days(2);
    let id = certificate_id(&pki.leaf.certificate);
    pki.revocations
        .revoke(&id, RevocationReason::KeyCompromise, Some(since))
        .await
        .unwrap();
    for number in ["1", "2", "3"] {
        pki.publish().await;
        let text = must(
            pki.world.at(),
            "openssl",
            &["crl", "-in", "crls.pem", "-noout", "-text"],
        );
        assert!(
            text.contains(&format!("X509v3 CRL Number: \n                {number}\n")),
            "{text}"
        );
        assert!(
            text.contains("Key Compromise") && text.contains("Invalidity Date"),
            "{text}"
        );
        assert!(text.to_lowercase().contains(&id.serial), "{text}");
    }
}

#[tokio::test]
async fn the_next_crl_is_due_in_time_and_at_once_after_a_revocation() {
    let pki = Pki::new().await;
    let issuing = &pki.world.issuing;
    let due = || pki.publisher.due(&issuing.certificate, CrlPolicy::ISSUING);
    assert_eq!(due().await.unwrap(), Due::Now);
    pki.publish().await;
    let half = pki.world.clock.now() + Duration::hours(84);
    assert_eq!(due().await.unwrap(), Due::At(half));
    let again = pki
        .publisher
        .publish_if_due(issuing.as_issuer(), CrlPolicy::ISSUING)
        .await
        .unwrap();
    assert_eq!(again, None);
    pki.revoke(RevocationReason::CertificateHold).await;
    assert_eq!(due().await.unwrap(), Due::Now);
    pki.publish().await;
    assert_eq!(due().await.unwrap(), Due::At(half));
    pki.revoke(RevocationReason::Superseded).await;
    assert_eq!(
        due().await.unwrap(),
        Due::Now,
        "another reason is another statement"
    );
    pki.publish().await;
    pki.world.clock.advance(Duration::hours(84));
    assert_eq!(due().await.unwrap(), Due::Now);
}

#[tokio::test]
async fn a_certificate_whose_store_failed_is_revocable_and_listed() {
    let pki = Pki::new().await;
    *pki.world.register.fail.lock().unwrap() = Some("complete");
    let lost = issue(
        &pki.world.issuance,
        &pki.world.issuing,
        Role::Signatory,
        "lost",
        KeyType::P256,
    )
    .await;
    let Err(absah::authority::IssueError::NotStored { id, .. }) = lost else {
        panic!("it was handed out")
    };
    *pki.world.register.fail.lock().unwrap() = None;
    pki.revocations
        .revoke(&id, RevocationReason::Superseded, None)
        .await
        .unwrap();
    pki.publish().await;
    let text = must(
        pki.world.at(),
        "openssl",
        &["crl", "-in", "crls.pem", "-noout", "-text"],
    );
    assert!(text.to_lowercase().contains(&id.serial), "{text}");
}

#[tokio::test]
async fn hold_is_released_and_final_reasons_are_final() {
    let pki = Pki::new().await;
    let id = certificate_id(&pki.leaf.certificate);
    let not_held = pki.revocations.release(&id).await;
    assert!(matches!(not_held, Err(RevokeError::NotOnHold(_))));
    pki.revoke(RevocationReason::CertificateHold).await;
    pki.publish().await;
    assert!(pki.verify(&[]).text.contains("certificate revoked"));
    let again = pki
        .revocations
        .revoke(&id, RevocationReason::CertificateHold, None)
        .await;
    assert!(matches!(again, Err(RevokeError::AlreadyRevoked { .. })));
    pki.revocations.release(&id).await.unwrap();
    pki.publish().await;
    assert!(pki.verify(&[]).content);
    pki.revoke(RevocationReason::CertificateHold).await;
    let held_since = pki.world.clock.now();
    pki.world.clock.advance(Duration::HOUR);
    pki.revoke(RevocationReason::KeyCompromise).await;
    let row = pki.world.register.find(&id).await.unwrap().unwrap();
    let absah::services::ports::CertificateStatus::Revoked(known) = row.status else {
        panic!("it is revoked")
    };
    assert_eq!(
        (known.at, known.reason),
        (held_since, RevocationReason::KeyCompromise)
    );
    assert!(matches!(
        pki.revocations.release(&id).await,
        Err(RevokeError::NotOnHold(_))
    ));
    for reason in [
        RevocationReason::RemoveFromCrl,
        RevocationReason::AaCompromise,
    ] {
        let refused = pki.revocations.revoke(&id, reason, None).await;
        assert!(matches!(refused, Err(RevokeError::Reason(_))));
    }
    let future = pki.world.clock.now() + Duration::DAY;
    let refused = pki
        .revocations
        .revoke(&id, RevocationReason::Superseded, Some(future))
        .await;
    assert!(matches!(refused, Err(RevokeError::InvalidityDate(_))));
    let unknown = absah::services::ports::CertificateId {
        serial: "00".into(),
        ..id
    };
    let refused = pki
        .revocations
        .revoke(&unknown, RevocationReason::Superseded, None)
        .await;
    assert!(matches!(refused, Err(RevokeError::Unknown(_))));
}

#[tokio::test]
async fn ocsp_answers_good_revoked_and_unknown() {
    let pki = Pki::new().await;
    for flags in [&[][..], &["-no_nonce"]] {
        let said = pki.ocsp("leaf.pem", flags).await;
        assert!(
            said.text.contains("Response verify OK") && said.text.contains(": good"),
            "{}",
            said.text
        );
        assert!(
            !said.text.contains("WARNING"),
            "the nonce comes back: {}",
            said.text
        );
    }
    pki.revoke(RevocationReason::KeyCompromise).await;
    let said = pki.ocsp("leaf.pem", &[]).await;
    assert!(
        said.text.contains(": revoked") && said.text.contains("keyCompromise"),
        "{}",
        said.text
    );
    let stranger = World::new().await;
    let foreign = stranger
        .issue(Role::Signatory, "foreign", KeyType::P256)
        .await;
    pki.world.write("foreign", &foreign);
    let said = pki.ocsp("foreign.pem", &[]).await;
    assert!(said.text.contains(": unknown"), "{}", said.text);
}

#[tokio::test]
async fn ocsp_answers_for_its_own_issuer_only_and_never_unsigned() {
    let pki = Pki::new().await;
    let stranger = World::new().await;
    fs::copy(
        stranger.at().join("issuing.pem"),
        pki.world.at().join("other.pem"),
    )
    .unwrap();
    let make = [
        "ocsp",
        "-issuer",
        "other.pem",
        "-cert",
        "leaf.pem",
        "-reqout",
        "req.der",
    ];
    must(pki.world.at(), "openssl", &make);
    let request = fs::read(pki.world.at().join("req.der")).unwrap();
    assert_eq!(
        pki.responder.respond(&request).await,
        [0x30, 3, 0x0a, 1, 6],
        "unauthorized"
    );
    assert_eq!(
        pki.responder.respond(b"x").await,
        [0x30, 3, 0x0a, 1, 1],
        "malformed"
    );
    assert_eq!(
        pki.responder.respond(&vec![0x30; 9000]).await,
        [0x30, 3, 0x0a, 1, 1]
    );
    assert_eq!(
        pki.responder.respond_to_get("%%%").await,
        [0x30, 3, 0x0a, 1, 1]
    );
    let own = [
        "ocsp",
        "-issuer",
        "issuing.pem",
        "-cert",
        "leaf.pem",
        "-reqout",
        "req.der",
    ];
    must(pki.world.at(), "openssl", &own);
    let request = fs::read(pki.world.at().join("req.der")).unwrap();
    use base64::Engine as _;
    let path = format!(
        "/{}",
        base64::engine::general_purpose::STANDARD.encode(&request)
    );
    assert!(pki.responder.respond_to_get(&path).await.len() > 200);
    *pki.world.register.fail.lock().unwrap() = Some("find");
    assert_eq!(
        pki.responder.respond(&request).await,
        [0x30, 3, 0x0a, 1, 3],
        "try later"
    );
    *pki.world.register.fail.lock().unwrap() = None;
    pki.world.clock.advance(Duration::days(91));
    assert_eq!(
        pki.responder.respond(&request).await,
        [0x30, 3, 0x0a, 1, 2],
        "its certificate ended"
    );
}

#[tokio::test]
async fn openssl_refuses_an_answer_of_someone_else() {
    let pki = Pki::new().await;
    let said = pki.ocsp("leaf.pem", &[]).await;
    assert!(said.text.contains("Response verify OK"), "{}", said.text);
    let stranger = World::new().await;
    fs::copy(
        stranger.at().join("root.pem"),
        pki.world.at().join("foreign-root.pem"),
    )
    .unwrap();
    let check = [
        "ocsp",
        "-no_nonce",
        "-respin",
        "resp.der",
        "-issuer",
        "issuing.pem",
        "-cert",
        "leaf.pem",
    ];
    let trust = [
        "-CAfile",
        "foreign-root.pem",
        "-verify_other",
        "issuing.pem",
    ];
    let said = run(pki.world.at(), "openssl", &[&check[..], &trust].concat());
    assert!(
        said.text.contains("Response Verify Failure"),
        "{}",
        said.text
    );
    let mut flipped = fs::read(pki.world.at().join("resp.der")).unwrap();
    // CertStatus good, [0] of no length, becomes unknown, [2].
    let at = flipped
        .windows(3)
        .position(|three| three == [0x80, 0x00, 0x18])
        .unwrap();
    flipped[at] = 0x82;
    fs::write(pki.world.at().join("resp.der"), flipped).unwrap();
    let trust = ["-CAfile", "root.pem", "-verify_other", "issuing.pem"];
    let said = run(pki.world.at(), "openssl", &[&check[..], &trust].concat());
    assert!(!said.text.contains("Response verify OK"), "{}", said.text);
}

#[tokio::test]
async fn evidence_is_fresh_is_reused_and_names_what_is_revoked() {
    let pki = Pki::new().await;
    let source = LocalRevocationData::new(
        pki.responder.clone(),
        pki.world.register.clone(),
        pki.world.clock.clone(),
    );
    let chain = [&pki.leaf, &pki.world.issuing, &pki.world.root].map(|one| one.certificate.clone());
    let now = pki.world.clock.now();
    let without_crl = source.collect(&chain, now).await;
    assert!(matches!(
        without_crl,
        Err(RevocationDataError::NoSource { .. })
    ));
    pki.publish().await;
    let first = source.collect(&chain, now).await.unwrap();
    assert_eq!((first.ocsps.len(), first.crls.len()), (1, 1));
    pki.world.clock.advance(Duration::seconds(20));
    assert_eq!(
        source.collect(&chain, now).await.unwrap(),
        first,
        "one answer serves the batch"
    );
    let later = source.collect(&chain, pki.world.clock.now()).await.unwrap();
    assert_ne!(
        later, first,
        "an answer older than the timestamp is of no use"
    );
    let ahead = source
        .collect(&chain, pki.world.clock.now() + Duration::MINUTE)
        .await;
    assert!(matches!(ahead, Err(RevocationDataError::Unavailable(_))));
    pki.revoke(RevocationReason::KeyCompromise).await;
    pki.world.clock.advance(Duration::SECOND);
    let revoked = source.collect(&chain, pki.world.clock.now()).await;
    assert!(
        matches!(revoked, Err(RevocationDataError::Revoked { .. })),
        "{revoked:?}"
    );
    pki.world.clock.advance(Duration::days(366));
    let stale = source.collect(&chain[1..], now).await;
    assert!(
        matches!(stale, Err(RevocationDataError::Unavailable(_))),
        "{stale:?}"
    );
}

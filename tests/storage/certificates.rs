//! The register of certificates: a serial number is taken before anything is signed.

use absah::kernel::x509::RevocationReason;
use absah::services::ports::{
    CertificateId, CertificateQuery, CertificateStatus, Certificates, Changes, CommitError,
    Constraint, Events, IssuanceIntent, Ledger, PublishedCrl, Revocation, StoreError, Write,
};
use time::Duration;

use crate::world::{NOW, World, both};

both!(
    a_certificate_is_reserved_then_complete,
    a_serial_number_is_taken_once,
    a_reserved_certificate_can_be_revoked,
    a_hold_ends_or_becomes_final,
    nothing_is_written_under_a_revoked_certificate,
    lists_have_their_own_numbers,
);

fn id(serial: &str) -> CertificateId {
    CertificateId {
        issuer: "aa01".into(),
        serial: serial.into(),
    }
}

fn intent(serial: &str) -> IssuanceIntent {
    IssuanceIntent {
        id: id(serial),
        profile: "signatory".into(),
        subject: "CN=Siti".into(),
        not_before: NOW,
        not_after: NOW + Duration::days(365),
        linted: b"linted".to_vec(),
        at: NOW,
    }
}

fn revocation(reason: RevocationReason) -> Revocation {
    Revocation {
        at: NOW,
        reason,
        invalid_since: None,
    }
}

async fn a_certificate_is_reserved_then_complete(world: World) {
    let store = &world.store;
    store.reserve(&intent("01")).await.unwrap();
    let record = store.find(&id("01")).await.unwrap().unwrap();
    assert_eq!((record.intent, record.certificate), (intent("01"), None));
    store
        .complete(&id("01"), b"certificate", NOW)
        .await
        .unwrap();
    let record = store.find(&id("01")).await.unwrap().unwrap();
    assert_eq!(record.certificate.as_deref(), Some(&b"certificate"[..]));
    assert_eq!(record.status, CertificateStatus::Good);
    assert!(matches!(
        store.complete(&id("01"), b"another", NOW).await,
        Err(StoreError::Conflict(_))
    ));
    assert!(matches!(
        store.complete(&id("02"), b"", NOW).await,
        Err(StoreError::Conflict(_))
    ));
    assert_eq!(store.event_count().await.unwrap(), 2);
}

async fn a_serial_number_is_taken_once(world: World) {
    world.store.reserve(&intent("01")).await.unwrap();
    assert!(matches!(
        world.store.reserve(&intent("01")).await,
        Err(StoreError::Conflict(_))
    ));
    assert_eq!(world.store.event_count().await.unwrap(), 1);
    assert_eq!(world.store.find(&id("02")).await.unwrap(), None);
}

async fn a_reserved_certificate_can_be_revoked(world: World) {
    let store = &world.store;
    store.reserve(&intent("01")).await.unwrap();
    store.reserve(&intent("02")).await.unwrap();
    let lost = revocation(RevocationReason::KeyCompromise);
    store.revoke(&id("01"), &lost).await.unwrap();
    let query = CertificateQuery {
        revoked: true,
        ..Default::default()
    };
    let revoked = store.list(&query).await.unwrap();
    assert_eq!(revoked.len(), 1);
    assert_eq!(revoked[0].status, CertificateStatus::Revoked(lost.clone()));
    assert!(matches!(
        store.revoke(&id("01"), &lost).await,
        Err(StoreError::Conflict(_))
    ));
    assert!(matches!(
        store.revoke(&id("03"), &lost).await,
        Err(StoreError::Conflict(_))
    ));
    let profile = Some("signatory".to_owned());
    let query = CertificateQuery {
        profile,
        issuer: Some("aa01".into()),
        revoked: false,
    };
    assert_eq!(store.list(&query).await.unwrap().len(), 2);
    let query = CertificateQuery {
        profile: Some("tsa".into()),
        ..Default::default()
    };
    assert_eq!(store.list(&query).await.unwrap().len(), 0);
}

async fn a_hold_ends_or_becomes_final(world: World) {
    let store = &world.store;
    let hold = revocation(RevocationReason::CertificateHold);
    let status = async || store.find(&id("01")).await.unwrap().unwrap().status;
    store.reserve(&intent("01")).await.unwrap();
    store.revoke(&id("01"), &hold).await.unwrap();
    assert!(matches!(
        store.revoke(&id("01"), &hold).await,
        Err(StoreError::Conflict(_))
    ));
    store.release(&id("01"), NOW).await.unwrap();
    assert_eq!(status().await, CertificateStatus::Good);
    assert!(matches!(
        store.release(&id("01"), NOW).await,
        Err(StoreError::Conflict(_))
    ));

    store.revoke(&id("01"), &hold).await.unwrap();
    let later = Revocation {
        at: NOW + Duration::HOUR,
        reason: RevocationReason::KeyCompromise,
        invalid_since: Some(NOW - Duration::HOUR),
    };
    store.revoke(&id("01"), &later).await.unwrap();
    assert_eq!(
        status().await,
        CertificateStatus::Revoked(Revocation { at: NOW, ..later })
    );
    assert!(matches!(
        store.release(&id("01"), NOW).await,
        Err(StoreError::Conflict(_))
    ));
}

async fn nothing_is_written_under_a_revoked_certificate(world: World) {
    let store = &world.store;
    let changes = || {
        let write = Write::SaveSetting("name".into(), "value".into());
        Changes::new()
            .with(write)
            .with(Write::RequireGood(id("01")))
    };
    store.commit(changes()).await.unwrap();
    store.reserve(&intent("01")).await.unwrap();
    store.commit(changes()).await.unwrap();
    store
        .revoke(&id("01"), &revocation(RevocationReason::KeyCompromise))
        .await
        .unwrap();
    let refused = store.commit(changes()).await;
    assert_eq!(
        refused,
        Err(CommitError::Breaks(Constraint::GoodCertificate))
    );
}

async fn lists_have_their_own_numbers(world: World) {
    let store = &world.store;
    assert_eq!(store.current_crl("aa01").await.unwrap(), None);
    for number in 1..=3 {
        assert_eq!(store.next_crl_number("aa01").await.unwrap(), number);
    }
    assert_eq!(store.next_crl_number("bb02").await.unwrap(), 1);
    let crl = |number| PublishedCrl {
        number,
        this_update: NOW,
        next_update: NOW + Duration::days(1),
        crl: vec![1],
    };
    store.publish_crl("aa01", &crl(2)).await.unwrap();
    store.publish_crl("aa01", &crl(1)).await.unwrap();
    assert!(store.publish_crl("aa01", &crl(1)).await.is_err());
    assert_eq!(store.current_crl("aa01").await.unwrap(), Some(crl(2)));
}

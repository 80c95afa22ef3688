//! Approval: who may, with what, and that nothing is signed twice.

use absah::authority::Role as CertificateRole;
use absah::domain::event::Actor;
use absah::domain::mandate::{MandateKind, Scope};
use absah::kernel::sign::SignError;
use absah::kernel::x509::{Certificate, RevocationReason};
use absah::services::ServiceError;
use absah::services::administration::NewMandate;
use absah::services::ports::{CertificateQuery, Certificates, Documents, KeyRecords, Revocation};
use time::{Duration, OffsetDateTime};

use crate::office::{Office, once, secret};

async fn ready(office: &Office, number: &str) -> absah::domain::ids::DocumentId {
    let document = office.submit("SIPB", number).await;
    office.review(&document).await.unwrap();
    document.id
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_passphrase_leaves_nothing_behind() {
    let office = Office::new().await;
    let id = ready(&office, "1").await;
    let before = office.document(&id).await;
    let wrong = office
        .services
        .approve(&office.head, &[id], &secret("salah"), "test", None)
        .await;
    assert!(matches!(
        wrong,
        Err(ServiceError::WrongSecret {
            tries_left: 4,
            wait: None
        })
    ));
    assert_eq!(office.document(&id).await, before);
    assert_eq!(office.store.intents(&id).await.unwrap(), []);
    assert_eq!(office.keys.operations(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_cannot_be_signed_does_not_hold_up_the_others() {
    let office = Office::new().await;
    let (first, second) = (ready(&office, "1").await, ready(&office, "2").await);
    let waiting = office.submit("SIPB", "3").await.id;
    let secret = secret(crate::office::PASSPHRASE);
    let all = [first, waiting, second];
    let approve = async || {
        office
            .services
            .approve(&office.head, &all, &secret, "test", once("k", b"1"))
            .await
            .unwrap()
    };
    let done = approve().await;
    let refused: Vec<bool> = done.value.iter().map(|one| one.refused.is_some()).collect();
    assert_eq!(refused, [false, true, false]);
    assert_eq!(office.keys.operations(), 2);
    let again = approve().await;
    assert!(again.replayed);
    assert_eq!(again.value, done.value);
    assert_eq!(office.keys.operations(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_document_is_not_signed_again() {
    let office = Office::new().await;
    let id = ready(&office, "1").await;
    office.approve(&[id]).await.unwrap();
    assert!(matches!(
        office.approve(&[id]).await,
        Err(ServiceError::State(_))
    ));
    office.services.finish_due().await.unwrap();
    assert!(office.approve(&[id]).await.is_err());
    assert_eq!(office.keys.operations(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mandate_is_what_lets_another_person_sign() {
    let office = Office::new().await;
    let id = ready(&office, "1").await;
    let refused = office.approve_as(&office.deputy, &[id]).await;
    assert!(matches!(refused, Err(ServiceError::Right(_))));
    let now = OffsetDateTime::now_utc();
    let new = NewMandate {
        kind: MandateKind::Plh,
        decree: "800/12/2026".into(),
        grantor: office.head.id,
        holder: office.deputy.id,
        scope: Scope::PermitTypes(vec!["SIPB".parse().unwrap()]),
        from: now - Duration::HOUR,
        until: now + Duration::HOUR,
    };
    let mandate = office
        .administration
        .add_mandate(Actor::Operator, new)
        .await
        .unwrap();
    let other = ready(&office, "2").await;
    office.approve_as(&office.deputy, &[id]).await.unwrap();
    office.services.finish_due().await.unwrap();
    let file = office.services.file(&office.caller(), &id).await.unwrap();
    let text = String::from_utf8_lossy(&file);
    assert!(text.contains("Plh. Kepala Dinas, 800/12/2026"));

    office
        .administration
        .end_mandate(Actor::Operator, mandate.id)
        .await
        .unwrap();
    let refused = office.approve_as(&office.deputy, &[other]).await;
    assert!(matches!(refused, Err(ServiceError::Right(_))));
    assert_eq!(office.keys.operations(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_signed_under_a_revoked_certificate() {
    let office = Office::new().await;
    let id = ready(&office, "1").await;
    let key = office
        .store
        .key_in_use(&office.head.id)
        .await
        .unwrap()
        .unwrap();
    let certificate = Certificate::parse(&key.certificate).unwrap();
    let profile = Some(CertificateRole::Signatory.to_string());
    let query = CertificateQuery {
        profile,
        ..Default::default()
    };
    let records = office.store.list(&query).await.unwrap();
    let record = (records.iter())
        .find(|record| record.certificate.as_deref() == Some(certificate.der()))
        .unwrap();
    let at = OffsetDateTime::now_utc();
    let reason = RevocationReason::KeyCompromise;
    let revocation = Revocation {
        at,
        reason,
        invalid_since: None,
    };
    office
        .store
        .revoke(&record.intent.id, &revocation)
        .await
        .unwrap();
    assert!(office.approve(&[id]).await.is_err());
    assert_eq!(office.keys.operations(), 0);
    assert_eq!(office.state(&id).await, "ready");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_refuses_leaves_the_document_ready() {
    let office = Office::new().await;
    let id = ready(&office, "1").await;
    *office.keys.failing.lock().unwrap() = Some(SignError::KeyStore("full".into()));
    assert!(matches!(
        office.approve(&[id]).await,
        Err(ServiceError::Unavailable(_))
    ));
    assert_eq!(office.state(&id).await, "ready");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_lost_reply_the_same_bytes_are_signed() {
    let office = Office::new().await;
    let id = ready(&office, "1").await;
    *office.keys.failing.lock().unwrap() = Some(SignError::ReplyLost("time".into()));
    assert!(matches!(
        office.approve(&[id]).await,
        Err(ServiceError::Unavailable(_))
    ));
    assert_eq!(office.state(&id).await, "prepared");
    let others = office.approve_as(&office.deputy, &[id]).await;
    assert!(others.is_err());

    *office.keys.failing.lock().unwrap() = None;
    office.approve(&[id]).await.unwrap();
    let intents = office.store.intents(&id).await.unwrap();
    assert_eq!(intents.len(), 1);
    assert_eq!(
        office.store.attempts(&intents[0].id).await.unwrap().len(),
        2
    );
    assert_eq!(office.keys.operations(), 2);
    office.services.finish_due().await.unwrap();
    assert_eq!(office.state(&id).await, "issued");
}

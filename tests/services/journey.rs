//! The main job: a permit goes in, a signed one comes out, and its status changes.

use absah::domain::document::{DocumentState, PermitStatus};
use absah::kernel::hash::Sha256;
use absah::kernel::pades::Level;
use absah::kernel::pdf::Limits;
use absah::kernel::validation::report::SignatureKind;
use absah::kernel::validation::{Anchors, Indication, Policy, Report, ValidationInput, validate};
use absah::services::ports::{Documents, Events, Jobs};
use absah::services::{ServiceError, StatusChange};
use time::OffsetDateTime;

use crate::office::{Office, permit};

fn report(office: &Office, file: &[u8]) -> Report {
    let input = ValidationInput {
        anchors: &Anchors::for_all(vec![office.authority.root().clone()]),
        untrusted: &[],
        crls: &[],
        ocsps: &[],
        at: OffsetDateTime::now_utc(),
        policy: &Policy::strict().unwrap(),
        limits: Limits::default(),
    };
    validate(file, &input)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_permit_goes_in_and_a_signed_one_comes_out() {
    let office = Office::new().await;
    let document = office.submit("SIPB", "503/1").await;
    assert_eq!(document.state.name(), "in_review");
    assert_eq!(
        office.view(&document.id).await.waiting_for.as_deref(),
        Some("review:1")
    );
    assert_eq!(
        office.review(&document).await.unwrap().state.name(),
        "ready"
    );
    assert_eq!(
        office.view(&document.id).await.waiting_for.as_deref(),
        Some("approval")
    );
    office.approve(&[document.id]).await.unwrap();
    assert_eq!(office.state(&document.id).await, "signed");
    let before = office
        .services
        .file(&office.caller(), &document.id)
        .await
        .unwrap();
    assert_eq!(
        before,
        permit(),
        "nothing with a QR code leaves before it is issued"
    );

    assert_eq!(office.services.finish_due().await.unwrap(), 1);
    let view = office.view(&document.id).await;
    assert_eq!(view.waiting_for, None);
    assert_eq!(view.permit_status, Some(PermitStatus::Active));
    let file = office
        .services
        .file(&office.caller(), &document.id)
        .await
        .unwrap();
    assert!(file.starts_with(&permit()));
    let report = report(&office, &file);
    let signature = report
        .signatures
        .iter()
        .find(|one| one.kind == SignatureKind::Signature)
        .unwrap();
    assert_eq!(signature.indication, Indication::TotalPassed);
    assert_eq!(signature.level, Some(Level::BLta));
    assert_eq!(signature.doc_mdp, Some(2));

    let DocumentState::Issued(issue) = &view.document.state else {
        panic!()
    };
    assert_eq!(issue.original, Sha256::of(&file));
    let revision = office
        .store
        .revision(&issue.original)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((revision.document, revision.ordinal), (document.id, 0));
    assert_eq!(office.store.job(&document.id).await.unwrap(), None);
    assert_eq!(office.keys.operations(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_act_is_an_event_in_its_order() {
    let office = Office::new().await;
    let document = office.issue("503/1").await;
    let acts: Vec<String> = (office.store.events_of(&document.id).await.unwrap().iter())
        .map(|event| {
            let (_, payload) = event.opening.as_ref().unwrap();
            let payload: serde_json::Value = serde_json::from_slice(payload).unwrap();
            payload["act"].as_str().unwrap().to_owned()
        })
        .collect();
    let expected = [
        "document.submitted",
        "document.reviewed",
        "signature.attempted",
        "signature.stored",
        "document.finished",
    ];
    assert_eq!(acts, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_signatories_sign_one_after_the_other() {
    let office = Office::new().await;
    let document = office.submit("SK", "1").await;
    let too_early = office.approve_as(&office.deputy, &[document.id]).await;
    assert!(matches!(too_early, Err(ServiceError::Right(_))));
    office.approve(&[document.id]).await.unwrap();
    office.services.finish_due().await.unwrap();
    let half = office.document(&document.id).await;
    assert_eq!((half.state.name(), half.signatures), ("ready", 1));
    let file = office
        .services
        .file(&office.caller(), &document.id)
        .await
        .unwrap();
    assert_eq!(file, permit(), "half signed is not issued");

    office
        .approve_as(&office.deputy, &[document.id])
        .await
        .unwrap();
    office.services.finish_due().await.unwrap();
    assert_eq!(office.view(&document.id).await.waiting_for, None);
    let file = office
        .services
        .file(&office.caller(), &document.id)
        .await
        .unwrap();
    let report = report(&office, &file);
    let signatures = report
        .signatures
        .iter()
        .filter(|one| one.kind == SignatureKind::Signature);
    let indications: Vec<Indication> = signatures.map(|one| one.indication).collect();
    assert_eq!(indications, [Indication::TotalPassed; 2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_permits_status_changes_and_its_signature_does_not() {
    let office = Office::new().await;
    let (document, successor) = (office.issue("1").await, office.issue("2").await);
    let original = office
        .services
        .file(&office.caller(), &document.id)
        .await
        .unwrap();
    let caller = office.caller();
    let change = async |change: StatusChange| {
        office
            .services
            .change_status(&caller, &document.id, change, None)
            .await
    };
    let status = async || office.view(&document.id).await.permit_status.unwrap();
    let reason = || "salah data".to_owned();

    let unreasoned = change(StatusChange::Cancel { reason: " ".into() }).await;
    assert!(matches!(unreasoned, Err(ServiceError::Reason)));
    let resumed = change(StatusChange::Resume { reason: reason() }).await;
    assert!(matches!(resumed, Err(ServiceError::State(_))));
    change(StatusChange::Suspend { reason: reason() })
        .await
        .unwrap();
    assert_eq!(status().await, PermitStatus::Suspended);
    change(StatusChange::Resume { reason: reason() })
        .await
        .unwrap();
    assert_eq!(status().await, PermitStatus::Active);
    let unsigned = office.submit("SIPB", "3").await;
    let supersede = |successor| StatusChange::Supersede {
        successor,
        reason: reason(),
    };
    assert!(matches!(
        change(supersede(unsigned.id)).await,
        Err(ServiceError::Exists(_))
    ));
    change(supersede(successor.id)).await.unwrap();
    assert_eq!(status().await, PermitStatus::Superseded);
    change(StatusChange::Cancel { reason: reason() })
        .await
        .unwrap();
    assert_eq!(status().await, PermitStatus::Cancelled);
    let again = change(StatusChange::Cancel { reason: reason() }).await;
    assert!(matches!(again, Err(ServiceError::State(_))));
    let file = office
        .services
        .file(&office.caller(), &document.id)
        .await
        .unwrap();
    assert_eq!(file, original);
}

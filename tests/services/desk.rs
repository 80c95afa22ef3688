//! The desk: who is asked to do what, in which order, and what he has read.

use absah::domain::accounts::Person;
use absah::domain::event::Actor;
use absah::domain::mandate::{MandateKind, Scope};
use absah::domain::metadata::Metadata;
use absah::domain::permit_type::{PermitType, ServiceClass};
use absah::domain::reading::ReadingError;
use absah::kernel::hash::Sha256;
use absah::services::administration::NewMandate;
use absah::services::desk::{Difference, Duty, Refusal, Stop, Width};
use absah::services::ports::{Events as _, PermitTypes as _};
use absah::services::{ServiceError, StatusChange};
use time::Duration;

use crate::office::{Office, metadata, permit};

async fn numbers(office: &Office, person: &Person) -> Vec<String> {
    let desk = office.services.desk(person).await.unwrap();
    let number = |task: &absah::services::desk::Task| task.document.metadata.number.clone();
    desk.tasks().map(number).collect()
}

async fn submit_named(
    office: &Office,
    number: &str,
    more: &str,
) -> absah::domain::document::Document {
    let json = format!(
        r#"{{"permit_type":"PLAIN","number":"{number}","holder":{{"name":"Rina","kind":"person"}}{more}}}"#
    );
    let metadata = Metadata::parse(json.as_bytes()).unwrap();
    let submitted = office
        .services
        .submit(&office.client, permit(), metadata, None);
    submitted.await.unwrap().value
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_lies_on_the_desk_of_whose_turn_it_is() {
    let office = Office::new().await;
    let document = office.submit("SIPB", "1").await;
    assert_eq!(numbers(&office, &office.reviewer).await, ["1"]);
    assert_eq!(numbers(&office, &office.head).await, [""; 0]);
    office.review(&document).await.unwrap();
    assert_eq!(numbers(&office, &office.reviewer).await, [""; 0]);
    assert_eq!(numbers(&office, &office.head).await, ["1"]);
    assert_eq!(numbers(&office, &office.deputy).await, [""; 0]);
    let desk = office.services.desk(&office.head).await.unwrap();
    let task = desk.tasks().next().unwrap();
    assert!(task.duty.is_signature());
    assert_eq!(task.deadline, document.submitted.at + Duration::hours(3));
    assert!(!task.left(desk.at).is_late());
    office.approve(&[document.id]).await.unwrap();
    assert_eq!(numbers(&office, &office.head).await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_signature_is_another_persons_task() {
    let office = Office::new().await;
    let document = office.submit("SK", "1").await;
    assert_eq!(numbers(&office, &office.deputy).await, [""; 0]);
    office.approve(&[document.id]).await.unwrap();
    office.services.finish_due().await.unwrap();
    assert_eq!(numbers(&office, &office.head).await, [""; 0]);
    assert_eq!(numbers(&office, &office.deputy).await, ["1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mandate_brings_the_grantors_documents_while_it_is_in_force() {
    let office = Office::new().await;
    office.submit("PLAIN", "1").await;
    office.submit("SK", "2").await;
    assert_eq!(numbers(&office, &office.deputy).await, [""; 0]);
    let now = office.services.now();
    let new = NewMandate {
        kind: MandateKind::Plh,
        decree: "800/1/2026".into(),
        grantor: office.head.id,
        holder: office.deputy.id,
        scope: Scope::PermitTypes(vec!["PLAIN".parse().unwrap()]),
        from: now - Duration::HOUR,
        until: now + Duration::HOUR,
    };
    let mandate = office.administration.add_mandate(Actor::Operator, new);
    let mandate = mandate.await.unwrap();
    assert_eq!(numbers(&office, &office.deputy).await, ["1"]);
    let desk = office.services.desk(&office.deputy).await.unwrap();
    let Duty::Sign { right, .. } = &desk.tasks().next().unwrap().duty else {
        panic!("a signature");
    };
    assert_eq!(right.mandate(), Some(&mandate));
    let end = office
        .administration
        .end_mandate(Actor::Operator, mandate.id);
    end.await.unwrap();
    assert_eq!(numbers(&office, &office.deputy).await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_names_its_signatory_is_his_alone() {
    let office = Office::new().await;
    let plain = "PLAIN".parse().unwrap();
    let mut both = office.store.permit_type(&plain).await.unwrap().unwrap();
    both.signatures[0].signatories.push(office.deputy.id);
    let save = office
        .administration
        .save_permit_type(Actor::Operator, &both);
    save.await.unwrap();
    submit_named(&office, "anyone", "").await;
    let only = format!(r#","signatory":"{}""#, office.deputy.id);
    submit_named(&office, "deputy", &only).await;
    assert_eq!(numbers(&office, &office.head).await, ["anyone"]);
    assert_eq!(numbers(&office, &office.deputy).await, ["anyone", "deputy"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_three_hour_service_comes_first() {
    let office = Office::new().await;
    let sk = office.store.permit_type(&"SK".parse().unwrap()).await;
    let slow = PermitType {
        service_class: ServiceClass::WorkingDays(1),
        ..sk.unwrap().unwrap()
    };
    let save = office
        .administration
        .save_permit_type(Actor::Operator, &slow);
    save.await.unwrap();
    let slow = office.submit("SK", "slow").await;
    office.submit("PLAIN", "fast").await;
    office.submit("PLAIN", "fast too").await;
    assert_eq!(
        numbers(&office, &office.head).await,
        ["fast", "fast too", "slow"]
    );
    let desk = office.services.desk(&office.head).await.unwrap();
    assert_eq!(desk.count(), 3);
    assert_eq!(desk.groups.len(), 2);
    let (before, after) = desk.neighbours(&slow.id);
    assert_eq!(before.unwrap().document.metadata.number, "fast too");
    assert!(after.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_others_names_who_must_act() {
    let office = Office::new().await;
    office.submit("SIPB", "1").await;
    office.submit("SIPP", "2").await;
    let elsewhere = office.services.elsewhere(&office.head).await.unwrap();
    let stops: Vec<_> = elsewhere.iter().map(|one| (&one.stop, &one.who)).collect();
    let review = Stop::Review {
        tier: 1,
        name: "Kepala Seksi".into(),
    };
    let gate = Stop::Gates(vec!["skm".parse().unwrap()]);
    assert_eq!(
        stops,
        [
            (&review, &vec!["Budi Santoso, S.E.".to_owned()]),
            (&gate, &Vec::new()),
        ]
    );
    let of_reviewer = office.services.elsewhere(&office.reviewer).await.unwrap();
    assert_eq!(of_reviewer.len(), 1);
    assert_eq!(of_reviewer[0].stop, gate);
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_is_of_one_version_and_needed_for_a_batch() {
    let office = Office::new().await;
    let first = office.submit("PLAIN", "1").await;
    let services = &office.services;
    let unread = services.require_read(&office.head, &[first.id]).await;
    assert!(matches!(unread, Err(ServiceError::Unread(numbers)) if numbers == ["1"]));
    let wrong = services.affirm_reading(&office.head, &first.id, Sha256::of(b"another"));
    assert!(matches!(
        wrong.await,
        Err(ServiceError::Reading(ReadingError::File { .. }))
    ));
    let shown = first.submitted.sha256;
    let events = office.store.event_count().await.unwrap();
    let affirm = async || {
        services
            .affirm_reading(&office.head, &first.id, shown)
            .await
    };
    let reading = affirm().await.unwrap();
    assert_eq!(affirm().await.unwrap().at, reading.at);
    assert_eq!(office.store.event_count().await.unwrap(), events + 1);
    services
        .require_read(&office.head, &[first.id])
        .await
        .unwrap();
    let of_another = services.require_read(&office.deputy, &[first.id]).await;
    assert!(matches!(of_another, Err(ServiceError::Unread(_))));
    assert!(
        services
            .desk(&office.head)
            .await
            .unwrap()
            .tasks()
            .all(|task| task.read)
    );

    let second = services.submit(&office.client, permit(), metadata("PLAIN", "1", 2), None);
    let second = second.await.unwrap().value;
    let unread = services.require_read(&office.head, &[second.id]).await;
    assert!(matches!(unread, Err(ServiceError::Unread(_))));
    let ended = affirm().await;
    assert!(matches!(
        ended,
        Err(ServiceError::Reading(ReadingError::State(_)))
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_sign_may_give_back_with_a_reason() {
    let office = Office::new().await;
    let document = office.submit("PLAIN", "1").await;
    let shown = document.submitted.sha256;
    let refuse = async |person: &Person, shown, reason: &str| {
        let how = (Refusal::Return, shown);
        let refused = office
            .services
            .refuse_to_sign(person, &document.id, how, reason, None);
        refused.await.map(|done| done.value.state.name())
    };
    let stranger = refuse(&office.deputy, shown, "salah").await;
    assert!(matches!(stranger, Err(ServiceError::Forbidden(_))));
    let silent = refuse(&office.head, shown, " ").await;
    assert!(matches!(silent, Err(ServiceError::Reason)));
    let blind = refuse(&office.head, Sha256::of(b"another"), "salah").await;
    assert!(matches!(blind, Err(ServiceError::Reading(_))));
    let returned = refuse(&office.head, shown, "Nama pemegang salah").await;
    assert_eq!(returned.unwrap(), "returned");
    assert_eq!(numbers(&office, &office.head).await, [""; 0]);
    let again = refuse(&office.head, shown, "salah").await;
    assert!(matches!(again, Err(ServiceError::Forbidden(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dossier_tells_what_differs_from_the_last_permit() {
    let office = Office::new().await;
    let first = submit_named(&office, "1", r#","fields":{"alamat":"Jl. A","luas":2}"#).await;
    let dossier = office
        .services
        .dossier(&office.head, &first.id)
        .await
        .unwrap();
    assert!(dossier.former.is_none());
    assert!(dossier.task.is_some() && dossier.is_open());
    office.approve(&[first.id]).await.unwrap();
    office.services.finish_due().await.unwrap();
    let second = submit_named(
        &office,
        "2",
        r#","valid_until":"2099-12-31","fields":{"alamat":"Jl. B","kuota":1}"#,
    )
    .await;
    let dossier = office
        .services
        .dossier(&office.head, &second.id)
        .await
        .unwrap();
    let former = dossier.former.unwrap();
    assert_eq!(former.document.id, first.id);
    assert_eq!(
        former.differences,
        [
            Difference::FieldAdded("kuota".into()),
            Difference::FieldMissing("luas".into()),
            Difference::ValidUntil(true),
        ]
    );
    let issued = office
        .services
        .dossier(&office.head, &first.id)
        .await
        .unwrap();
    assert!(issued.task.is_none() && !issued.is_open());
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_drawn_small_and_kept() {
    let office = Office::new().await;
    let document = office.submit("SIPB", "1").await;
    let caller = office.caller();
    let pages = office.services.pages(&caller, &document.id).await.unwrap();
    let outline = pages.outline.unwrap();
    assert_eq!(pages.file, document.submitted.sha256);
    assert_eq!(outline.pages.len(), 1);
    assert_eq!(outline.block.unwrap().page, 1);
    for width in [Width::Narrow, Width::Wide] {
        let picture = async |page| {
            let services = &office.services;
            services
                .page_picture(&caller, &document.id, page, width)
                .await
        };
        let picture_of_it = picture(1).await.unwrap();
        assert_eq!(picture_of_it.file, document.submitted.sha256);
        let png = &picture_of_it.png;
        assert!(png.len() < 100_000, "{} octets", png.len());
        let across = u32::from_be_bytes(png[16..20].try_into().unwrap());
        assert_eq!(across, width.pixels());
        assert_eq!(picture(1).await.unwrap(), picture_of_it);
        let beyond = picture(2).await;
        assert!(matches!(beyond, Err(ServiceError::NotFound("page"))));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_issue_the_issued_file_is_shown() {
    let office = Office::new().await;
    let document = office.issue("1").await;
    let caller = office.caller();
    let pages = office.services.pages(&caller, &document.id).await.unwrap();
    assert_eq!(pages.file, document.current);
    assert_eq!(pages.outline.unwrap().block, None);
    let suspend = StatusChange::Suspend {
        reason: "pemeriksaan".into(),
    };
    let changed = office
        .services
        .change_status(&caller, &document.id, suspend, None);
    changed.await.unwrap();
    assert!(office.services.pages(&caller, &document.id).await.is_ok());
}

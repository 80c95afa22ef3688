//! Oversight: the day's report, the audit trail, who may sign, suspending a key.

use absah::domain::event::Actor;
use absah::domain::mandate::{MandateKind, Scope};
use absah::services::ServiceError;
use absah::services::administration::NewMandate;
use absah::services::oversight::{AuditQuery, KeyStanding};
use time::Duration;

use crate::office::Office;

#[tokio::test(flavor = "multi_thread")]
async fn the_day_lists_what_was_signed() {
    let office = Office::new().await;
    let document = office.issue("503/1").await;
    let waiting = office.submit("PLAIN", "503/2").await;
    office.approve(&[waiting.id]).await.unwrap();
    let today = office.services.today();
    let lines = office.services.signed_on(today).await.unwrap();
    let told: Vec<_> = lines
        .iter()
        .map(|line| (line.number.as_str(), line.issued.is_some()))
        .collect();
    assert_eq!(told, [("503/1", true), ("503/2", false)]);
    assert_eq!(lines[0].issued, Some(document.current));
    assert_eq!(lines[0].signatory, office.head.name);
    assert_eq!(lines[0].right.mandate(), None);
    let yesterday = today.previous_day().unwrap();
    assert_eq!(office.services.signed_on(yesterday).await.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trail_is_searched_by_act_day_and_text() {
    let office = Office::new().await;
    office.submit("PLAIN", "503/1").await;
    office.submit("PLAIN", "503/2").await;
    let found = async |query: AuditQuery| office.services.audit(&query, 10).await.unwrap();
    let submitted = AuditQuery {
        act: Some("document.submitted".into()),
        ..AuditQuery::default()
    };
    let page = found(submitted.clone()).await;
    assert_eq!(page.lines.len(), 2);
    assert_eq!(page.next, None);
    assert_eq!(page.lines[0].actor, "OPTIMIS");
    assert!(page.lines[0].index > page.lines[1].index);
    let one = AuditQuery {
        text: Some("503/2".into()),
        ..submitted.clone()
    };
    assert_eq!(found(one).await.lines, page.lines[..1]);
    let tomorrow = office.services.today().next_day();
    let none = AuditQuery {
        from: tomorrow,
        ..submitted.clone()
    };
    assert_eq!(found(none).await.lines, []);
    let first = office.services.audit(&submitted, 1).await.unwrap();
    assert_eq!(first.lines, page.lines[..1]);
    let second = AuditQuery {
        before: first.next,
        ..submitted
    };
    assert_eq!(found(second).await.lines, page.lines[1..]);
    let people = AuditQuery {
        act: Some("person.".into()),
        ..AuditQuery::default()
    };
    assert_eq!(found(people).await.lines.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_sign_now_says_by_what_right() {
    let office = Office::new().await;
    let names = async || {
        let may = office.services.may_sign_now().await.unwrap();
        let plain = may.into_iter().find(|one| one.code.as_str() == "PLAIN");
        let people = plain.unwrap().people;
        people
            .iter()
            .map(|one| (one.name.clone(), one.right.mandate().is_some(), one.has_key))
            .collect::<Vec<_>>()
    };
    let head = (office.head.name.clone(), false, true);
    assert_eq!(names().await, std::slice::from_ref(&head));
    let now = office.services.now();
    let new = NewMandate {
        kind: MandateKind::Plt,
        decree: "800/1/2026".into(),
        grantor: office.head.id,
        holder: office.deputy.id,
        scope: Scope::All,
        from: now - Duration::HOUR,
        until: now + Duration::HOUR,
    };
    let mandate = office.administration.add_mandate(Actor::Operator, new);
    mandate.await.unwrap();
    let deputy = (office.deputy.name.clone(), true, true);
    assert_eq!(names().await, [head, deputy]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspended_key_signs_nothing_and_what_it_signed_stays_valid() {
    let office = Office::new().await;
    let issued = office.issue("503/1").await;
    let waiting = office.submit("PLAIN", "503/2").await;
    let services = &office.services;
    let meant = services.suspension(&office.head.id).await.unwrap();
    assert!(meant.ours && meant.standing.can_sign());
    assert_eq!(
        (meant.waiting, meant.only_his),
        (vec!["503/2".to_owned()], 1)
    );
    assert_eq!((meant.signed.finished, meant.signed.unfinished), (1, 0));

    let hold = async |hold, reason: &str| {
        let actor = Actor::Person(office.reviewer.id);
        services
            .hold_key(actor, &office.head.id, hold, reason)
            .await
    };
    assert!(matches!(hold(true, " ").await, Err(ServiceError::Reason)));
    let operations = office.keys.operations();
    hold(true, "ponsel hilang").await.unwrap();
    let standing = services.key_standing(&office.head).await.unwrap();
    assert!(matches!(standing, KeyStanding::OnHold { .. }));
    assert!(matches!(
        hold(true, "lagi").await,
        Err(ServiceError::Exists(_))
    ));
    assert!(office.approve(&[waiting.id]).await.is_err());
    assert_eq!(office.keys.operations(), operations);
    let view = office.view(&issued.id).await;
    let file = services.file(&office.caller(), &issued.id).await.unwrap();
    assert_eq!(
        view.permit_status.map(|status| status.name()),
        Some("active")
    );
    assert_eq!(absah::kernel::hash::Sha256::of(&file), issued.current);

    hold(false, "ponsel ditemukan").await.unwrap();
    assert!(matches!(
        hold(false, "lagi").await,
        Err(ServiceError::Exists(_))
    ));
    office.approve(&[waiting.id]).await.unwrap();
    let acts = AuditQuery {
        act: Some("key.".into()),
        text: Some("ponsel".into()),
        ..AuditQuery::default()
    };
    let acts = services.audit(&acts, 10).await.unwrap();
    let acts: Vec<_> = acts.lines.iter().map(|line| line.act.as_str()).collect();
    assert_eq!(acts, ["key.resumed", "key.suspended"]);
}

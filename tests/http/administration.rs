//! Accounts and their keys, against a real database.

use absah::domain::accounts::Role;
use absah::domain::event::Actor;
use absah::domain::mandate::{MandateKind, Scope};

use absah::domain::permit_type::{PermitType, ServiceClass, SignatureSlot};
use absah::kernel::pdf::placement::Placement;
use absah::services::administration::{
    AdministrationError, Caller, NewClient, NewMandate, NewPerson,
};
use time::macros::datetime;

use crate::app::TestApp;

fn person(name: &str, roles: &[Role]) -> NewPerson {
    NewPerson {
        name: name.to_owned(),
        office: "Kepala Dinas".to_owned(),
        rank: None,
        nip: None,
        roles: roles.to_vec(),
    }
}

fn client(name: &str) -> NewClient {
    NewClient {
        name: name.to_owned(),
        permit_types: Vec::new(),
    }
}

#[tokio::test]
async fn a_key_opens_until_another_takes_its_place_or_the_account_is_off() {
    let app = TestApp::start().await;
    let office = &app.administration;
    let (optimis, first) = office
        .add_client(Actor::Operator, client("OPTIMIS"))
        .await
        .unwrap();
    let (ahmad, own) = office
        .add_person(Actor::Operator, person("Ahmad", &[Role::Signatory]))
        .await
        .unwrap();
    let caller = office.authenticate(first.reveal()).await.unwrap();
    assert_eq!(caller, Some(Caller::Client(optimis.clone())));
    let caller = office.authenticate(own.reveal()).await.unwrap();
    assert_eq!(caller, Some(Caller::Person(ahmad.clone())));

    let second = office
        .new_client_key(Actor::Operator, optimis.id)
        .await
        .unwrap();
    assert_eq!(office.authenticate(first.reveal()).await.unwrap(), None);
    assert!(
        office
            .authenticate(second.reveal())
            .await
            .unwrap()
            .is_some()
    );
    office
        .switch_client(Actor::Operator, optimis.id, false)
        .await
        .unwrap();
    assert_eq!(office.authenticate(second.reveal()).await.unwrap(), None);
    office
        .switch_client(Actor::Operator, optimis.id, true)
        .await
        .unwrap();
    assert!(
        office
            .authenticate(second.reveal())
            .await
            .unwrap()
            .is_some()
    );
    office
        .switch_person(Actor::Operator, ahmad.id, false)
        .await
        .unwrap();
    assert_eq!(office.authenticate(own.reveal()).await.unwrap(), None);
}

#[tokio::test]
async fn a_name_that_two_bear_is_no_name() {
    let app = TestApp::start().await;
    let office = &app.administration;
    for _ in 0..2 {
        office
            .add_client(Actor::Operator, client("OPTIMIS"))
            .await
            .unwrap();
    }
    let error = office.find_client("OPTIMIS").await.unwrap_err();
    assert!(matches!(error, AdministrationError::Ambiguous { .. }));
    let error = office.find_client("SITETEH").await.unwrap_err();
    assert!(matches!(error, AdministrationError::Unknown { .. }));
    for name in ["", "  ", "a\u{7}"] {
        let refused = office.add_client(Actor::Operator, client(name)).await;
        assert!(
            matches!(refused, Err(AdministrationError::Rule(_))),
            "{name:?}"
        );
    }
}

#[tokio::test]
async fn a_permit_type_names_people_who_may_act() {
    let app = TestApp::start().await;
    let office = &app.administration;
    let (ahmad, _) = office
        .add_person(Actor::Operator, person("Ahmad", &[Role::Signatory]))
        .await
        .unwrap();
    let (rini, _) = office
        .add_person(Actor::Operator, person("Rini", &[Role::Reviewer]))
        .await
        .unwrap();
    let with = |signatories| PermitType {
        code: "SIPB".parse().unwrap(),
        name: "Surat Izin Praktik Bidan".to_owned(),
        signatures: vec![SignatureSlot {
            field: "Signature1".to_owned(),
            office: "Kepala Dinas".to_owned(),
            signatories,
            placement: Placement::Invisible,
        }],
        tiers: Vec::new(),
        gates: Vec::new(),
        service_class: ServiceClass::ThreeHours,
        active: true,
    };
    let save = async |permit_type: PermitType| {
        office.save_permit_type(Actor::Operator, &permit_type).await
    };
    save(with(vec![ahmad.id])).await.unwrap();
    assert!(matches!(
        save(with(vec![rini.id])).await,
        Err(AdministrationError::Rule(_))
    ));
    assert!(matches!(
        save(with(vec![])).await,
        Err(AdministrationError::Rule(_))
    ));
    let unsigned = PermitType {
        signatures: Vec::new(),
        ..with(vec![])
    };
    assert!(matches!(
        save(unsigned).await,
        Err(AdministrationError::Rule(_))
    ));
    assert_eq!(office.permit_types().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_mandate_rests_on_a_decree_and_ends_once() {
    let app = TestApp::start().await;
    let office = &app.administration;
    let roles = [Role::Signatory];
    let (ahmad, _) = office
        .add_person(Actor::Operator, person("Ahmad", &roles))
        .await
        .unwrap();
    let (rini, _) = office
        .add_person(Actor::Operator, person("Rini", &roles))
        .await
        .unwrap();
    let mandate = NewMandate {
        kind: MandateKind::Plh,
        decree: "800/123/2026".to_owned(),
        grantor: ahmad.id,
        holder: rini.id,
        scope: Scope::All,
        from: datetime!(2020-01-01 0:00 UTC),
        until: datetime!(2099-01-01 0:00 UTC),
    };
    for wrong in [
        NewMandate {
            decree: " ".to_owned(),
            ..mandate.clone()
        },
        NewMandate {
            holder: ahmad.id,
            ..mandate.clone()
        },
        NewMandate {
            until: mandate.from,
            ..mandate.clone()
        },
    ] {
        let refused = office.add_mandate(Actor::Operator, wrong).await;
        assert!(matches!(refused, Err(AdministrationError::Rule(_))));
    }
    let given = office.add_mandate(Actor::Operator, mandate).await.unwrap();
    let ended = office.end_mandate(Actor::Operator, given.id).await.unwrap();
    assert!(ended.revoked_at.is_some());
    assert!(office.end_mandate(Actor::Operator, given.id).await.is_err());
}

//! What the office laid down: clients, people, permit types, mandates, keys, settings.

use absah::domain::accounts::{Client, Role};
use absah::domain::ids::MandateId;
use absah::domain::mandate::{Mandate, MandateKind, Scope};
use absah::kernel::hash::{HashAlgorithm, Sha256};
use absah::kernel::sign::SignatureAlgorithm;
use absah::services::ports::{
    Accounts, Changes, CommitError, Constraint, KeyRecord, KeyRecords, Ledger, Mandates,
    PermitTypes, Settings, TimeMarks, Write,
};

use crate::world::{NOW, World, both, client, person};

both!(
    accounts_are_found_by_id_and_key,
    an_api_key_belongs_to_one_account,
    permit_types_are_data,
    mandates_are_found_by_their_holder,
    a_person_has_one_key_in_use,
    a_setting_keeps_its_last_value,
    time_marks_only_rise,
);

async fn accounts_are_found_by_id_and_key(world: World) {
    let key = Sha256::of(b"client key");
    assert_eq!(
        world.store.client_by_key(&key).await.unwrap(),
        Some(world.client.clone())
    );
    assert_eq!(world.store.person_by_key(&key).await.unwrap(), None);
    assert_eq!(
        world.store.person(&world.signatory.id).await.unwrap(),
        Some(world.signatory.clone())
    );
    assert_eq!(
        world.store.people().await.unwrap(),
        [world.reviewer.clone(), world.signatory.clone()]
    );

    let renamed = Client {
        name: "SiCANTIK".into(),
        active: false,
        ..world.client.clone()
    };
    let changes = Changes::new().with(Write::SaveClient(renamed.clone(), None));
    world.store.commit(changes).await.unwrap();
    assert_eq!(
        world.store.client_by_key(&key).await.unwrap(),
        Some(renamed)
    );
}

async fn an_api_key_belongs_to_one_account(world: World) {
    let key = Some(Sha256::of(b"client key"));
    let changes = Changes::new().with(Write::SaveClient(client("SITETEH", 9), key));
    let refused = world.store.commit(changes).await;
    assert_eq!(refused, Err(CommitError::Breaks(Constraint::ApiKey)));
    assert_eq!(world.store.clients().await.unwrap(), [world.client]);

    let key = Some(Sha256::of(b"reviewer key"));
    let changes = Changes::new().with(Write::SavePerson(person("Tono", Role::Auditor, 9), key));
    let refused = world.store.commit(changes).await;
    assert_eq!(refused, Err(CommitError::Breaks(Constraint::ApiKey)));
}

async fn permit_types_are_data(world: World) {
    let mut changed = world.permit_type.clone();
    changed.name = "Izin Praktik Bidan".into();
    let changes = Changes::new().with(Write::SavePermitType(Box::new(changed.clone())));
    world.store.commit(changes).await.unwrap();
    assert_eq!(
        world.store.permit_type(&changed.code).await.unwrap(),
        Some(changed.clone())
    );
    assert_eq!(world.store.permit_types().await.unwrap(), [changed]);
    assert_eq!(
        world
            .store
            .permit_type(&"SIPP".parse().unwrap())
            .await
            .unwrap(),
        None
    );
}

async fn mandates_are_found_by_their_holder(world: World) {
    let mandate = Mandate {
        id: MandateId::new(NOW, [7; 10]),
        kind: MandateKind::Plh,
        decree: "800/12/2026".into(),
        grantor: world.signatory.id,
        holder: world.reviewer.id,
        scope: Scope::All,
        from: NOW,
        until: NOW + time::Duration::days(3),
        revoked_at: None,
    };
    let save = |mandate: &Mandate| Changes::new().with(Write::SaveMandate(mandate.clone()));
    world.store.commit(save(&mandate)).await.unwrap();
    let found = world.store.mandates_of(&world.reviewer.id).await.unwrap();
    assert_eq!(found, std::slice::from_ref(&mandate));
    assert_eq!(
        world.store.mandates_of(&world.signatory.id).await.unwrap(),
        []
    );

    let ended = Mandate {
        revoked_at: Some(NOW),
        ..mandate
    };
    world.store.commit(save(&ended)).await.unwrap();
    assert_eq!(world.store.mandates().await.unwrap(), [ended]);
}

async fn a_person_has_one_key_in_use(world: World) {
    let key = |certificate: &[u8]| KeyRecord {
        person: world.signatory.id,
        certificate: certificate.to_vec(),
        chain: vec![b"issuer".to_vec(), b"root".to_vec()],
        algorithm: SignatureAlgorithm::Ecdsa(HashAlgorithm::Sha256),
        kind: "sealed".into(),
        sealed: b"sealed".to_vec(),
        at: NOW,
    };
    for certificate in [b"first", b"other"] {
        let changes = Changes::new().with(Write::SaveKey(key(certificate)));
        world.store.commit(changes).await.unwrap();
    }
    let in_use = world.store.key_in_use(&world.signatory.id).await.unwrap();
    assert_eq!(in_use, Some(key(b"other")));
    assert_eq!(
        world.store.key_in_use(&world.reviewer.id).await.unwrap(),
        None
    );
}

async fn a_setting_keeps_its_last_value(world: World) {
    assert_eq!(world.store.setting("office").await.unwrap(), None);
    for value in ["a", "b"] {
        let changes = Changes::new().with(Write::SaveSetting("office".into(), value.into()));
        world.store.commit(changes).await.unwrap();
    }
    assert_eq!(
        world.store.setting("office").await.unwrap().as_deref(),
        Some("b")
    );
}

async fn time_marks_only_rise(world: World) {
    let later = NOW + time::Duration::SECOND;
    world.store.raise("a", later).await.unwrap();
    world.store.raise("a", NOW).await.unwrap();
    world.store.raise("b", NOW).await.unwrap();
    let marks = world.store.marks().await.unwrap();
    assert_eq!(marks, [("a".to_owned(), later), ("b".to_owned(), NOW)]);
}

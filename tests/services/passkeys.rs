//! Approval with a passkey: bound to the documents, and every way round it refused before the key
//! is used. Each refusal counts the key operations: none.

use std::sync::Arc;

use absah::domain::accounts::Person;
use absah::domain::approval::{ApprovalError, ApprovalState, Evidence};
use absah::domain::event::Actor;
use absah::domain::ids::{ApprovalId, DocumentId};
use absah::domain::mandate::{MandateKind, Scope};
use absah::domain::sessions::SessionLimits;
use absah::kernel::hash::Sha256;
use absah::kernel::webauthn::{Assertion, KnownCredential, WebAuthnError, verify_assertion};
use absah::kernel::x509::{Certificate, RevocationReason};
use absah::services::administration::NewMandate;
use absah::services::clock::{SystemClock, SystemEntropy};
use absah::services::entry::{Answer, Entry, EntryError, Place};
use absah::services::ports::{CertificateQuery, Certificates, Documents, KeyRecords, Revocation};
use absah::services::{Approved, ServiceError};
use time::{Duration, OffsetDateTime};

use crate::office::{Office, PASSPHRASE, secret};
use crate::support::authenticator::{Kind, PRESENT, Passkey};

const URL: &str = "http://localhost:8080";

/// An office whose head has a passkey.
struct Desk {
    office: Office,
    entry: Entry,
    passkey: Passkey,
}

impl Desk {
    async fn new() -> Self {
        Self::of(Office::new().await).await
    }

    async fn of(office: Office) -> Self {
        let entry = Entry::new(
            Arc::new(office.store.clone()),
            Arc::new(SystemClock),
            Arc::new(SystemEntropy),
            Place::of("DPMPTSP Contoh", URL).unwrap(),
            SessionLimits::default(),
        );
        let passkey = enrolled(&entry, &office.head).await;
        Self {
            office,
            entry,
            passkey,
        }
    }

    /// A document that the head has read.
    async fn read(&self, number: &str) -> DocumentId {
        self.read_by(&self.office.head, number).await
    }

    async fn read_by(&self, person: &Person, number: &str) -> DocumentId {
        let office = &self.office;
        let document = office.submit("SIPB", number).await;
        office.review(&document).await.unwrap();
        let shown = document.submitted.sha256;
        let read = office.services.affirm_reading(person, &document.id, shown);
        read.await.unwrap();
        document.id
    }

    async fn ask(&self, documents: &[DocumentId]) -> absah::domain::approval::Approval {
        let asked = self
            .office
            .services
            .ask_approval(&self.office.head, documents);
        asked.await.unwrap().approval
    }

    async fn give(
        &self,
        id: &ApprovalId,
        answer: &serde_json::Value,
    ) -> Result<Vec<Approved>, ServiceError> {
        self.give_as(&self.office.head, id, answer).await
    }

    async fn give_as(
        &self,
        person: &Person,
        id: &ApprovalId,
        answer: &serde_json::Value,
    ) -> Result<Vec<Approved>, ServiceError> {
        let answer: Answer = serde_json::from_value(answer.clone()).unwrap();
        let services = &self.office.services;
        services
            .give_approval(&self.entry, person, id, &answer, &secret(PASSPHRASE))
            .await
    }

    fn operations(&self) -> usize {
        self.office.keys.operations()
    }
}

async fn enrolled(entry: &Entry, person: &Person) -> Passkey {
    let mut passkey = Passkey::new(Kind::Es256, "localhost", URL);
    let link = entry.invite(Actor::Operator, person).await.unwrap();
    let (_, token) = link.split_once('#').unwrap();
    let asked = entry.ask_first(token, None).await.unwrap();
    let creation = passkey.create(&serde_json::to_value(&asked.options).unwrap());
    let creation = serde_json::from_value(creation).unwrap();
    let made = entry
        .made_passkey(asked.ceremony, &creation, "Ponsel")
        .await;
    let (asked, _) = made.unwrap();
    let answer = passkey.answer(&serde_json::to_value(&asked.options).unwrap());
    let answer = serde_json::from_value(answer).unwrap();
    let enrolled = entry.enrol(None, asked.ceremony, &answer, (true, None));
    enrolled.await.unwrap();
    passkey
}

fn refused_by(outcome: Result<Vec<Approved>, ServiceError>, why: WebAuthnError) {
    let error = outcome.unwrap_err();
    let expected = EntryError::Passkey(why);
    assert!(
        matches!(&error, ServiceError::Entry(found) if *found == expected),
        "{error:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn one_gesture_signs_what_was_asked_once() {
    let mut desk = Desk::new().await;
    let ids = [
        desk.read("1").await,
        desk.read("2").await,
        desk.read("3").await,
    ];
    let asked = desk.ask(&ids).await;
    let answer = desk.passkey.answer_to(asked.challenge().as_bytes());
    let done = desk.give(&asked.id, &answer).await.unwrap();
    assert!(done.iter().all(|one| one.refused.is_none()));
    assert_eq!(desk.operations(), 3);

    let again = desk.give(&asked.id, &answer).await;
    let given = ServiceError::Approval(ApprovalError::Given);
    assert_eq!(again.unwrap_err().to_string(), given.to_string());
    assert_eq!(desk.operations(), 3);
    desk.office.services.finish_due().await.unwrap();
    for id in &ids {
        assert_eq!(desk.office.state(id).await, "issued");
    }
    let kept = desk
        .office
        .store
        .approval(&asked.id)
        .await
        .unwrap()
        .unwrap();
    let ApprovalState::Given { evidence, .. } = &kept.state else {
        panic!("{:?}", kept.state);
    };
    let Evidence::Passkey(passkey) = evidence else {
        panic!("{evidence:?}");
    };
    let known = KnownCredential {
        public_key: &passkey.public_key,
        sign_count: 0,
        backup_eligible: passkey.backup_eligible,
    };
    let assertion = Assertion {
        client_data: &passkey.client_data,
        authenticator_data: &passkey.authenticator_data,
        signature: &passkey.signature,
    };
    let place = Place::of("", &passkey.origin).unwrap();
    let challenge = kept.challenge();
    verify_assertion(
        place.relying_party(),
        challenge.as_bytes(),
        known,
        &assertion,
    )
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_over_another_list_signs_nothing() {
    let mut desk = Desk::new().await;
    let (one, two) = (desk.read("1").await, desk.read("2").await);
    let asked = desk.ask(&[one]).await;
    let mut swapped = asked.clone();
    swapped.entries[0].digest[0] ^= 1;
    let mut other_file = asked.clone();
    other_file.entries[0].submitted = Sha256::of(b"another");
    let mut extra = asked.clone();
    extra.entries.push(desk.ask(&[two]).await.entries.remove(0));
    let mut another_key = asked.clone();
    another_key.certificate = Sha256::of(b"another");
    for shown in [swapped, other_file, extra, another_key] {
        let answer = desk.passkey.answer_to(shown.challenge().as_bytes());
        refused_by(
            desk.give(&asked.id, &answer).await,
            WebAuthnError::Challenge,
        );
    }
    assert_eq!(desk.operations(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_was_given_before_or_elsewhere_signs_nothing() {
    let mut desk = Desk::new().await;
    let (one, two) = (desk.read("1").await, desk.read("2").await);
    let (first, second) = (desk.ask(&[one]).await, desk.ask(&[two]).await);
    let answer = desk.passkey.answer_to(first.challenge().as_bytes());
    refused_by(
        desk.give(&second.id, &answer).await,
        WebAuthnError::Challenge,
    );
    let challenge = second.challenge();
    desk.passkey.flags = PRESENT;
    let answer = desk.passkey.answer_to(challenge.as_bytes());
    refused_by(
        desk.give(&second.id, &answer).await,
        WebAuthnError::UserVerification,
    );
    desk.passkey.flags |= 4;
    desk.passkey.origin = "https://evil.example".to_owned();
    let answer = desk.passkey.answer_to(challenge.as_bytes());
    refused_by(desk.give(&second.id, &answer).await, WebAuthnError::Origin);
    assert_eq!(desk.operations(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_persons_passkey_or_approval_signs_nothing() {
    let mut desk = Desk::new().await;
    let id = desk.read("1").await;
    let asked = desk.ask(&[id]).await;
    let challenge = asked.challenge();
    let deputy = desk.office.deputy.clone();
    let mut others = enrolled(&desk.entry, &deputy).await;
    let answer = others.answer_to(challenge.as_bytes());
    let refused = desk.give(&asked.id, &answer).await;
    assert!(matches!(
        refused,
        Err(ServiceError::Entry(EntryError::UnknownPasskey))
    ));
    let answer = desk.passkey.answer_to(challenge.as_bytes());
    let refused = desk.give_as(&deputy, &asked.id, &answer).await;
    assert!(matches!(refused, Err(ServiceError::NotFound("approval"))));
    assert_eq!(desk.operations(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_read_is_not_asked() {
    let desk = Desk::new().await;
    let office = &desk.office;
    let document = office.submit("SIPB", "1").await;
    office.review(&document).await.unwrap();
    let asked = office
        .services
        .ask_approval(&office.head, &[document.id])
        .await;
    assert!(matches!(asked, Err(ServiceError::Unread(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_that_lapsed_signs_nothing() {
    let mut desk = Desk::of(Office::hurried(Duration::SECOND).await).await;
    let id = desk.read("1").await;
    let asked = desk.ask(&[id]).await;
    let answer = desk.passkey.answer_to(asked.challenge().as_bytes());
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    let refused = desk.give(&asked.id, &answer).await;
    assert!(matches!(
        refused,
        Err(ServiceError::Approval(ApprovalError::Lapsed(_)))
    ));
    assert_eq!(desk.operations(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_key_signs_nothing() {
    let mut desk = Desk::new().await;
    let id = desk.read("1").await;
    let asked = desk.ask(&[id]).await;
    let office = &desk.office;
    let key = office
        .store
        .key_in_use(&office.head.id)
        .await
        .unwrap()
        .unwrap();
    let certificate = Certificate::parse(&key.certificate).unwrap();
    let records = office
        .store
        .list(&CertificateQuery::default())
        .await
        .unwrap();
    let record = (records.iter())
        .find(|record| record.certificate.as_deref() == Some(certificate.der()))
        .unwrap();
    let revocation = Revocation {
        at: OffsetDateTime::now_utc(),
        reason: RevocationReason::KeyCompromise,
        invalid_since: None,
    };
    let revoked = office.store.revoke(&record.intent.id, &revocation);
    revoked.await.unwrap();
    let answer = desk.passkey.answer_to(asked.challenge().as_bytes());
    assert!(desk.give(&asked.id, &answer).await.is_err());
    assert_eq!(desk.operations(), 0);
    let kept = desk
        .office
        .store
        .approval(&asked.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(kept.state, ApprovalState::Asked);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mandate_that_ended_meanwhile_signs_nothing() {
    let desk = Desk::new().await;
    let office = &desk.office;
    let mut passkey = enrolled(&desk.entry, &office.deputy).await;
    let now = OffsetDateTime::now_utc();
    let new = NewMandate {
        kind: MandateKind::Plh,
        decree: "800/12/2026".into(),
        grantor: office.head.id,
        holder: office.deputy.id,
        scope: Scope::All,
        from: now - Duration::HOUR,
        until: now + Duration::HOUR,
    };
    let mandate = office
        .administration
        .add_mandate(Actor::Operator, new)
        .await;
    let mandate = mandate.unwrap();
    let (one, two) = (
        desk.read_by(&office.deputy, "1").await,
        desk.read_by(&office.deputy, "2").await,
    );
    let ask = async |id| {
        let asked = office.services.ask_approval(&office.deputy, &[id]).await;
        asked.unwrap().approval
    };
    let (first, second) = (ask(one).await, ask(two).await);
    let answer = passkey.answer_to(first.challenge().as_bytes());
    desk.give_as(&office.deputy, &first.id, &answer)
        .await
        .unwrap();
    assert_eq!(desk.operations(), 1, "while it stands");
    let ended = office
        .administration
        .end_mandate(Actor::Operator, mandate.id);
    ended.await.unwrap();
    let answer = passkey.answer_to(second.challenge().as_bytes());
    let refused = desk.give_as(&office.deputy, &second.id, &answer).await;
    assert!(
        matches!(refused, Err(ServiceError::Right(_))),
        "{refused:?}"
    );
    assert_eq!(desk.operations(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_changed_meanwhile_is_left_out() {
    let mut desk = Desk::new().await;
    let (one, two) = (desk.read("1").await, desk.read("2").await);
    let asked = desk.ask(&[one, two]).await;
    // Asked for once more: the first question's bytes are given up.
    let newer = desk.ask(&[two]).await;
    let answer = desk.passkey.answer_to(asked.challenge().as_bytes());
    let done = desk.give(&asked.id, &answer).await.unwrap();
    let refused = done.iter().filter(|one| one.refused.is_some());
    let refused: Vec<_> = refused.map(|one| one.document).collect();
    assert_eq!(refused, [two], "{done:?}");
    assert_eq!(desk.operations(), 1);
    let answer = desk.passkey.answer_to(newer.challenge().as_bytes());
    desk.give(&newer.id, &answer).await.unwrap();
    assert_eq!(desk.operations(), 2);
}

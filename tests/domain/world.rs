//! People, permit types and what is asked of a document.

use absah::domain::document::{
    Decided, Document, Ended, Preparation, ReviewError, Submission, SubmittedFile, TransitionError,
};
use absah::domain::gate::MetGate;
use absah::domain::ids::{ApprovalId, ClientId, DocumentId, IntentId, PersonId};
use absah::domain::metadata::Metadata;
use absah::domain::permit_type::{PermitType, ServiceClass, SignatureSlot};
use absah::domain::review::{Decision, Review, Tier};
use absah::kernel::code::DocumentCode;
use absah::kernel::hash::Sha256;
use absah::kernel::pdf::placement::Placement;
use proptest::prelude::*;
use time::OffsetDateTime;
use time::macros::datetime;

pub const NOW: OffsetDateTime = datetime!(2026-11-22 04:00 UTC);
pub const GATES: [&str; 2] = ["skm", "retribusi"];

/// What may be asked of a document. Numbers name a tier, a gate, an intent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Act {
    Review {
        tier: u8,
        decision: Decision,
        right_file: bool,
        right_person: bool,
        reasoned: bool,
    },
    Gate(usize),
    Prepare(u8),
    Lapse,
    Sign(u8),
    Finish,
    GiveBack,
    Reject,
    Suspend,
    Resume,
    Supersede,
    Cancel,
}

pub fn acts() -> impl Strategy<Value = Act> {
    let decision = prop_oneof![
        6 => Just(Decision::Approve),
        1 => Just(Decision::Return),
        1 => Just(Decision::Reject),
    ];
    // Mostly right: a walk that is refused at every step goes nowhere.
    let review = (1..4u8, decision, weighted(9), weighted(9), weighted(8)).prop_map(
        |(tier, decision, right_file, right_person, reasoned)| Act::Review {
            tier,
            decision,
            right_file,
            right_person,
            reasoned,
        },
    );
    prop_oneof![
        8 => review,
        4 => (0..GATES.len()).prop_map(Act::Gate),
        6 => (0..2u8).prop_map(Act::Prepare),
        2 => Just(Act::Lapse),
        6 => (0..2u8).prop_map(Act::Sign),
        5 => Just(Act::Finish),
        1 => Just(Act::GiveBack),
        1 => Just(Act::Reject),
        2 => Just(Act::Suspend),
        2 => Just(Act::Resume),
        1 => Just(Act::Supersede),
        1 => Just(Act::Cancel),
    ]
}

fn weighted(yes: u32) -> impl Strategy<Value = bool> {
    prop_oneof![yes => Just(true), 1 => Just(false)]
}

pub fn permit_type(tiers: u8, gates: usize, signatures: u8) -> PermitType {
    let tier = |number: u8| Tier {
        name: format!("tier {number}"),
        reviewers: vec![person(number)],
    };
    let slot = |number: u8| SignatureSlot {
        field: format!("Signature{number}"),
        office: "Kepala Dinas".into(),
        signatories: vec![person(100 + number)],
        placement: Placement::Invisible,
    };
    PermitType {
        code: "SIPB".parse().unwrap(),
        name: "Surat Izin Praktik Bidan".into(),
        signatures: (1..=signatures).map(slot).collect(),
        tiers: (1..=tiers).map(tier).collect(),
        gates: GATES[..gates]
            .iter()
            .map(|name| name.parse().unwrap())
            .collect(),
        service_class: ServiceClass::ThreeHours,
        active: true,
    }
}

pub fn person(number: u8) -> PersonId {
    PersonId::new(NOW, [number; 10])
}

pub fn intent(number: u8) -> IntentId {
    IntentId::new(NOW, [number; 10])
}

pub fn file() -> Sha256 {
    Sha256::of(b"the submitted file")
}

pub fn submitted(permit_type: &PermitType) -> Document {
    let json =
        br#"{"permit_type":"SIPB","number":"503/1","holder":{"name":"Rina","kind":"person"}}"#;
    let submission = Submission {
        id: DocumentId::new(NOW, [1; 10]),
        client: ClientId::new(NOW, [2; 10]),
        code: DocumentCode::from_random([3; 10]),
        metadata: Metadata::parse(json).unwrap(),
        file: SubmittedFile {
            sha256: file(),
            size: 18,
            at: NOW,
        },
    };
    Document::submit(submission, permit_type)
}

/// Does what is asked, or says that it was refused.
pub fn apply(document: Document, act: Act, permit_type: &PermitType) -> Result<Document, String> {
    let refused = |error: TransitionError| error.to_string();
    match act {
        Act::Review { .. } => document
            .review(review(act), permit_type)
            .map_err(|error: ReviewError| error.to_string()),
        Act::Gate(number) => document
            .meet_gate(gate(number), permit_type)
            .map_err(refused),
        Act::Prepare(number) => document.prepare(preparation(number)).map_err(refused),
        Act::Lapse => document.lapse(NOW).map_err(refused),
        Act::Sign(number) => document.sign(intent(number), NOW).map_err(refused),
        Act::Finish => {
            let bytes = Sha256::of(&[document.signatures]);
            document.finish(bytes, permit_type, NOW).map_err(refused)
        }
        Act::GiveBack => document.give_back(ended()).map_err(refused),
        Act::Reject => document.reject(ended()).map_err(refused),
        Act::Suspend => document.suspend(decided()).map_err(refused),
        Act::Resume => document.resume().map_err(refused),
        Act::Supersede => {
            let successor = DocumentId::new(NOW, [9; 10]);
            document.supersede(successor, decided()).map_err(refused)
        }
        Act::Cancel => document.cancel(decided()).map_err(refused),
    }
}

pub fn review(act: Act) -> Review {
    let Act::Review {
        tier,
        decision,
        right_file,
        right_person,
        reasoned,
    } = act
    else {
        panic!("{act:?}")
    };
    Review {
        tier,
        reviewer: person(if right_person { tier } else { 77 }),
        sha256: if right_file { file() } else { Sha256::of(b"") },
        decision,
        reason: reasoned.then(|| "NIP salah".to_owned()),
        at: NOW,
    }
}

pub fn approval_of_tier(tier: u8) -> Act {
    Act::Review {
        tier,
        decision: Decision::Approve,
        right_file: true,
        right_person: true,
        reasoned: false,
    }
}

fn gate(number: usize) -> MetGate {
    MetGate {
        name: GATES[number].parse().unwrap(),
        reported_by: ClientId::new(NOW, [2; 10]),
        proof: "survei 7".into(),
        at: NOW,
    }
}

fn preparation(number: u8) -> Preparation {
    Preparation {
        since: NOW,
        intent: intent(number),
        approval: ApprovalId::new(NOW, [number; 10]),
        expires: NOW + time::Duration::minutes(5),
    }
}

fn ended() -> Ended {
    Ended {
        at: NOW,
        by: None,
        reason: "diganti".into(),
    }
}

fn decided() -> Decided {
    Decided {
        at: NOW,
        reason: "salah data".into(),
    }
}

//! Each refusal by name.

use absah::domain::document::{Document, DocumentState, ReviewError, TransitionError};
use absah::domain::mandate::{Mandate, MandateKind, NoSigningRight, Scope, SigningRight};
use absah::domain::permit_type::PermitType;
use absah::domain::review::Decision;
use absah::kernel::hash::Sha256;
use time::Duration;

use crate::world::{
    Act, NOW, apply, approval_of_tier, intent, permit_type, person, review, submitted,
};

fn walked(permit_type: &PermitType, acts: &[Act]) -> Document {
    let step = |document, act: &Act| apply(document, *act, permit_type).unwrap();
    acts.iter().fold(submitted(permit_type), step)
}

#[test]
fn every_act_names_the_state_that_forbids_it() {
    let plain = permit_type(0, 0, 1);
    let issued = [Act::Prepare(0), Act::Sign(0), Act::Finish];
    let cases = [
        (
            &issued[..0],
            Act::Sign(0),
            "a document that is ready cannot be signed",
        ),
        (
            &issued[..0],
            Act::Finish,
            "a document that is ready cannot be issued",
        ),
        (
            &issued[..0],
            Act::Lapse,
            "a document that is ready cannot be unprepared",
        ),
        (
            &issued[..0],
            Act::Cancel,
            "a document that is ready cannot be cancelled",
        ),
        (
            &issued[..1],
            Act::Prepare(1),
            "a document that is prepared cannot be prepared",
        ),
        (
            &issued[..1],
            Act::Sign(1),
            "a document that is prepared cannot be signed",
        ),
        (
            &issued[..1],
            Act::Gate(0),
            "a document that is prepared cannot be given a gate",
        ),
        (
            &issued[..2],
            Act::Lapse,
            "a document that is signed cannot be unprepared",
        ),
        (
            &issued[..2],
            Act::Sign(0),
            "a document that is signed cannot be signed",
        ),
        (
            &issued[..2],
            Act::GiveBack,
            "a document that is signed cannot be returned",
        ),
        (
            &issued[..2],
            Act::Suspend,
            "a document that is signed cannot be suspended",
        ),
        (
            &issued[..],
            Act::Prepare(1),
            "a document that is issued cannot be prepared",
        ),
        (
            &issued[..],
            Act::Reject,
            "a document that is issued cannot be rejected",
        ),
        (
            &issued[..],
            Act::Finish,
            "a document that is issued cannot be issued",
        ),
        (
            &issued[..],
            Act::Resume,
            "a document that is active cannot be resumed",
        ),
    ];
    for (before, act, expected) in cases {
        let refused = apply(walked(&plain, before), act, &plain);
        assert_eq!(refused, Err(expected.to_owned()), "{act:?}");
    }
}

#[test]
fn what_has_ended_stays_ended() {
    let plain = permit_type(1, 1, 1);
    let acts = [
        approval_of_tier(1),
        Act::Gate(0),
        Act::Prepare(0),
        Act::Lapse,
        Act::Sign(0),
        Act::Finish,
        Act::GiveBack,
        Act::Reject,
        Act::Suspend,
        Act::Resume,
        Act::Supersede,
        Act::Cancel,
    ];
    for end in [Act::GiveBack, Act::Reject] {
        for act in acts {
            let ended = walked(&plain, &[end]);
            assert!(apply(ended, act, &plain).is_err(), "{act:?} after {end:?}");
        }
    }
}

#[test]
fn a_review_says_why_it_does_not_count() {
    let two = permit_type(2, 0, 1);
    let approve = approval_of_tier(1);
    let refused = |document: Document, act| document.review(review(act), &two).unwrap_err();
    let Act::Review { tier, decision, .. } = approve else {
        panic!()
    };
    let other = |right_file, right_person, decision| Act::Review {
        tier,
        decision,
        right_file,
        right_person,
        reasoned: false,
    };
    assert_eq!(
        refused(submitted(&two), approval_of_tier(2)),
        ReviewError::Tier {
            expected: 1,
            actual: 2
        }
    );
    assert!(matches!(
        refused(submitted(&two), other(false, true, decision)),
        ReviewError::File { actual, .. } if actual == Sha256::of(b"")
    ));
    assert_eq!(
        refused(submitted(&two), other(true, false, decision)),
        ReviewError::Reviewer(1)
    );
    for decision in [Decision::Return, Decision::Reject] {
        assert_eq!(
            refused(submitted(&two), other(true, true, decision)),
            ReviewError::Reason
        );
    }
    let reviewed = walked(&two, &[approval_of_tier(1), approval_of_tier(2)]);
    assert_eq!(
        refused(reviewed, approval_of_tier(1)),
        ReviewError::State(TransitionError {
            act: "reviewed",
            state: "ready"
        })
    );
    let gated = permit_type(1, 1, 1);
    let waiting = walked(&gated, &[approval_of_tier(1)]);
    let complete = waiting.review(review(approval_of_tier(2)), &gated);
    assert_eq!(complete.unwrap_err(), ReviewError::Complete);
}

/// A new version is a new document: no review, gate or preparation goes over to it.
#[test]
fn a_new_version_begins_without_reviews() {
    let type_of_both = permit_type(1, 1, 1);
    let first = walked(&type_of_both, &[approval_of_tier(1), Act::Gate(0)]);
    assert_eq!(first.state.name(), "ready");
    let second = submitted(&type_of_both);
    assert_eq!((second.reviews.len(), second.gates.len()), (0, 0));
    assert_eq!(second.state.name(), "in_review");
}

#[test]
fn a_preparation_stands_for_its_own_time_only_whatever_the_clock_does() {
    let plain = permit_type(0, 0, 1);
    let DocumentState::Prepared(preparation) = walked(&plain, &[Act::Prepare(0)]).state else {
        panic!()
    };
    assert_eq!(preparation.intent, intent(0));
    let lifetime = preparation.expires - preparation.since;
    let moment = Duration::NANOSECOND;
    for (at, stands) in [
        (NOW, true),
        (NOW + lifetime - moment, true),
        (NOW + lifetime, false),
        (NOW - lifetime, true),
        (NOW - lifetime - moment, false),
        (NOW - Duration::HOUR, false),
    ] {
        assert_eq!(preparation.stands(at), stands, "{at}");
    }
}

#[test]
fn without_a_slot_or_a_mandate_in_time_and_scope_nobody_signs() {
    let plain = permit_type(0, 0, 1);
    let slot = &plain.signatures[0];
    let (head, deputy) = (slot.signatories[0], person(50));
    let right = |who, mandates: &[Mandate]| {
        SigningRight::find(who, slot, &plain.code, mandates, NOW)
            .map(|right| right.mandate().cloned())
    };
    assert_eq!(right(head, &[]).unwrap(), None);
    assert!(right(deputy, &[]).is_err());
    let mandate = Mandate {
        id: absah::domain::ids::MandateId::new(NOW, [1; 10]),
        kind: MandateKind::Plh,
        decree: "800/12/2026".into(),
        grantor: head,
        holder: deputy,
        scope: Scope::PermitTypes(vec![plain.code.clone()]),
        from: NOW - Duration::HOUR,
        until: NOW + Duration::HOUR,
        revoked_at: None,
    };
    assert_eq!(
        right(deputy, std::slice::from_ref(&mandate)).unwrap(),
        Some(mandate.clone())
    );
    let spoiled = [
        Mandate {
            from: NOW + Duration::SECOND,
            ..mandate.clone()
        },
        Mandate {
            until: NOW,
            ..mandate.clone()
        },
        Mandate {
            grantor: person(51),
            ..mandate.clone()
        },
        Mandate {
            holder: person(52),
            ..mandate.clone()
        },
        Mandate {
            scope: Scope::PermitTypes(vec!["SK".parse().unwrap()]),
            ..mandate.clone()
        },
        Mandate {
            revoked_at: Some(NOW - Duration::SECOND),
            ..mandate
        },
    ];
    for mandate in spoiled {
        let refused: Result<_, NoSigningRight> = right(deputy, std::slice::from_ref(&mandate));
        assert!(refused.is_err(), "{mandate:?}");
    }
}

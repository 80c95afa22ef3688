//! Random walks: the document and the model agree at every step, and what must never
//! be never is.

use absah::domain::document::{Document, DocumentState};
use absah::domain::permit_type::PermitType;
use absah::domain::review::Decision;
use proptest::prelude::*;

use crate::model::Model;
use crate::world::{Act, acts, apply, file, permit_type, submitted};

fn cases() -> u32 {
    if std::env::var_os("ABSAH_FULL").is_some() {
        20_000
    } else {
        1_000
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    #[test]
    fn a_document_does_what_the_model_says(
        tiers in 0..3u8,
        gates in 0..3usize,
        signatures in 1..3u8,
        walk in prop::collection::vec(acts(), 0..60),
    ) {
        let permit_type = permit_type(tiers, gates, signatures);
        let mut document = submitted(&permit_type);
        let mut model = Model::of(&permit_type);
        let mut signed = 0u8;
        for act in walk {
            let before = document.clone();
            let allowed = model.apply(act);
            let done = apply(document, act, &permit_type);
            prop_assert_eq!(done.is_ok(), allowed, "{:?} of {:?}: {:?}", act, before.state, done);
            document = done.unwrap_or_else(|_| before.clone());
            check(&before, &document, act, &permit_type)?;
            agree(&document, &model)?;
            signed += u8::from(allowed && matches!(act, Act::Sign(_)));
            // One signature a place: each is finished before the next is made.
            prop_assert!(signed - document.signatures <= 1);
            prop_assert!(usize::from(signed) <= permit_type.signatures.len());
        }
    }
}

fn agree(document: &Document, model: &Model) -> Result<(), TestCaseError> {
    prop_assert_eq!(document.state.name(), model.state);
    prop_assert_eq!(document.signatures, model.finished);
    prop_assert_eq!(document.gates.len(), model.gates.len());
    let standing = match &document.state {
        DocumentState::Issued(issue) => Some(issue.status(None, time::Date::MIN).name()),
        _ => None,
    };
    prop_assert_eq!(standing, model.standing);
    let beyond_review = matches!(model.state, "ready" | "prepared" | "signed" | "issued");
    prop_assert!(
        !beyond_review || model.is_cleared(),
        "signed without tiers and gates"
    );
    Ok(())
}

/// What holds of every single step.
fn check(
    before: &Document,
    after: &Document,
    act: Act,
    permit_type: &PermitType,
) -> Result<(), TestCaseError> {
    let ended = |document: &Document| {
        matches!(
            document.state,
            DocumentState::Returned(_) | DocumentState::Rejected(_)
        )
    };
    if ended(before) {
        prop_assert_eq!(before, after, "a transition from a terminal state");
    }
    if let DocumentState::Issued(issue) = &before.state {
        let DocumentState::Issued(now) = &after.state else {
            return Err(TestCaseError::fail("an issued document is issued no more"));
        };
        prop_assert_eq!((&now.original, now.at), (&issue.original, issue.at));
        prop_assert_eq!(before.current, after.current, "a status changed the bytes");
    } else {
        prop_assert_eq!(
            after.permit_status(time::Date::MIN).is_some(),
            act == Act::Finish && matches!(after.state, DocumentState::Issued(_))
        );
    }
    prop_assert_eq!(
        (before.id, before.code, before.submitted),
        (after.id, after.code, after.submitted)
    );
    prop_assert!(
        after.reviews.starts_with(&before.reviews),
        "a review was changed"
    );
    prop_assert!(after.gates.starts_with(&before.gates), "a gate was changed");
    let approvals = after
        .reviews
        .iter()
        .filter(|one| one.decision == Decision::Approve);
    for (review, tier) in approvals.zip(&permit_type.tiers) {
        prop_assert_eq!(review.sha256, file());
        prop_assert!(tier.reviewers.contains(&review.reviewer));
    }
    Ok(())
}

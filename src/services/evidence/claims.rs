//! The table of claims: what is said, whether it is shown, and by what.

use serde::Serialize;

use super::{Evidence, Signing};
use crate::domain::approval::{ApprovalState, Evidence as Given};

/// One row.
#[derive(Serialize)]
pub(super) struct Claim {
    claim: &'static str,
    state: State,
    evidence: String,
}

/// Whether the bundle shows it.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    /// The bundle itself shows it.
    Shown,
    /// The office says so; the bundle holds its record.
    Recorded,
    /// Nothing here shows it.
    Missing,
    /// It does not apply.
    NotApplicable,
}

impl Claim {
    fn new(claim: &'static str, state: State, evidence: impl Into<String>) -> Self {
        Self {
            claim,
            state,
            evidence: evidence.into(),
        }
    }

    /// The table of a document.
    pub(super) fn table(evidence: &Evidence) -> Vec<Self> {
        vec![
            Self::new(
                "The file has not changed since it was signed, and who signed it held the certificate's key",
                State::Shown,
                "document.pdf; checked as VERIFY.md says",
            ),
            Self::new(
                "The time of signing, and that no certificate was revoked then",
                State::Shown,
                "timestamps, OCSP responses and CRLs inside document.pdf (its document security store)",
            ),
            reviews(evidence),
            approvals(evidence),
            mandates(evidence),
            Self::new(
                "Every act is in the log, in this order",
                State::Recorded,
                "log/leaves.json: salt, payload and commitment of every leaf about this document",
            ),
            Self::new(
                "The log is the one that was published",
                State::Missing,
                "no checkpoint or inclusion proof is published yet",
            ),
        ]
    }
}

fn approvals(evidence: &Evidence) -> Claim {
    let claim = "The signatory approved these very digests";
    let by_passkey = |signing: &Signing| {
        let ApprovalState::Given { evidence, .. } = &signing.approval.state else {
            return false;
        };
        matches!(evidence, Given::Passkey(_))
    };
    if evidence.signings.iter().all(by_passkey) {
        let what = "signature-*/approval.json: a passkey's signature over the challenge, which is computed from the list of digests";
        Claim::new(claim, State::Shown, what)
    } else {
        let what = "signature-*/approval.json with its challenge; given with a passphrase, so the office's record is the evidence";
        Claim::new(claim, State::Recorded, what)
    }
}

fn reviews(evidence: &Evidence) -> Claim {
    let claim = "Every tier reviewed this very file before it was signed";
    match evidence.document.reviews.len() {
        0 => Claim::new(claim, State::NotApplicable, "the permit type has no tiers"),
        _ => Claim::new(
            claim,
            State::Recorded,
            "document.json: reviews, each with the file's SHA-256",
        ),
    }
}

fn mandates(evidence: &Evidence) -> Claim {
    let claim = "A mandate let the signatory sign for another";
    let any = evidence
        .signings
        .iter()
        .any(|signing| signing.intent.right.mandate().is_some());
    if any {
        let what = "signature-*/mandate.json, and the reason inside the signature";
        Claim::new(claim, State::Recorded, what)
    } else {
        Claim::new(claim, State::NotApplicable, "each signed in his own right")
    }
}

//! Tiered review (*paraf berjenjang*): one approval per tier, in order, each bound
//! to the SHA-256 of the file that was read (Bogor 15/2019, pasal 18(2)c).

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::ids::PersonId;
use crate::kernel::hash::Sha256;

/// One tier of a permit type's review chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tier {
    /// What this tier is called: "Kepala Seksi".
    pub name: String,
    /// The people who may act here.
    pub reviewers: Vec<PersonId>,
}

/// What one tier decided about one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// The tier, counted from one.
    pub tier: u8,
    /// Who decided.
    pub reviewer: PersonId,
    /// The file that was read.
    pub sha256: Sha256,
    /// What was decided.
    pub decision: Decision,
    /// Why; always given with a return or a rejection.
    pub reason: Option<String>,
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}

/// A reviewer's decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// On to the next tier.
    Approve,
    /// Back to who submitted it, to be mended and sent as a new version.
    Return,
    /// The permit is refused.
    Reject,
}

//! What is kept of a preparation beside its bytes: where the hole is, and where the
//! signature block stands.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// The places in prepared bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Layout {
    /// `/Contents`, delimiters included.
    pub(super) hole: Range<usize>,
    /// The block, unless the signature is invisible.
    pub(super) block: Option<Block>,
}

/// A rectangle of a page, as displayed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Block {
    /// The page, counted from one.
    pub(super) page: u32,
    /// x, y, width, height in points from the lower left.
    pub(super) rect: [f64; 4],
}

impl Layout {
    /// As an intent keeps it. Numbers and lists always serialise.
    pub(super) fn to_json(&self) -> serde_json::Value {
        serde_json::to_value(self).unwrap_or_default()
    }

    /// As an intent kept it.
    pub(super) fn from_json(json: &serde_json::Value) -> Result<Self, serde_json::Error> {
        Self::deserialize(json)
    }
}

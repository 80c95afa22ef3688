//! Documents, permit types, mandates, reviews, gates, approvals and accounts:
//! states as enums, transitions that consume. No I/O, no clock, no async.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

pub mod language;
pub mod zone;

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

pub mod accounts;
pub mod approval;
pub mod ceremonies;
pub mod credentials;
pub mod document;
pub mod event;
pub mod gate;
pub mod ids;
pub mod invitations;
pub mod language;
pub mod lockout;
pub mod mandate;
pub mod masking;
pub mod metadata;
pub mod permit_type;
pub mod reading;
pub mod review;
pub mod revision;
pub mod service_clock;
pub mod sessions;
pub mod signing;
pub mod zone;

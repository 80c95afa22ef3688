//! Faults of the world under a real `absah serve`: a process of its own, spoken to over
//! HTTP, whose disk, database, clock and time-stamping authority fail.
//!
//! What a fault may do is refuse, wait or end the process; what was acknowledged stays,
//! and nothing is done twice (`tests/faults/invariants.rs`). Each needs a tool of the
//! system; one that is missing is a failure that says how to install it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods
)]

mod clock;
#[path = "../storage/cluster.rs"]
mod cluster;
mod database;
mod disk;
mod fsync;
mod harm;
mod invariants;
mod service;
mod site;
mod stub_tsa;
mod tsa;

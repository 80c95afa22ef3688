//! kill -9 at every step between a permit's arrival and its release: the process
//! ends itself at a named point, another takes the same data folder up, and the
//! invariants I1 to I6 are checked.
//!
//! 20 runs a point, 200 with `ABSAH_FULL=1`. A run's number decides at which passing of
//! the point it ends, so a failure names all that is needed to see it again.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout
)]

mod child;
mod counted;
mod invariants;
mod kills;
mod office;
#[path = "../bench/document.rs"]
mod permit;

//! The validator: what it accepts, and the negative twins of each case.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod canary;
mod certificates;
mod command;
mod difference;
mod document;
mod foreign;
mod forgeries;
mod hostile;
mod levels;
mod longterm;
mod network;
mod offline;
mod policies;
mod reports;
#[path = "../independent/tools.rs"]
#[expect(dead_code, reason = "shared with the tests of other validators")]
mod tools;
mod uploads;
#[allow(dead_code, reason = "shared with the catalogue of attacks")]
mod world;

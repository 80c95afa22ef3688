//! The services with the real kernel, the demonstration authority and a database.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods
)]

mod answers;
mod approve;
mod desk;
mod evidence;
mod faults;
mod finish;
mod garbage;
mod journey;
mod office;
mod oversight;
mod passkeys;
mod passphrases;
mod replay;
mod review;
mod submit;
#[path = "../support/mod.rs"]
mod support;
mod worker;

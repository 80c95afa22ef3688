//! The command line from end to end: files, tokens, foreign authorities and a running
//! service, with negative twins.
#![allow(clippy::unwrap_used)]

#[path = "../support/mod.rs"]
mod support;

mod doctor;
mod foreign_tsa;
mod people;
mod psre;
mod register;
mod renewal;
mod secret;
mod sign;
mod world;

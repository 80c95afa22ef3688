//! The authority, its keys and its services, checked by independent programs:
//! `openssl`, `pkcs11-tool`, SoftHSM. Each accepted case has negative twins.
#![allow(clippy::unwrap_used)]

mod command;
mod foreign_tsa;
mod instance;
mod issuance;
mod pkcs11;
mod pkcs12;
mod register;
mod requests;
mod revocation;
#[path = "../support/mod.rs"]
mod support;
mod tsa;
mod world;

//! What several test binaries share.
#![allow(dead_code, clippy::unwrap_used)]

pub mod authenticator;
pub mod picture;
pub mod pki;
pub mod tools;

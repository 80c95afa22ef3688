//! The authority and the document that the tests of the validator use.
#![allow(dead_code, clippy::expect_used, clippy::unwrap_used, clippy::panic)]

#[path = "../tests/validation/document.rs"]
pub mod document;
#[path = "../tests/validation/world.rs"]
pub mod pki;

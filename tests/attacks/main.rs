//! The catalogue of attacks: every known way to forge, shadow or confuse a signed
//! PDF, made here, each with the verdict it must get and an honest twin that must
//! pass. The same files go through the library, the command line, HTTP and the page.
//!
//! `ABSAH_TABLE=1 cargo test --test attacks table` asks other validators as well and
//! writes `docs/attacks.md` and the manifest.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod base;
mod case;
mod catalogue;
mod cms;
mod differences;
mod edit;
mod explanations;
mod lists;
mod surfaces;
mod table;
mod verdicts;

#[path = "../validation/document.rs"]
#[expect(dead_code, reason = "shared with the tests of the validator")]
mod document;
#[path = "../support/pki.rs"]
#[allow(dead_code, reason = "shared with the tests of the cryptography")]
mod pki;
#[path = "../independent/tools.rs"]
#[expect(dead_code, reason = "shared with the tests of other validators")]
mod tools;
#[path = "../validation/world.rs"]
#[allow(dead_code, reason = "shared with the tests of the validator")]
mod world;

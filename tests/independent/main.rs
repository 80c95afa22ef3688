//! What independent validators say: of pyHanko's signatures, to show that the
//! harness tells good from bad, and of ours, on many producers' files.
//!
//! The programs come from `deploy/test --prepare`. The Python scripts beside this
//! file make the inputs (`produce.py`), sign as a foreign producer
//! (`reference.py`) and ask pyHanko (`validate.py`).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod algorithms;
mod evidence;
mod inputs;
#[path = "../support/keep.rs"]
mod keep;
mod reference;
mod renewal;
mod signed;
#[path = "../support/mod.rs"]
mod support;
mod tools;
mod twins;
mod validators;
mod years;

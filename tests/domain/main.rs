//! The life of a document, walked at random beside a model that is too small to be wrong.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod model;
mod refusals;
mod walks;
mod world;

//! PDF files: read in every layout, refused for every reason, updated without a
//! byte changed, and their signatures read and judged by their ranges.
#![allow(clippy::unwrap_used)]

mod files;
mod hostile;
mod intake;
mod reading;
mod signatures;
mod updating;

#[path = "../support/mod.rs"]
mod support;

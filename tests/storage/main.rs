//! The stores: the same tests on SQLite and PostgreSQL, and the blobs.
//!
//! `both!` runs a test on a fresh database of each kind. PostgreSQL is a throw-away
//! cluster that the tests start themselves.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod blobs;
mod certificates;
mod closing;
mod cluster;
mod documents;
mod drawings;
mod entities;
mod entry;
mod events;
mod group_commit;
mod idempotency;
mod jobs;
mod queue;
mod reports;
mod signing;
mod world;

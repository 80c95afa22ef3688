//! SQLite and PostgreSQL behind the same ports, and blobs as files.
//!
//! One module per entity, each with its SQL; [`sql`] lets one text serve both
//! databases and `writer` makes what is written durable. The schema is in
//! `migrations/`, one folder per database, and is brought up to date on opening.
//!
//! To add an entity: see [`crate::services::ports`].

mod accounts;
mod approvals;
mod blobs;
mod ceremonies;
mod certificates;
mod credentials;
mod crls;
mod database;
mod documents;
mod drawings;
mod events;
mod idempotency;
mod intents;
mod invitations;
mod jobs;
mod key_records;
mod ledger;
mod lockouts;
mod mandates;
mod migrations;
mod permit_types;
mod queue;
mod readings;
mod reports;
mod revisions;
mod schema;
mod sessions;
mod settings;
mod sql;
mod sqlite_files;
mod time_marks;
mod writer;

pub use blobs::FileBlobs;
pub use database::{Database, OpenError};
pub use drawings::FileDrawings;
pub use schema::Schema;

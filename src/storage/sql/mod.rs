//! One SQL text for two databases.
//!
//! Statements are written once, in the part of SQL that SQLite and PostgreSQL share
//! (`$1`, `ON CONFLICT`, `RETURNING`), over three types of values: text, 64-bit whole
//! numbers and octets. Times are microseconds since 1970 UTC. This room gives such a
//! statement to the typed pool of either database and reads its rows.
//!
//! It builds no SQL from data; the one thing put together at run time is the number
//! of placeholders of a list.

mod connection;
mod error;
mod row;
mod value;

pub(super) use connection::{Connection, Pool};
pub(super) use error::SqlError;
pub(super) use row::{Row, corrupt};
pub(super) use value::{Value, params, placeholders};

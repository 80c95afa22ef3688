//! Services of others: foreign time-stamping authorities, responders and CRLs, and
//! the process that examines files.

pub mod revocation;
pub mod tsa;
pub mod worker;

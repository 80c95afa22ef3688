//! Services of others: foreign time-stamping authorities, responders and CRLs.

pub mod revocation;
pub mod tsa;

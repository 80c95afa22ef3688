//! Our own certification authority, time-stamping authority, OCSP responder and CRL publisher.

pub mod profile;
mod profile_rules;
pub mod role;

pub use profile::{ProfileError, Profiles};
pub use role::Role;

//! Our own certification authority, time-stamping authority, OCSP responder and CRL publisher.

pub mod issuance;
mod lint;
pub mod profile;
mod profile_rules;
pub mod role;
pub mod subject;
mod tbs;

pub use issuance::{Issuance, IssueError, Issuer, Request, certificate_id};
pub use lint::LintError;
pub use profile::{ProfileError, Profiles};
pub use role::Role;
pub use subject::{Subject, SubjectError};

//! Our own certification authority, time-stamping authority, OCSP responder and CRL publisher.

pub mod ceremony;
pub mod clock;
pub mod crl;
mod identity_file;
pub mod import;
pub mod instance;
pub mod issuance;
mod lint;
pub mod local_revocation;
pub mod local_timestamps;
pub mod ocsp;
mod private_file;
pub mod profile;
mod profile_rules;
pub mod request;
pub mod revocation;
pub mod role;
pub mod subject;
mod tbs;
pub mod tsa;

pub use ceremony::{Ceremony, DEMONSTRATION, open_root};
pub use crl::{CrlPolicy, CrlPublisher, Due, PublishError};
pub use identity_file::IdentityError;
pub use import::{ImportError, Imported};
pub use instance::{Authority, AuthorityError, AuthorityPorts, Kind, Manifest, OpenCa, Sealing};
pub use issuance::{Issuance, IssueError, Issuer, Request, certificate_id};
pub use lint::LintError;
pub use local_revocation::LocalRevocationData;
pub use local_timestamps::LocalTimestamps;
pub use ocsp::{Responder, ResponderParts};
pub use profile::{ProfileError, Profiles};
pub use revocation::{Revocations, RevokeError};
pub use role::Role;
pub use subject::{Subject, SubjectError};
pub use tsa::{Tsa, TsaParts};

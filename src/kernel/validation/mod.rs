//! Validation of signatures: ETSI EN 319 102-1 V1.4.1 for PAdES.
//!
//! Bytes, anchors, revocation data, a time and a policy go in; a [`Report`]
//! comes out. Nothing is fetched and no clock is read.
//!
//! The way of a file: [`structure`] opens it; [`signed`] checks what the PDF says
//! of each signature, [`token`] its CMS, [`changes`] what came after it;
//! [`process`] validates time-stamps and signatures in the order in which they
//! prove one another; [`certificate`] judges chains, [`past`] weighs problems
//! against proofs of existence; [`conclude`] writes the report, [`checks`] its
//! tree of building blocks, [`material`] the evidence beside it.

mod active;
mod certificate;
mod chains;
mod changes;
mod checks;
mod conclude;
mod dss;
mod evidence;
pub mod finding;
pub mod indication;
mod input;
mod level;
mod material;
mod memory;
mod missing;
mod past;
mod path;
pub mod policy;
mod problems;
mod process;
mod proofs;
pub mod report;
mod revocation;
mod signed;
mod standing;
mod structure;
pub mod texts;
mod timestamp;
mod token;
pub mod verdict;

pub use finding::{Finding, FindingCode, Severity};
pub use indication::{Conclusion, Indication, Status, SubIndication};
pub use input::{Anchors, Role, ValidationInput};
pub use missing::MissingStatus;
pub use path::{CertificateInput, PathReport, validate_certificate};
pub use policy::Policy;
pub use process::{validate, validate_and_ask};
pub use report::{Report, SignatureReport};
pub use standing::{Standing, standing};
pub use verdict::Verdict;

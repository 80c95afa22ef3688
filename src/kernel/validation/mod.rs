//! Validation of signatures: ETSI EN 319 102-1 V1.4.1 for PAdES.
//!
//! Bytes, anchors, revocation data, a time and a policy go in; a [`Report`]
//! comes out. Nothing is fetched and no clock is read.

pub mod finding;
pub mod indication;
pub mod policy;
pub mod report;
pub mod texts;
pub mod verdict;

pub use finding::{Finding, FindingCode, Severity};
pub use indication::{Conclusion, Indication, Status, SubIndication};
pub use policy::Policy;
pub use report::{Report, SignatureReport};
pub use verdict::Verdict;

//! Time-Stamp Protocol (RFC 3161, RFC 5816; profile EN 319 422).
//!
//! [`TimeStampReq`] is asked and read, [`issue`] and [`rejection`] answer it,
//! [`check_response`] is the caution of whoever asked, [`TimeStampToken`] is what
//! stays. Time, serial number and nonce are arguments.

mod failure;
mod imprint;
mod issue;
mod request;
mod response;
mod token;
mod tst_info;

pub use failure::PkiFailureInfo;
pub use imprint::MessageImprint;
pub use issue::{Grant, issue, rejection};
pub use request::{RequestError, TimeStampReq};
pub use response::check_response;
pub use token::{TimeStampToken, TspError};
pub use tst_info::{Accuracy, TstInfo};

//! The Online Certificate Status Protocol (RFC 6960, RFC 8954, RFC 5019).
//!
//! [`OcspRequest`] asks, [`ResponseBuilder`] answers, [`OcspResponse`] is what a
//! verifier reads. Whether an answer is fresh enough, and what it means at which
//! time, is for the validation room.

mod build;
mod cert_id;
mod request;
mod responder;
mod response;

use crate::kernel::asn1::Asn1Error;
use crate::kernel::sign::{AlgorithmError, VerifyError};

pub use build::{
    ResponseBuilder, SingleAnswer, archive_cutoff, invalidity_date, successful, unsuccessful,
};
pub use cert_id::CertId;
pub use request::OcspRequest;
pub use response::{
    BasicResponse, CertStatus, OcspResponse, ResponderId, ResponseStatus, SingleResponse,
};

/// How many certificates one request may ask about.
pub const MAX_REQUESTS: usize = 16;

/// The longest nonce echoed and the shortest accepted (RFC 8954 2.1).
pub const NONCE_LENGTH: std::ops::RangeInclusive<usize> = 1..=32;

/// What is wrong with an OCSP message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OcspError {
    /// The structure is not that of RFC 6960.
    #[error("malformed OCSP message: {0}")]
    Malformed(#[from] Asn1Error),
    /// Not version 1.
    #[error("version {0} of the OCSP message is not supported")]
    Version(u32),
    /// A nonce outside the lengths of RFC 8954.
    #[error("the nonce has {0} octets")]
    NonceLength(usize),
    /// A critical extension that is not known here.
    #[error("unknown critical extension {0}")]
    CriticalExtension(const_oid::ObjectIdentifier),
    /// The response is of another type than id-pkix-ocsp-basic.
    #[error("the response type {0} is not supported")]
    ResponseType(const_oid::ObjectIdentifier),
    /// No certificate at hand is the responder that the response names.
    #[error("the responder's certificate is not at hand")]
    ResponderNotFound,
    /// The responder is neither the issuer nor delegated by it.
    #[error("the responder is not authorised by the issuer: {0}")]
    NotAuthorised(&'static str),
    /// A signature algorithm that cannot be used.
    #[error(transparent)]
    Algorithm(#[from] AlgorithmError),
    /// The signature does not hold.
    #[error("OCSP signature: {0}")]
    Signature(#[from] VerifyError),
}

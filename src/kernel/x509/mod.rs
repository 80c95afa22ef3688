//! Certificates, CRLs, OCSP and certification paths (RFC 5280, RFC 6960).

mod certificate;
pub mod crl;
mod distribution_point;
mod extensions;
mod ffi;
mod general_name;
mod name;
pub mod ocsp;
pub mod paths;
pub mod pem;
mod reason;

pub use certificate::{Certificate, CertificateError, IssuerError};
pub use distribution_point::{DistributionPoint, DistributionPointName};
pub use extensions::{BasicConstraints, ExtendedKeyUsage, Extension, KeyUsage};
pub use general_name::GeneralName;
pub use name::Name;
pub use reason::{ReasonFlags, RevocationReason};

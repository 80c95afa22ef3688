//! Certificate revocation lists (RFC 5280 5).
//!
//! [`CrlBuilder`] publishes, [`Crl`] is what a verifier reads. Which CRL speaks for
//! which certificate (RFC 5280 6.3.3) is decided in [`super::paths`].

mod build;
mod list;

pub use build::{CrlBuilder, Revocation};
pub use list::{Crl, CrlError, IssuingDistributionPoint, RevokedCertificate};

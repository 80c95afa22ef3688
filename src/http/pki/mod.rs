//! Answers of the authority: timestamps, OCSP, CRLs and certificates.

pub mod caching;

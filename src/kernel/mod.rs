//! Pure: bytes in, bytes or verdicts out. No I/O, no clock, no async; time,
//! randomness and revocation data are arguments. OpenSSL is called for
//! arithmetic and path building only.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

pub mod asn1;
pub mod cms;
pub mod code;
pub mod examination;
pub mod hash;
pub mod log;
pub mod pades;
pub mod pdf;
pub mod sign;
pub mod tsp;
pub mod validation;
pub mod webauthn;
pub mod x509;

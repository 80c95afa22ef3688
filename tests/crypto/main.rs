//! The cryptographic kernel, and the client that fetches revocation data, checked by programs and crates that share no code with
//! it: the `openssl` program, and RustCrypto's strict DER decoders. Each accepted case
//! has negative twins.
#![allow(clippy::unwrap_used)]

mod algorithms;
mod cms;
mod crl;
mod decoders;
mod fetching;
mod hostile;
mod ocsp;
mod paths;
mod revocation;
#[path = "../support/mod.rs"]
mod support;
mod tsp;
mod webauthn;

use std::path::Path;

use absah::kernel::x509::{Certificate, pem};

/// Writes certificates as PEM for the `openssl` program.
fn write_pem(folder: &Path, file: &str, certificates: &[&Certificate]) {
    let blocks = certificates
        .iter()
        .map(|one| pem::encode("CERTIFICATE", one.der()));
    std::fs::write(folder.join(file), blocks.collect::<String>()).unwrap();
}

/// The bytes with one bit of the octet at `position` turned.
fn flipped(bytes: &[u8], position: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[position] ^= 1;
    bytes
}

/// Where a run of bytes begins.
fn position(haystack: &[u8], needle: &[u8]) -> usize {
    haystack
        .windows(needle.len())
        .position(|window| window == needle)
        .unwrap()
}

//! What a verdict rests on, as bytes: certificates, revocation data, time-stamps
//! and the signatures themselves, for who wants to check it with other tools.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::kernel::hash::{HashAlgorithm, Sha256};

/// What an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceKind {
    /// An X.509 certificate.
    Certificate,
    /// A CRL.
    Crl,
    /// A BasicOCSPResponse, without its wrapper.
    Ocsp,
    /// A time-stamp token.
    Timestamp,
    /// A CMS signature.
    Signature,
}

/// What a signature or time-stamp is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Covered {
    /// Nothing: the object stands for itself.
    Itself,
    /// These ranges of the file.
    File([Range<usize>; 2]),
    /// These bytes: a signature value.
    Bytes(#[serde(with = "hex")] Vec<u8>),
}

/// One object. It can be written and read again: who parses hostile files is
/// another process than who shows the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceObject {
    /// What it is.
    pub kind: EvidenceKind,
    /// By what the report's checks name it: its own SHA-256; for a signature or a
    /// time-stamp that of the signature value.
    pub id: Sha256,
    /// Its encoding.
    #[serde(with = "hex")]
    pub der: Vec<u8>,
    /// The subject, the issuer of a CRL, or the signer.
    pub name: String,
    /// The signature value, of a signature or a time-stamp.
    #[serde(with = "hex")]
    pub value: Vec<u8>,
    /// The message digest that a signature is over.
    pub digest: Option<(HashAlgorithm, Vec<u8>)>,
    /// What it is over.
    pub covered: Covered,
    /// Certificates about which it says something, each with its issuer; of a
    /// signature or time-stamp, its chain, leaf first.
    pub about: Vec<Sha256>,
    /// Since when it is proven to have existed.
    #[serde(with = "time::serde::rfc3339::option")]
    pub proven: Option<OffsetDateTime>,
}

/// A larger object is named by its digest alone where a report is shown.
pub(super) const WHOLE: usize = 64 << 10;

impl EvidenceObject {
    /// Drops the encoding of a large list: its id is its digest.
    pub fn shorten(&mut self) {
        if self.kind == EvidenceKind::Crl && self.der.len() > WHOLE {
            self.der = Vec::new();
        }
    }

    /// An object that stands for itself, with nothing known of it.
    #[must_use]
    pub const fn new(kind: EvidenceKind, id: Sha256, der: Vec<u8>, name: String) -> Self {
        Self {
            kind,
            id,
            der,
            name,
            value: Vec::new(),
            digest: None,
            covered: Covered::Itself,
            about: Vec::new(),
            proven: None,
        }
    }
}

//! The certificates and revocation data at hand: from the file and the caller,
//! each once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::input::ValidationInput;
use super::memory::Memory;
use crate::kernel::cms::SignedData;
use crate::kernel::hash::Sha256;
use crate::kernel::x509::Certificate;
use crate::kernel::x509::crl::Crl;
use crate::kernel::x509::ocsp::{BasicResponse, OcspResponse};

/// What is kept of each kind; a file that carries more is not read further.
const MOST: usize = 1_000;

/// The pool that paths are built and statuses are read from.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    pub(super) certificates: Vec<Certificate>,
    pub(super) ocsps: Vec<(Sha256, BasicResponse)>,
    pub(super) crls: Vec<(Sha256, Crl)>,
    /// How many objects could not be read and were skipped.
    pub(super) skipped: usize,
    seen: BTreeSet<Sha256>,
    /// Where in the pool a certificate is.
    places: BTreeMap<Sha256, usize>,
    /// Objects that the file itself carries, by the offset after which the file
    /// holds them.
    embedded: BTreeMap<Sha256, usize>,
    pub(super) memory: Arc<Memory>,
}

impl Evidence {
    /// What the caller brings.
    pub(super) fn new(input: &ValidationInput<'_>) -> Self {
        let mut evidence = Self {
            memory: Arc::clone(&input.anchors.memory),
            ..Self::default()
        };
        for certificate in input.untrusted {
            evidence.certificate(certificate, None);
        }
        for ocsp in input.ocsps {
            evidence.ocsp(ocsp, None);
        }
        for crl in input.crls {
            evidence.crl(crl, None);
        }
        evidence
    }

    /// Takes what a SignedData carries, which stands in the file before `end`.
    pub(super) fn signed_data(&mut self, data: &SignedData, end: usize) {
        for certificate in &data.certificates {
            self.certificate(certificate, Some(end));
        }
        for ocsp in &data.ocsp_responses {
            self.ocsp(ocsp, Some(end));
        }
        for crl in &data.crls {
            self.crl(crl, Some(end));
        }
        self.skipped = self.skipped.saturating_add(data.skipped_certificates);
    }

    /// Takes a certificate; `end` is where the file has it, if it does.
    pub(super) fn certificate(&mut self, certificate: &Certificate, end: Option<usize>) {
        let id = certificate.fingerprint();
        self.embed(id, end);
        if self.certificates.len() < MOST && !self.places.contains_key(&id) {
            self.places.insert(id, self.certificates.len());
            let remembered = self.memory.certificate(&id);
            let certificate = remembered.unwrap_or_else(|| certificate.clone());
            self.certificates.push(certificate);
        }
    }

    /// The pool's own copy of a certificate: what is costly to make of one, its
    /// public key above all, is made once.
    pub(super) fn pooled(&self, certificate: &Certificate) -> Certificate {
        let place = self.places.get(&certificate.fingerprint());
        let pooled = place.and_then(|place| self.certificates.get(*place));
        pooled.unwrap_or(certificate).clone()
    }

    /// Takes a certificate in DER.
    pub(super) fn certificate_der(&mut self, der: &[u8], end: usize) {
        let id = Sha256::of(der);
        let pooled = self.places.get(&id);
        let pooled = pooled.and_then(|place| self.certificates.get(*place));
        let known = pooled.cloned().or_else(|| self.memory.certificate(&id));
        match known.map_or_else(|| Certificate::parse(der), Ok) {
            Ok(certificate) => self.certificate(&certificate, Some(end)),
            Err(_) => self.skipped = self.skipped.saturating_add(1),
        }
    }

    /// Takes an OCSP response in DER.
    pub(super) fn ocsp(&mut self, der: &[u8], end: Option<usize>) {
        let Some(mut basic) = OcspResponse::parse(der).ok().and_then(|read| read.basic) else {
            self.skipped = self.skipped.saturating_add(1);
            return;
        };
        // The basic response: its wrapper says nothing.
        let id = Sha256::of(basic.der());
        self.embed(id, end);
        if self.ocsps.len() < MOST && self.seen.insert(id) {
            for certificate in &mut basic.certificates {
                self.certificate(certificate, end);
                *certificate = self.pooled(certificate);
            }
            self.ocsps.push((id, basic));
        }
    }

    /// Takes a CRL in DER.
    pub(super) fn crl(&mut self, der: &[u8], end: Option<usize>) {
        let id = Sha256::of(der);
        self.embed(id, end);
        if self.crls.len() >= MOST || !self.seen.insert(id) {
            return;
        }
        match Crl::parse(der) {
            Ok(crl) => self.crls.push((id, crl)),
            Err(_) => self.skipped = self.skipped.saturating_add(1),
        }
    }

    fn embed(&mut self, id: Sha256, end: Option<usize>) {
        if let Some(end) = end {
            let first = self.embedded.entry(id).or_insert(end);
            *first = end.min(*first);
        }
    }

    /// Where the file first holds an object, if it does.
    pub(super) fn embedded(&self, id: &Sha256) -> Option<usize> {
        self.embedded.get(id).copied()
    }

    /// The objects that the first `length` bytes of the file hold.
    pub(super) fn within(&self, length: usize) -> impl Iterator<Item = Sha256> {
        let held = self.embedded.iter();
        held.filter(move |(_, end)| **end <= length)
            .map(|(id, _)| *id)
    }

    /// The file holds an object that is no certificate or revocation data: a
    /// signature value.
    pub(super) fn hold(&mut self, id: Sha256, end: usize) {
        self.embed(id, Some(end));
    }
}

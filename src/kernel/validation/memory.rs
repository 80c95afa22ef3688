//! What earlier validations verified, kept for later ones.
//!
//! Only facts that no time, policy or other file changes: that a certificate's encoding
//! reads so, that these certificates give these chains to these anchors under these rules,
//! that this CRL is signed by this key. Never a failure, never a judgement: times, revocation
//! and strength are judged anew each time. What is kept was verified up to an anchor
//! first, so a hostile file can neither put anything in nor push much out.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::kernel::hash::Sha256;
use crate::kernel::x509::Certificate;
use crate::kernel::x509::paths::CertificatePath;

/// What is kept of each kind; with more, the kind is forgotten and learned again.
const MOST: usize = 4_096;

/// The chains of a certificate, and whether there may be more.
pub(super) type FoundChains = (Vec<Arc<CertificatePath>>, bool);

/// The facts; clones of what holds it share it.
#[derive(Debug, Default)]
pub(super) struct Memory(Mutex<Facts>);

#[derive(Debug, Default)]
struct Facts {
    certificates: HashMap<Sha256, Certificate>,
    chains: HashMap<Sha256, FoundChains>,
    crls: HashSet<(Sha256, Sha256)>,
}

impl Memory {
    /// The certificate with this fingerprint: its public key and OpenSSL's reading of it,
    /// the costly things, are made once.
    pub(super) fn certificate(&self, fingerprint: &Sha256) -> Option<Certificate> {
        self.facts().certificates.get(fingerprint).cloned()
    }

    /// Keeps a certificate that was verified.
    pub(super) fn keep_certificate(&self, certificate: &Certificate) {
        let mut facts = self.facts();
        let known = room(&mut facts.certificates);
        known
            .entry(certificate.fingerprint())
            .or_insert_with(|| certificate.clone());
    }

    /// The chains that were found before from the same inputs.
    pub(super) fn chains(&self, inputs: &Sha256) -> Option<FoundChains> {
        self.facts().chains.get(inputs).cloned()
    }

    /// Keeps chains with their certificates, and gives them back.
    pub(super) fn keep_chains(&self, inputs: Sha256, found: FoundChains) -> FoundChains {
        for certificate in found.0.iter().flat_map(|chain| chain.certificates()) {
            self.keep_certificate(certificate);
        }
        room(&mut self.facts().chains).insert(inputs, found.clone());
        found
    }

    /// Whether a CRL was found to be signed by an issuer.
    pub(super) fn is_signed(&self, crl: Sha256, issuer: Sha256) -> bool {
        self.facts().crls.contains(&(crl, issuer))
    }

    /// Keeps that it is.
    pub(super) fn keep_signed(&self, crl: Sha256, issuer: Sha256) {
        let mut facts = self.facts();
        if facts.crls.len() >= MOST {
            facts.crls.clear();
        }
        facts.crls.insert((crl, issuer));
    }

    fn facts(&self) -> MutexGuard<'_, Facts> {
        // Every change of it is one insertion: it is whole whatever happened.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The map, with room for one more.
fn room<V>(map: &mut HashMap<Sha256, V>) -> &mut HashMap<Sha256, V> {
    if map.len() >= MOST {
        map.clear();
    }
    map
}

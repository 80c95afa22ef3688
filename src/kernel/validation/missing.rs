//! Status information that would decide a validation and is not at hand: what somebody
//! with a network may ask for.

use super::certificate::{Engine, Judgement};
use super::problems::Problem;
use crate::kernel::x509::Certificate;

/// How many certificates are named.
const MOST: usize = 16;

/// A certificate whose status is missing or too old. Only a validation makes one, and only
/// of a chain that it has verified up to a configured anchor: to ask where such a
/// certificate says is to follow its issuer's word, never a stranger's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingStatus {
    certificate: Certificate,
    issuer: Certificate,
}

impl MissingStatus {
    /// The certificate.
    #[must_use]
    pub const fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// Who issued it.
    #[must_use]
    pub const fn issuer(&self) -> &Certificate {
        &self.issuer
    }
}

impl Engine<'_> {
    /// Notes what is missing for a judgement that does not suffice.
    pub(super) fn note_missing(&mut self, judgement: &Judgement) {
        // Without the need nothing is asked for (`--revocation if-present`).
        if !self.input.policy.revocation.required || self.ignores_revocation {
            return;
        }
        let Some(chain) = &judgement.chain else {
            return;
        };
        for (index, (certificate, issuer)) in chain.links().enumerate() {
            let wanting = judgement
                .problems
                .iter()
                .any(|one| one.wants_status_of(index));
            let found = MissingStatus {
                certificate: certificate.clone(),
                issuer: issuer.clone(),
            };
            if wanting && self.missing.len() < MOST && !self.missing.contains(&found) {
                self.missing.push(found);
            }
        }
    }
}

impl Problem {
    /// Whether newer status information about the certificate at a place may resolve it.
    fn wants_status_of(&self, place: usize) -> bool {
        match self {
            Self::NoRevocationData { index, .. }
            | Self::Stale { index, .. }
            | Self::OnHold { index, .. }
            | Self::ResponderOutOfBounds { index, .. } => *index == place,
            _ => false,
        }
    }
}

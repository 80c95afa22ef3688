//! Status information that would decide a validation and is not at hand: what somebody
//! with a network may ask for.

use super::certificate::{Engine, Judgement};
use super::input::Anchors;
use super::problems::Problem;
use crate::kernel::x509::Certificate;
use crate::kernel::x509::paths::{self, CertificatePath, PathRules, PathSources, Purpose};

/// How many certificates are named.
const MOST: usize = 16;

/// A certificate whose status is missing or too old, with its path. There is none without a
/// path that was verified up to a configured anchor: to ask where such a certificate says
/// is to follow its issuer's word, never a stranger's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingStatus(CertificatePath);

impl MissingStatus {
    /// What another process says is missing, if the chain leads to an anchor of ours: a
    /// process that read a hostile file is not believed. The chain begins with the certificate.
    #[must_use]
    pub fn verified(chain: &[Certificate], anchors: &Anchors) -> Option<Self> {
        let (target, untrusted) = chain.split_first()?;
        let rules = PathRules {
            // Also of one that has expired the status may be asked.
            at: None,
            purpose: Purpose::Any,
            policies: Default::default(),
            allow_weak: false,
        };
        let verified = [&anchors.signer, &anchors.tsa]
            .into_iter()
            .find_map(|anchors| {
                let sources = PathSources { untrusted, anchors };
                let (found, _) = paths::paths(target, sources, &rules, 1).ok()?;
                found.into_iter().next()
            });
        verified?.upwards(0).map(Self)
    }

    /// The certificate's path, up to the anchor.
    #[must_use]
    pub const fn path(&self) -> &CertificatePath {
        &self.0
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
        for place in 0..chain.links().len() {
            let wanting = judgement
                .problems
                .iter()
                .any(|one| one.wants_status_of(place));
            let Some(found) = chain.upwards(place).filter(|_| wanting) else {
                continue;
            };
            let found = MissingStatus(found);
            if self.missing.len() < MOST && !self.missing.contains(&found) {
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

//! Proofs of existence (EN 319 102-1, 5.6.2.3): since when each object is known
//! to have been there.
//!
//! Objects are known by their SHA-256. What nothing proves exists now.

use std::collections::BTreeMap;

use time::OffsetDateTime;

use crate::kernel::hash::Sha256;

/// The earliest proven time of each object.
#[derive(Debug)]
pub(super) struct Proofs {
    now: OffsetDateTime,
    earliest: BTreeMap<Sha256, OffsetDateTime>,
}

impl Proofs {
    /// Nothing is proven yet but that everything at hand exists now.
    pub(super) fn new(now: OffsetDateTime) -> Self {
        Self {
            now,
            earliest: BTreeMap::new(),
        }
    }

    /// An object is proven to have existed at a time.
    pub(super) fn prove(&mut self, object: Sha256, at: OffsetDateTime) {
        let earliest = self.earliest.entry(object).or_insert(at);
        *earliest = at.min(*earliest);
    }

    /// The earliest time at which an object is proven to have existed.
    pub(super) fn earliest(&self, object: &Sha256) -> OffsetDateTime {
        let proven = self.earliest.get(object).copied();
        proven.unwrap_or(self.now).min(self.now)
    }

    /// The same, where anything proves it.
    pub(super) fn proven(&self, object: &Sha256) -> Option<OffsetDateTime> {
        self.earliest.get(object).copied()
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn the_earliest_proof_counts() {
        let now = datetime!(2029-01-01 00:00 UTC);
        let mut proofs = Proofs::new(now);
        let object = Sha256::of(b"signature");
        assert_eq!(proofs.earliest(&object), now);
        assert_eq!(proofs.proven(&object), None);
        proofs.prove(object, datetime!(2027-01-01 00:00 UTC));
        proofs.prove(object, datetime!(2026-01-01 00:00 UTC));
        proofs.prove(object, datetime!(2028-01-01 00:00 UTC));
        assert_eq!(proofs.earliest(&object), datetime!(2026-01-01 00:00 UTC));
    }
}

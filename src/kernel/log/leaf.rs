//! A leaf of the log: a salted commitment to an event's payload.
//!
//! ```text
//! commitment = SHA-256("absah log leaf v1\n" ‖ salt ‖ payload)      salt: 32 random octets
//! entry      = 0x01 ‖ commitment                                    33 octets, what tiles carry
//! leaf hash  = SHA-256(0x00 ‖ entry)                                RFC 6962 2.1
//! ```
//!
//! The tree holds the entry alone. Salt and payload stand beside it and can be
//! erased: what remains tells nothing, since the salt is as long as the hash, and
//! every proof keeps working. The prefix has a fixed length and so has the salt, so
//! no two pairs of salt and payload make the same input.

use std::fmt;

use crate::kernel::hash::Sha256;

const TAG: &[u8] = b"absah log leaf v1\n";
const ENTRY_VERSION: u8 = 1;
const RFC6962_LEAF: u8 = 0;

/// The length of a salt in octets.
pub const SALT_LEN: usize = 32;

/// What makes a commitment tell nothing of its payload. Never used twice.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Salt([u8; SALT_LEN]);

/// A commitment to one payload under one salt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Commitment(Sha256);

/// The hash that the tree is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeafHash(Sha256);

impl Salt {
    /// Takes 32 random octets.
    #[must_use]
    pub const fn from_random(random: [u8; SALT_LEN]) -> Self {
        Self(random)
    }

    /// The octets.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; SALT_LEN] {
        &self.0
    }
}

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt(..)")
    }
}

impl Commitment {
    /// Commits to a payload.
    #[must_use]
    pub fn new(salt: &Salt, payload: &[u8]) -> Self {
        Self(Sha256::of_parts(&[TAG, salt.as_bytes(), payload]))
    }

    /// A commitment that was stored.
    #[must_use]
    pub const fn from_sha256(value: Sha256) -> Self {
        Self(value)
    }

    /// The value.
    #[must_use]
    pub const fn as_sha256(&self) -> &Sha256 {
        &self.0
    }

    /// The entry: what the log's entry bundles carry.
    #[must_use]
    pub fn entry(&self) -> [u8; 33] {
        let mut entry = [ENTRY_VERSION; 33];
        let (_, commitment) = entry.split_at_mut(1);
        commitment.copy_from_slice(self.0.as_bytes());
        entry
    }

    /// The hash of the entry in the tree.
    #[must_use]
    pub fn leaf_hash(&self) -> LeafHash {
        LeafHash(Sha256::of_parts(&[&[RFC6962_LEAF], &self.entry()]))
    }
}

impl LeafHash {
    /// The value.
    #[must_use]
    pub const fn as_sha256(&self) -> &Sha256 {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vectors of `docs/log-leaf.md`; made with sha256sum.
    const VECTORS: [(u8, &[u8], &str, &str); 3] = [
        (0x00, b"", "29797aab73c5da1e5b55f8f7cbc9292ea9d32f1444e93f5e615ad2d5013f160f", "1faaf17d52d604b7abbafdc7cc269eee17ffb6a3b734ec318d725d0f2cfe8f8e"),
        (0x11, b"{\"act\":\"setting.changed\",\"actor\":{\"kind\":\"operator\"},\"at\":\"2026-11-22T04:00:00Z\",\"facts\":{},\"subject\":{\"kind\":\"instance\"},\"v\":1}", "90c2d2a8b9ff46293bec879a0ddc5b3a58e04dc958216e27ccd9d7e2da33603f", "a3c21767fd53a0e5ba3b073608c0756cc958d71d2ead3cd46f03887d0d879296"),
        (0xff, "\u{e9}".as_bytes(), "6a366b86218d0b7614c975e3790a9a0803fedfa8f235b241d851efcad2c33219", "9c4cf56c626c9bd25f0ddc377610c4ce673e014c5b6e130af1019d0e221a0e37"),
    ];

    #[test]
    fn vectors() {
        for (salt, payload, commitment, leaf) in VECTORS {
            let made = Commitment::new(&Salt::from_random([salt; SALT_LEN]), payload);
            assert_eq!(made.as_sha256().to_string(), commitment);
            assert_eq!(made.leaf_hash().as_sha256().to_string(), leaf);
        }
    }

    #[test]
    fn salt_and_payload_both_count() {
        let commitment = Commitment::new(&Salt::from_random([1; SALT_LEN]), b"payload");
        assert_ne!(
            commitment,
            Commitment::new(&Salt::from_random([2; SALT_LEN]), b"payload")
        );
        assert_ne!(
            commitment,
            Commitment::new(&Salt::from_random([1; SALT_LEN]), b"payloae")
        );
    }

    #[test]
    fn a_salt_does_not_show_itself() {
        assert_eq!(
            format!("{:?}", Salt::from_random([7; SALT_LEN])),
            "Salt(..)"
        );
    }
}

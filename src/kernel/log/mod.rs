//! The transparency log: an append-only Merkle tree of events (C2SP tlog-tiles,
//! RFC 6962 hashing).
//!
//! Here is what a leaf is. It is final: changing it means another tree.

mod leaf;

pub use leaf::{Commitment, LeafHash, SALT_LEN, Salt};

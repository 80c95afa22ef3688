//! The transparency log: an append-only Merkle tree of events (C2SP tlog-tiles,
//! RFC 6962 hashing).
//!
//! What a leaf is, is final: changing it means another tree. Here are the tree's
//! arithmetic, its proofs, the paths of its tiles, and the signed notes that
//! checkpoints are. Where hashes are kept and who signs is for others.

mod checkpoint;
mod leaf;
mod note;
mod proof;
mod tile;
mod tree;

pub use checkpoint::{Checkpoint, CheckpointError};
pub use leaf::{Commitment, LeafHash, SALT_LEN, Salt};
pub use note::{KeyKind, NoteError, NoteSignature, SignedNote, VerifierKey, VerifierKeyError};
pub use proof::{
    ProofError, consistency_ranges, inclusion_ranges, verify_consistency, verify_inclusion,
};
pub use tile::{TILE_HEIGHT, TILE_WIDTH, Tile, TileError};
pub use tree::{EMPTY_ROOT, Node, Range, node_hash};

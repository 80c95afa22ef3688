//! Bounds on what one file may cost to read.
//!
//! Every bound is checked before the memory or time it guards is spent.

use serde::{Deserialize, Serialize};

/// What one file may cost. The defaults serve an upload by an unknown person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Bytes of the file.
    pub file_size: usize,
    /// Bytes that all inflated streams of one reader may have in total.
    pub inflated: usize,
    /// Bytes of objects that one reader parses in total, each time it is asked: a
    /// small file can refer to one large object from everywhere.
    pub parsed: usize,
    /// Nesting of arrays, dictionaries, page tree and field tree.
    pub depth: usize,
    /// Cross-reference sections in the /Prev chain.
    pub revisions: usize,
    /// Signature fields.
    pub signatures: usize,
    /// Indirect objects.
    pub objects: usize,
    /// Pages.
    pub pages: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_size: 25 << 20,
            inflated: 256 << 20,
            parsed: 512 << 20,
            depth: 64,
            revisions: 200,
            signatures: 50,
            objects: 400_000,
            pages: 20_000,
        }
    }
}

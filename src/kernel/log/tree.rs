//! The arithmetic of the tree (RFC 6962, 2.1; RFC 9162, 2.1).
//!
//! A tree of any size is made of complete subtrees, whose hashes never change once they
//! are full: those are what is stored. Whatever else is asked, a root or a step of a
//! proof, is the hash of a range of leaves, put together from them.

use crate::kernel::hash::Sha256;

const NODE: u8 = 1;

/// The hash of the tree without leaves: SHA-256 of nothing.
pub const EMPTY_ROOT: [u8; 32] = [
    0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24,
    0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
];

/// The hash of an inner node: SHA-256(0x01 ‖ left ‖ right).
#[must_use]
pub fn node_hash(left: &Sha256, right: &Sha256) -> Sha256 {
    Sha256::of_parts(&[&[NODE], left.as_bytes(), right.as_bytes()])
}

/// A complete subtree: 2^`level` leaves, the first of them number `index` · 2^`level`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Node {
    /// 0 for a leaf.
    pub level: u8,
    /// Its place among the subtrees of its level.
    pub index: u64,
}

/// Leaves beside one another that are, together, one node of some tree: the first is a
/// multiple of the least power of two that is not below their number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    start: u64,
    end: u64,
}

impl Range {
    /// All leaves of a tree of a size.
    #[must_use]
    pub const fn whole(size: u64) -> Self {
        Self {
            start: 0,
            end: size,
        }
    }

    pub(super) const fn new(start: u64, end: u64) -> Self {
        Self { start, end }
    }

    /// How many leaves it has.
    #[must_use]
    pub const fn len(&self) -> u64 {
        self.end.saturating_sub(self.start)
    }

    /// Whether it has none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The complete subtrees that it consists of, from the left: at most 64.
    #[must_use]
    pub fn nodes(&self) -> Vec<Node> {
        let mut nodes = Vec::new();
        let mut start = self.start;
        while start < self.end {
            let level = (self.end - start).ilog2();
            nodes.push(Node {
                level: level as u8,
                index: start >> level,
            });
            start += 1 << level;
        }
        nodes
    }

    /// Its hash, from those of [`Range::nodes`] in their order.
    #[must_use]
    pub fn hash(hashes: &[Sha256]) -> Sha256 {
        let mut from_right = hashes.iter().rev();
        match from_right.next() {
            None => Sha256::from_bytes(EMPTY_ROOT),
            Some(last) => from_right.fold(*last, |right, left| node_hash(left, &right)),
        }
    }

    /// The place where a node splits: the greatest power of two below its size, from its
    /// start.
    pub(super) fn middle(&self) -> u64 {
        let below = self.len().saturating_sub(1).max(1);
        self.start + (1 << below.ilog2())
    }

    pub(super) const fn start(&self) -> u64 {
        self.start
    }

    pub(super) const fn end(&self) -> u64 {
        self.end
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// RFC 6962, 2.1, word by word: the reference that the rest is held against.
    pub(in crate::kernel::log) fn reference(leaves: &[Sha256]) -> Sha256 {
        match leaves {
            [] => Sha256::of(b""),
            [leaf] => *leaf,
            many => {
                let split = 1 << (many.len() - 1).ilog2();
                node_hash(&reference(&many[..split]), &reference(&many[split..]))
            }
        }
    }

    pub(in crate::kernel::log) fn leaves(count: u64) -> Vec<Sha256> {
        let leaf = |number: u64| Sha256::of(&number.to_be_bytes());
        (0..count).map(leaf).collect()
    }

    pub(in crate::kernel::log) fn range_hash(leaves: &[Sha256], range: &Range) -> Sha256 {
        let one = |node: &Node| {
            let start = (node.index << node.level) as usize;
            reference(&leaves[start..start + (1 << node.level)])
        };
        Range::hash(&range.nodes().iter().map(one).collect::<Vec<_>>())
    }

    #[test]
    fn roots_are_those_of_the_definition() {
        let all = leaves(70);
        for size in 0..=70 {
            let root = range_hash(&all, &Range::whole(size));
            assert_eq!(root, reference(&all[..size as usize]), "{size}");
        }
        assert_eq!(Sha256::of(b""), Sha256::from_bytes(EMPTY_ROOT));
    }

    /// The tree of seven leaves of RFC 6962 2.1.3, as Certificate Transparency's code has it.
    #[test]
    fn the_known_roots_of_certificate_transparency() {
        let inputs: [&[u8]; 8] = [
            b"",
            b"\x00",
            b"\x10",
            b"\x20\x21",
            b"\x30\x31",
            b"\x40\x41\x42\x43",
            b"\x50\x51\x52\x53\x54\x55\x56\x57",
            b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
        ];
        let leaf = |input: &&[u8]| Sha256::of_parts(&[&[0], input]);
        let all: Vec<_> = inputs.iter().map(leaf).collect();
        let known = [
            (
                1,
                "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            ),
            (
                2,
                "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            ),
            (
                3,
                "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            ),
            (
                8,
                "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
            ),
        ];
        for (size, root) in known {
            assert_eq!(range_hash(&all, &Range::whole(size)).to_string(), root);
        }
    }
}

//! Proofs of inclusion and of consistency (RFC 9162, 2.1.3 and 2.1.4).
//!
//! A proof is made in two steps, so that the hashes may come from anywhere: the ranges
//! of leaves that its hashes stand for, then the hash of each.

use super::tree::{Range, node_hash};
use crate::kernel::hash::Sha256;

/// Why a proof is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// No tree of that size has that leaf, or the sizes are in the wrong order.
    #[error("the proof is for another size of the tree")]
    Size,
    /// It has too many or too few hashes for the sizes.
    #[error("the proof does not have the length that the sizes ask for")]
    Length,
    /// It leads to another root.
    #[error("the proof leads to another root")]
    Root,
}

/// The ranges whose hashes prove that leaf `index` is in the tree of `size`, in the
/// order of the proof.
///
/// # Errors
/// The tree has no such leaf.
pub fn inclusion_ranges(index: u64, size: u64) -> Result<Vec<Range>, ProofError> {
    if index >= size {
        return Err(ProofError::Size);
    }
    let mut node = Range::whole(size);
    let mut ranges = Vec::new();
    while node.len() > 1 {
        let middle = node.middle();
        let (left, right) = split(&node, middle);
        let (mine, other) = if index < middle {
            (left, right)
        } else {
            (right, left)
        };
        ranges.push(other);
        node = mine;
    }
    ranges.reverse();
    Ok(ranges)
}

/// The ranges whose hashes prove that the tree of `old` leaves is the beginning of that
/// of `new`; none if they are the same or the old one is empty.
///
/// # Errors
/// The old tree is larger.
pub fn consistency_ranges(old: u64, new: u64) -> Result<Vec<Range>, ProofError> {
    if old > new {
        return Err(ProofError::Size);
    }
    if old == 0 || old == new {
        return Ok(Vec::new());
    }
    let mut node = Range::whole(new);
    let mut ranges = Vec::new();
    while node.end() != old {
        let middle = node.middle();
        let (left, right) = split(&node, middle);
        let (next, other) = if old <= middle {
            (left, right)
        } else {
            (right, left)
        };
        ranges.push(other);
        node = next;
    }
    // The old tree itself is known to who asks; a part of it is not.
    if node.start() > 0 {
        ranges.push(node);
    }
    ranges.reverse();
    Ok(ranges)
}

fn split(node: &Range, middle: u64) -> (Range, Range) {
    let (start, end) = (node.start(), node.end());
    (Range::new(start, middle), Range::new(middle, end))
}

/// Checks a proof of inclusion (RFC 9162, 2.1.3.2).
///
/// # Errors
/// Why it proves nothing.
pub fn verify_inclusion(
    leaf: &Sha256,
    index: u64,
    size: u64,
    proof: &[Sha256],
    root: &Sha256,
) -> Result<(), ProofError> {
    let ranges = inclusion_ranges(index, size)?;
    if ranges.len() != proof.len() {
        return Err(ProofError::Length);
    }
    let steps = ranges.iter().zip(proof);
    let found = steps.fold(*leaf, |mine, (range, other)| {
        if range.start() > index {
            node_hash(&mine, other)
        } else {
            node_hash(other, &mine)
        }
    });
    if found == *root {
        Ok(())
    } else {
        Err(ProofError::Root)
    }
}

/// Checks a proof of consistency (RFC 9162, 2.1.4.2).
///
/// # Errors
/// Why it proves nothing.
pub fn verify_consistency(
    old: (u64, &Sha256),
    new: (u64, &Sha256),
    proof: &[Sha256],
) -> Result<(), ProofError> {
    let ranges = consistency_ranges(old.0, new.0)?;
    if ranges.len() != proof.len() {
        return Err(ProofError::Length);
    }
    let mut steps = ranges.iter().zip(proof);
    let (mut old_root, mut new_root) = match (old.0, ranges.first()) {
        // The empty tree is the beginning of every tree.
        (0, _) => return check(old.1 == &Range::hash(&[])),
        // The old tree is one node of the new one: the proof starts from it.
        (_, Some(first)) if first.start() >= old.0 => (*old.1, *old.1),
        (_, None) => (*old.1, *old.1),
        (_, Some(_)) => match steps.next() {
            Some((_, first)) => (*first, *first),
            None => return Err(ProofError::Length),
        },
    };
    for (range, hash) in steps {
        if range.start() >= old.0 {
            new_root = node_hash(&new_root, hash);
        } else {
            old_root = node_hash(hash, &old_root);
            new_root = node_hash(hash, &new_root);
        }
    }
    check(old_root == *old.1 && new_root == *new.1)
}

const fn check(holds: bool) -> Result<(), ProofError> {
    if holds { Ok(()) } else { Err(ProofError::Root) }
}

#[cfg(test)]
mod tests {
    use super::super::tree::tests::{leaves, range_hash, reference};
    use super::*;

    const LARGEST: u64 = 40;

    #[test]
    fn every_leaf_of_every_tree_is_proved_and_no_other() {
        let all = leaves(LARGEST);
        for size in 1..=LARGEST {
            let root = reference(&all[..size as usize]);
            for index in 0..size {
                let ranges = inclusion_ranges(index, size).unwrap();
                let proof: Vec<_> = ranges.iter().map(|range| range_hash(&all, range)).collect();
                let leaf = all[index as usize];
                assert_eq!(verify_inclusion(&leaf, index, size, &proof, &root), Ok(()));
                let other = Sha256::of(b"another leaf");
                assert!(verify_inclusion(&other, index, size, &proof, &root).is_err());
                assert!(verify_inclusion(&leaf, index, size, &proof, &other).is_err());
                let elsewhere = (index + 1) % size;
                let moved = verify_inclusion(&leaf, elsewhere, size, &proof, &root);
                assert!(size == 1 || moved.is_err(), "{index} of {size}");
                let longer = [&proof[..], &[other]].concat();
                let found = verify_inclusion(&leaf, index, size, &longer, &root);
                assert_eq!(found, Err(ProofError::Length));
            }
        }
    }

    #[test]
    fn every_tree_is_the_beginning_of_every_later_one() {
        let all = leaves(LARGEST);
        let root = |size: u64| reference(&all[..size as usize]);
        for new in 0..=LARGEST {
            for old in 0..=new {
                let ranges = consistency_ranges(old, new).unwrap();
                let proof: Vec<_> = ranges.iter().map(|range| range_hash(&all, range)).collect();
                let (before, after) = (root(old), root(new));
                let found = verify_consistency((old, &before), (new, &after), &proof);
                assert_eq!(found, Ok(()), "{old} of {new}");
                let forged = Sha256::of(b"another tree");
                assert!(verify_consistency((old, &forged), (new, &after), &proof).is_err());
                if old > 0 {
                    let forked = verify_consistency((old, &before), (new, &forged), &proof);
                    assert!(forked.is_err(), "{old} of {new}");
                }
                for at in 0..proof.len() {
                    let mut broken = proof.clone();
                    broken[at] = forged;
                    let found = verify_consistency((old, &before), (new, &after), &broken);
                    assert!(found.is_err(), "{old} of {new}, hash {at}");
                }
            }
        }
    }

    #[test]
    fn what_cannot_be_is_refused() {
        assert_eq!(inclusion_ranges(3, 3), Err(ProofError::Size));
        assert_eq!(consistency_ranges(4, 3), Err(ProofError::Size));
        assert!(inclusion_ranges(u64::MAX - 1, u64::MAX).unwrap().len() <= 64);
    }
}

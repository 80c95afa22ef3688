//! Hashes over one file that begin alike: a signature, the document time-stamps after it and
//! the file itself share every byte up to the first hole, and that is most of them.

use std::cell::RefCell;

use sha2::Digest as _;

use super::{HashAlgorithm, Sha256};

/// A file, and the states of SHA-256 after some of its beginnings.
#[derive(Debug)]
pub struct Beginnings<'f> {
    file: &'f [u8],
    states: RefCell<Vec<(usize, sha2::Sha256)>>,
}

impl<'f> Beginnings<'f> {
    /// Nothing is hashed yet.
    #[must_use]
    pub const fn new(file: &'f [u8]) -> Self {
        Self {
            file,
            states: RefCell::new(Vec::new()),
        }
    }

    /// The hash of the parts, one after another; quicker where the first is a beginning of
    /// the file.
    #[must_use]
    pub fn digest(&self, hash: HashAlgorithm, parts: &[&[u8]]) -> Vec<u8> {
        match parts.split_first() {
            Some((first, rest)) if hash == HashAlgorithm::Sha256 && self.is_beginning(first) => {
                let mut state = self.state_after(first);
                rest.iter().for_each(|part| state.update(part));
                state.finalize().to_vec()
            }
            _ => hash.digest(parts),
        }
    }

    /// The SHA-256 of the whole file.
    #[must_use]
    pub fn sha256(&self) -> Sha256 {
        self.sha256_of(self.file)
    }

    /// The SHA-256 of a beginning of the file.
    #[must_use]
    pub fn sha256_of(&self, beginning: &[u8]) -> Sha256 {
        if self.is_beginning(beginning) {
            Sha256(self.state_after(beginning).finalize().into())
        } else {
            Sha256::of(beginning)
        }
    }

    fn is_beginning(&self, part: &[u8]) -> bool {
        std::ptr::eq(part.as_ptr(), self.file.as_ptr()) && part.len() <= self.file.len()
    }

    fn state_after(&self, beginning: &[u8]) -> sha2::Sha256 {
        let mut states = self.states.borrow_mut();
        let earlier = states.iter().filter(|(end, _)| *end <= beginning.len());
        let longest = earlier.max_by_key(|(end, _)| *end).cloned();
        let (end, mut state) = longest.unwrap_or_default();
        state.update(beginning.get(end..).unwrap_or_default());
        states.push((beginning.len(), state.clone()));
        state
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_as_without() {
        let file: Vec<u8> = (0..1000_u32).map(|n| n as u8).collect();
        let shared = Beginnings::new(&file);
        let other = file.clone();
        for hash in HashAlgorithm::ALL {
            for (first, second) in [(700, 900), (0, 1000), (300, 300), (700, 800), (1000, 1000)] {
                let parts = [&file[..first], &file[second..]];
                assert_eq!(shared.digest(hash, &parts), hash.digest(&parts));
                // The same length of something else is no beginning of this file.
                let elsewhere = [&other[1..first.max(1)], &other[second..]];
                assert_eq!(shared.digest(hash, &elsewhere), hash.digest(&elsewhere));
            }
            assert_eq!(shared.digest(hash, &[]), hash.digest(&[]));
        }
        assert_eq!(shared.sha256(), Sha256::of(&file));
        for part in [&file[..10], &file[..0], &file[..990], &file[1..10]] {
            assert_eq!(shared.sha256_of(part), Sha256::of(part));
        }
    }
}

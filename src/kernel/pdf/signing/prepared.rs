//! A revision that waits for the value of its signature: everything is written
//! but the hole. These bytes do not change any more; the digest over them is
//! what an approval names (EN 319 142-1, 6.2.1; ISO 32000-2, 12.8.1).

use std::ops::Range;

use crate::kernel::hash::HashAlgorithm;
use crate::kernel::pdf::strings::push_hex;

/// A file with an empty hole, and where the hole is.
#[derive(Clone, PartialEq, Eq)]
pub struct Prepared {
    bytes: Vec<u8>,
    /// From `<` to `>` of `/Contents`, both included.
    hole: Range<usize>,
}

/// Stored bytes do not have a hole where it is said to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the stored file has no empty hole from byte {start} to byte {end}")]
pub struct NoHole {
    /// Where the hole should begin.
    pub start: usize,
    /// Where it should end.
    pub end: usize,
}

/// A signature value that does not fit. The hole is sized for the worst case, so
/// this is a mistake of ours and not a reason to sign other bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signature value has {needed} bytes, the hole takes {room}")]
pub struct HoleTooSmall {
    /// The size of the value.
    pub needed: usize,
    /// The size of the hole.
    pub room: usize,
}

impl Prepared {
    /// Takes bytes whose hole the caller has just written.
    pub(super) fn new(bytes: Vec<u8>, hole: Range<usize>) -> Self {
        Self { bytes, hole }
    }

    /// Restores a stored file.
    ///
    /// # Errors
    /// [`NoHole`] where `<000…0>` does not stand at `hole`.
    pub fn restore(bytes: Vec<u8>, hole: Range<usize>) -> Result<Self, NoHole> {
        let (start, end) = (hole.start, hole.end);
        let is_hole = match bytes.get(hole.clone()) {
            Some([b'<', digits @ .., b'>']) => digits.iter().all(|digit| *digit == b'0'),
            _ => false,
        };
        is_hole
            .then_some(Self { bytes, hole })
            .ok_or(NoHole { start, end })
    }

    /// The file with its empty hole.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The same, alone.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// The place of the hole, delimiters included.
    #[must_use]
    pub fn hole(&self) -> Range<usize> {
        self.hole.clone()
    }

    /// The size of the largest value that fits.
    #[must_use]
    pub fn room(&self) -> usize {
        self.hole.len().saturating_sub(2) / 2
    }

    /// The digest over everything but the hole.
    #[must_use]
    pub fn digest(&self, algorithm: HashAlgorithm) -> Vec<u8> {
        let before = self.bytes.get(..self.hole.start).unwrap_or_default();
        let after = self.bytes.get(self.hole.end..).unwrap_or_default();
        algorithm.digest(&[before, after])
    }

    /// Fills the hole: the finished revision.
    ///
    /// # Errors
    /// [`HoleTooSmall`] where the value does not fit; nothing is cut off.
    pub fn embed(mut self, value: &[u8]) -> Result<Vec<u8>, HoleTooSmall> {
        let (needed, room) = (value.len(), self.room());
        if needed > room {
            return Err(HoleTooSmall { needed, room });
        }
        let mut digits = Vec::with_capacity(2 * needed);
        push_hex(&mut digits, value);
        let start = self.hole.start + 1;
        let place = self.bytes.get_mut(start..start + digits.len());
        place
            .ok_or(HoleTooSmall { needed, room })?
            .copy_from_slice(&digits);
        Ok(self.bytes)
    }
}

impl std::fmt::Debug for Prepared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Prepared {{ {} bytes, hole {:?} }}",
            self.bytes.len(),
            self.hole
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hole_is_outside_the_digest_and_takes_the_value() {
        let prepared = Prepared::restore(b"ab<000000>cd".to_vec(), 2..10).unwrap();
        let digest = HashAlgorithm::Sha256.digest(&[b"abcd"]);
        assert_eq!(prepared.digest(HashAlgorithm::Sha256), digest);
        assert_eq!(prepared.room(), 3);
        let whole = prepared.embed(&[0xAB, 0xCD]).unwrap().to_ascii_lowercase();
        assert_eq!(whole, b"ab<abcd00>cd");
    }

    #[test]
    fn a_value_that_does_not_fit_is_refused() {
        let prepared = Prepared::restore(b"<0000>".to_vec(), 0..6).unwrap();
        let refusal = prepared.embed(&[1, 2, 3]).unwrap_err();
        assert_eq!(refusal, HoleTooSmall { needed: 3, room: 2 });
    }

    #[test]
    fn stored_bytes_without_the_hole_are_refused() {
        for (bytes, hole) in [(b"<0010>", 0..6), (b"<0000>", 0..5), (b"<0000>", 0..99)] {
            assert!(Prepared::restore(bytes.to_vec(), hole).is_err());
        }
    }
}

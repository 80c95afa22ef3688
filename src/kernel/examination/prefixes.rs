//! The revisions that a file's bytes begin with: a file derived from ours still
//! has ours as a prefix, whatever was appended.

use super::occurrences::occurrences;
use crate::kernel::hash::{Beginnings, Sha256};

const MARKER: &[u8] = b"%%EOF";

/// No honest file has more revisions; a hostile one must not cost more lookups.
const MOST: usize = 64;

/// The SHA-256 of each proper prefix that ends at a `%%EOF`, with and without its end of
/// line. One pass over the bytes.
pub(super) fn hashes(file: &[u8]) -> Vec<Sha256> {
    let hashes = Beginnings::new(file);
    let ends = ends(file).into_iter().take(MOST);
    ends.filter_map(|end| file.get(..end))
        .map(|prefix| hashes.sha256_of(prefix))
        .collect()
}

/// Ascending, without the end of the file itself.
fn ends(file: &[u8]) -> Vec<usize> {
    let mut ends = Vec::new();
    for start in occurrences(file, MARKER) {
        let end = start + MARKER.len();
        let line = match file.get(end..) {
            Some([b'\r', b'\n', ..]) => vec![0, 1, 2],
            Some([b'\r' | b'\n', ..]) => vec![0, 1],
            _ => vec![0],
        };
        ends.extend(line.into_iter().map(|more| end + more));
    }
    ends.retain(|end| *end < file.len());
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_revision_before_the_last_is_found() {
        let file = b"one%%EOF\r\ntwo%%EOF\nthree%%EOF";
        let found = hashes(file);
        for prefix in [&b"one%%EOF"[..], b"one%%EOF\r\n", b"one%%EOF\r\ntwo%%EOF\n"] {
            assert!(found.contains(&Sha256::of(prefix)));
        }
        assert!(!found.contains(&Sha256::of(file)));
        assert_eq!(found.len(), 5);
    }

    #[test]
    fn a_file_full_of_markers_is_bounded() {
        assert_eq!(hashes(&MARKER.repeat(10_000)).len(), MOST);
    }
}

//! Where a word stands in raw bytes, whatever the file's structure says of them.

/// The offset of each occurrence, ascending.
pub(super) fn occurrences<'f>(
    bytes: &'f [u8],
    word: &'f [u8],
) -> impl DoubleEndedIterator<Item = usize> + use<'f> {
    bytes
        .windows(word.len().max(1))
        .enumerate()
        .filter(move |(_, window)| *window == word)
        .map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_occurrence_is_found_from_either_end() {
        let found =
            |word: &'static str| occurrences(b"abcabab", word.as_bytes()).collect::<Vec<_>>();
        assert_eq!(found("ab"), [0, 3, 5]);
        assert_eq!(occurrences(b"abcabab", b"ab").next_back(), Some(5));
        assert!(found("x").is_empty() && found("").is_empty());
        assert!(occurrences(b"", b"ab").next().is_none());
    }
}

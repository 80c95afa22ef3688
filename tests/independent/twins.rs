//! Negative twins: a file with one byte flipped where it matters.

use sha2::{Digest as _, Sha256};

/// Which byte to flip.
#[derive(Debug, Clone, Copy)]
pub enum Flip {
    /// In the document: the content of its first stream.
    Document,
    /// The message digest in the first signature's signed attributes.
    MessageDigest,
    /// The end of the first signature's CMS: its signature value, or, where a
    /// timestamp follows, the timestamp's signature value.
    EndOfFirst,
    /// The end of the last signature's CMS: a document timestamp's signature value.
    EndOfLast,
}

/// The file with that byte flipped.
pub fn flipped(file: &[u8], flip: Flip) -> Vec<u8> {
    let holes = holes(file);
    let (first, last) = (holes[0], *holes.last().expect("a hole"));
    let at = match flip {
        Flip::Document => find(file, b"stream", 0).expect("a stream") + 12,
        Flip::MessageDigest => message_digest(file, first),
        Flip::EndOfFirst => end_of_cms(file, first) - 4,
        Flip::EndOfLast => end_of_cms(file, last) - 4,
    };
    let mut twin = file.to_vec();
    // A hexadecimal digit must stay one.
    twin[at] = match (flip, twin[at]) {
        (Flip::Document, byte) => byte ^ 1,
        (_, b'1') => b'2',
        _ => b'1',
    };
    twin
}

/// The hexadecimal strings of the `/Contents` of signatures, in file order:
/// positions of the first digit and of the closing bracket.
fn holes(file: &[u8]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = find(file, b"<30", at) {
        let end = find(file, b">", start).expect("the end of a hexadecimal string");
        // Identifiers are short; a CMS never is.
        if end - start > 1000 {
            found.push((start + 1, end));
        }
        at = end;
    }
    assert!(!found.is_empty(), "the file holds no signature");
    found
}

/// The position after the last digit of the CMS that begins the hole: its DER
/// length says where that is.
fn end_of_cms(file: &[u8], (start, end): (usize, usize)) -> usize {
    let digits = file[start..end].iter().take(12).copied().collect();
    let digits = String::from_utf8(digits).expect("hexadecimal digits");
    let header = hex::decode(digits).expect("hexadecimal digits");
    let octets = usize::from(header[1] & 0x7f);
    let length = header[2..2 + octets]
        .iter()
        .fold(0, |sum, b| sum << 8 | usize::from(*b));
    start + 2 * (2 + octets + length)
}

/// Where the digest of what the first signature covers stands in its CMS. The
/// covered part of the first revision ends with its `%%EOF`.
fn message_digest(file: &[u8], (start, end): (usize, usize)) -> usize {
    let mut at = end;
    while let Some(mark) = find(file, b"%%EOF", at) {
        for revision_end in [mark + 5, mark + 6, mark + 7] {
            let covered = [
                &file[..start - 1],
                &file[end + 1..revision_end.min(file.len())],
            ];
            let digest = covered
                .iter()
                .fold(Sha256::new(), |hash, part| hash.chain_update(part));
            for text in [
                hex::encode(digest.clone().finalize()),
                hex::encode_upper(digest.finalize()),
            ] {
                if let Some(found) = find(&file[..end], text.as_bytes(), start) {
                    return found;
                }
            }
        }
        at = mark + 5;
    }
    panic!("the CMS names no SHA-256 digest of the covered bytes");
}

fn find(file: &[u8], what: &[u8], from: usize) -> Option<usize> {
    file[from..]
        .windows(what.len())
        .position(|w| w == what)
        .map(|at| at + from)
}

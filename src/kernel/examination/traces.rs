//! The signature values in a file's raw bytes. Read without the file's structure,
//! which a forgery may have damaged.

use super::occurrences::occurrences;
use crate::kernel::cms::SignedData;
use crate::kernel::hash::Sha256;

/// Places of one file that are looked at.
const MOST: usize = 32;
/// No signature's contents are longer, in hexadecimal digits.
const LONGEST_CONTENTS: usize = 512 * 1024;

/// The SHA-256 of the signature values in the file's `/Contents`, newest first.
pub(super) fn signature_values(file: &[u8]) -> Vec<Sha256> {
    let holes = occurrences(file, b"/Contents").rev().take(MOST);
    let values = holes.filter_map(|at| {
        let rest = file.get(at + b"/Contents".len()..)?.trim_ascii_start();
        let digits = rest.strip_prefix(b"<")?;
        let digits = digits.get(..digits.len().min(LONGEST_CONTENTS))?;
        let end = digits.iter().position(|byte| *byte == b'>')?;
        let contents = hex::decode(digits.get(..end)?).ok()?;
        let signed = SignedData::parse(&contents).ok()?;
        Some(Sha256::of(&signed.signer_infos.first()?.signature))
    });
    values.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_signature_gives_no_value() {
        for file in [
            &b"/Contents <zz>"[..],
            b"/Contents <",
            b"/Contents(30)",
            b"/Contents <3003020100>",
        ] {
            assert!(signature_values(file).is_empty());
        }
    }
}

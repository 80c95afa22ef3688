//! Hostile bytes: whatever they are, reading them ends with a value or an error.

use crate::files::File;
use absah::kernel::pdf::intake::inspect;
use absah::kernel::pdf::signatures::{orphan_byte_ranges, range, signature_fields};
use absah::kernel::pdf::{Limits, Pdf, Update};
use proptest::prelude::*;

/// Everything that is done with a file from outside.
fn exercise(bytes: &[u8]) {
    let limits = Limits::default();
    let _ = inspect(bytes, &limits);
    let Ok(pdf) = Pdf::read(bytes, &limits) else {
        return;
    };
    let _ = pdf.revisions();
    if let Ok(fields) = signature_fields(&pdf) {
        for field in &fields {
            let _ = field
                .signature
                .as_ref()
                .map(|signature| range::violations(&pdf, signature));
        }
        let _ = orphan_byte_ranges(&pdf, &fields);
    }
    let mut update = Update::new(&pdf);
    if let Ok(catalog) = pdf.catalog_id() {
        let _ = update.set_in(catalog, &["AcroForm", "SigFlags"], b"3");
        let _ = update.append(catalog, "Fields", b"9 0 R");
    }
    let _ = update.finish();
}

fn samples() -> Vec<Vec<u8>> {
    let file = File::new()
        .with_catalog("/AcroForm<</Fields[6 0 R]>>")
        .with(6, "<</FT/Sig/T(a)/V 7 0 R>>")
        .with(7, "<</Type/Sig/Contents<3000>/ByteRange[0 1 2 3]>>");
    vec![file.classic(), file.streams(), file.office(&[5, 6], |_| {})]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn changed_bytes(which in 0..3_usize, changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut bytes = samples().swap_remove(which);
        for (index, byte) in changes {
            let index = index.index(bytes.len());
            bytes[index] = byte;
        }
        exercise(&bytes);
    }

    #[test]
    fn moved_pieces(which in 0..3_usize, from in any::<prop::sample::Index>(), to in any::<prop::sample::Index>(), length in 1..80_usize) {
        let bytes = samples().swap_remove(which);
        let (from, to) = (from.index(bytes.len()), to.index(bytes.len()));
        let piece = &bytes[from..(from + length).min(bytes.len())];
        exercise(&[&bytes[..to], piece, &bytes[to..]].concat());
    }

    #[test]
    fn arbitrary_bytes(tail in prop::collection::vec(any::<u8>(), 0..300)) {
        exercise(&[b"%PDF-1.7\n", &tail[..], b"\nstartxref\n9\n%%EOF"].concat());
    }
}

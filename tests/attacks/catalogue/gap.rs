//! What stands in the gap (ISO 32000-2, 12.8.1; signature wrapping): one hexadecimal
//! string that is this dictionary's /Contents, one value and zeros.

use absah::kernel::validation::{FindingCode as C, SubIndication as S};

use crate::base::{PLAIN_LT, PLAIN_LTA};
use crate::case::{Catalogue, Required, WORLD, failed, format_failure, refused};
use crate::document::document;
use crate::edit::{find, hole, patched, replaced, spliced};
use crate::world::SIGNED;

const TWIN: &str = "honest/b-lt";

pub fn cases(all: &mut Catalogue) {
    contents(all);
    padding(all);
    objects_in_the_gap(all);
    borrowed(all);
}

fn filled(file: &[u8], edit: impl Fn(&mut [u8])) -> Vec<u8> {
    let range = hole(file);
    let mut twin = file.to_vec();
    edit(&mut twin[range]);
    twin
}

/// No value at all.
fn contents(all: &mut Catalogue) {
    let file = &*PLAIN_LT;
    let empty = || format_failure(C::ContentsInvalid).without_crypto();
    all.attack(
        "gap/all-zeros",
        TWIN,
        filled(file, |hole| hole.fill(b'0')),
        empty(),
        "a signature without a value is broken, not absent",
        "calling a file unsigned when its signature was blanked",
    );
    all.attack(
        "gap/all-spaces",
        TWIN,
        filled(file, |hole| hole.fill(b' ')),
        empty(),
        "white space is no value",
        "decoding an empty string and skipping the signature",
    );
    let null = |file: &[u8]| {
        let range = hole(file);
        let mut twin = file.to_vec();
        twin[range.start - 1..=range.end].fill(b' ');
        twin[range.start - 1..range.start + 3].copy_from_slice(b"null");
        twin
    };
    all.attack(
        "gap/null",
        TWIN,
        null(file),
        refused(C::FileDamaged),
        "/Contents null leaves nothing to verify",
        "an exception that is caught and taken for no signature",
    );
    let at = find(file, b"/Contents<");
    all.attack(
        "gap/key-renamed",
        TWIN,
        patched(file, at, b"/Contentz<"),
        empty(),
        "without /Contents there is no value",
        "taking the gap's bytes for the value whatever the key says",
    );
    let at = find(file, b"/Contents<");
    let mut escaped = file.clone();
    escaped.splice(at..at + 9, *b"/#43ontents");
    all.attack(
        "gap/key-escaped",
        TWIN,
        escaped,
        refused(C::FileDamaged),
        "a name may be written in many ways; a moved byte breaks the ranges and the table",
        "finding the hole by searching for text",
    );
}

/// What follows the value inside the hole.
fn padding(all: &mut Catalogue) {
    let file = &*PLAIN_LT;
    let behind = || format_failure(C::ContentsInvalid);
    let last = |hole: &mut [u8], text: &[u8]| {
        let at = hole.len() - text.len();
        hole[at..].copy_from_slice(text);
    };
    let damaged = || refused(C::FileDamaged);
    let cases: [(&str, &[u8], Required); 5] = [
        ("hex-after-value", b"01", behind()),
        ("der-after-value", b"3003020101", behind()),
        ("comment", b"%abc", damaged()),
        (
            "objects-in-text",
            b"5 0 obj<</Type/Font>>endobj ",
            damaged(),
        ),
        ("not-hex", b"xyz0", damaged()),
    ];
    for (name, text, required) in cases {
        all.attack(
            format!("gap/{name}"),
            TWIN,
            filled(file, |hole| last(hole, text)),
            required,
            "the unsigned rest of the hole is zeros and nothing else",
            "reading one DER value and ignoring what is behind it",
        );
    }
}

/// The padding trimmed, and something else in its place.
fn objects_in_the_gap(all: &mut Catalogue) {
    let file = &*PLAIN_LT;
    let range = hole(file);
    let used = file[range.clone()]
        .iter()
        .rposition(|b| *b != b'0')
        .expect("a value")
        + 1;
    let used = used + used % 2;
    let entry = |text: &str| {
        let from = range.start + used;
        let mut twin = file.clone();
        twin[from] = b'>';
        twin[from + 1..=range.end].fill(b' ');
        twin[from + 1..=from + text.len()].copy_from_slice(text.as_bytes());
        twin
    };
    let cases = [
        (
            "entries",
            "/Prop_Build(Lain)/Cert(x)",
            "entries in the gap change what is shown of the signature",
        ),
        (
            "second-contents",
            "/Contentz<00>",
            "a second value in the gap",
        ),
    ];
    for (name, text, teaches) in cases {
        all.attack(
            format!("gap/trimmed-{name}"),
            TWIN,
            entry(text),
            format_failure(C::ByteRangeInvalid),
            teaches,
            "taking everything between the ranges for the value",
        );
    }
    all.attack(
        "gap/trimmed-second-key",
        TWIN,
        entry("/Contents<00>"),
        refused(C::AmbiguousStructure),
        "of two equal keys readers take the first, or the last",
        "a dictionary that keeps the last key silently",
    );
    all.attack(
        "gap/trimmed-comment",
        TWIN,
        entry("%forged"),
        refused(C::FileDamaged),
        "bytes that no reader shows may be shown by another",
        "taking everything between the ranges for the value",
    );
    wrapped(
        all,
        entry(">>endobj 4 0 obj<</Length 1>>stream\nn\nendstream endobj xref"),
    );
}

fn wrapped(all: &mut Catalogue, twin: Vec<u8>) {
    all.attack(
        "gap/trimmed-objects",
        TWIN,
        twin,
        format_failure(C::ByteRangeInvalid),
        "objects and a table in the gap are outside what was signed (SWA)",
        "not binding the gap to the span of /Contents",
    );
}

/// A value that belongs to something else.
fn borrowed(all: &mut Catalogue) {
    let (one, other) = (
        &*PLAIN_LT,
        WORLD.b_lt(&replaced(&document(), b"Izin", b"Lain"), SIGNED),
    );
    let (a, b) = (hole(one), hole(&other));
    all.attack(
        "gap/value-of-another-document",
        TWIN,
        patched(one, a.start, &other[b]),
        failed(S::HashFailure, C::DigestMismatch).without_crypto(),
        "a value signs one content",
        "checking the signature over its attributes and not the digest in them",
    );
    let text = find(one, b"Izin");
    all.attack(
        "gap/one-byte-of-content",
        TWIN,
        patched(one, text, b"J"),
        failed(S::HashFailure, C::DigestMismatch).without_crypto(),
        "each signed byte counts",
        "no digest check",
    );
    let reason = find(one, b"/Reason") + 8;
    all.attack(
        "gap/one-byte-of-reason",
        TWIN,
        patched(one, reason, b"X"),
        failed(S::HashFailure, C::DigestMismatch).without_crypto(),
        "what the dictionary says of the signature is signed too",
        "excluding the whole dictionary from the ranges",
    );
    let stamped = &*PLAIN_LTA;
    let first = hole(stamped);
    let second = first.end + hole(&stamped[first.end..]).start;
    let length = first.len().min(1000);
    let borrowed = spliced(
        stamped,
        first.start..first.start + length,
        &stamped[second..second + length],
    );
    all.attack(
        "gap/value-of-the-timestamp",
        "honest/b-lta",
        borrowed,
        format_failure(C::CmsUnreadable).without_crypto(),
        "a time-stamp token is no signature of the signer",
        "verifying any SignedData as a signature of the document",
    );
}

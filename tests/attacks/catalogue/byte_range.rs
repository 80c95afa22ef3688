//! /ByteRange tricks (ISO 32000-2, 12.8.1; EN 319 142-1, 5.3): what is signed must be
//! one whole revision but exactly the value.

use absah::kernel::validation::FindingCode as C;

use crate::base::{PLAIN_LT, PLAIN_LTA};
use crate::case::{Catalogue, format_failure, refused};
use crate::edit::{byte_range, find, hole, patched, spliced, with_byte_range};

const TWIN: &str = "honest/b-lt";

pub fn cases(all: &mut Catalogue) {
    unreadable(all);
    elsewhere(all);
    prefixes(all);
}

/// Nothing that could be two ranges.
fn unreadable(all: &mut Catalogue) {
    let file = &*PLAIN_LT;
    let (_, [a, b, c, d]) = byte_range(file);
    let cases = [
        ("blank", String::new()),
        ("null", "null".to_owned()),
        ("zeros", "0 0 0 0".to_owned()),
        ("negative-start", format!("-1 {b} {c} {d}")),
        ("negative-length", format!("{a} {b} {c} -{d}")),
        ("beyond-i64", format!("{a} {b} {c} 99999999999999999999")),
        ("beyond-usize", format!("{a} {b} 9223372036854775807 9")),
        ("three-numbers", format!("{a} {b} {c}")),
        ("six-numbers", format!("{a} {b} {c} {d} 0 0")),
        ("one-range", format!("{a} {b}")),
        ("a-real", format!("{a}.5 {b} {c} {d}")),
        ("a-name", format!("{a} {b} {c} /All")),
    ];
    for (name, range) in cases {
        all.attack(
            format!("byte-range/{name}"),
            TWIN,
            with_byte_range(file, &range),
            format_failure(C::ByteRangeInvalid).without_crypto(),
            "without two sound ranges nothing says what was signed",
            "a validator that falls back to the whole file, or skips the check",
        );
    }
    let at = find(file, b"/ByteRange[");
    all.attack(
        "byte-range/key-renamed",
        TWIN,
        patched(file, at, b"/ByteRangf["),
        format_failure(C::ByteRangeInvalid).without_crypto(),
        "a signature dictionary without /ByteRange signs nothing",
        "taking a missing key for a default",
    );
}

/// Two ranges, but not of this file.
fn elsewhere(all: &mut Catalogue) {
    let file = &*PLAIN_LT;
    let (_, [a, b, c, d]) = byte_range(file);
    let cases = [
        ("starts-late", format!("1 {} {c} {d}", b - 1)),
        ("starts-after-header", format!("9 {} {c} {d}", b - 9)),
        ("first-too-short", format!("{a} {} {c} {d}", b - 1)),
        ("first-too-long", format!("{a} {} {c} {d}", b + 1)),
        ("second-late", format!("{a} {b} {} {}", c + 1, d - 1)),
        ("second-early", format!("{a} {b} {} {}", c - 1, d + 1)),
        ("no-gap", format!("{a} {b} {b} {d}")),
        ("overlap", format!("{a} {c} {b} {d}")),
        ("swapped", format!("{c} {d} {a} {b}")),
        ("end-too-early", format!("{a} {b} {c} {}", d - 3)),
        ("end-in-next-update", format!("{a} {b} {c} {}", d + 20)),
        ("end-beyond-file", format!("{a} {b} {c} 9{d}")),
        ("second-empty", format!("{a} {b} {c} 0")),
        ("first-empty", format!("0 0 {c} {d}")),
    ];
    for (name, range) in cases {
        all.attack(
            format!("byte-range/{name}"),
            TWIN,
            with_byte_range(file, &range),
            format_failure(C::ByteRangeInvalid).without_crypto(),
            "each number is bound to the file: start 0, the gap, the end of a revision",
            "checking the digest alone, with ranges that the attacker chose",
        );
    }
}

/// The signed bytes moved within the file.
fn prefixes(all: &mut Catalogue) {
    let file = &*PLAIN_LTA;
    all.attack(
        "byte-range/html-before-header",
        "honest/b-lta",
        [b"<html><script>alert(1)</script></html>\n", &file[..]].concat(),
        refused(C::NotAPdf),
        "a file that is two formats at once shows two contents",
        "searching the first kilobyte for the header",
    );
    all.attack(
        "byte-range/space-before-header",
        "honest/b-lta",
        [b"\n", &file[..]].concat(),
        refused(C::NotAPdf),
        "one byte before the header moves every offset",
        "a reader that repairs offsets and a range that does not",
    );
    // DER(signedAttrs) in front: a signature without signed attributes would cover it.
    let value = hole(file);
    let attributes = &hex::decode(&file[value.start..value.start + 800]).expect("hex")[..300];
    all.attack(
        "byte-range/signed-attributes-as-prefix",
        "honest/b-lta",
        [attributes, &file[..]].concat(),
        refused(C::NotAPdf),
        "what was signed as attributes can be presented as content",
        "accepting a signature without signed attributes over any bytes",
    );
    // The ranges name the attributes alone.
    let end = value.end;
    let twin = spliced(file, end..end, b"");
    all.attack(
        "byte-range/only-the-value-object",
        "honest/b-lta",
        with_byte_range(&twin, &format!("0 {} {} {}", 9, end + 1, 20)),
        format_failure(C::ByteRangeInvalid).without_crypto(),
        "a gap larger than the value hides content",
        "accepting any gap that contains the value",
    );
}

//! Structures that readers understand differently, and files that are meant to
//! cost: bounded, clear, never green.

use std::time::{Duration as Spent, Instant};

use absah::kernel::pdf::{Limits, ObjectId, Pdf, Update};
use absah::kernel::validation::{FindingCode as C, Report, Verdict};
use time::{Duration, OffsetDateTime};

use super::document::document;
use super::world::{SIGNED, World};

const LATER: OffsetDateTime = SIGNED.saturating_add(Duration::HOUR);

/// What a debug build on a busy machine may take.
const PATIENCE: Spent = Spent::from_secs(20);

#[track_caller]
fn not_green(report: &Report) {
    assert!(!report.verdict.is_good(), "{report:#?}");
    assert_ne!(report.verdict, Verdict::Unsigned, "{report:#?}");
}

/// Appends an update by hand: objects, a table with these entries, a trailer.
fn appended(
    file: &[u8],
    objects: &[(u32, &str)],
    entries: &[(u32, &str)],
    trailer: &str,
) -> Vec<u8> {
    let mut out = file.to_vec();
    let mut table = String::new();
    for (number, body) in objects {
        let offset = out.len();
        table.push_str(&format!("{number} 1\n{offset:010} 00000 n \n"));
        out.extend_from_slice(format!("{number} 0 obj\n{body}\nendobj\n").as_bytes());
    }
    for (number, entry) in entries {
        table.push_str(&format!("{number} 1\n{entry} \n"));
    }
    let start = out.len();
    let rest = format!("xref\n{table}trailer\n<<{trailer}>>\nstartxref\n{start}\n%%EOF\n");
    out.extend_from_slice(rest.as_bytes());
    out
}

/// The newest cross-reference section and the size, as a trailer has them.
fn trailer_of(file: &[u8]) -> String {
    let pdf = Pdf::read(file, &Limits::default()).expect("a file");
    let (size, previous) = (pdf.size(), pdf.newest_xref());
    format!("/ID[<01><02>]/Size {size}/Root 1 0 R/Prev {previous}")
}

#[test]
fn cross_reference_tricks_are_seen() {
    let world = World::new();
    let file = world.b_lta(&document(), SIGNED);
    let trailer = trailer_of(&file);
    let no_prev = trailer.split("/Prev").next().expect("a trailer").to_owned();
    let font = "<</Type/Font/Subtype/Type1/BaseFont/Courier>>";
    let own_prev = format!("{no_prev}/Prev {}", file.len() + 60);
    let hidden = file
        .windows(8)
        .position(|w| w == b"2 0 obj\n")
        .expect("an object");
    let moved = format!("{hidden:010} 00000 n");
    let doubled = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/BaseFont/Courier>>";
    let cases: &[(&str, Vec<u8>)] = &[
        ("no /Prev", appended(&file, &[(5, font)], &[], &no_prev)),
        (
            "font replaced",
            appended(&file, &[(5, font)], &[], &trailer),
        ),
        (
            "object freed",
            appended(&file, &[], &[(5, "0000000000 00001 f")], &trailer),
        ),
        (
            "object moved",
            appended(&file, &[], &[(5, &moved)], &trailer),
        ),
        (
            "duplicate key",
            appended(&file, &[(5, doubled)], &[], &trailer),
        ),
        (
            "/Prev in a circle",
            appended(&file, &[], &[(5, "0000000000 00001 f")], &own_prev),
        ),
        (
            "/Prev beyond the file",
            appended(
                &file,
                &[(5, font)],
                &[],
                &format!("{no_prev}/Prev 99999999"),
            ),
        ),
        (
            "/Size too small",
            appended(&file, &[(5, font)], &[], "/Size 3/Root 1 0 R"),
        ),
        (
            "encrypted",
            appended(
                &file,
                &[],
                &[(5, "0000000000 00001 f")],
                &format!("{trailer}/Encrypt 5 0 R"),
            ),
        ),
        (
            "page tree in a circle",
            appended(
                &file,
                &[(2, "<</Type/Pages/Kids[2 0 R]/Count 1>>")],
                &[],
                &trailer,
            ),
        ),
    ];
    for (name, twin) in cases {
        let report = world.validate(twin, LATER);
        not_green(&report);
        assert_eq!(report.verdict, Verdict::Invalid, "{name}: {report:#?}");
    }
    // The honest twin of all: an update that says nothing.
    let nothing = appended(
        &file,
        &[(90, "null")],
        &[],
        &trailer.replace("/Size ", "/Size 9"),
    );
    assert!(world.validate(&nothing, LATER).verdict.is_good());
}

#[test]
fn an_escaped_name_is_the_same_name() {
    let world = World::new();
    let file = world.b_lt(&document(), SIGNED);
    let at = file
        .windows(10)
        .position(|w| w == b"/Contents<")
        .expect("a hole");
    let mut twin = file;
    // The key is outside the hole, so it is signed.
    twin.splice(at..at + 9, *b"/#43ontents");
    not_green(&world.validate(&twin, LATER));
}

#[test]
fn what_is_meant_to_cost_costs_little() {
    let world = World::new();
    let nested = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
    let deep = appended(&document(), &[(4, &nested)], &[], &trailer_of(&document()));
    // A certificate of the store that inflates beyond what is allowed.
    let bomb = {
        let pdf = document();
        let pdf = Pdf::read(&pdf, &Limits::default()).expect("a file");
        let mut update = Update::new(&pdf);
        let data = update.add_stream(b"", &vec![b' '; 8 << 20], true);
        let store = format!("<</Certs[{}]>>", data.reference());
        update
            .set(ObjectId::new(1), "DSS", store.as_bytes())
            .expect("the catalog");
        update.finish().expect("an update")
    };
    let mut many = document();
    for _ in 0..300 {
        many = appended(
            &many,
            &[(5, "<</Type/Font>>")],
            &[],
            &trailer_of_unchecked(&many),
        );
    }
    let huge = appended(&document(), &[], &[], "/Size 2147483647/Root 1 0 R");
    let kids: String = (0..2_000).map(|n| format!("{} 0 R ", n % 5 + 1)).collect();
    let wide = format!("<</Type/Pages/Count 2000/Kids[{kids}]>>");
    let wide = appended(&document(), &[(2, &wide)], &[], &trailer_of(&document()));
    for file in [deep, bomb, many, huge, wide] {
        let start = Instant::now();
        let limits = Limits {
            inflated: 4 << 20,
            ..Limits::default()
        };
        let report = world.validate_under(&file, LATER, limits);
        assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
        assert!(!report.verdict.is_good());
    }
}

/// The same as [`trailer_of`] where there are more revisions than are read.
fn trailer_of_unchecked(file: &[u8]) -> String {
    let text = String::from_utf8_lossy(&file[file.len() - 40..]).into_owned();
    let start = text.lines().rev().nth(1).expect("startxref").to_owned();
    format!("/Size 6/Root 1 0 R/Prev {start}")
}

#[test]
fn limits_are_named() {
    let world = World::new();
    let file = world.b_lta(&document(), SIGNED);
    let small = Limits {
        file_size: 1000,
        ..Limits::default()
    };
    let few = Limits {
        signatures: 1,
        ..Limits::default()
    };
    let short = Limits {
        revisions: 2,
        ..Limits::default()
    };
    for limits in [small, few, short] {
        let report = world.validate_under(&file, LATER, limits);
        assert_eq!(report.verdict, Verdict::Indeterminate, "{report:#?}");
        assert!(report.has(C::LimitExceeded), "{report:#?}");
    }
}

/// Cut at every length, flipped at every byte: no panic, never green.
#[test]
fn no_mutation_panics_or_passes() {
    let world = World::new();
    let file = world.b_b(&document());
    let data = world.validation_data(LATER);
    let validate = |twin: &[u8]| world.validate_with(twin, LATER, &data.ocsps, &data.crls);
    let whole = validate(&file);
    assert!(whole.verdict.is_good(), "{whole:#?}");
    for length in (0..file.len()).step_by(211) {
        assert!(
            !validate(&file[..length]).verdict.is_good(),
            "cut at {length}"
        );
    }
    let hole = file
        .windows(10)
        .position(|w| w == b"/Contents<")
        .expect("a hole");
    let end = hole
        + file[hole..]
            .iter()
            .position(|b| *b == b'>')
            .expect("its end");
    // The hole has its own test; all else is signed.
    for at in (0..hole).chain(end + 1..file.len()).step_by(13) {
        for flip in [0x01, 0x80] {
            let mut twin = file.clone();
            twin[at] ^= flip;
            let report = validate(&twin);
            assert!(!report.verdict.is_good(), "byte {at} ^ {flip}: {report:#?}");
        }
    }
}

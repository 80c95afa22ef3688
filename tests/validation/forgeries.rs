//! Forged structures: what no signature may survive.

use absah::kernel::pdf::{Limits, ObjectId, Pdf, Update};
use absah::kernel::validation::report::Modification;
use absah::kernel::validation::{
    FindingCode as C, Indication, Report, SubIndication as S, Verdict,
};
use time::{Duration, OffsetDateTime};

use super::document::{document, fails, first, passes};
use super::world::{SIGNED, World};

const LATER: OffsetDateTime = SIGNED.saturating_add(Duration::HOUR);

fn updated(file: &[u8], edit: impl Fn(&mut Update<'_>)) -> Vec<u8> {
    let pdf = Pdf::read(file, &Limits::default()).expect("a file");
    let mut update = Update::new(&pdf);
    edit(&mut update);
    update.finish().expect("an update")
}

fn replaced(file: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len(), "offsets stay");
    let at = file
        .windows(from.len())
        .position(|w| w == from)
        .expect("the bytes");
    let mut twin = file.to_vec();
    twin[at..at + to.len()].copy_from_slice(to);
    twin
}

fn not_green(report: &Report) {
    assert!(!report.verdict.is_good(), "{report:#?}");
    assert_ne!(report.verdict, Verdict::Unsigned, "{report:#?}");
}

#[test]
fn changes_after_signing_fail_while_the_cryptography_holds() {
    let world = World::new();
    let file = world.b_lta(&document(), SIGNED);
    let content = updated(&file, |update| {
        update.put_stream(ObjectId::new(4), b"", b"BT (Lain) Tj ET", false);
    });
    let overlay = updated(&file, |update| {
        let note = update.add(b"<</Type/Annot/Subtype/FreeText/Rect[0 0 500 800]>>".to_vec());
        let note = note.reference();
        update
            .append(ObjectId::new(3), "Annots", note.as_bytes())
            .expect("a page");
    });
    let page = updated(&file, |update| {
        let page = update.add(b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>".to_vec());
        let page = page.reference();
        update
            .append(ObjectId::new(2), "Kids", page.as_bytes())
            .expect("pages");
    });
    for twin in [content, overlay, page] {
        let report = world.validate(&twin, LATER);
        fails(&report, S::FormatFailure, C::ChangedAfterSigning);
        assert_eq!(first(&report).indication, Indication::TotalFailed);
        assert!(first(&report).crypto_valid && first(&report).intact);
        assert_eq!(first(&report).modification, Some(Modification::Illegal));
        assert_eq!(report.verdict, Verdict::Invalid);
        // The signed revision is offered.
        let revision = first(&report).signed_revision.clone().expect("a revision");
        passes(&world.validate_with(
            &twin[..revision.length],
            LATER,
            &world.validation_data(LATER).ocsps,
            &world.validation_data(LATER).crls,
        ));
    }
}

#[test]
fn a_byte_range_covers_one_revision_but_its_value() {
    let world = World::new();
    let file = world.b_lt(&document(), SIGNED);
    let at = file
        .windows(11)
        .position(|w| w == b"/ByteRange[")
        .expect("a range")
        + 11;
    let length = file[at..].iter().position(|b| *b == b']').expect("its end");
    let range: Vec<i64> = String::from_utf8_lossy(&file[at..at + length])
        .split_whitespace()
        .map(|n| n.parse().expect("a number"))
        .collect();
    let [a, b, c, d] = range[..] else {
        panic!("{range:?}")
    };
    let twins = [
        String::new(),
        "null".to_owned(),
        "0 0 0 0".to_owned(),
        format!("-1 {b} {c} {d}"),
        format!("{a} {b} {c} 99999999999999999999"),
        format!("{a} {b} {c}"),
        format!("{a} {b} {c} {d} 0 0"),
        format!("1 {b} {c} {d}"),
        format!("{a} {} {c} {d}", b - 1),
        format!("{a} {b} {} {}", c + 1, d - 1),
        format!("{a} {b} {c} {}", d - 3),
        format!("{a} {b} {c} {}", d + 1),
        format!("{a} {b} {b} {d}"),
    ];
    for twin in twins {
        let padded = format!("{twin:<length$}");
        let mut forged = file.clone();
        forged[at..at + length].copy_from_slice(&padded.as_bytes()[..length]);
        let report = world.validate(&forged, LATER);
        assert_eq!(report.verdict, Verdict::Invalid, "{twin}: {report:#?}");
        assert_eq!(
            first(&report).sub_indication,
            Some(S::FormatFailure),
            "{twin}"
        );
    }
}

#[test]
fn contents_are_one_value_and_zeros() {
    let world = World::new();
    let file = world.b_lt(&document(), SIGNED);
    let at = file
        .windows(10)
        .position(|w| w == b"/Contents<")
        .expect("a hole")
        + 10;
    let end = at + file[at..].iter().position(|b| *b == b'>').expect("its end");
    let twin = |edit: &dyn Fn(&mut [u8])| {
        let mut forged = file.clone();
        edit(&mut forged[at..end]);
        world.validate(&forged, LATER)
    };
    let blank = twin(&|hole| hole.fill(b'0'));
    let spaces = twin(&|hole| hole.fill(b' '));
    let behind = twin(&|hole| hole[hole.len() - 1] = b'1');
    let comment = twin(&|hole| {
        let last = hole.len() - 4;
        hole[last..].copy_from_slice(b"%abc");
    });
    for report in [blank, spaces, behind, comment] {
        not_green(&report);
        assert_eq!(
            first(&report).sub_indication,
            Some(S::FormatFailure),
            "{report:#?}"
        );
    }
}

#[test]
fn a_signature_of_another_document_does_not_fit() {
    let world = World::new();
    let (one, other) = (
        world.b_b(&document()),
        world.b_b(&replaced(&document(), b"Izin", b"Lain")),
    );
    let hole = |file: &[u8]| {
        let at = file
            .windows(10)
            .position(|w| w == b"/Contents<")
            .expect("a hole")
            + 10;
        (
            at,
            at + file[at..].iter().position(|b| *b == b'>').expect("its end"),
        )
    };
    let ((a, b), (c, d)) = (hole(&one), hole(&other));
    let mut forged = one;
    forged[a..b].copy_from_slice(&other[c..d]);
    fails(
        &world.validate(&forged, LATER),
        S::HashFailure,
        C::DigestMismatch,
    );
}

#[test]
fn what_follows_the_last_revision_is_never_green() {
    let world = World::new();
    let file = world.b_lta(&document(), SIGNED);
    let body = b"4 0 obj\n<</Length 1>>stream\nn\nendstream\nendobj\n";
    let archive = b"PK\x03\x04 an archive";
    let unfinished = b"4 0 obj\n<</Length 1>>stream\nn\nendstream\nendobj\nxref\n4 1\n0000000001 00000 n \ntrailer\n<</Size 9/Root 1 0 R>>\n";
    for tail in [&body[..], archive, unfinished] {
        let report = world.validate(&[&file, tail].concat(), LATER);
        not_green(&report);
        assert!(report.has(C::TrailingData), "{report:#?}");
        assert_eq!(first(&report).indication, Indication::Indeterminate);
    }
    // White space is no content.
    passes(&world.validate(&[&file[..], b"\n\n"].concat(), LATER));
}

#[test]
fn what_stands_before_the_header_is_refused() {
    let world = World::new();
    let file = [b"<html></html>\n", &world.b_lta(&document(), SIGNED)[..]].concat();
    let report = world.validate(&file, LATER);
    not_green(&report);
    assert!(report.has(C::NotAPdf));
}

#[test]
fn a_removed_signature_leaves_a_trace() {
    let world = World::new();
    let file = updated(&world.b_b(&document()), |update| {
        let catalog = ObjectId::new(1);
        update
            .set(catalog, "AcroForm", b"null")
            .expect("the catalog");
    });
    let report = world.validate(&file, LATER);
    assert_eq!(report.verdict, Verdict::Unsigned);
    assert!(report.has(C::SignatureRemoved));
    assert!(!world.validate(&document(), LATER).has(C::SignatureRemoved));
}

#[test]
fn active_content_is_never_green() {
    let world = World::new();
    let acting = updated(&document(), |update| {
        let action = b"<</S/JavaScript/JS(app.alert(1))>>";
        update
            .set(ObjectId::new(1), "OpenAction", action)
            .expect("the catalog");
    });
    let report = world.validate(&world.b_lta(&acting, SIGNED), LATER);
    not_green(&report);
    assert!(report.has(C::ActiveContent));
    assert_eq!(first(&report).indication, Indication::Indeterminate);
    let going = updated(&document(), |update| {
        update
            .set(ObjectId::new(1), "OpenAction", b"[3 0 R/Fit]")
            .expect("the catalog");
    });
    passes(&world.validate(&world.b_lta(&going, SIGNED), LATER));
}

#[test]
fn a_second_signature_leaves_the_first_alone() {
    let world = World::new();
    let first_signed = world.b_lta(&document(), SIGNED);
    let file = world.b_lta(&first_signed, SIGNED + Duration::MINUTE);
    let report = world.validate(&file, LATER);
    passes(&report);
    assert_eq!(first(&report).modification, Some(Modification::FormFilling));
    assert!(report.has(C::LaterSignature));
    assert_eq!(report.signatures.len(), 4);
}

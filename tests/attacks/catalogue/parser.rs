//! Structures that readers understand differently (ISO 32000-2, 7.3.7, 7.5.4, 7.5.8):
//! what is ambiguous is refused, never repaired.

use absah::kernel::pdf::{Limits, Pdf};
use absah::kernel::validation::{FindingCode as C, Verdict};

use crate::base::{CATALOG, CONTENT, FONT, PAGE, PAGES, PLAIN_LTA, RICH};
use crate::case::{Catalogue, Required, WORLD, changed, passed, refused, unread};
use crate::document::document;
use crate::edit::{ByHand, find, find_last, patched, spliced, with, without_prev};
use crate::world::SIGNED;

const TWIN: &str = "honest/update-of-nothing";
const FORGED: &str = "<</Type/Font/Subtype/Type1/BaseFont/Courier>>";

pub fn cases(all: &mut Catalogue) {
    tables(all);
    trailers(all);
    objects(all);
    trees(all);
    hybrids(all);
    before_signing(all);
}

fn attack(
    all: &mut Catalogue,
    name: &str,
    file: Vec<u8>,
    required: Required,
    teaches: &'static str,
) {
    all.attack(
        format!("parser/{name}"),
        TWIN,
        file,
        required,
        teaches,
        "repairing, or reading what is ambiguous in one of its ways",
    );
}

/// Cross-reference tables.
fn tables(all: &mut Catalogue) {
    let file = &*PLAIN_LTA;
    let plain = || ByHand::on(file).object(FONT, FORGED);
    attack(
        all,
        "font-by-hand",
        plain().finish(),
        changed(),
        "an update by hand is an update",
    );
    let bad = plain().startxref(7).finish();
    attack(
        all,
        "startxref-wrong",
        bad,
        refused(C::FileDamaged),
        "startxref leads to no section",
    );
    let beyond = plain().startxref(99_999_999).finish();
    attack(
        all,
        "startxref-beyond",
        beyond,
        refused(C::FileDamaged),
        "startxref leads out of the file",
    );
    let offset = ByHand::on(file).entry(FONT, "0000000001 00000 n").finish();
    attack(
        all,
        "entry-leads-nowhere",
        offset,
        changed(),
        "an entry that leads to no object",
    );
    let moved = ByHand::on(file)
        .entry(FONT, format!("{:010} 00000 n", find(file, b"2 0 obj\n")))
        .finish();
    attack(
        all,
        "entry-leads-to-another",
        moved,
        changed(),
        "an entry that leads to another object's number",
    );
    let odd = ByHand::on(file).entry(FONT, "0000000001 00000 x").finish();
    attack(
        all,
        "entry-of-no-kind",
        odd,
        changed(),
        "an entry that is neither in use nor free",
    );
    let short = ByHand::on(file).entry(FONT, "1 0 n").finish();
    attack(
        all,
        "entry-too-short",
        short,
        refused(C::FileDamaged),
        "an entry of another width",
    );
    let twice = ByHand::on(file)
        .object(FONT, FORGED)
        .entry(FONT, "0000000000 00001 f")
        .finish();
    attack(
        all,
        "entry-twice",
        twice,
        refused(C::FileDamaged),
        "one section, two entries of a number",
    );
    let xref = find_last(&plain().finish(), b"xref\n5 1");
    attack(
        all,
        "section-renamed",
        patched(&plain().finish(), xref, b"xreF"),
        refused(C::FileDamaged),
        "a section that does not begin as one",
    );
}

/// Trailers.
fn trailers(all: &mut Catalogue) {
    let file = &*PLAIN_LTA;
    let plain = || ByHand::on(file).object(FONT, FORGED);
    let own = file.len() + 60;
    attack(
        all,
        "prev-to-itself",
        ByHand::on(file)
            .entry(FONT, "0000000000 00001 f")
            .trailer(|t| format!("{}/Prev {own}", without_prev(&t)))
            .finish(),
        refused(C::FileDamaged),
        "sections in a circle",
    );
    attack(
        all,
        "prev-beyond",
        plain()
            .trailer(|t| format!("{}/Prev 99999999", without_prev(&t)))
            .finish(),
        refused(C::FileDamaged),
        "/Prev leads out of the file",
    );
    attack(
        all,
        "prev-negative",
        plain()
            .trailer(|t| format!("{}/Prev -1", without_prev(&t)))
            .finish(),
        refused(C::FileDamaged),
        "/Prev is negative",
    );
    attack(
        all,
        "prev-skips-a-revision",
        plain()
            .trailer(|t| {
                let first = find(file, b"xref\n0 6");
                format!("{}/Prev {first}", without_prev(&t))
            })
            .finish(),
        unread(Verdict::Unsigned, C::SignatureRemoved),
        "/Prev passes over the revision that was signed",
    );
    attack(
        all,
        "size-too-small",
        plain()
            .trailer(|t| format!("{}/Size 3", without_prev(&t).replace("/Size", "/Siz")))
            .finish(),
        refused(C::FileDamaged),
        "/Size is smaller than the numbers in use",
    );
    attack(
        all,
        "root-missing",
        plain().trailer(|t| t.replace("/Root", "/Ruut")).finish(),
        refused(C::FileDamaged),
        "a trailer without a catalog",
    );
    attack(
        all,
        "root-twice",
        plain().trailer(|t| format!("{t}/Root 2 0 R")).finish(),
        refused(C::AmbiguousStructure),
        "a trailer with two catalogs",
    );
    attack(
        all,
        "encrypted",
        ByHand::on(file)
            .entry(FONT, "0000000000 00001 f")
            .trailer(|t| format!("{t}/Encrypt 5 0 R"))
            .finish(),
        refused(C::FileDamaged),
        "encryption added by an update",
    );
}

/// Objects.
fn objects(all: &mut Catalogue) {
    let file = &*PLAIN_LTA;
    let by_hand = |number, body: &str| ByHand::on(file).object(number, body).finish();
    attack(
        all,
        "duplicate-key",
        by_hand(
            FONT,
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/BaseFont/Courier>>",
        ),
        changed(),
        "of two equal keys readers take the first, or the last",
    );
    attack(
        all,
        "duplicate-key-escaped",
        by_hand(
            FONT,
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Base#46ont/Courier>>",
        ),
        changed(),
        "two keys that are equal once escapes are read",
    );
    attack(
        all,
        "object-unfinished",
        by_hand(FONT, "<</Type/Font/Subtype/Type1"),
        changed(),
        "an object that does not end",
    );
    attack(
        all,
        "stream-length-wrong",
        by_hand(CONTENT, "<</Length 9999>>stream\nBT ET\nendstream"),
        changed(),
        "a stream longer than it says: readers stop at different ends",
    );
    attack(
        all,
        "stream-length-short",
        by_hand(CONTENT, "<</Length 2>>stream\nBT (Lain) Tj ET\nendstream"),
        changed(),
        "a stream shorter than it says",
    );
    attack(
        all,
        "content-not-a-stream",
        by_hand(CONTENT, "<</Length 2>>"),
        changed(),
        "a dictionary in the place of a stream",
    );
    attack(
        all,
        "catalog-not-a-dictionary",
        by_hand(CATALOG, "[]"),
        refused(C::FileDamaged),
        "an array in the place of the catalog",
    );
}

/// Trees in circles.
fn trees(all: &mut Catalogue) {
    let file = &*RICH;
    attack(
        all,
        "page-tree-circle",
        with(file, &[(PAGES, "Kids", "[2 0 R]")]),
        changed(),
        "a page tree that contains itself",
    );
    attack(
        all,
        "page-parent-circle",
        with(file, &[(PAGE, "Parent", "3 0 R")]),
        changed(),
        "a page that is its own parent",
    );
    attack(
        all,
        "field-circle",
        with(file, &[(10, "Kids", "[9 0 R 10 0 R]")]),
        refused(C::FileDamaged),
        "a field that contains itself",
    );
    attack(
        all,
        "field-twice",
        with(file, &[(6, "Fields", "[7 0 R 8 0 R 10 0 R 8 0 R]")]),
        refused(C::FileDamaged),
        "a field that is listed twice",
    );
    attack(
        all,
        "fields-not-references",
        with(file, &[(6, "Fields", "[<</FT/Sig/T(x)>>]")]),
        refused(C::FileDamaged),
        "a field without an object number",
    );
    attack(
        all,
        "outline-circle",
        with(file, &[(15, "Next", "15 0 R")]),
        changed(),
        "an outline that goes on with itself",
    );
}

/// Hybrid files (7.5.8.4): a table and a stream.
fn hybrids(all: &mut Catalogue) {
    let base = document();
    let honest = with_stream(&base, find(&base, b"5 0 obj\n"));
    all.honest(
        "honest/hybrid",
        WORLD.b_lta(&honest, SIGNED),
        passed(),
        "Office writes a table and a stream that say the same",
    );
    let twin = with_stream(&PLAIN_LTA, find(&PLAIN_LTA, b"4 0 obj\n"));
    let read = Pdf::read(&twin, &Limits::default());
    assert!(
        read.is_err(),
        "our own writer does not sign what is ambiguous"
    );
    attack(
        all,
        "hybrid-moved",
        twin,
        refused(C::AmbiguousStructure),
        "the stream says another place of an object than the table before it",
    );
    attack(
        all,
        "hybrid-conflict",
        conflicting(&PLAIN_LTA),
        refused(C::AmbiguousStructure),
        "readers of tables and readers of streams see different objects",
    );
}

/// The file with an empty table whose stream says where the font is, as Office ends
/// its files.
fn with_stream(base: &[u8], font: usize) -> Vec<u8> {
    let pdf = Pdf::read(base, &Limits::default()).expect("a file");
    let (size, previous) = (pdf.size(), pdf.newest_xref());
    let stream_at = base.len();
    let row = |offset: usize| {
        let offset = u32::try_from(offset).expect("small").to_be_bytes();
        [&[1], &offset[..], &[0]].concat()
    };
    let data = [row(font), row(stream_at)].concat();
    let mut out = base.to_vec();
    let next = size + 1;
    let head = format!(
        "{size} 0 obj\n<</Type/XRef/Size {next}/W[1 4 1]/Index[5 1 {size} 1]/Root 1 0 R/Length {}>>stream\n",
        data.len()
    );
    out.extend_from_slice(head.as_bytes());
    out.extend_from_slice(&data);
    out.extend_from_slice(b"\nendstream\nendobj\n");
    let start = out.len();
    let rest = format!(
        "xref\n0 0\ntrailer\n<</Size {next}/Root 1 0 R/ID[<01><01>]/Prev {previous}/XRefStm {stream_at}>>\nstartxref\n{start}\n%%EOF\n"
    );
    out.extend_from_slice(rest.as_bytes());
    out
}

/// An update whose table names one font and whose stream another.
fn conflicting(file: &[u8]) -> Vec<u8> {
    let pdf = Pdf::read(file, &Limits::default()).expect("a file");
    let (size, previous) = (pdf.size(), pdf.newest_xref());
    let mut out = file.to_vec();
    let mut object = |number: u32, body: &str| {
        let at = out.len();
        out.extend_from_slice(format!("{number} 0 obj\n{body}\nendobj\n").as_bytes());
        at
    };
    let one = object(FONT, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>");
    let other = object(FONT, FORGED);
    let stream_at = out.len();
    let mut row = vec![1];
    row.extend_from_slice(&u32::try_from(other).expect("small").to_be_bytes());
    row.push(0);
    out.extend_from_slice(
        format!(
            "{size} 0 obj\n<</Type/XRef/Size {}/W[1 4 1]/Index[5 1]/Root 1 0 R/Length {}>>stream\n",
            size + 1,
            row.len()
        )
        .as_bytes(),
    );
    out.extend_from_slice(&row);
    out.extend_from_slice(b"\nendstream\nendobj\n");
    let start = out.len();
    out.extend_from_slice(format!("xref\n5 1\n{one:010} 00000 n \ntrailer\n<</Size {}/Root 1 0 R/ID[<01><02>]/Prev {previous}/XRefStm {stream_at}>>\nstartxref\n{start}\n%%EOF\n", size + 1).as_bytes());
    out
}

/// What was ambiguous when it was signed (the signer is not innocent).
fn before_signing(all: &mut Catalogue) {
    // Written into the signed bytes: a second /Contents beside the first.
    let file = WORLD.b_lt(&document(), SIGNED);
    let at = find(&file, b"/Reason");
    let end = at + file[at..].iter().position(|b| *b == b')').expect("its end");
    let mut text = b"/Contents<00>".to_vec();
    text.resize(end + 1 - at, b' ');
    all.attack(
        "parser/contents-twice-when-signed",
        "honest/b-lt",
        spliced(&file, at..end + 1, &text),
        refused(C::AmbiguousStructure),
        "a dictionary that had two /Contents when it was signed",
        "signing, and verifying, what readers understand differently",
    );
}

//! Incremental saving and universal forgery (USF, ISA, SWA): what is appended after
//! the signed revision, with and without a cross-reference section.

use absah::kernel::validation::{FindingCode as C, SubIndication as S, Verdict};

use crate::base::{CATALOG, CONTENT, FONT, INFO, PAGE, PAGES, PLAIN_LTA, RICH, rich};
use crate::case::{Catalogue, LATER, WORLD, changed, format_failure, open, refused, unread};
use crate::edit::{
    ByHand, add, append, byte_range, find, hole, id, set, updated, with, without_prev,
};
use crate::world::SIGNED;

const TWIN: &str = "honest/rich";

pub fn cases(all: &mut Catalogue) {
    updates(all);
    metadata(all);
    roots(all);
    damaged(all);
    tails(all);
    removed(all);
    copies(all);
}

/// Proper updates.
fn updates(all: &mut Catalogue) {
    let file = &*RICH;
    let content = updated(file, |u| {
        u.put_stream(id(CONTENT), b"", b"BT (Lain) Tj ET", false);
    });
    let mut attack = |name: &str, twin: Vec<u8>, teaches| {
        all.attack(
            format!("wrapping/{name}"),
            TWIN,
            twin,
            changed(),
            teaches,
            "verifying the signed bytes and showing the whole file (ISA)",
        );
    };
    attack(
        "new-content",
        content,
        "the page's content stream is replaced by an update",
    );
    attack(
        "second-content-stream",
        updated(file, |u| {
            let more = u.add_stream(b"", b"BT (Lain) Tj ET", false).reference();
            set(u, PAGE, "Contents", &format!("[{CONTENT} 0 R {more}]"));
        }),
        "content may be added as well as replaced",
    );
    attack(
        "page-added",
        updated(file, |u| {
            let page = add(u, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>");
            append(u, PAGES, "Kids", &page);
            set(u, PAGES, "Count", "3");
        }),
        "a page more",
    );
    attack(
        "page-removed",
        with(file, &[(PAGES, "Kids", "[3 0 R]"), (PAGES, "Count", "1")]),
        "a page less",
    );
    attack(
        "pages-swapped",
        with(file, &[(PAGES, "Kids", "[24 0 R 3 0 R]")]),
        "the order of pages is content",
    );
    attack(
        "page-twice",
        with(file, &[(PAGES, "Kids", "[3 0 R 3 0 R]")]),
        "a page shown twice",
    );
    attack(
        "count-changed",
        with(file, &[(PAGES, "Count", "1")]),
        "viewers that believe /Count show fewer pages",
    );
    attack(
        "page-made-a-tree",
        with(file, &[(PAGE, "Kids", "[24 0 R]")]),
        "a page that becomes a node is another page",
    );
    attack(
        "object-freed",
        ByHand::on(file).entry(FONT, "0000000000 00001 f").finish(),
        "a freed object is null: text without its font",
    );
    attack(
        "object-moved",
        ByHand::on(file)
            .entry(
                CONTENT,
                format!("{:010} 00000 n", find(file, b"25 0 obj\n")),
            )
            .finish(),
        "an update may name an old offset for another object",
    );
    attack(
        "title",
        with(file, &[(INFO, "Title", "(Izin lain)")]),
        "the title is shown in the window",
    );
}

/// Metadata without a reason.
fn metadata(all: &mut Catalogue) {
    let twin = "honest/dated-with-data";
    let dated = |file: &[u8]| with(file, &[(INFO, "ModDate", "(D:20271122)")]);
    let lt = WORLD.b_lt(&rich(), SIGNED);
    all.attack(
        "wrapping/info-only",
        twin,
        dated(&lt),
        changed(),
        "a date that changes in a revision of its own has no reason to",
        "excusing metadata by validation data of another revision",
    );
    all.attack(
        "wrapping/info-only-then-data",
        twin,
        WORLD.with_data(
            &dated(&WORLD.b_t(&rich(), SIGNED)),
            WORLD.validation_data(LATER),
        ),
        changed(),
        "validation data that comes later excuses nothing",
        "comparing the first revision with the last alone",
    );
    all.attack(
        "wrapping/info-only-after-archive",
        twin,
        dated(&RICH),
        changed(),
        "a date that changes after the archive's time-stamp",
        "excusing metadata by validation data of another revision",
    );
}

/// Another catalog.
fn roots(all: &mut Catalogue) {
    let file = &*RICH;
    let next = crate::edit::next_free(file);
    let pages = next + 1;
    let other = ByHand::on(file)
        .object(
            next,
            format!("<</Type/Catalog/Pages {pages} 0 R/AcroForm 6 0 R>>"),
        )
        .object(pages, "<</Type/Pages/Kids[24 0 R]/Count 1>>")
        .trailer(|trailer| trailer.replace("/Root 1 0 R", &format!("/Root {next} 0 R")))
        .finish();
    all.attack(
        "wrapping/new-root",
        TWIN,
        other,
        changed(),
        "the trailer may name another catalog with the same form",
        "finding the signature through the new catalog and asking no more",
    );
    all.attack(
        "wrapping/catalog-replaced",
        TWIN,
        ByHand::on(file)
            .object(CATALOG, "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R>>")
            .finish(),
        changed(),
        "a catalog that loses its layers and names shows another document",
        "comparing what is there and not what is gone",
    );
    all.attack(
        "wrapping/identifier-changed",
        TWIN,
        ByHand::on(file)
            .trailer(|t| t.replace("/ID[<01>", "/ID[<02>"))
            .finish(),
        changed(),
        "the first half of /ID is the document's",
        "ignoring the trailer",
    );
    all.attack(
        "wrapping/no-prev",
        TWIN,
        ByHand::on(file)
            .trailer(|t| without_prev(&t))
            .object(FONT, "<</Type/Font>>")
            .finish(),
        refused(C::FileDamaged),
        "a section without /Prev forgets every object before it",
        "repairing the table by scanning for objects",
    );
}

/// Updates that are not whole: repairing viewers draw them.
fn damaged(all: &mut Catalogue) {
    let file = &*PLAIN_LTA;
    let body = b"4 0 obj\n<</Length 1>>stream\nn\nendstream\nendobj\n";
    let unfinished = [
        &body[..],
        b"xref\n4 1\n0000000001 00000 n \ntrailer\n<</Size 9/Root 1 0 R>>\n",
    ]
    .concat();
    let trailer_only = b"trailer\n<</Root 9 0 R>>\n";
    for (name, tail) in [
        ("body-without-table", &body[..]),
        ("no-startxref", &unfinished),
        ("trailer-only", trailer_only),
        ("startxref-without-eof", b"startxref\n0\n"),
    ] {
        all.attack(
            format!("wrapping/{name}"),
            "honest/b-lta",
            [&file[..], tail].concat(),
            open(S::SigConstraintsFailure, C::TrailingData),
            "viewers that repair a file draw what no table names",
            "reading the last good table and ignoring what is behind it",
        );
    }
}

/// Bytes that are no PDF.
fn tails(all: &mut Catalogue) {
    let file = &*PLAIN_LTA;
    for (name, tail) in [
        ("zip-after-end", &b"PK\x03\x04 an archive"[..]),
        ("text-after-end", b"and more"),
        ("zeros-after-end", b"\0\0\0\0%"),
        ("comment-after-end", b"%comment\n"),
    ] {
        all.attack(
            format!("wrapping/{name}"),
            "honest/trailing-space",
            [&file[..], tail].concat(),
            open(S::SigConstraintsFailure, C::TrailingData),
            "one file, two formats: unsigned bytes follow the last revision",
            "stopping at the last end-of-file mark",
        );
    }
    all.attack(
        "wrapping/cut",
        "honest/b-lta",
        file[..file.len() * 2 / 3].to_vec(),
        refused(C::FileDamaged),
        "a broken file is not an unsigned one",
        "answering \"no signature\" to what cannot be read",
    );
}

/// The signature taken out of sight.
fn removed(all: &mut Catalogue) {
    let file = &*PLAIN_LTA;
    let form = with(file, &[(CATALOG, "AcroForm", "null")]);
    let gone = || unread(Verdict::Unsigned, C::SignatureRemoved);
    all.attack(
        "wrapping/form-removed",
        "honest/b-lta",
        form,
        gone(),
        "the bytes of a signature stay in the file when its form goes",
        "answering \"unsigned\" without a word",
    );
    let form = updated(file, |u| {
        u.set_in(id(CATALOG), &["AcroForm", "Fields"], b"[]")
            .expect("a form");
    });
    all.attack(
        "wrapping/fields-emptied",
        "honest/b-lta",
        form,
        gone(),
        "a field that is no longer listed is a signature removed",
        "answering \"unsigned\" without a word",
    );
}

/// The signature dictionary used again.
fn copies(all: &mut Catalogue) {
    let file = &*PLAIN_LTA;
    let start = find(file, b"/ByteRange[");
    let head = file[..start]
        .windows(2)
        .rposition(|w| w == b"<<")
        .expect("a dictionary");
    let end = hole(file).end + 1;
    let tail = find(&file[end..], b"endobj") + end;
    let body = String::from_utf8_lossy(&file[head..tail])
        .trim_end()
        .to_owned();
    let number: u32 = signature_number(file);
    all.attack(
        "wrapping/dictionary-copied",
        "honest/b-lta",
        ByHand::on(file).object(number, body.clone()).finish(),
        format_failure(C::ByteRangeInvalid),
        "a copy of the dictionary stands outside what it signs",
        "verifying digest and value and not where the dictionary stands",
    );
    let (range, _) = byte_range(file);
    let text = String::from_utf8_lossy(&file[range]).into_owned();
    let stripped = body.replace(&format!("/ByteRange[{text}]"), "");
    all.attack(
        "wrapping/dictionary-without-range",
        "honest/b-lta",
        ByHand::on(file).object(number, stripped).finish(),
        format_failure(C::ByteRangeInvalid).without_crypto(),
        "an update may take the ranges away (USF)",
        "calling it unsigned, or valid for want of a check",
    );
    all.attack(
        "wrapping/dictionary-emptied",
        "honest/b-lta",
        ByHand::on(file).object(number, "<<>>").finish(),
        format_failure(C::ByteRangeInvalid).without_crypto(),
        "an empty dictionary is a broken signature",
        "calling it unsigned",
    );
    all.attack(
        "wrapping/dictionary-nulled",
        "honest/b-lta",
        ByHand::on(file).object(number, "null").finish(),
        changed().finding(C::SignatureRemoved),
        "a field whose value became null was signed once",
        "calling it an empty field",
    );
}

/// The object number of the first signature dictionary.
pub fn signature_number(file: &[u8]) -> u32 {
    let start = find(file, b"/ByteRange[");
    let head = file[..start]
        .windows(7)
        .rposition(|w| w == b" 0 obj\n")
        .expect("an object");
    let line = file[..head]
        .iter()
        .rposition(|b| *b == b'\n')
        .expect("a line")
        + 1;
    String::from_utf8_lossy(&file[line..head])
        .parse()
        .expect("a number")
}

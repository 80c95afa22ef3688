//! Files that are meant to cost: bounded size, depth, inflation and number, a clear
//! finding, never green. How long they may take is asked in `verdicts.rs`.

use absah::kernel::validation::{FindingCode as C, SubIndication as S, Verdict};

use crate::base::{CATALOG, CONTENT, PAGES, PLAIN_LTA};
use crate::case::{Catalogue, Required, changed, open, refused, unread};
use crate::edit::{ByHand, id, next_free, updated, with};

const TWIN: &str = "honest/b-lta";

fn attack(
    all: &mut Catalogue,
    name: &str,
    file: Vec<u8>,
    required: Required,
    teaches: &'static str,
) {
    all.attack(
        format!("hostile/{name}"),
        TWIN,
        file,
        required,
        teaches,
        "spending memory or time before a bound is asked",
    );
}

pub fn cases(all: &mut Catalogue) {
    let limit = || unread(Verdict::Indeterminate, C::LimitExceeded);
    let file = &*PLAIN_LTA;
    let by_hand = |number, body: String| ByHand::on(file).object(number, body).finish();
    attack(
        all,
        "nested-arrays",
        by_hand(
            CONTENT,
            format!("{}{}", "[".repeat(20_000), "]".repeat(20_000)),
        ),
        changed(),
        "20,000 arrays in one another",
    );
    attack(
        all,
        "nested-dictionaries",
        by_hand(
            CATALOG,
            format!("{}{}", "<</A".repeat(9_000), ">>".repeat(9_000)),
        ),
        limit(),
        "9,000 dictionaries in one another, in the catalog's place",
    );
    attack(
        all,
        "wide-page-tree",
        with(
            file,
            &[(PAGES, "Kids", &format!("[{}]", "3 0 R ".repeat(30_000)))],
        ),
        changed(),
        "30,000 times the same page",
    );
    attack(
        all,
        "size-of-the-table",
        ByHand::on(file)
            .trailer(|t| t.replace("/Size ", "/Size 21474"))
            .entry(5, "0000000000 00001 f")
            .finish(),
        changed(),
        "a table that claims two thousand million objects",
    );
    attack(
        all,
        "bomb-in-store",
        bomb(file, 1),
        open(S::CertificateChainGeneralFailure, C::RevocationMissing),
        "a certificate in the store that inflates to 300 MB",
    );
    attack(
        all,
        "filters-in-chain",
        bomb(file, 12),
        open(S::CertificateChainGeneralFailure, C::RevocationMissing),
        "twelve filters one behind the other",
    );
    attack(all, "updates-300", many(file, 300), limit(), "300 updates");
    attack(
        all,
        "updates-10000",
        many(file, 10_000),
        limit(),
        "10,000 updates",
    );
    attack(
        all,
        "fields-deep",
        deep_fields(file),
        limit(),
        "a field tree of 500 levels",
    );
    attack(
        all,
        "signatures-100",
        many_signatures(file),
        limit(),
        "a hundred signature fields",
    );
    attack(
        all,
        "too-large",
        [file.as_slice(), &vec![b'\n'; 26 << 20]].concat(),
        limit(),
        "a file beyond the limit",
    );
    attack(
        all,
        "xref-stream-index",
        index_bomb(file),
        refused(C::FileDamaged),
        "a table's index that names two thousand million entries",
    );
    attack(
        all,
        "empty",
        Vec::new(),
        unread(Verdict::Indeterminate, C::NotAPdf),
        "no bytes",
    );
    attack(
        all,
        "text",
        b"hello".to_vec(),
        unread(Verdict::Indeterminate, C::NotAPdf),
        "a text that is no PDF",
    );
    attack(
        all,
        "header-alone",
        b"%PDF-1.7\n%%EOF\n".to_vec(),
        unread(Verdict::Indeterminate, C::FileDamaged),
        "a header and an end",
    );
}

/// A store whose only stream inflates without end.
fn bomb(file: &[u8], filters: usize) -> Vec<u8> {
    let data = vec![b' '; if filters == 1 { 300 << 20 } else { 1 << 20 }];
    updated(file, |u| {
        let stream = if filters == 1 {
            u.add_stream(b"", &data, true)
        } else {
            let names = "/FlateDecode".repeat(filters);
            u.add_stream(format!("/Filter[{names}]").as_bytes(), &data, false)
        };
        let store = format!("<</Type/DSS/Certs[{}]>>", stream.reference());
        u.set(id(CATALOG), "DSS", store.as_bytes())
            .expect("the catalog");
    })
}

/// Many updates, without reading the file between them.
fn many(file: &[u8], count: usize) -> Vec<u8> {
    let size = next_free(file);
    let mut out = file.to_vec();
    let text = String::from_utf8_lossy(&file[file.len() - 40..]).into_owned();
    let mut previous: usize = text
        .lines()
        .rev()
        .nth(1)
        .and_then(|n| n.parse().ok())
        .expect("startxref");
    for _ in 0..count {
        let start = out.len();
        out.extend_from_slice(format!("xref\n0 0\ntrailer\n<</Size {size}/Root 1 0 R/ID[<01><02>]/Prev {previous}>>\nstartxref\n{start}\n%%EOF\n").as_bytes());
        previous = start;
    }
    out
}

fn deep_fields(file: &[u8]) -> Vec<u8> {
    updated(file, |u| {
        let mut below = u.add(b"<</FT/Sig/T(x)>>".to_vec());
        for _ in 0..500 {
            below = u.add(format!("<</T(x)/Kids[{}]>>", below.reference()).into_bytes());
        }
        let below = below.reference();
        let form = form_fields(u, &below);
        u.set_in(id(CATALOG), &["AcroForm", "Fields"], form.as_bytes())
            .expect("a form");
    })
}

fn many_signatures(file: &[u8]) -> Vec<u8> {
    updated(file, |u| {
        let fields: Vec<String> = (0..100)
            .map(|n| {
                u.add(format!("<</FT/Sig/T(s{n})>>").into_bytes())
                    .reference()
            })
            .collect();
        let form = form_fields(u, &fields.join(" "));
        u.set_in(id(CATALOG), &["AcroForm", "Fields"], form.as_bytes())
            .expect("a form");
    })
}

/// The fields of the form with more behind them.
fn form_fields(u: &absah::kernel::pdf::Update<'_>, more: &str) -> String {
    let pdf = u.pdf();
    let catalog = pdf.catalog().expect("a catalog");
    let form = pdf.get(&catalog, "AcroForm").expect("a form");
    let fields = form
        .as_dictionary()
        .and_then(|form| pdf.get(form, "Fields").ok())
        .expect("fields");
    let old: Vec<String> = fields
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|one| Some(one.as_reference()?.reference()))
        .collect();
    format!("[{} {more}]", old.join(" "))
}

/// A cross-reference stream that claims more than a file can hold.
fn index_bomb(file: &[u8]) -> Vec<u8> {
    let size = next_free(file);
    let start = file.len();
    let head = format!(
        "{size} 0 obj\n<</Type/XRef/Size 2147483647/W[1 4 1]/Index[0 2147483647]/Root 1 0 R/Prev 9/Length 6>>stream\nabcdef\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n"
    );
    [file, head.as_bytes()].concat()
}

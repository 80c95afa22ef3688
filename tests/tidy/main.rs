//! Keeps the house in order: the direction of `use` between the rooms, purity of
//! `kernel` and `domain`, sizes, module documentation, places of `unsafe`, and
//! that what the documents name exists.
//!
//! Every rule yields findings; a finding stands unless `exceptions.rs` names it
//! with a reason, and an exception that no longer excuses anything is a finding
//! itself. Prints the medians. It judges source text only: what the compiler and
//! clippy check is left to them.

mod direction;
mod documentation;
mod documents;
mod exceptions;
mod paths;
mod purity;
mod size;
mod source;

use std::fmt;
use std::path::Path;

use exceptions::{EXCEPTIONS, Exception};
use source::SourceFile;

/// One breach of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Finding {
    rule: &'static str,
    /// `src/room/file.rs`, or `src/room/file.rs::function`.
    place: String,
    detail: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}] {}: {}", self.rule, self.place, self.detail)
    }
}

fn findings(files: &[SourceFile]) -> Vec<Finding> {
    let mut found = Vec::new();
    for file in files {
        found.extend(documentation::check(file));
        if file.is_product() {
            found.extend(direction::check(file));
            found.extend(purity::check(file));
            found.extend(size::check(file));
        }
    }
    found
}

/// What is left after the exceptions, with the stale ones added.
fn unexcused(found: Vec<Finding>, exceptions: &[Exception]) -> Vec<Finding> {
    let excuses = |e: &Exception, f: &Finding| e.rule == f.rule && e.place == f.place;
    let stale = exceptions
        .iter()
        .filter(|e| e.reason.trim().is_empty() || !found.iter().any(|f| excuses(e, f)))
        .map(|e| Finding {
            rule: "stale-exception",
            place: e.place.to_owned(),
            detail: format!(
                "nothing breaks `{}` here any more (or no reason is given)",
                e.rule
            ),
        })
        .collect::<Vec<_>>();
    found
        .into_iter()
        .filter(|f| !exceptions.iter().any(|e| excuses(e, f)))
        .chain(stale)
        .collect()
}

#[test]
fn the_house_is_tidy() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = source::load(root, &["src", "tests", "benches", "fuzz", "pdf-templates"]);
    let product: Vec<&SourceFile> = files.iter().filter(|f| f.is_product()).collect();
    assert!(
        product.len() > 10,
        "the walk found {} files under src",
        product.len()
    );
    println!("{}", size::Medians::of(&product));

    let mut found = findings(&files);
    found.extend(documents::check(root));
    let left = unexcused(found, EXCEPTIONS);
    let listing: String = left.iter().map(|f| format!("\n  {f}")).collect();
    assert!(left.is_empty(), "{} findings:{listing}", left.len());
}

#[test]
fn a_finding_without_an_exception_stands() {
    let file = SourceFile::parse("src/kernel/bad.rs", "//! Bad.\nuse crate::http::router;\n");
    let left = unexcused(findings(&[file]), &[]);
    assert_eq!(left.len(), 1, "{left:?}");
    assert_eq!(left[0].rule, "direction");
}

#[test]
fn an_exception_excuses_its_own_rule_and_place_only() {
    let file = || SourceFile::parse("src/kernel/bad.rs", "//! Bad.\nuse crate::http::router;\n");
    let exception = |rule, place| Exception {
        rule,
        place,
        reason: "a test of the test",
    };
    let left = unexcused(
        findings(&[file()]),
        &[exception("direction", "src/kernel/bad.rs")],
    );
    assert_eq!(left, []);

    let left = unexcused(
        findings(&[file()]),
        &[exception("purity", "src/kernel/bad.rs")],
    );
    let rules: Vec<_> = left.iter().map(|f| f.rule).collect();
    assert_eq!(rules, ["direction", "stale-exception"]);
}

#[test]
fn an_exception_without_a_reason_is_stale() {
    let file = SourceFile::parse("src/kernel/bad.rs", "//! Bad.\nuse crate::http::router;\n");
    let exception = Exception {
        rule: "direction",
        place: "src/kernel/bad.rs",
        reason: " ",
    };
    let left = unexcused(findings(&[file]), &[exception]);
    assert_eq!(left[0].rule, "stale-exception");
}

//! Every file opens with `//!`; none leaves a note for later in place of the work.

use super::Finding;
use super::source::SourceFile;

/// Checks one file.
pub fn check(file: &SourceFile) -> Vec<Finding> {
    let mut found = Vec::new();
    if !file.text.starts_with("//!") {
        found.push(Finding {
            rule: "module-doc",
            place: file.path.clone(),
            detail: "the file does not begin with `//!`".to_owned(),
        });
    }
    // Spelt in halves so that this file does not find itself.
    for mark in [concat!("TO", "DO"), concat!("FIX", "ME")] {
        if let Some(line) = file.text.lines().position(|l| has_word(l, mark)) {
            found.push(Finding {
                rule: "note-for-later",
                place: file.path.clone(),
                detail: format!("line {}: {mark}", line + 1),
            });
        }
    }
    found
}

fn has_word(line: &str, word: &str) -> bool {
    line.split(|c: char| !c.is_alphanumeric())
        .any(|w| w == word)
}

#[test]
fn a_file_needs_its_purpose() {
    let rules = |text: &str| {
        let file = SourceFile::parse("src/kernel/a.rs", text);
        check(&file).into_iter().map(|f| f.rule).collect::<Vec<_>>()
    };
    assert_eq!(rules("//! Purpose.\nfn a() {}\n"), [""; 0]);
    assert_eq!(rules("fn a() {}\n"), ["module-doc"]);
    assert_eq!(
        rules("// not a module comment\nfn a() {}\n"),
        ["module-doc"]
    );
    let later = format!("//! Purpose.\n// {}: later\n", concat!("TO", "DO"));
    assert_eq!(rules(&later), ["note-for-later"]);
}

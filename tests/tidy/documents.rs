//! What the documents name exists: a path in backticks that begins with a folder
//! of the project, and the function after `::` in it.
//!
//! `docs/standards-ledger.md` and the practice statements rest on this: each
//! claim there names its code or test, and renaming either breaks the test.

use std::fs;
use std::path::Path;

use super::Finding;

const FOLDERS: &[&str] = &[
    "src/",
    "tests/",
    "deploy/",
    "docs/",
    "certs/",
    "pdf-templates/",
    "fuzz/",
    "benches/",
];

/// Checks every Markdown file at the top, in `docs` and in `certs`.
pub fn check(root: &Path) -> Vec<Finding> {
    let mut found = Vec::new();
    for folder in ["", "docs", "certs", "pdf-templates"] {
        let Ok(entries) = fs::read_dir(root.join(folder)) else {
            continue;
        };
        for entry in entries {
            let path = entry.expect("a readable folder").path();
            if path.extension() == Some("md".as_ref()) {
                let text = fs::read_to_string(&path).expect("a readable document");
                let name = path.strip_prefix(root).expect("a path under the root");
                found.extend(judge(root, &name.to_string_lossy(), &text));
            }
        }
    }
    found
}

fn judge(root: &Path, document: &str, text: &str) -> Vec<Finding> {
    references(text)
        .into_iter()
        .filter_map(|reference| missing(root, reference))
        .map(|detail| Finding {
            rule: "document",
            place: document.to_owned(),
            detail,
        })
        .collect()
}

/// The code spans that name something of the project.
fn references(text: &str) -> Vec<&str> {
    text.split('`')
        .skip(1)
        .step_by(2)
        .filter(|span| FOLDERS.iter().any(|folder| span.starts_with(folder)))
        .filter(|span| !span.contains(char::is_whitespace))
        .collect()
}

fn missing(root: &Path, reference: &str) -> Option<String> {
    let (path, function) = match reference.split_once("::") {
        Some((path, function)) => (path, Some(function)),
        None => (reference, None),
    };
    if !root.join(path).exists() {
        return Some(format!("`{path}` does not exist"));
    }
    let function = function?;
    let source = fs::read_to_string(root.join(path)).unwrap_or_default();
    let defined =
        source.contains(&format!("fn {function}(")) || source.contains(&format!("fn {function}<"));
    (!defined).then(|| format!("`{path}` has no function `{function}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn details(text: &str) -> Vec<String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let found = judge(root, "a.md", text);
        found.into_iter().map(|f| f.detail).collect()
    }

    #[test]
    fn what_exists_is_accepted() {
        let text = "See `src/lib.rs` and `tests/tidy/documents.rs::what_exists_is_accepted`, `cargo test`.";
        assert_eq!(details(text), [""; 0]);
    }

    #[test]
    fn what_does_not_exist_is_found() {
        assert_eq!(
            details("See `src/nowhere.rs`."),
            ["`src/nowhere.rs` does not exist"]
        );
        let gone = "See `tests/tidy/documents.rs::a_test_that_was_renamed`.";
        assert_eq!(details(gone).len(), 1);
    }
}

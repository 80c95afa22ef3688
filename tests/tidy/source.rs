//! Source files as the rules see them: syntax tree, module path, and which lines
//! hold code (comments, blank lines and `#[cfg(test)]` items are not code).

use std::collections::BTreeSet;
use std::fs;
use std::ops::RangeInclusive;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::visit::Visit;

/// One parsed file.
pub struct SourceFile {
    /// Relative to the project, with forward slashes.
    pub path: String,
    /// The text.
    pub text: String,
    /// The syntax tree.
    pub tree: syn::File,
    /// Lines of product code, 1-based.
    pub code_lines: BTreeSet<usize>,
}

impl SourceFile {
    /// Parses `text` as the file `path`; source that does not parse fails the test.
    pub fn parse(path: &str, text: &str) -> Self {
        let tokens: TokenStream = text.parse().unwrap_or_else(|e| panic!("{path}: {e}"));
        let tree = syn::parse2(tokens.clone()).unwrap_or_else(|e| panic!("{path}: {e}"));
        let lines: Vec<&str> = text.lines().collect();
        let mut code_lines = BTreeSet::new();
        mark_code(tokens, &lines, &mut code_lines);
        for range in test_only(&tree) {
            code_lines.retain(|line| !range.contains(line));
        }
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
            tree,
            code_lines,
        }
    }

    /// Whether this is the product itself: not its tests, benches or fuzz targets.
    pub fn is_product(&self) -> bool {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        self.path.starts_with("src/") && name != "tests.rs" && !self.path.contains("/tests/")
    }

    /// The module path: `src/kernel/pdf/mod.rs` is `[kernel, pdf]`.
    pub fn module(&self) -> Vec<String> {
        let inner = self.path.strip_prefix("src/").unwrap_or(&self.path);
        let inner = inner.strip_suffix(".rs").unwrap_or(inner);
        let mut parts: Vec<String> = inner.split('/').map(str::to_owned).collect();
        let last = parts.last().map(String::as_str);
        if last == Some("mod") || (parts.len() == 1 && matches!(last, Some("lib" | "main"))) {
            parts.pop();
        }
        parts
    }

    /// How many lines of code lie in `range`.
    pub fn code_in(&self, range: RangeInclusive<usize>) -> usize {
        self.code_lines.range(range).count()
    }
}

/// Reads every `.rs` file under `folders`; a folder that does not exist is empty.
pub fn load(root: &Path, folders: &[&str]) -> Vec<SourceFile> {
    let mut files = Vec::new();
    for folder in folders {
        walk(root, &root.join(folder), &mut files);
    }
    files
}

fn walk(root: &Path, folder: &Path, files: &mut Vec<SourceFile>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    let mut paths: Vec<_> = entries
        .map(|e| e.expect("a readable folder").path())
        .collect();
    paths.sort();
    for path in paths {
        if path.is_dir() && path.file_name() != Some("target".as_ref()) {
            walk(root, &path, files);
        } else if path.extension() == Some("rs".as_ref()) {
            let name = path.strip_prefix(root).expect("a path under the root");
            let text = fs::read_to_string(&path).expect("a readable source file");
            files.push(SourceFile::parse(&name.to_string_lossy(), &text));
        }
    }
}

fn mark_code(tokens: TokenStream, lines: &[&str], code: &mut BTreeSet<usize>) {
    for token in tokens {
        if let TokenTree::Group(group) = &token {
            code.insert(group.span_open().start().line);
            code.insert(group.span_close().end().line);
            mark_code(group.stream(), lines, code);
            continue;
        }
        let (start, end) = (token.span().start(), token.span().end());
        // A doc comment reaches us as the tokens of a `doc` attribute that carry
        // the comment's own position.
        let text = lines.get(start.line - 1).copied().unwrap_or_default();
        let rest: String = text.chars().skip(start.column).collect();
        if !(rest.starts_with("//") || rest.starts_with("/*")) {
            code.extend(start.line..=end.line);
        }
    }
    // The brackets of a doc attribute carry the comment's position as well.
    code.retain(|line| {
        let text = lines.get(line - 1).map_or("", |l| l.trim_start());
        !text.starts_with("//")
    });
}

fn test_only(tree: &syn::File) -> Vec<RangeInclusive<usize>> {
    let mut finder = TestItems::default();
    finder.visit_file(tree);
    finder.ranges
}

#[derive(Default)]
struct TestItems {
    ranges: Vec<RangeInclusive<usize>>,
}

impl<'ast> Visit<'ast> for TestItems {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if is_test_only(item_attributes(item)) {
            self.ranges
                .push(item.span().start().line..=item.span().end().line);
        } else {
            syn::visit::visit_item(self, item);
        }
    }
}

/// The attributes of the items that can hold code.
pub fn item_attributes(item: &syn::Item) -> &[syn::Attribute] {
    match item {
        syn::Item::Const(i) => &i.attrs,
        syn::Item::Fn(i) => &i.attrs,
        syn::Item::Impl(i) => &i.attrs,
        syn::Item::Mod(i) => &i.attrs,
        syn::Item::Static(i) => &i.attrs,
        syn::Item::Struct(i) => &i.attrs,
        syn::Item::Use(i) => &i.attrs,
        _ => &[],
    }
}

/// Whether the attributes leave an item out of the product.
pub fn is_test_only(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|a| {
        a.path().is_ident("test")
            || (a.path().is_ident("cfg")
                && a.parse_args::<syn::Ident>()
                    .is_ok_and(|argument| argument == "test"))
    })
}

#[test]
fn comments_blank_lines_and_tests_are_not_code() {
    let text = "//! Doc.\n\n/// Doc of a.\nfn a() {\n    // why\n    b(); // tail\n}\n\n\
                /* block */\n#[cfg(test)]\nmod tests {\n    fn c() {}\n}\n";
    let file = SourceFile::parse("src/kernel/a.rs", text);
    assert_eq!(file.code_lines.into_iter().collect::<Vec<_>>(), [4, 6, 7]);
}

#[test]
fn a_string_over_several_lines_is_code() {
    let file = SourceFile::parse("src/kernel/a.rs", "//! D.\nconst A: &str = \"x\ny\nz\";\n");
    assert_eq!(file.code_lines.len(), 3);
}

#[test]
fn module_paths_follow_the_files() {
    let module = |path| SourceFile::parse(path, "//! D.\n").module().join("::");
    assert_eq!(module("src/lib.rs"), "");
    assert_eq!(module("src/kernel/mod.rs"), "kernel");
    assert_eq!(module("src/kernel/pdf/object.rs"), "kernel::pdf::object");
}

#[test]
fn test_modules_in_files_are_not_the_product() {
    let product = |path| SourceFile::parse(path, "//! D.\n").is_product();
    assert!(product("src/kernel/pdf/object.rs"));
    assert!(!product("src/kernel/pdf/tests.rs"));
    assert!(!product("src/kernel/pdf/tests/object.rs"));
    assert!(!product("tests/tidy/main.rs"));
}

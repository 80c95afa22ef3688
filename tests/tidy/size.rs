//! Caps on the size of files and functions, and the medians.

use std::fmt;

use syn::spanned::Spanned;
use syn::visit::Visit;

use super::Finding;
use super::source::{self, SourceFile};

const FILE_CAP: usize = 400;
const FUNCTION_CAP: usize = 50;

/// Checks one file.
pub fn check(file: &SourceFile) -> Vec<Finding> {
    let mut found = Vec::new();
    let lines = file.code_lines.len();
    if lines > FILE_CAP {
        found.push(Finding {
            rule: "file-size",
            place: file.path.clone(),
            detail: format!("{lines} code lines, at most {FILE_CAP}"),
        });
    }
    for (name, lines) in functions(file) {
        if lines > FUNCTION_CAP {
            found.push(Finding {
                rule: "function-size",
                place: format!("{}::{name}", file.path),
                detail: format!("{lines} code lines, at most {FUNCTION_CAP}"),
            });
        }
    }
    found
}

/// The functions with a body, tests apart: name and code lines.
fn functions(file: &SourceFile) -> Vec<(String, usize)> {
    let mut collector = Functions {
        file,
        found: Vec::new(),
    };
    collector.visit_file(&file.tree);
    collector.found
}

struct Functions<'f> {
    file: &'f SourceFile,
    found: Vec<(String, usize)>,
}

impl Functions<'_> {
    fn record(&mut self, signature: &syn::Signature, body: &syn::Block) {
        let range = signature.span().start().line..=body.span().end().line;
        let lines = self.file.code_in(range);
        self.found.push((signature.ident.to_string(), lines));
    }
}

impl<'ast> Visit<'ast> for Functions<'_> {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if !source::is_test_only(source::item_attributes(item)) {
            syn::visit::visit_item(self, item);
        }
    }

    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.record(&function.sig, &function.block);
        syn::visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.record(&function.sig, &function.block);
        syn::visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        if let Some(body) = &function.default {
            self.record(&function.sig, body);
        }
        syn::visit::visit_trait_item_fn(self, function);
    }
}

/// Median and 90th percentile of the sizes.
pub struct Medians {
    files: Vec<usize>,
    functions: Vec<usize>,
}

impl Medians {
    /// Measures `files`.
    pub fn of(files: &[&SourceFile]) -> Self {
        let mut sizes: Vec<usize> = files.iter().map(|f| f.code_lines.len()).collect();
        let mut bodies: Vec<usize> = files
            .iter()
            .flat_map(|f| functions(f))
            .map(|(_, lines)| lines)
            .collect();
        sizes.sort_unstable();
        bodies.sort_unstable();
        Self {
            files: sizes,
            functions: bodies,
        }
    }
}

impl fmt::Display for Medians {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (files, functions) = (&self.files, &self.functions);
        write!(
            f,
            "tidy: {} files, median {} code lines (90 % within {}); \
             {} functions, median {} (90 % within {})",
            files.len(),
            quantile(files, 50),
            quantile(files, 90),
            functions.len(),
            quantile(functions, 50),
            quantile(functions, 90),
        )
    }
}

fn quantile(sorted: &[usize], percent: usize) -> usize {
    let index = sorted.len().saturating_sub(1) * percent / 100;
    sorted.get(index).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn function_of(lines: usize) -> String {
        format!(
            "//! D.\nfn long() {{\n{}}}\n",
            "    a();\n".repeat(lines - 2)
        )
    }

    fn rules(text: &str) -> Vec<&'static str> {
        let file = SourceFile::parse("src/kernel/a.rs", text);
        check(&file).into_iter().map(|f| f.rule).collect()
    }

    #[test]
    fn a_function_at_the_cap_passes_and_one_line_more_fails() {
        assert_eq!(rules(&function_of(FUNCTION_CAP)), [""; 0]);
        assert_eq!(rules(&function_of(FUNCTION_CAP + 1)), ["function-size"]);
    }

    #[test]
    fn methods_and_trait_defaults_count_too() {
        let body = "        a();\n".repeat(FUNCTION_CAP);
        let method = format!("//! D.\nimpl A {{\n    fn m() {{\n{body}    }}\n}}\n");
        assert_eq!(rules(&method), ["function-size"]);
        let default = format!("//! D.\ntrait A {{\n    fn m() {{\n{body}    }}\n}}\n");
        assert_eq!(rules(&default), ["function-size"]);
    }

    #[test]
    fn a_long_test_is_not_counted() {
        let body = "        a();\n".repeat(FUNCTION_CAP);
        let text = format!("//! D.\n#[cfg(test)]\nmod tests {{\n    fn t() {{\n{body}    }}\n}}\n");
        assert_eq!(rules(&text), [""; 0]);
    }

    #[test]
    fn a_file_at_the_cap_passes_and_one_line_more_fails() {
        let file_of = |lines| format!("//! D.\n{}", "const A: u8 = 1;\n".repeat(lines));
        assert_eq!(rules(&file_of(FILE_CAP)), [""; 0]);
        assert_eq!(rules(&file_of(FILE_CAP + 1)), ["file-size"]);
    }

    #[test]
    fn quantiles_of_nothing_and_of_something() {
        assert_eq!(quantile(&[], 50), 0);
        assert_eq!(quantile(&[1, 2, 9], 50), 2);
    }
}

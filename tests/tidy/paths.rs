//! The paths that source names: flattened `use` trees, and the paths inside the
//! arguments of macros, where there is no syntax tree.

use proc_macro2::{TokenStream, TokenTree};

/// The segments of a path, as written.
pub type Segments = Vec<String>;

/// The segments of a syntactic path.
pub fn segments(path: &syn::Path) -> Segments {
    path.segments.iter().map(|s| s.ident.to_string()).collect()
}

/// Every path that a `use` brings in; a glob and `self` stand for their module.
pub fn of_use(tree: &syn::UseTree) -> Vec<Segments> {
    let mut found = Vec::new();
    flatten(&[], tree, &mut found);
    found
}

fn flatten(before: &[String], tree: &syn::UseTree, found: &mut Vec<Segments>) {
    let with = |ident: &syn::Ident| {
        let mut path = before.to_vec();
        path.push(ident.to_string());
        path
    };
    match tree {
        syn::UseTree::Path(path) => flatten(&with(&path.ident), &path.tree, found),
        syn::UseTree::Name(name) if name.ident == "self" => found.push(before.to_vec()),
        syn::UseTree::Name(name) => found.push(with(&name.ident)),
        syn::UseTree::Rename(rename) => found.push(with(&rename.ident)),
        syn::UseTree::Glob(_) => found.push(before.to_vec()),
        syn::UseTree::Group(group) => {
            for tree in &group.items {
                flatten(before, tree, found);
            }
        }
    }
}

/// Every path of two segments or more among `tokens`; a single word may be a
/// field or a name in a format string.
pub fn in_tokens(tokens: TokenStream) -> Vec<Segments> {
    let mut found = Vec::new();
    scan(tokens, &mut found);
    found.retain(|path| path.len() > 1);
    found
}

fn scan(tokens: TokenStream, found: &mut Vec<Segments>) {
    let mut path = Segments::new();
    let mut colons = 0;
    for token in tokens {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
            TokenTree::Ident(ident) => {
                if colons != 2 {
                    found.push(std::mem::take(&mut path));
                }
                path.push(ident.to_string());
                colons = 0;
            }
            other => {
                found.push(std::mem::take(&mut path));
                colons = 0;
                if let TokenTree::Group(group) = other {
                    scan(group.stream(), found);
                }
            }
        }
    }
    found.push(path);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(paths: Vec<Segments>) -> Vec<String> {
        paths.into_iter().map(|path| path.join("::")).collect()
    }

    #[test]
    fn a_use_is_flattened() {
        let item: syn::ItemUse = syn::parse_str("use a::{b, c::{self, d as e}, f::*};").unwrap();
        assert_eq!(
            joined(of_use(&item.tree)),
            ["a::b", "a::c", "a::c::d", "a::f"]
        );
    }

    #[test]
    fn paths_in_macro_arguments_are_found() {
        let tokens: TokenStream = "x, a::b(c::d { e: f::g }), \"h::i\", j: k".parse().unwrap();
        assert_eq!(joined(in_tokens(tokens)), ["a::b", "c::d", "f::g"]);
    }
}

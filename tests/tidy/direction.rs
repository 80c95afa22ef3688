//! A room uses only the rooms before it, and so do the rooms of the kernel.
//!
//! Looks at every path that starts at `crate`, `absah`, `self` or `super`: in
//! `use`, in expressions and types, and inside macro calls.

use syn::visit::Visit;

use super::Finding;
use super::paths;
use super::source::{self, SourceFile};

/// Inner to outer.
const ROOMS: &[&str] = &[
    "kernel",
    "domain",
    "services",
    "storage",
    "keys",
    "authority",
    "clients",
    "http",
    "cli",
];

/// Inner to outer, inside the kernel.
const KERNEL_ROOMS: &[&str] = &[
    "asn1",
    "hash",
    "sign",
    "x509",
    "cms",
    "tsp",
    "pdf",
    "pades",
    "validation",
    "log",
    "code",
    "webauthn",
    "examination",
];

/// Checks one file.
pub fn check(file: &SourceFile) -> Vec<Finding> {
    let module = file.module();
    if module.is_empty() {
        return Vec::new();
    }
    let mut paths = Paths {
        module,
        found: Vec::new(),
    };
    paths.visit_file(&file.tree);
    let module = file.module();
    let mut found: Vec<Finding> = paths
        .found
        .iter()
        .filter_map(|target| judge(&module, target))
        .map(|detail| Finding {
            rule: "direction",
            place: file.path.clone(),
            detail,
        })
        .collect();
    found.dedup();
    found
}

/// Why the code of `module` may not name `target`, if it may not.
fn judge(module: &[String], target: &[String]) -> Option<String> {
    let from = module.first()?;
    let to = target.first()?;
    if let Some(detail) = against(ROOMS, from, to) {
        return Some(format!("{detail} (`crate::{}`)", target.join("::")));
    }
    if from != "kernel" || to != "kernel" {
        return None;
    }
    let (from, to) = (module.get(1)?, target.get(1)?);
    against(KERNEL_ROOMS, from, to).map(|detail| format!("inside kernel, {detail}"))
}

fn against(order: &[&str], from: &str, to: &str) -> Option<String> {
    let place = |name: &str| order.iter().position(|room| *room == name);
    match (place(from), place(to)) {
        (Some(from_place), Some(to_place)) if to_place > from_place => Some(format!(
            "`{from}` may not use `{to}`, which lies further out"
        )),
        (Some(_), Some(_)) => None,
        (None, _) => Some(format!("`{from}` has no place in the order of the rooms")),
        (_, None) => Some(format!("`{to}` is not a room; name the room it comes from")),
    }
}

/// Collects the absolute paths, without the leading `crate`.
struct Paths {
    module: Vec<String>,
    found: Vec<Vec<String>>,
}

impl Paths {
    fn record(&mut self, segments: &[String]) {
        let Some((first, mut rest)) = segments.split_first() else {
            return;
        };
        let mut target = match first.as_str() {
            "crate" | "absah" => Vec::new(),
            "self" => self.module.clone(),
            "super" => parent(&self.module),
            _ => return,
        };
        while let [next, after @ ..] = rest
            && next == "super"
        {
            target = parent(&target);
            rest = after;
        }
        target.extend_from_slice(rest);
        if !rest.is_empty() {
            self.found.push(target);
        }
    }
}

fn parent(module: &[String]) -> Vec<String> {
    module
        .split_last()
        .map(|(_, rest)| rest.to_vec())
        .unwrap_or_default()
}

impl<'ast> Visit<'ast> for Paths {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if !source::is_test_only(source::item_attributes(item)) {
            syn::visit::visit_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        self.module.push(module.ident.to_string());
        syn::visit::visit_item_mod(self, module);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        for path in paths::of_use(&item.tree) {
            self.record(&path);
        }
    }

    // `pub(in path)` is about visibility, not use.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.record(&paths::segments(path));
        syn::visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        for path in paths::in_tokens(call.tokens.clone()) {
            self.record(&path);
        }
        syn::visit::visit_macro(self, call);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn details(path: &str, code: &str) -> Vec<String> {
        let file = SourceFile::parse(path, &format!("//! D.\n{code}\n"));
        check(&file).into_iter().map(|f| f.detail).collect()
    }

    #[track_caller]
    fn allowed(path: &str, code: &str) {
        assert_eq!(details(path, code), [""; 0]);
    }

    #[track_caller]
    fn refused(path: &str, code: &str) {
        assert_eq!(details(path, code).len(), 1, "{:?}", details(path, code));
    }

    #[test]
    fn inward_is_allowed() {
        allowed(
            "src/http/api.rs",
            "use crate::{domain::Document, services::submit};",
        );
        allowed("src/domain/document.rs", "use crate::kernel::hash::Sha256;");
        allowed(
            "src/kernel/pades/mod.rs",
            "use crate::kernel::{cms, pdf::Pdf};",
        );
        allowed(
            "src/kernel/pdf/object.rs",
            "use super::limits::Limits; use self::a::B;",
        );
        allowed("src/main.rs", "fn main() { absah::cli::run(); }");
    }

    #[test]
    fn outward_is_refused_however_it_is_written() {
        let domain = "src/domain/document.rs";
        refused(domain, "use crate::services::submit;");
        refused(domain, "use crate::{kernel::hash, services::submit};");
        refused(domain, "use crate::services as s;");
        refused(domain, "use crate::storage::*;");
        refused(domain, "use super::super::http::router;");
        refused(domain, "use super::{super::http::router, code};");
        refused(domain, "use absah::http::router;");
        refused(domain, "fn f() { crate::http::router(); }");
        refused(domain, "fn f(a: crate::http::Router) {}");
        refused(domain, "fn f() -> Vec<crate::http::Router> { vec![] }");
        refused(domain, "fn f() { assert!(g(crate::http::router())); }");
        refused(
            domain,
            "mod inner { use super::super::super::http::router; }",
        );
        refused(domain, "#[derive(Debug)] struct A { b: crate::cli::B }");
    }

    #[test]
    fn the_kernel_has_an_order_too() {
        refused(
            "src/kernel/pdf/mod.rs",
            "use crate::kernel::pades::Prepared;",
        );
        refused("src/kernel/hash.rs", "use super::cms::SignedData;");
    }

    #[test]
    fn tests_may_look_outward() {
        allowed(
            "src/domain/a.rs",
            "#[cfg(test)] mod tests { use crate::http::router; }",
        );
    }

    #[test]
    fn unknown_rooms_and_the_crate_root_are_refused() {
        refused("src/domain/a.rs", "use crate::Laundered;");
        refused("src/attic/a.rs", "use crate::kernel::hash;");
    }
}

//! `kernel` and `domain` are pure: no I/O, clock, async, environment, threads,
//! randomness or printing. `unsafe` is allowed nowhere without an exception.
//!
//! Reading and writing traits over memory (`std::io::Read` and the like) are not
//! I/O; OpenSSL is allowed for arithmetic and path building.

use syn::visit::Visit;

use super::Finding;
use super::paths;
use super::source::{self, SourceFile};

/// Prefixes of paths that a pure room may not name.
const BANNED_PATHS: &[&str] = &[
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::thread",
    "std::os",
    "std::path",
    "std::time::Instant",
    "std::time::SystemTime",
    "std::io::stdin",
    "std::io::stdout",
    "std::io::stderr",
    "std::sync::mpsc",
    "tokio",
    "tokio_util",
    "async_trait",
    "futures",
    "axum",
    "reqwest",
    "sqlx",
    "tower_http",
    "rustix",
    "getrandom",
    "rand",
    "openssl::rand",
    "openssl::ssl",
    "tempfile",
    "cryptoki",
    "tracing",
    "clap",
];

/// Calls that read a clock or chance wherever they come from.
const BANNED_NAMES: &[&str] = &[
    "now",
    "now_utc",
    "now_local",
    "days_from_now",
    "SystemTime",
    "Instant",
    "rand_bytes",
    "thread_rng",
];

const BANNED_MACROS: &[&str] = &[
    "print",
    "println",
    "eprint",
    "eprintln",
    "dbg",
    "env",
    "option_env",
    "thread_local",
];

/// Checks one file.
pub fn check(file: &SourceFile) -> Vec<Finding> {
    let pure = matches!(
        file.module().first().map(String::as_str),
        Some("kernel" | "domain")
    );
    let mut visitor = Impurities {
        pure,
        found: Vec::new(),
    };
    visitor.visit_file(&file.tree);
    visitor.found.dedup();
    visitor
        .found
        .into_iter()
        .map(|(rule, detail)| Finding {
            rule,
            place: file.path.clone(),
            detail,
        })
        .collect()
}

struct Impurities {
    pure: bool,
    found: Vec<(&'static str, String)>,
}

impl Impurities {
    fn impure(&mut self, detail: String) {
        if self.pure {
            self.found.push(("purity", detail));
        }
    }

    fn judge(&mut self, segments: &[String]) {
        let path = segments.join("::").replace("core::", "std::");
        let banned = BANNED_PATHS.iter().find(|b| {
            path == **b
                || path
                    .strip_prefix(**b)
                    .is_some_and(|rest| rest.starts_with("::"))
        });
        let named = segments
            .last()
            .and_then(|last| BANNED_NAMES.iter().find(|name| last == *name));
        if banned.is_some() || named.is_some() {
            self.impure(format!("`{path}` does not belong in a pure room"));
        }
    }
}

impl<'ast> Visit<'ast> for Impurities {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if !source::is_test_only(source::item_attributes(item)) {
            syn::visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        for path in paths::of_use(&item.tree) {
            self.judge(&path);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        // A single name is judged where it is brought into scope.
        if path.segments.len() > 1 {
            self.judge(&paths::segments(path));
        }
        syn::visit::visit_path(self, path);
    }

    fn visit_signature(&mut self, signature: &'ast syn::Signature) {
        if signature.asyncness.is_some() {
            self.impure(format!("`async fn {}`", signature.ident));
        }
        syn::visit::visit_signature(self, signature);
    }

    fn visit_expr_async(&mut self, block: &'ast syn::ExprAsync) {
        self.impure("an `async` block".to_owned());
        syn::visit::visit_expr_async(self, block);
    }

    fn visit_expr_await(&mut self, expression: &'ast syn::ExprAwait) {
        self.impure("`.await`".to_owned());
        syn::visit::visit_expr_await(self, expression);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        let name = call.path.segments.last().map(|s| s.ident.to_string());
        if let Some(name) = name.filter(|name| BANNED_MACROS.contains(&name.as_str())) {
            self.impure(format!("`{name}!`"));
        }
        for path in paths::in_tokens(call.tokens.clone()) {
            self.judge(&path);
        }
        syn::visit::visit_macro(self, call);
    }

    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        let lifts = attribute.path().is_ident("allow") || attribute.path().is_ident("expect");
        let text = match &attribute.meta {
            syn::Meta::List(list) => list.tokens.to_string(),
            _ => String::new(),
        };
        if lifts && text.contains("unsafe_code") {
            let detail = "`unsafe` needs an exception with its reason".to_owned();
            self.found.push(("unsafe", detail));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(path: &str, code: &str) -> Vec<&'static str> {
        let file = SourceFile::parse(path, &format!("//! D.\n{code}\n"));
        check(&file).into_iter().map(|f| f.rule).collect()
    }

    #[track_caller]
    fn impure(code: &str) {
        assert!(rules("src/kernel/a.rs", code).contains(&"purity"), "{code}");
        assert!(rules("src/domain/a.rs", code).contains(&"purity"), "{code}");
        assert_eq!(rules("src/storage/a.rs", code), [""; 0], "{code}");
    }

    #[track_caller]
    fn pure(code: &str) {
        assert_eq!(rules("src/kernel/a.rs", code), [""; 0], "{code}");
    }

    #[test]
    fn the_world_is_refused() {
        impure("use std::fs;");
        impure("use std::{fmt, fs::File};");
        impure("use std::fs::{self, File};");
        impure("use std::net::TcpStream as S;");
        impure("fn f() { std::env::var(\"HOME\").ok(); }");
        impure("fn f() { std::thread::spawn(|| ()); }");
        impure("fn f() { assert!(std::path::Path::new(\"/\").exists()); }");
        impure("use std::io::stdout;");
        impure("use tokio::sync::Mutex;");
        impure("fn f() { println!(\"x\"); }");
        impure("use getrandom::fill;");
        impure("use openssl::rand::rand_bytes;");
    }

    #[test]
    fn clocks_are_refused() {
        impure("fn f() { time::OffsetDateTime::now_utc(); }");
        impure("use time::OffsetDateTime; fn f() { OffsetDateTime::now_utc(); }");
        impure("fn f() { std::time::Instant::now(); }");
        impure("use std::time::SystemTime;");
        impure("fn f() { openssl::asn1::Asn1Time::days_from_now(1); }");
    }

    #[test]
    fn async_is_refused() {
        impure("async fn f() {}");
        impure("fn f() { let _ = async { 1 }; }");
        impure("trait T { async fn f(); }");
    }

    #[test]
    fn memory_and_arithmetic_are_allowed() {
        pure("use std::io::{Cursor, Read, Write};");
        pure("use std::time::Duration;");
        pure("use openssl::x509::X509;");
        pure("fn f(now: time::OffsetDateTime) -> bool { now > g() }");
        pure("const T: &[u8] = include_bytes!(\"t\");");
        pure("#[cfg(test)] mod tests { use std::fs; }");
    }

    #[test]
    fn lifting_the_ban_on_unsafe_is_seen_everywhere() {
        let code = "#[allow(unsafe_code)] fn f() {}";
        assert_eq!(rules("src/http/a.rs", code), ["unsafe"]);
        assert_eq!(
            rules("src/kernel/a.rs", "#![expect(unsafe_code)]"),
            ["unsafe"]
        );
    }
}

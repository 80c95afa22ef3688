//! `cargo bench`: signing beside the raw operation of the same key, in the same run.
//!
//! One core, in memory, P-256 unless said otherwise. Every figure is a ratio to an
//! operation measured between the same rounds: speeds of shared machines drift, ratios
//! hold. Nothing here decides whether a test passes.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods)]

mod document;
mod measure;
#[path = "../support/mod.rs"]
mod support;
mod work;

use measure::Bench;
use work::Work;

fn main() {
    // `cargo test --benches` passes --test, and `cargo bench` --bench: run once, quickly.
    let quick = !std::env::args().any(|argument| argument == "--bench");
    let mut bench = Bench::new(quick);
    let work = Work::new(&document::pdf(100 * 1024));
    println!("input: {} bytes, one page", work.file.len());
    bench.table(
        "raw P-256 signature",
        &mut [
            ("raw P-256 signature", &mut || work.raw_signature()),
            ("SHA-256 of the file", &mut || work.digest()),
            ("B-B, invisible", &mut || work.basic(false)),
            ("B-B, visible with QR code", &mut || work.basic(true)),
            ("B-T, visible", &mut || work.timestamped()),
            ("B-LTA, visible, everything in process", &mut || {
                work.archived();
            }),
        ],
    );
}

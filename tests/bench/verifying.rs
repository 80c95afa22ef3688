//! `cargo bench --bench verifying`: validation of a whole file beside the public-key
//! operations that it needs, in the same run (P-256, one core, in memory).
//!
//! The operations are counted in a run of their own: signature and time-stamps, two paths,
//! OCSP responses with their responder's certificate, the root's CRL.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods)]

mod count;
mod document;
mod measure;
#[path = "../validation/world.rs"]
#[expect(dead_code, reason = "the tests of the validator use all of it")]
mod world;

use std::hint::black_box;

use absah::kernel::sign::Signer as _;
use absah::kernel::validation::{Anchors, Policy, ValidationInput, validate};
use absah::kernel::x509::Certificate;
use measure::Bench;
use time::{Duration, OffsetDateTime};
use world::{SIGNED, World};

/// The argument of a run that counts.
const COUNT: &str = "--count";

fn main() {
    if std::env::args().any(|argument| argument == COUNT) {
        return count();
    }
    let quick = !std::env::args().any(|argument| argument == "--bench");
    let work = Work::new();
    let (cold, warm) = counted();
    println!("input: {} bytes, B-LTA", work.archive.len());
    let mut bench = Bench::new(quick);
    bench.table(
        "the public-key operations of the report, nothing known before",
        &mut [
            (&format!("{cold} P-256 verifications"), &mut || {
                work.verifications(cold);
            }),
            ("B-LTA, full report", &mut || work.cold(&work.archive)),
            ("B-T, full report", &mut || work.cold(&work.stamped)),
            ("report of an unsigned file", &mut || {
                work.cold(&work.plain);
            }),
        ],
    );
    let anchors = work.warm();
    bench.table(
        "the public-key operations of the report, chains and the root's CRL known",
        &mut [
            (&format!("{warm} P-256 verifications"), &mut || {
                work.verifications(warm);
            }),
            ("B-LTA, full report, warm", &mut || {
                work.report(&anchors, &work.archive);
            }),
        ],
    );
}

/// Counts the verifications of a report, cold and warm.
fn count() {
    count::begin();
    let work = Work::new();
    let cold = count::of(|| work.cold(&work.archive));
    let anchors = work.warm();
    let warm = count::of(|| work.report(&anchors, &work.archive));
    println!("{cold} {warm}");
}

fn counted() -> (usize, usize) {
    let itself = std::env::current_exe().unwrap();
    let said = std::process::Command::new(itself)
        .arg(COUNT)
        .output()
        .unwrap();
    let said = String::from_utf8(said.stdout).unwrap();
    let (cold, warm) = said.trim().split_once(' ').unwrap();
    (cold.parse().unwrap(), warm.parse().unwrap())
}

struct Work {
    world: World,
    policy: Policy,
    at: OffsetDateTime,
    plain: Vec<u8>,
    stamped: Vec<u8>,
    archive: Vec<u8>,
    signature: Vec<u8>,
}

impl Work {
    fn new() -> Self {
        let world = World::new();
        let plain = document::pdf(100 * 1024);
        Self {
            policy: Policy::strict().unwrap(),
            at: SIGNED + Duration::HOUR,
            stamped: world.b_t(&plain, SIGNED),
            archive: world.b_lta(&plain, SIGNED),
            signature: world.signer.key.sign(b"permit").unwrap(),
            plain,
            world,
        }
    }

    fn verification(&self) {
        let key = self.world.signer.certificate.public_key().unwrap();
        let algorithm = self.world.signer.key.algorithm();
        key.verify(algorithm, b"permit", &self.signature).unwrap();
    }

    fn verifications(&self, count: usize) {
        (0..count).for_each(|_| self.verification());
    }

    /// Anchors that remember the chains of this signatory and the root's CRL.
    fn warm(&self) -> Anchors {
        let anchors = Anchors::for_all(vec![self.world.root.certificate.clone()]);
        self.report(&anchors, &self.archive);
        anchors
    }

    fn cold(&self, file: &[u8]) {
        let root = Certificate::parse(self.world.root.certificate.der()).unwrap();
        self.report(&Anchors::for_all(vec![root]), file);
    }

    fn report(&self, anchors: &Anchors, file: &[u8]) {
        let input = ValidationInput {
            anchors,
            untrusted: &[],
            crls: &[],
            ocsps: &[],
            at: self.at,
            policy: &self.policy,
            limits: absah::kernel::pdf::Limits::default(),
        };
        black_box(validate(black_box(file), &input));
    }
}

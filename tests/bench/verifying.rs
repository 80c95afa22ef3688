//! `cargo bench --bench verifying`: validation of a whole file beside the public-key
//! operations that it needs, in the same run (P-256, one core, in memory).
//!
//! A B-LTA file of one signature needs these: the signature, its time-stamp and the
//! document time-stamp (3); the path of the signer and that of the time-stamping
//! authority, an issuing authority under the root in both (4); two OCSP responses
//! and the certificate of their delegated responder, twice (4); the root's CRL (1).
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods)]

mod document;
mod measure;
#[path = "../validation/world.rs"]
#[expect(dead_code, reason = "the tests of the validator use all of it")]
mod world;

use std::hint::black_box;

use absah::kernel::sign::Signer as _;
use absah::kernel::validation::{Anchors, Policy, ValidationInput, validate};
use measure::Bench;
use time::{Duration, OffsetDateTime};
use world::{SIGNED, World};

/// Public-key operations behind one report, as listed above.
const OPERATIONS: usize = 12;

fn main() {
    let quick = !std::env::args().any(|argument| argument == "--bench");
    let work = Work::new();
    println!("input: {} bytes, B-LTA", work.archive.len());
    Bench::new(quick).table(
        "the public-key operations of one report",
        &mut [
            ("12 P-256 verifications", &mut || work.verifications()),
            ("one P-256 verification", &mut || work.verification()),
            ("B-LTA, full report", &mut || work.report(&work.archive)),
            ("B-T, full report", &mut || work.report(&work.stamped)),
            ("report of an unsigned file", &mut || {
                work.report(&work.plain);
            }),
        ],
    );
}

struct Work {
    world: World,
    anchors: Anchors,
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
            anchors: Anchors::for_all(vec![world.root.certificate.clone()]),
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

    fn verifications(&self) {
        (0..OPERATIONS).for_each(|_| self.verification());
    }

    fn report(&self, file: &[u8]) {
        let input = ValidationInput {
            anchors: &self.anchors,
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

//! What the search starts from: what the tests sign, one structure of each kind, and
//! the inputs that once did harm (`fuzz/regressions/TARGET`).

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use absah::kernel::hash::HashAlgorithm;
use absah::kernel::tsp::{MessageImprint, TimeStampReq};
use absah::kernel::validation::report::EvidenceKind;
use absah::kernel::x509::ocsp::{CertStatus, successful};
use time::Duration;

use crate::world::document::document;
use crate::world::pki::{SIGNED, World};

/// One authority for all: its root is what the verifier trusts.
pub static WORLD: LazyLock<World> = LazyLock::new(World::new);

/// The files that the tests of the validator sign.
fn files() -> Vec<Vec<u8>> {
    let world = &*WORLD;
    let lta = world.b_lta(&document(), SIGNED);
    vec![
        document(),
        world.b_b(&document()),
        world.b_t(&document(), SIGNED),
        world.b_lt(&document(), SIGNED),
        world.refreshed(&lta, SIGNED + Duration::HOUR),
        world.b_b(&lta),
        lta,
    ]
}

/// The objects of one kind that signed files carry.
fn objects(kind: EvidenceKind) -> Vec<Vec<u8>> {
    let world = &*WORLD;
    let file = world.b_lta(&document(), SIGNED);
    let report = world.validate(&file, SIGNED + Duration::HOUR);
    let objects = report.evidence.into_iter();
    objects
        .filter(|object| object.kind == kind)
        .map(|object| match kind {
            EvidenceKind::Ocsp => successful(&object.der),
            _ => object.der,
        })
        .collect()
}

/// The seeds of a target.
pub fn of(target: &str) -> Vec<Vec<u8>> {
    let world = &*WORLD;
    let mut seeds = match target {
        "cms" => objects(EvidenceKind::Signature),
        "tsp" => {
            let imprint = MessageImprint::of(HashAlgorithm::Sha256, &[b"seed"]);
            let mut seeds = objects(EvidenceKind::Timestamp);
            seeds.push(TimeStampReq::new(imprint, Some(vec![1])).der());
            seeds
        }
        "ocsp" => {
            let revoked = CertStatus::Revoked {
                at: SIGNED,
                reason: None,
            };
            let mut seeds = objects(EvidenceKind::Ocsp);
            seeds.push(world.ocsp(&world.signer.certificate, revoked, SIGNED));
            seeds
        }
        "crl" => {
            let listed = crate::world::pki::revoked(
                &world.signer.certificate,
                SIGNED,
                absah::kernel::x509::RevocationReason::KeyCompromise,
            );
            vec![
                world.crl(&world.root, &[], SIGNED),
                world.crl(&world.ca, &[listed], SIGNED),
            ]
        }
        "certificate" => objects(EvidenceKind::Certificate),
        _ => files(),
    };
    seeds.extend(regressions(target));
    seeds
}

/// Inputs that once did harm: they are run first, whole.
fn regressions(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("regressions")
        .join(target);
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    paths.filter_map(|path| fs::read(path).ok()).collect()
}

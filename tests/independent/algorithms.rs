//! Every signature algorithm that a signatory may have, archived at B-LTA and read by
//! others: RSASSA-PKCS1-v1_5, RSASSA-PSS and ECDSA on P-256 and P-384, each with
//! SHA-256, SHA-384 and SHA-512.

use std::fs;
use std::path::{Path, PathBuf};

use absah::kernel::hash::HashAlgorithm;
use absah::kernel::sign::SignatureAlgorithm;
use openssl::nid::Nid;
use time::{Duration, OffsetDateTime};

use super::renewal::archived;
use super::support::pki::Key;
use super::twins::{Flip, flipped};
use super::validators::{self, Job};
use super::years::World;

const HASHES: [HashAlgorithm; 3] = [
    HashAlgorithm::Sha256,
    HashAlgorithm::Sha384,
    HashAlgorithm::Sha512,
];

fn keys() -> Vec<(String, Key)> {
    let of_hash = |hash: HashAlgorithm| {
        let rsa = |algorithm| Key::generate(algorithm);
        [
            ("RSA-PKCS1", rsa(SignatureAlgorithm::RsaPkcs1(hash))),
            ("RSA-PSS", rsa(SignatureAlgorithm::RsaPss(hash))),
            ("P-256", Key::on_curve(Nid::X9_62_PRIME256V1, hash)),
            ("P-384", Key::on_curve(Nid::SECP384R1, hash)),
        ]
        .map(|(name, key)| (format!("{name} with {}", hash.name()), key))
    };
    HASHES.into_iter().flat_map(of_hash).collect()
}

/// A signed file and the anchor it is checked against.
struct Signed {
    name: String,
    file: PathBuf,
    twin: PathBuf,
    root: PathBuf,
}

async fn signed(folder: &Path, number: usize, name: String, key: Key) -> Signed {
    // An hour ago: what was proved then is past for validators that read the clock.
    let world = World::signing_with(now() - Duration::HOUR, key);
    let bytes = archived(&world).await;
    let write = |kind: &str, bytes: &[u8]| {
        let path = folder.join(format!("{number}-{kind}"));
        fs::write(&path, bytes).expect("a file written");
        path
    };
    Signed {
        name,
        file: write("signed.pdf", &bytes),
        twin: write("twin.pdf", &flipped(&bytes, Flip::EndOfFirst)),
        root: write("root.pem", &world.root_pem()),
    }
}

#[tokio::test]
async fn every_algorithm_holds_for_others_and_a_changed_value_for_nobody() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut all = Vec::new();
    for (number, (name, key)) in keys().into_iter().enumerate() {
        all.push(signed(folder.path(), number, name, key).await);
    }
    let good = all.iter().map(|one| Job::new(&one.file, &one.root));
    let bad = all.iter().map(|one| Job::new(&one.twin, &one.root));
    let answers = validators::pyhanko(&good.chain(bad).collect::<Vec<_>>());
    let (held, refused) = answers.split_at(all.len());
    for ((one, held), refused) in all.iter().zip(held).zip(refused) {
        let name = &one.name;
        assert_eq!(held["signatures"][0]["ades"], "PASSED/OK", "{name}: {held}");
        assert_ne!(refused["signatures"][0]["ades"], "PASSED/OK", "{name}");
        let (signature, _) = &validators::pdfsig(&one.file, &one.root)[0];
        assert_eq!(signature, "Signature is Valid.", "{name}");
        // MuPDF reads signatures by OpenSSL's PKCS#7, which knows no PSS.
        let intact = validators::mutool_finds_digests_intact(&one.file);
        assert_eq!(intact, !name.starts_with("RSA-PSS"), "{name}");
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the validators judge by the wall clock"
)]
fn now() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}

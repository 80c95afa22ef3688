//! Years later: an archive timestamp that is renewed in time keeps a signature valid
//! after every certificate it was made with has ended; without renewal it is not.

use std::fs;

use absah::kernel::pades::{Composition, Level};
use absah::kernel::pdf::Limits;
use absah::kernel::pdf::appearance::{
    Arrangement, BlockPrinter, Certifier, SignatureBlock, Template,
};
use absah::kernel::pdf::placement::Placement;
use absah::kernel::pdf::signing::{Claims, DocMdp};
use time::OffsetDateTime;
use time::macros::datetime;

use super::inputs;
use super::validators::{self, Job};
use super::years::{World, YEAR};

/// A permit, signed by the world's signatory and archived.
pub async fn archived(world: &World) -> Vec<u8> {
    let block = SignatureBlock {
        intro: None,
        office: "KEPALA DINAS".into(),
        name: "SITI CONTOH, S.H.".into(),
        rank: None,
        nip: None,
        certifier: Certifier::Demonstration {
            issuer: "DEMONSTRASI".into(),
        },
    };
    let composition = Composition {
        placement: &Placement::Invisible,
        block: &block,
        arrangement: &Arrangement::Fitting,
        qr: None,
        qr_pages: &[],
        claims: Claims::default(),
        m: world.now,
        certify: Some(DocMdp::FormFilling),
        further: &[],
        hole: 16 * 1024,
    };
    let file = fs::read(inputs::path("typst")).expect("the input");
    let printer = BlockPrinter::new(Template::built_in().expect("the template"));
    let prepared = composition
        .prepare(&file, &printer, &Limits::default())
        .expect("a prepared revision");
    let signature = world.sign(prepared);
    world
        .levels()
        .raise(signature, world.signatory(), Level::BLta)
        .await
        .expect("an archived signature")
}

/// pyHanko's indication for the signature in `file`, at the time of the world, with the
/// revocation data that is published then.
fn ades(file: &[u8], world: &World) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).expect("a file written");
        path
    };
    let (path, root) = (write("a.pdf", file), write("root.pem", &world.root_pem()));
    let mut job = Job::new(&path, &root);
    let published = world.published();
    job.crls = vec![write("now.crl", &published.crls[0])];
    job.ocsps = vec![write("now.ocsp", &published.ocsps[0])];
    let answer = validators::pyhanko(&[job]).remove(0);
    answer["signatures"][0]["ades"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

#[tokio::test]
async fn a_renewed_archive_outlives_its_certificates_and_another_does_not() {
    let mut world = World::new(datetime!(2022-01-10 8:00 UTC));
    let fresh = archived(&world).await;

    // The signatory's certificate has ended, the first TSA's not yet.
    world.now += YEAR * 5 / 4;
    world.replace_tsa();
    let renewed = world
        .levels()
        .augment(fresh.clone(), Level::BLta)
        .await
        .expect("a renewed file");
    assert!(renewed.starts_with(&fresh), "earlier bytes changed");

    // By today every certificate of the beginning has ended. pyHanko reads the clock.
    world.now = today();
    assert_eq!(ades(&renewed, &world), "PASSED/OK");
    assert_ne!(ades(&fresh, &world), "PASSED/OK");
}

#[expect(
    clippy::disallowed_methods,
    reason = "pyHanko judges by the wall clock"
)]
fn today() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}

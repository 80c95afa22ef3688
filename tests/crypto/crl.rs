//! CRLs: ours, verified by `openssl crl` and used by `openssl verify -crl_check`.

use std::path::Path;

use absah::kernel::x509::crl::{Crl, CrlBuilder, CrlError, Revocation};
use absah::kernel::x509::{RevocationReason, pem};
use tempfile::tempdir;

use crate::support::pki::{Holder, NOT_AFTER, NOW, Pki, Profile, key_usage};
use crate::support::tools::{Said, must, run};
use crate::{flipped, position, write_pem};

fn crl(issuer: &Holder, revoked: &[&Holder]) -> Vec<u8> {
    let revocations: Vec<Revocation> = revoked
        .iter()
        .map(|holder| Revocation {
            serial: holder.certificate.serial().to_vec(),
            at: NOW,
            reason: RevocationReason::KeyCompromise,
            invalidity_date: Some(NOW - time::Duration::DAY),
        })
        .collect();
    let builder = CrlBuilder {
        issuer: &issuer.certificate,
        number: &[0x01, 0x02],
        this_update: NOW,
        next_update: NOT_AFTER,
        revocations: &revocations,
        lists_expired_since: Some(NOW - time::Duration::DAY),
    };
    builder.sign(&issuer.key).unwrap()
}

fn openssl_verify(folder: &Path, pki: &Pki, crl: &[u8]) -> Said {
    write_pem(folder, "root.pem", &[&pki.root.certificate]);
    write_pem(folder, "ca.pem", &[&pki.ca.certificate]);
    write_pem(folder, "leaf.pem", &[&pki.signatory.certificate]);
    std::fs::write(folder.join("crl.pem"), pem::encode("X509 CRL", crl)).unwrap();
    let verify = "verify -x509_strict -CAfile root.pem -untrusted ca.pem -crl_check \
                  -CRLfile crl.pem leaf.pem";
    run(
        folder,
        "openssl",
        &verify.split_whitespace().collect::<Vec<_>>(),
    )
}

#[test]
fn our_crls_satisfy_openssl_and_us() {
    let folder = tempdir().unwrap();
    let pki = Pki::new();
    let der = crl(&pki.ca, &[&pki.tsa]);
    let said = openssl_verify(folder.path(), &pki, &der);
    assert!(said.content, "{}", said.text);
    let text = must(
        folder.path(),
        "openssl",
        &[
            "crl", "-in", "crl.pem", "-CAfile", "ca.pem", "-noout", "-text",
        ],
    );
    for part in [
        "verify OK",
        "Key Compromise",
        "May 31 08:30:00 2026 GMT",
        "X509v3 CRL Number",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let file = std::fs::read(folder.path().join("crl.pem")).unwrap();
    let crl = Crl::from_pem_or_der(&file).unwrap().remove(0);
    crl.verify(&pki.ca.certificate).unwrap();
    assert_eq!(
        (crl.this_update(), crl.next_update()),
        (NOW, Some(NOT_AFTER))
    );
    assert_eq!(crl.number().unwrap(), [1, 2]);
    let entry = crl.entry(pki.tsa.certificate.serial()).unwrap();
    assert_eq!(entry.reason, Some(RevocationReason::KeyCompromise));
    assert_eq!(entry.invalidity_date, Some(NOW - time::Duration::DAY));
    let listed = crl.lists_expired_since();
    assert_eq!(listed, Some(NOW - time::Duration::DAY));
    assert!(crl.entry(pki.signatory.certificate.serial()).is_none());
    assert!(!crl.is_delta() && crl.issuing_distribution_point().is_none());
}

#[test]
fn an_empty_crl_revokes_nothing() {
    let folder = tempdir().unwrap();
    let pki = Pki::new();
    let der = crl(&pki.ca, &[]);
    assert!(openssl_verify(folder.path(), &pki, &der).content);
    assert!(Crl::parse(&der).unwrap().entries().is_empty());
}

#[test]
fn a_listed_certificate_is_revoked() {
    let folder = tempdir().unwrap();
    let pki = Pki::new();
    let said = openssl_verify(folder.path(), &pki, &crl(&pki.ca, &[&pki.signatory]));
    assert!(
        !said.content && said.text.contains("certificate revoked"),
        "{}",
        said.text
    );
}

#[test]
fn a_crl_of_another_issuer_or_key_is_refused() {
    let pki = Pki::new();
    let der = crl(&pki.ca, &[]);
    let other_name = Crl::parse(&der).unwrap().verify(&pki.root.certificate);
    assert_eq!(other_name, Err(CrlError::Issuer));
    let same_name = Pki::new().ca;
    let other_key = Crl::parse(&der).unwrap().verify(&same_name.certificate);
    assert!(matches!(other_key, Err(CrlError::Signature(_))));
    let broken = flipped(&der, position(&der, b"260601083000Z") + 3);
    let broken = Crl::parse(&broken).unwrap().verify(&pki.ca.certificate);
    assert!(matches!(broken, Err(CrlError::Signature(_))));
    let no_crls = Profile::ca("No CRLs")
        .with(key_usage(0b10_0000))
        .issued_by(&pki.root);
    let said = Crl::parse(&crl(&no_crls, &[]))
        .unwrap()
        .verify(&no_crls.certificate);
    assert_eq!(said, Err(CrlError::KeyUsage));
}

//! CMS signatures: ours, verified by `openssl cms -verify -cades` and by our reader;
//! those of `openssl cms -sign`, read by us; and what must not pass.

use std::path::Path;

use absah::kernel::asn1::{oids, write};
use absah::kernel::cms::{SignedAttributes, SignedData, SignedDataBuilder, SignerInfoError};
use absah::kernel::sign::Signer;
use absah::kernel::x509::Certificate;
use tempfile::tempdir;

use crate::support::pki::{Holder, Key, Pki, Profile};
use crate::support::tools::{Said, run};
use crate::{algorithms, flipped, position, write_pem};

pub const CONTENT: &[u8] = b"the bytes of a permit";

/// A detached signature by a holder over [`CONTENT`].
pub fn sign(holder: &Holder, chain: &[Certificate]) -> Vec<u8> {
    let algorithm = holder.key.algorithm();
    let digest = algorithm.hash().digest(&[CONTENT]);
    let attributes = SignedAttributes::new(oids::ID_DATA, &digest, &holder.certificate, algorithm);
    // What is stored between the phases is enough to go on.
    let attributes = SignedAttributes::from_der(attributes.der()).unwrap();
    let signature = holder.key.sign_digest(&attributes.digest()).unwrap();
    let certificates: Vec<Certificate> = std::iter::once(&holder.certificate)
        .chain(chain)
        .cloned()
        .collect();
    let builder = SignedDataBuilder {
        attributes: &attributes,
        signature: &signature,
        signer: &holder.certificate,
        certificates: &certificates,
        econtent: None,
        unsigned: &[],
    };
    builder.build()
}

fn openssl_verify(folder: &Path, cms: &[u8], root: &Certificate) -> Said {
    std::fs::write(folder.join("content"), CONTENT).unwrap();
    std::fs::write(folder.join("signature.der"), cms).unwrap();
    write_pem(folder, "root.pem", &[root]);
    let verify = "cms -verify -cades -binary -inform DER -in signature.der -content content \
                  -CAfile root.pem -purpose any -x509_strict -out verified";
    run(
        folder,
        "openssl",
        &verify.split_whitespace().collect::<Vec<_>>(),
    )
}

/// Every check a verifier makes of one signer.
fn check(cms: &[u8]) -> Result<(), SignerInfoError> {
    let signed = SignedData::parse(cms).unwrap();
    let signer = signed.only_signer().unwrap();
    let certificate = signer.find_certificate(&signed.certificates).unwrap();
    signer.check_content_type(oids::ID_DATA)?;
    signer.check_content(&[CONTENT])?;
    assert!(signer.check_algorithm_protection()?);
    signer.check_signing_certificate(certificate)?;
    signer.verify_signature(certificate)
}

#[test]
fn every_algorithm_verifies_in_openssl_and_here() {
    for algorithm in algorithms::ALL {
        let folder = tempdir().unwrap();
        let pki = Pki::new();
        let holder = Profile::signatory("Kepala").issued_to(Key::generate(algorithm), &pki.ca);
        let cms = sign(&holder, std::slice::from_ref(&pki.ca.certificate));
        let said = openssl_verify(folder.path(), &cms, &pki.root.certificate);
        assert!(said.content, "{algorithm}: {}", said.text);
        check(&cms).unwrap();
        let signed = SignedData::parse(&cms).unwrap();
        assert!(signed.is_der() && signed.trailing == 0 && signed.version == 1);
        assert!(signed.signer_infos[0].signed().unwrap().is_der());
        assert_eq!(signed.certificates.len(), 2);
    }
}

#[test]
fn a_flipped_bit_fails_in_both() {
    let folder = tempdir().unwrap();
    let pki = Pki::new();
    let cms = sign(&pki.signatory, std::slice::from_ref(&pki.ca.certificate));
    let signed = SignedData::parse(&cms).unwrap();
    let signer = &signed.signer_infos[0];
    let places = [
        position(&cms, &signer.signature) + 10,
        position(&cms, &signer.message_digest().unwrap()),
        position(&cms, pki.signatory.certificate.fingerprint().as_bytes()),
    ];
    for place in places {
        let broken = flipped(&cms, place);
        assert!(check(&broken).is_err(), "octet {place}");
        let said = openssl_verify(folder.path(), &broken, &pki.root.certificate);
        assert!(!said.content, "octet {place}: {}", said.text);
    }
}

#[test]
fn a_foreign_root_is_not_trusted_by_openssl() {
    let folder = tempdir().unwrap();
    let pki = Pki::new();
    let cms = sign(&pki.signatory, std::slice::from_ref(&pki.ca.certificate));
    let said = openssl_verify(folder.path(), &cms, &Pki::new().root.certificate);
    assert!(!said.content);
}

#[test]
fn a_substituted_certificate_is_noticed() {
    let pki = Pki::new();
    // The same key, name and issuer, another certificate.
    let twin = Profile::signatory("Kepala Dinas").issued_to(pki.signatory.key.clone(), &pki.ca);
    let cms = sign(&pki.signatory, &[]);
    let signed = SignedData::parse(&cms).unwrap();
    let signer = &signed.signer_infos[0];
    signer.verify_signature(&twin.certificate).unwrap();
    assert!(matches!(
        signer.check_signing_certificate(&twin.certificate),
        Err(SignerInfoError::SigningCertificate(_))
    ));
    assert!(signer.find_certificate(&[twin.certificate]).is_none());
}

#[test]
fn signatures_made_by_openssl_are_read() {
    let folder = tempdir().unwrap();
    let pki = Pki::new();
    std::fs::write(folder.path().join("content"), CONTENT).unwrap();
    std::fs::write(folder.path().join("key.pem"), pki.signatory.key.pem()).unwrap();
    write_pem(folder.path(), "signer.pem", &[&pki.signatory.certificate]);
    for (extra, is_der) in [("", true), ("-stream -nodetach", false), ("-keyid", true)] {
        let sign = format!(
            "cms -sign -cades -binary -in content -signer signer.pem -inkey key.pem -outform DER \
             -out signature.der {extra}"
        );
        let said = run(
            folder.path(),
            "openssl",
            &sign.split_whitespace().collect::<Vec<_>>(),
        );
        assert!(said.content, "{}", said.text);
        let cms = std::fs::read(folder.path().join("signature.der")).unwrap();
        let signed = SignedData::parse(&cms).unwrap();
        assert_eq!(signed.is_der(), is_der, "{extra}");
        assert_eq!(signed.content.is_some(), !is_der);
        let signer = signed.only_signer().unwrap();
        let certificate = signer.find_certificate(&signed.certificates).unwrap();
        signer.check_content(&[CONTENT]).unwrap();
        signer.check_signing_certificate(certificate).unwrap();
        signer.verify_signature(certificate).unwrap();
    }
}

/// A SignedData with hand-made attributes and any number of signers.
fn hand_made(pki: &Pki, attributes: &[Vec<u8>], signers: usize) -> Vec<u8> {
    let set: Vec<u8> = attributes.concat();
    let der = write::tlv(absah::kernel::asn1::Tag::SET, &set);
    let signature = pki.signatory.key.sign(&der).unwrap();
    let algorithm = pki.signatory.key.algorithm();
    let certificate = &pki.signatory.certificate;
    let identifier = write::sequence(&[
        certificate.issuer().der(),
        &write::integer_verbatim(certificate.serial()),
    ]);
    let signed_attributes = match attributes.is_empty() {
        true => Vec::new(),
        false => write::explicit(0, &[&set]),
    };
    let signer = write::sequence(&[
        &write::small(1),
        &identifier,
        &algorithm.hash().algorithm_identifier(),
        &signed_attributes,
        &algorithm.algorithm_identifier(),
        &write::octet_string(&signature),
    ]);
    let signed_data = write::sequence(&[
        &write::small(1),
        &write::set_of(vec![algorithm.hash().algorithm_identifier()]),
        &write::sequence(&[&write::oid(&oids::ID_DATA)]),
        &write::explicit(0, &[certificate.der()]),
        &write::tlv(absah::kernel::asn1::Tag::SET, &signer.repeat(signers)),
    ]);
    write::sequence(&[
        &write::oid(&oids::ID_SIGNED_DATA),
        &write::explicit(0, &[&signed_data]),
    ])
}

/// The attributes of an honest signature, each by itself.
fn honest_attributes(pki: &Pki) -> Vec<Vec<u8>> {
    let cms = sign(&pki.signatory, &[]);
    let signed = SignedData::parse(&cms).unwrap();
    let attributes = signed.signer_infos[0].signed().unwrap();
    attributes
        .iter()
        .map(|one| write::sequence(&[&write::oid(&one.oid), &write::set_of(one.values.clone())]))
        .collect()
}

#[test]
fn attributes_missing_repeated_or_unsorted_are_noticed() {
    let pki = Pki::new();
    let honest = honest_attributes(&pki);
    check(&hand_made(&pki, &honest, 1)).unwrap();
    for (index, _) in honest.iter().enumerate() {
        let mut repeated = honest.clone();
        repeated.push(honest[index].clone());
        assert!(
            check(&hand_made(&pki, &repeated, 1)).is_err(),
            "repeated {index}"
        );
    }
    let without_ess: Vec<_> = honest
        .iter()
        .filter(|one| {
            let ess = write::oid(&oids::ID_AA_SIGNING_CERTIFICATE_V2);
            !one.windows(ess.len()).any(|window| window == ess)
        })
        .cloned()
        .collect();
    assert!(matches!(
        check(&hand_made(&pki, &without_ess, 1)),
        Err(SignerInfoError::Attribute(_))
    ));
    let mut reversed = honest;
    reversed.reverse();
    let cms = hand_made(&pki, &reversed, 1);
    check(&cms).unwrap();
    let signed = SignedData::parse(&cms).unwrap();
    assert!(!signed.signer_infos[0].signed().unwrap().is_der());
}

#[test]
fn two_signers_or_none_are_not_one() {
    let pki = Pki::new();
    let honest = honest_attributes(&pki);
    for signers in [0, 2] {
        let signed = SignedData::parse(&hand_made(&pki, &honest, signers)).unwrap();
        assert!(signed.only_signer().is_none());
        assert_eq!(signed.signer_infos.len(), signers);
    }
    assert!(SignedData::parse(&hand_made(&pki, &honest, 17)).is_err());
}

#[test]
fn without_signed_attributes_nothing_verifies() {
    let pki = Pki::new();
    let signed = SignedData::parse(&hand_made(&pki, &[], 1)).unwrap();
    assert_eq!(
        signed.signer_infos[0].verify_signature(&pki.signatory.certificate),
        Err(SignerInfoError::NoSignedAttributes)
    );
}

#[test]
fn stored_attributes_of_another_kind_are_refused() {
    let pki = Pki::new();
    let honest = honest_attributes(&pki);
    assert!(SignedAttributes::from_der(&write::set_of(honest.clone())).is_ok());
    assert!(SignedAttributes::from_der(&write::sequence_of(&honest)).is_err());
    assert!(SignedAttributes::from_der(&write::set_of(honest[..2].to_vec())).is_err());
}

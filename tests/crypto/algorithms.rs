//! Every signature algorithm: signed by a key, verified here and by `openssl verify`
//! as the algorithm of a certificate.

use absah::kernel::hash::HashAlgorithm::{Sha256, Sha384, Sha512};
use absah::kernel::sign::SignatureAlgorithm::{self, Ecdsa, RsaPkcs1, RsaPss};
use absah::kernel::sign::{Signer, VerifyError};
use tempfile::tempdir;

use crate::support::pki::{Key, Profile};
use crate::support::tools::must;
use crate::{flipped, write_pem};

pub const ALL: [SignatureAlgorithm; 8] = [
    RsaPkcs1(Sha256),
    RsaPkcs1(Sha512),
    RsaPss(Sha256),
    RsaPss(Sha384),
    RsaPss(Sha512),
    Ecdsa(Sha256),
    Ecdsa(Sha384),
    Ecdsa(Sha512),
];

#[test]
fn every_algorithm_signs_and_verifies() {
    for algorithm in ALL {
        let folder = tempdir().unwrap();
        let root = Profile::ca("Root").self_signed(algorithm);
        let leaf = Profile::signatory("Leaf").issued_to(root.key.clone(), &root);
        let key = leaf.certificate.public_key().unwrap();
        let signature = leaf.key.sign(b"permit").unwrap();
        key.verify(algorithm, b"permit", &signature).unwrap();
        assert_eq!(
            key.verify(algorithm, b"Permit", &signature),
            Err(VerifyError::Signature)
        );
        let broken = flipped(&signature, signature.len() / 2);
        assert_eq!(
            key.verify(algorithm, b"permit", &broken),
            Err(VerifyError::Signature)
        );
        leaf.certificate
            .verify_issued_by(&root.certificate)
            .unwrap();
        write_pem(folder.path(), "root.pem", &[&root.certificate]);
        write_pem(folder.path(), "leaf.pem", &[&leaf.certificate]);
        must(
            folder.path(),
            "openssl",
            &["verify", "-x509_strict", "-CAfile", "root.pem", "leaf.pem"],
        );
    }
}

#[test]
fn a_signature_holds_under_its_own_algorithm_alone() {
    let rsa = Key::generate(RsaPkcs1(Sha256));
    let spki = rsa.spki();
    let signature = rsa.sign(b"permit").unwrap();
    let verify = |algorithm| absah::kernel::sign::verify(&spki, algorithm, b"permit", &signature);
    assert_eq!(verify(RsaPkcs1(Sha256)), Ok(()));
    assert_eq!(verify(RsaPkcs1(Sha384)), Err(VerifyError::Signature));
    assert_eq!(verify(RsaPss(Sha256)), Err(VerifyError::Signature));
    assert_eq!(verify(Ecdsa(Sha256)), Err(VerifyError::KeyKind));
}

#[test]
fn a_digest_of_another_length_is_refused() {
    let key = Key::p256();
    assert!(key.sign_digest(&[0; 31]).is_err());
    let public = absah::kernel::sign::PublicKey::from_spki(&key.spki()).unwrap();
    assert_eq!(
        public.verify_digest(Ecdsa(Sha256), &[0; 48], &[]),
        Err(VerifyError::DigestLength)
    );
    assert!(absah::kernel::sign::PublicKey::from_spki(&[0x30, 0]).is_err());
}

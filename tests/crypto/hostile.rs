//! Bytes from anywhere: every parser gives an error or an answer, never a panic.

use absah::kernel::cms::SignedData;
use absah::kernel::tsp::{MessageImprint, TimeStampReq, TimeStampToken, check_response};
use absah::kernel::x509::Certificate;
use absah::kernel::x509::crl::Crl;
use absah::kernel::x509::ocsp::{OcspRequest, OcspResponse};
use proptest::prelude::*;

use crate::cms;
use crate::support::pki::Pki;

fn parse_all(bytes: &[u8]) {
    let _ = SignedData::parse(bytes);
    let _ = TimeStampToken::parse(bytes);
    let _ = TimeStampReq::parse(bytes);
    let _ = Certificate::from_pem_or_der(bytes);
    let _ = Crl::from_pem_or_der(bytes);
    let _ = OcspRequest::parse(bytes);
    let _ = OcspResponse::parse(bytes);
    let imprint = MessageImprint {
        hash: absah::kernel::hash::HashAlgorithm::Sha256,
        digest: vec![],
    };
    let _ = check_response(&TimeStampReq::new(imprint, None), bytes);
}

proptest! {
    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        parse_all(&bytes);
    }
}

#[test]
fn every_cut_and_every_turned_octet_of_a_signature() {
    let pki = Pki::new();
    let signature = cms::sign(&pki.signatory, &[]);
    for place in 0..signature.len() {
        parse_all(&signature[..place]);
        for mask in [0x01, 0x20, 0x80, 0xff] {
            let mut broken = signature.clone();
            broken[place] ^= mask;
            parse_all(&broken);
            if let Ok(signed) = SignedData::parse(&broken) {
                for signer in &signed.signer_infos {
                    let _ = signer.check_algorithm_protection();
                    let _ = signer.message_digest();
                    let _ = signer.ess_cert_ids();
                }
            }
        }
    }
}

#[test]
fn deep_nesting_is_cut_off() {
    for opening in [&[0x30, 0x80][..], &[0x24, 0x80], &[0xa0, 0x80]] {
        parse_all(&opening.repeat(50_000));
    }
}

#[test]
fn one_bad_certificate_is_skipped_and_counted() {
    let pki = Pki::new();
    let signature = cms::sign(&pki.signatory, std::slice::from_ref(&pki.ca.certificate));
    let marker = crate::position(&signature, pki.ca.certificate.der());
    // The version INTEGER of the second certificate becomes an unknown type.
    let broken = crate::flipped(&signature, marker + 10);
    let signed = SignedData::parse(&broken).unwrap();
    assert_eq!(
        (signed.certificates.len(), signed.skipped_certificates),
        (1, 1)
    );
    let mut trailing = signature.clone();
    trailing.extend([0; 40]);
    let signed = SignedData::parse(&trailing).unwrap();
    assert_eq!((signed.der().len(), signed.trailing), (signature.len(), 40));
}

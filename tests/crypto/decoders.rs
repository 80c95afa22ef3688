//! What we write, read by RustCrypto's strict DER decoders, which accept no liberty
//! and write back the same bytes.

use absah::kernel::hash::HashAlgorithm;
use absah::kernel::tsp::{Grant, MessageImprint, TimeStampReq, issue};
use absah::kernel::x509::crl::CrlBuilder;
use absah::kernel::x509::ocsp::{CertId, CertStatus, OcspRequest, ResponseBuilder, SingleAnswer};
use der::{Decode, Encode};

use crate::cms;
use crate::support::pki::{NOT_AFTER, NOW, Pki};

fn same<'a, T: Decode<'a> + Encode>(der: &'a [u8]) {
    assert_eq!(T::from_der(der).unwrap().to_der().unwrap(), der);
}

#[test]
fn cms_and_certificates_are_strict_der() {
    let pki = Pki::new();
    let signature = cms::sign(&pki.signatory, std::slice::from_ref(&pki.ca.certificate));
    let info = ::cms::content_info::ContentInfo::from_der(&signature).unwrap();
    same::<::cms::signed_data::SignedData>(&info.content.to_der().unwrap());
    same::<x509_cert::Certificate>(pki.signatory.certificate.der());
}

#[test]
fn time_stamps_are_strict_der() {
    let pki = Pki::new();
    let imprint = MessageImprint::of(HashAlgorithm::Sha256, &[b"x"]);
    let request = TimeStampReq::new(imprint, Some(vec![5]));
    same::<x509_tsp::TimeStampReq>(&request.der());
    let grant = Grant {
        policy: absah::kernel::asn1::oids::ANY_POLICY,
        serial: &[7],
        gen_time: NOW,
        accuracy: None,
    };
    let response = issue(&request, &grant, &pki.tsa.certificate, &[], &pki.tsa.key).unwrap();
    same::<x509_tsp::TimeStampResp<'_>>(&response);
}

#[test]
fn revocation_data_is_strict_der() {
    let pki = Pki::new();
    let crl = CrlBuilder {
        issuer: &pki.ca.certificate,
        number: &[1],
        this_update: NOW,
        next_update: NOT_AFTER,
        revocations: &[],
        lists_expired_since: Some(NOW),
    };
    same::<x509_cert::crl::CertificateList>(&crl.sign(&pki.ca.key).unwrap());
    let cert_id = CertId::new(HashAlgorithm::Sha1, &pki.ca.certificate, &[1]);
    let request = OcspRequest {
        cert_ids: vec![cert_id.clone()],
        nonce: Some(vec![1; 16]),
    };
    same::<x509_ocsp::OcspRequest>(&request.der());
    let answers = [SingleAnswer {
        cert_id,
        status: CertStatus::Good,
        this_update: NOW,
        next_update: Some(NOT_AFTER),
        extensions: vec![absah::kernel::x509::ocsp::archive_cutoff(NOW)],
    }];
    let response = ResponseBuilder {
        responder: &pki.ocsp.certificate,
        certificates: std::slice::from_ref(&pki.ocsp.certificate),
        produced_at: NOW,
        answers: &answers,
        nonce: Some(&[1; 16]),
    };
    same::<x509_ocsp::OcspResponse>(&response.sign(&pki.ocsp.key).unwrap());
}

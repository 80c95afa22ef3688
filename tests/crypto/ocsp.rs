//! OCSP: our answers, verified by `openssl ocsp`; its requests, read by us; and
//! responders that may not answer.

use std::path::Path;

use absah::kernel::asn1::oids;
use absah::kernel::hash::HashAlgorithm;
use absah::kernel::x509::RevocationReason;
use absah::kernel::x509::ocsp::{
    CertId, CertStatus, OcspError, OcspRequest, OcspResponse, ResponderId, ResponseBuilder,
    ResponseStatus, SingleAnswer, archive_cutoff, invalidity_date, unsuccessful,
};
use tempfile::tempdir;

use crate::support::pki::{Holder, NOT_AFTER, NOW, Pki, Profile, purposes};
use crate::support::tools::{Said, must, run};
use crate::{flipped, position, write_pem};

fn request(folder: &Path, pki: &Pki, extra: &[&str]) -> OcspRequest {
    write_pem(folder, "ca.pem", &[&pki.ca.certificate]);
    write_pem(folder, "root.pem", &[&pki.root.certificate]);
    write_pem(folder, "leaf.pem", &[&pki.signatory.certificate]);
    let ask = [
        "-issuer",
        "ca.pem",
        "-cert",
        "leaf.pem",
        "-reqout",
        "request.der",
    ];
    must(
        folder,
        "openssl",
        &[&["ocsp", "-sha256"], extra, &ask].concat(),
    );
    OcspRequest::parse(&std::fs::read(folder.join("request.der")).unwrap()).unwrap()
}

/// Since when the key is suspected.
const SUSPECTED: time::OffsetDateTime = NOW.saturating_sub(time::Duration::DAY);

fn answer(request: &OcspRequest, status: CertStatus, responder: &Holder) -> Vec<u8> {
    let answers: Vec<SingleAnswer> = request
        .cert_ids
        .iter()
        .map(|cert_id| SingleAnswer {
            cert_id: cert_id.clone(),
            status,
            this_update: NOW,
            next_update: Some(NOT_AFTER),
            extensions: vec![invalidity_date(SUSPECTED), archive_cutoff(NOW)],
        })
        .collect();
    let builder = ResponseBuilder {
        responder: &responder.certificate,
        certificates: std::slice::from_ref(&responder.certificate),
        produced_at: NOW,
        answers: &answers,
        nonce: request.nonce.as_deref(),
    };
    builder.sign(&responder.key).unwrap()
}

/// Asks `openssl ocsp` twice: for the nonce it must be given the request, for the status
/// the certificate, and it takes only one of them.
fn openssl_check(folder: &Path, response: &[u8]) -> Said {
    std::fs::write(folder.join("response.der"), response).unwrap();
    let asked = [
        "-sha256 -issuer ca.pem -cert leaf.pem",
        "-reqin request.der",
    ]
    .map(|what| {
        let check = format!(
            "ocsp {what} -no_nonce -respin response.der -CAfile root.pem -verify_other ca.pem"
        );
        run(
            folder,
            "openssl",
            &check.split_whitespace().collect::<Vec<_>>(),
        )
    });
    let verified = |said: &Said| said.content && said.text.contains("Response verify OK");
    Said {
        content: asked.iter().all(verified),
        text: asked.map(|said| said.text).concat(),
    }
}

#[test]
fn our_answers_satisfy_openssl_and_us() {
    let revoked = CertStatus::Revoked {
        at: NOW,
        reason: Some(RevocationReason::KeyCompromise),
    };
    let cases = [
        (CertStatus::Good, "leaf.pem: good"),
        (revoked, "leaf.pem: revoked"),
        (CertStatus::Unknown, "leaf.pem: unknown"),
    ];
    for (status, text) in cases {
        let folder = tempdir().unwrap();
        let pki = Pki::new();
        let request = request(folder.path(), &pki, &[]);
        assert!(request.nonce.is_some());
        let response = answer(&request, status, &pki.ocsp);
        let said = openssl_check(folder.path(), &response);
        assert!(said.content && said.text.contains(text), "{}", said.text);
        assert!(!said.text.contains("WARNING: no nonce"), "{}", said.text);
        let basic = OcspResponse::parse(&response).unwrap().basic.unwrap();
        assert_eq!(basic.nonce, request.nonce);
        assert!(matches!(basic.responder, ResponderId::KeyHash(_)));
        let responder = basic.verify(&pki.ca.certificate, &[]).unwrap();
        assert_eq!(responder, pki.ocsp.certificate);
        let single = basic
            .response_for(&pki.signatory.certificate, &pki.ca.certificate)
            .unwrap();
        assert_eq!(single.status, status);
        assert_eq!(
            (single.this_update, single.next_update),
            (NOW, Some(NOT_AFTER))
        );
        assert_eq!(
            (single.invalidity_date, single.archive_cutoff),
            (Some(SUSPECTED), Some(NOW))
        );
        assert!(
            basic
                .response_for(&pki.tsa.certificate, &pki.ca.certificate)
                .is_none()
        );
        assert!(
            basic
                .response_for(&pki.signatory.certificate, &pki.root.certificate)
                .is_none()
        );
    }
}

#[test]
fn our_requests_are_read_by_openssl() {
    let folder = tempdir().unwrap();
    let pki = Pki::new();
    let cert_id = CertId::new(
        HashAlgorithm::Sha1,
        &pki.ca.certificate,
        pki.signatory.certificate.serial(),
    );
    assert!(cert_id.names(&pki.signatory.certificate, &pki.ca.certificate));
    let ours = OcspRequest {
        cert_ids: vec![cert_id],
        nonce: Some(vec![0xab; 16]),
    };
    assert_eq!(OcspRequest::parse(&ours.der()).unwrap(), ours);
    std::fs::write(folder.path().join("request.der"), ours.der()).unwrap();
    let text = must(
        folder.path(),
        "openssl",
        &["ocsp", "-reqin", "request.der", "-req_text"],
    );
    assert!(
        text.contains("OCSP Nonce") && text.contains("ABABABAB"),
        "{text}"
    );
    let theirs = request(
        folder.path(),
        &pki,
        &["-no_nonce", "-issuer", "ca.pem", "-cert", "ca.pem"],
    );
    assert_eq!((theirs.cert_ids.len(), theirs.nonce), (2, None));
}

#[test]
fn requests_are_bounded() {
    let pki = Pki::new();
    let cert_id = CertId::new(HashAlgorithm::Sha256, &pki.ca.certificate, &[1]);
    let with = |count, nonce: Option<Vec<u8>>| {
        OcspRequest::parse(
            &OcspRequest {
                cert_ids: vec![cert_id.clone(); count],
                nonce,
            }
            .der(),
        )
    };
    assert!(with(16, Some(vec![1; 32])).is_ok());
    assert!(with(17, None).is_err());
    assert!(with(0, None).is_err());
    assert_eq!(with(1, Some(vec![1; 33])), Err(OcspError::NonceLength(33)));
    assert_eq!(with(1, Some(vec![])), Err(OcspError::NonceLength(0)));
}

#[test]
fn the_issuer_may_answer_itself() {
    let folder = tempdir().unwrap();
    let pki = Pki::new();
    let response = answer(
        &request(folder.path(), &pki, &[]),
        CertStatus::Good,
        &pki.ca,
    );
    let basic = OcspResponse::parse(&response).unwrap().basic.unwrap();
    assert_eq!(
        basic.verify(&pki.ca.certificate, &[]).unwrap(),
        pki.ca.certificate
    );
    let said = openssl_check(folder.path(), &response);
    assert!(said.content, "{}", said.text);
}

#[test]
fn a_responder_that_was_not_delegated_is_refused() {
    let folder = tempdir().unwrap();
    let pki = Pki::new();
    let request = request(folder.path(), &pki, &[]);
    let strangers = [
        Profile::bare("no purpose").issued_by(&pki.ca),
        Profile::bare("wrong purpose")
            .with(purposes(false, &[oids::ID_KP_TIME_STAMPING]))
            .issued_by(&pki.ca),
        Profile::ocsp("of the root").issued_by(&pki.root),
        Pki::new().ocsp,
    ];
    for stranger in strangers {
        let response = answer(&request, CertStatus::Good, &stranger);
        let basic = OcspResponse::parse(&response).unwrap().basic.unwrap();
        let said = basic.verify(&pki.ca.certificate, &[]);
        assert!(matches!(said, Err(OcspError::NotAuthorised(_))), "{said:?}");
        assert!(!openssl_check(folder.path(), &response).content);
    }
}

#[test]
fn a_flipped_bit_or_another_nonce_is_noticed() {
    let folder = tempdir().unwrap();
    let pki = Pki::new();
    let request = request(folder.path(), &pki, &[]);
    let response = answer(&request, CertStatus::Good, &pki.ocsp);
    let broken = flipped(&response, position(&response, b"20260601083000Z") + 3);
    let basic = OcspResponse::parse(&broken).unwrap().basic.unwrap();
    assert!(matches!(
        basic.verify(&pki.ca.certificate, &[]),
        Err(OcspError::Signature(_))
    ));
    assert!(!openssl_check(folder.path(), &broken).content);
    let other = OcspRequest {
        nonce: Some(vec![1; 16]),
        ..request
    };
    let said = openssl_check(folder.path(), &answer(&other, CertStatus::Good, &pki.ocsp));
    assert!(said.text.contains("Nonce Verify error"), "{}", said.text);
}

#[test]
fn an_unsuccessful_answer_has_no_content() {
    let folder = tempdir().unwrap();
    let pki = Pki::new();
    request(folder.path(), &pki, &[]);
    let response = unsuccessful(ResponseStatus::Unauthorized);
    let parsed = OcspResponse::parse(&response).unwrap();
    assert!(parsed.basic.is_none() && parsed.status == ResponseStatus::Unauthorized);
    assert!(
        openssl_check(folder.path(), &response)
            .text
            .contains("unauthorized (6)")
    );
    assert!(OcspResponse::parse(&unsuccessful(ResponseStatus::Successful)).is_err());
}

//! Time-stamps: ours, verified by `openssl ts`; those of `openssl ts -reply`, read by us;
//! and answers that must be refused before they are used.

use std::path::Path;

use absah::kernel::asn1::{ObjectIdentifier, oids};
use absah::kernel::hash::HashAlgorithm;
use absah::kernel::sign::SignatureAlgorithm;
use absah::kernel::tsp::{
    Accuracy, Grant, MessageImprint, PkiFailureInfo, TimeStampReq, TimeStampToken, TspError,
    check_response, issue, rejection,
};
use absah::kernel::x509::Certificate;
use tempfile::tempdir;

use crate::support::pki::{Holder, Key, NOW, Pki, Profile, purposes};
use crate::support::tools::{Said, must, run};
use crate::{flipped, position, write_pem};

const POLICY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.99999.1.2");

fn request() -> TimeStampReq {
    let imprint = MessageImprint::of(HashAlgorithm::Sha512, &[b"a signature value"]);
    TimeStampReq::new(imprint, Some(vec![0x21, 0x43, 0x65]))
}

fn answer(request: &TimeStampReq, tsa: &Holder, chain: &[Certificate]) -> Vec<u8> {
    let grant = Grant {
        policy: POLICY,
        serial: &[0, 0xfe, 1],
        gen_time: NOW + time::Duration::milliseconds(120),
        accuracy: Some(Accuracy {
            seconds: 1,
            millis: 0,
            micros: 5,
        }),
    };
    issue(request, &grant, &tsa.certificate, chain, &tsa.key).unwrap()
}

fn openssl_verify(folder: &Path, request: &[u8], response: &[u8], root: &Certificate) -> Said {
    std::fs::write(folder.join("request.tsq"), request).unwrap();
    std::fs::write(folder.join("response.tsr"), response).unwrap();
    write_pem(folder, "root.pem", &[root]);
    let verify = "ts -verify -queryfile request.tsq -in response.tsr -CAfile root.pem";
    run(folder, "openssl", &verify.split(' ').collect::<Vec<_>>())
}

#[test]
fn our_answer_satisfies_openssl_and_us() {
    let pki = Pki::new();
    for key in [
        Key::p256(),
        Key::generate(SignatureAlgorithm::Ecdsa(HashAlgorithm::Sha384)),
        Key::generate(SignatureAlgorithm::RsaPkcs1(HashAlgorithm::Sha256)),
    ] {
        let folder = tempdir().unwrap();
        let tsa = Profile::tsa("TSA").issued_to(key, &pki.ca);
        let response = answer(&request(), &tsa, std::slice::from_ref(&pki.ca.certificate));
        let said = openssl_verify(
            folder.path(),
            &request().der(),
            &response,
            &pki.root.certificate,
        );
        assert!(said.content, "{}", said.text);
        let token = check_response(&request(), &response).unwrap();
        assert_eq!(token.tst.gen_time, NOW + time::Duration::milliseconds(120));
        assert_eq!(token.signed_data.version, 3);
        assert!(token.signed_data.is_der());
        let text = must(
            folder.path(),
            "openssl",
            &["ts", "-reply", "-in", "response.tsr", "-text"],
        );
        for part in [
            "Granted.",
            "Serial number: 0xFE01",
            "0x01 seconds, unspecified millis, 0x05 micros",
            "Nonce: 0x214365",
            "Jun  1 08:30:00.12 2026 GMT",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
}

#[test]
fn certificates_are_sent_only_when_asked_for() {
    let folder = tempdir().unwrap();
    let pki = Pki::new();
    let request = TimeStampReq {
        cert_req: false,
        ..request()
    };
    let response = answer(
        &request,
        &pki.tsa,
        std::slice::from_ref(&pki.ca.certificate),
    );
    assert!(matches!(
        check_response(&request, &response),
        Err(TspError::NoCertificate)
    ));
    std::fs::write(folder.path().join("response.tsr"), &response).unwrap();
    must(
        folder.path(),
        "openssl",
        &[
            "ts",
            "-reply",
            "-in",
            "response.tsr",
            "-token_out",
            "-out",
            "token",
        ],
    );
    let token =
        TimeStampToken::parse(&std::fs::read(folder.path().join("token")).unwrap()).unwrap();
    assert!(token.signed_data.certificates.is_empty());
    token.check(&pki.tsa.certificate).unwrap();
}

#[test]
fn an_answer_to_another_question_is_refused() {
    let folder = tempdir().unwrap();
    let pki = Pki::new();
    let response = answer(
        &request(),
        &pki.tsa,
        std::slice::from_ref(&pki.ca.certificate),
    );
    let other_nonce = TimeStampReq {
        nonce: Some(vec![7]),
        ..request()
    };
    assert!(matches!(
        check_response(&other_nonce, &response),
        Err(TspError::Nonce)
    ));
    let other_imprint = TimeStampReq {
        imprint: MessageImprint::of(HashAlgorithm::Sha512, &[b"another value"]),
        ..request()
    };
    assert!(matches!(
        check_response(&other_imprint, &response),
        Err(TspError::Imprint)
    ));
    let other_policy = TimeStampReq {
        policy: Some(oids::ANY_POLICY),
        ..request()
    };
    assert!(matches!(
        check_response(&other_policy, &response),
        Err(TspError::Policy(POLICY))
    ));
    for twin in [other_nonce, other_imprint] {
        let said = openssl_verify(folder.path(), &twin.der(), &response, &pki.root.certificate);
        assert!(!said.content);
    }
}

#[test]
fn a_wrong_extended_key_usage_is_refused() {
    let pki = Pki::new();
    let stamping = oids::ID_KP_TIME_STAMPING;
    let usages = [
        Profile::bare("none"),
        Profile::bare("not critical").with(purposes(false, &[stamping])),
        Profile::bare("with another")
            .with(purposes(true, &[stamping, oids::ID_KP_EMAIL_PROTECTION])),
        Profile::bare("wrong").with(purposes(true, &[oids::ID_KP_OCSP_SIGNING])),
    ];
    for profile in usages {
        let tsa = profile.issued_by(&pki.ca);
        let response = answer(&request(), &tsa, std::slice::from_ref(&pki.ca.certificate));
        let said = check_response(&request(), &response);
        assert!(
            matches!(said, Err(TspError::ExtendedKeyUsage)),
            "{}",
            profile.common_name
        );
    }
}

#[test]
fn an_injected_certificate_is_refused() {
    let pki = Pki::new();
    let stranger = Pki::new().signatory.certificate;
    let response = answer(
        &request(),
        &pki.tsa,
        &[pki.ca.certificate.clone(), stranger],
    );
    assert!(matches!(
        check_response(&request(), &response),
        Err(TspError::ForeignCertificate(_))
    ));
}

#[test]
fn a_flipped_bit_is_noticed() {
    let folder = tempdir().unwrap();
    let pki = Pki::new();
    let response = answer(
        &request(),
        &pki.tsa,
        std::slice::from_ref(&pki.ca.certificate),
    );
    let token = check_response(&request(), &response).unwrap();
    let signature = &token.signer().unwrap().signature;
    for place in [
        position(&response, b"20260601083000.12Z") + 3,
        position(&response, signature) + 9,
    ] {
        let broken = flipped(&response, place);
        assert!(check_response(&request(), &broken).is_err());
        let said = openssl_verify(
            folder.path(),
            &request().der(),
            &broken,
            &pki.root.certificate,
        );
        assert!(!said.content);
    }
}

#[test]
fn a_refusal_says_why() {
    let folder = tempdir().unwrap();
    let refusal = rejection(PkiFailureInfo::TimeNotAvailable, "the clock is unsure");
    std::fs::write(folder.path().join("response.tsr"), &refusal).unwrap();
    let text = must(
        folder.path(),
        "openssl",
        &["ts", "-reply", "-in", "response.tsr", "-text"],
    );
    assert!(
        text.contains("Rejected.") && text.contains("the clock is unsure"),
        "{text}"
    );
    assert!(text.contains("time source is not available"), "{text}");
    match check_response(&request(), &refusal) {
        Err(TspError::Refused {
            status: 2,
            failure,
            text,
        }) => {
            assert_eq!(failure, Some(PkiFailureInfo::TimeNotAvailable));
            assert_eq!(text, "the clock is unsure");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn requests_and_answers_of_openssl_are_read() {
    let folder = tempdir().unwrap();
    let pki = Pki::new();
    let path = folder.path();
    std::fs::write(path.join("data"), b"permit").unwrap();
    must(
        path,
        "openssl",
        &[
            "ts",
            "-query",
            "-data",
            "data",
            "-sha384",
            "-cert",
            "-out",
            "request.tsq",
        ],
    );
    let request = TimeStampReq::parse(&std::fs::read(path.join("request.tsq")).unwrap()).unwrap();
    assert!(request.imprint.covers(&[b"per", b"mit"]) && request.cert_req);
    std::fs::write(path.join("key.pem"), pki.tsa.key.pem()).unwrap();
    write_pem(path, "tsa.pem", &[&pki.tsa.certificate]);
    write_pem(path, "ca.pem", &[&pki.ca.certificate]);
    std::fs::write(path.join("serial"), "41").unwrap();
    std::fs::write(path.join("ts.cnf"), OPENSSL_TSA).unwrap();
    must(
        path,
        "openssl",
        &[
            "ts",
            "-reply",
            "-config",
            "ts.cnf",
            "-queryfile",
            "request.tsq",
            "-signer",
            "tsa.pem",
            "-inkey",
            "key.pem",
            "-chain",
            "ca.pem",
            "-out",
            "response.tsr",
        ],
    );
    let token =
        check_response(&request, &std::fs::read(path.join("response.tsr")).unwrap()).unwrap();
    assert_eq!(token.tst.serial, [0x42]);
    assert_eq!(token.tst.accuracy.unwrap().millis, 500);
}

const OPENSSL_TSA: &str = "
[tsa]
default_tsa = one
[one]
serial = serial
default_policy = 1.2.3.4
signer_digest = sha256
digests = sha384
accuracy = secs:1, millisecs:500
clock_precision_digits = 3
ordering = yes
tsa_name = yes
ess_cert_id_chain = yes
ess_cert_id_alg = sha256
";

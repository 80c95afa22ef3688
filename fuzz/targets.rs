//! What is fuzzed: each target takes any bytes, and must come back.

use std::sync::LazyLock;

use time::{Duration, OffsetDateTime};

use crate::kernel::cms::SignedData;
use crate::kernel::hash::HashAlgorithm;
use crate::kernel::pdf::difference::{EdgeCache, Rules, compare};
use crate::kernel::pdf::intake::inspect;
use crate::kernel::pdf::signatures;
use crate::kernel::pdf::{Limits, Pdf};
use crate::kernel::tsp::{MessageImprint, TimeStampReq, TimeStampToken, check_response};
use crate::kernel::validation::{Anchors, Policy, ValidationInput, validate};
use crate::kernel::x509::Certificate;
use crate::kernel::x509::crl::Crl;
use crate::kernel::x509::ocsp::{OcspRequest, OcspResponse};
use crate::seeds::WORLD;
use crate::world::pki::SIGNED;

/// A target.
pub struct Target {
    pub name: &'static str,
    pub run: fn(&[u8]),
    /// The longest input that is tried.
    pub longest: usize,
}

/// All of them.
pub const TARGETS: [Target; 8] = [
    target("pdf", pdf, 256 << 10),
    target("difference", difference, 256 << 10),
    target("cms", cms, 32 << 10),
    target("tsp", tsp, 32 << 10),
    target("ocsp", ocsp, 16 << 10),
    target("crl", crl, 16 << 10),
    target("certificate", certificate, 16 << 10),
    target("verifier", verifier, 256 << 10),
];

const fn target(name: &'static str, run: fn(&[u8]), longest: usize) -> Target {
    Target { name, run, longest }
}

fn pdf(bytes: &[u8]) {
    let limits = Limits::default();
    let _ = inspect(bytes, &limits);
    let Ok(pdf) = Pdf::read(bytes, &limits) else {
        return;
    };
    let _ = pdf.pages();
    for signature in signatures::signatures(&pdf).into_iter().flatten() {
        if let Some(signature) = &signature.signature {
            let _ = signatures::range::violations(&pdf, signature);
        }
    }
}

/// Every revision against the whole.
fn difference(bytes: &[u8]) {
    const MOST: usize = 4;
    let limits = Limits::default();
    let Ok(new) = Pdf::read(bytes, &limits) else {
        return;
    };
    let ends = bytes.windows(6).enumerate();
    let ends = ends.filter(|(_, window)| *window == b"%%EOF\n");
    for (start, _) in ends.take(MOST) {
        if let Ok(old) = Pdf::read(&bytes[..start + 6], &limits) {
            let mut cache = EdgeCache::default();
            let _ = compare(&old, &new, &Rules::default(), &mut cache);
        }
    }
}

fn cms(bytes: &[u8]) {
    let Ok(signed) = SignedData::parse(bytes) else {
        return;
    };
    for signer in &signed.signer_infos {
        let _ = signer.check_algorithm_protection();
        let _ = signer.message_digest();
        let _ = signer.ess_cert_ids();
        let _ = signer.check_content(&[b"content"]);
        if let Some(certificate) = signer.find_certificate(&signed.certificates) {
            let _ = signer.check_signing_certificate(certificate);
            let _ = signer.verify_signature(certificate);
        }
    }
}

fn tsp(bytes: &[u8]) {
    if let Ok(token) = TimeStampToken::parse(bytes)
        && let Some(certificate) = token.find_certificate(&[])
    {
        let _ = token.check(certificate);
    }
    if let Ok(request) = TimeStampReq::parse(bytes) {
        let _ = request.der();
    }
    let imprint = MessageImprint::of(HashAlgorithm::Sha256, &[b"seed"]);
    let _ = check_response(&TimeStampReq::new(imprint, None), bytes);
}

fn ocsp(bytes: &[u8]) {
    let _ = OcspRequest::parse(bytes);
    let Ok(response) = OcspResponse::parse(bytes) else {
        return;
    };
    if let Some(basic) = &response.basic {
        let _ = basic.response_for(&KNOWN.signer, &KNOWN.issuer);
        let _ = basic.verify(&KNOWN.issuer, &basic.certificates);
    }
}

fn crl(bytes: &[u8]) {
    for crl in Crl::from_pem_or_der(bytes).into_iter().flatten() {
        let _ = crl.entry(KNOWN.signer.serial());
        let _ = crl.verify(&KNOWN.issuer);
    }
}

fn certificate(bytes: &[u8]) {
    for certificate in Certificate::from_pem_or_der(bytes).into_iter().flatten() {
        let _ = certificate.subject().to_string();
        let _ = certificate.public_key().map(|key| key.bits());
        let _ = certificate.signature_algorithm();
        let _ = certificate.verify_issued_by(&KNOWN.issuer);
        let _ = certificate.extended_key_usage();
        let _ = certificate.crl_distribution_points();
    }
}

/// The whole verifier, and everything that is made of its report.
fn verifier(bytes: &[u8]) {
    let input = ValidationInput {
        anchors: &KNOWN.anchors,
        untrusted: &[],
        crls: &[],
        ocsps: &[],
        at: KNOWN.at,
        policy: &KNOWN.policy,
        limits: Limits::default(),
    };
    let report = validate(bytes, &input);
    let _ = report.to_xml();
    let _ = serde_json::to_vec(&report);
}

/// The authority of the seeds, as this copy of the kernel reads it.
struct Known {
    anchors: Anchors,
    policy: Policy,
    signer: Certificate,
    issuer: Certificate,
    at: OffsetDateTime,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let read = |der: &[u8]| Certificate::parse(der).expect("a certificate of the seeds");
    Known {
        anchors: Anchors::for_all(vec![read(WORLD.root.certificate.der())]),
        policy: Policy::strict().expect("the policy"),
        signer: read(WORLD.signer.certificate.der()),
        issuer: read(WORLD.ca.certificate.der()),
        at: SIGNED + Duration::HOUR,
    }
});

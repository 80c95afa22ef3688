//! `cargo bench --bench crypto`: assembly, reading and checking of the cryptographic
//! structures beside the public-key operation they surround (P-256, one core).
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod measure;
#[path = "../support/mod.rs"]
mod support;

use std::hint::black_box;

use absah::kernel::asn1::oids;
use absah::kernel::cms::{SignedAttributes, SignedData, SignedDataBuilder};
use absah::kernel::hash::HashAlgorithm;
use absah::kernel::sign::Signer;
use absah::kernel::tsp::{Grant, MessageImprint, TimeStampReq, check_response, issue};
use absah::kernel::x509::Certificate;
use absah::kernel::x509::paths::{Purpose, build};
use measure::Bench;
use support::pki::{NOW, Pki};

fn main() {
    let quick = !std::env::args().any(|argument| argument == "--bench");
    let pki = Pki::new();
    let work = Work::new(&pki);
    Bench::new(quick).table(
        "P-256 verification",
        &mut [
            ("P-256 verification", &mut || work.verify()),
            ("P-256 signature", &mut || work.sign()),
            ("signed attributes and SignedData", &mut || work.assemble()),
            ("certificate, parsed", &mut || work.parse_certificate()),
            ("SignedData with two certificates, parsed", &mut || {
                work.parse();
            }),
            ("path of three, built and verified", &mut || work.path()),
            ("time-stamp, issued", &mut || work.issue()),
            ("time-stamp, checked", &mut || work.check()),
        ],
    );
}

struct Work<'a> {
    pki: &'a Pki,
    chain: [Certificate; 2],
    signature: Vec<u8>,
    cms: Vec<u8>,
    request: TimeStampReq,
    response: Vec<u8>,
}

impl<'a> Work<'a> {
    fn new(pki: &'a Pki) -> Self {
        let chain = [&pki.signatory, &pki.ca].map(|holder| holder.certificate.clone());
        let imprint = MessageImprint::of(HashAlgorithm::Sha256, &[b"value"]);
        let mut work = Self {
            pki,
            chain,
            signature: pki.signatory.key.sign(b"permit").unwrap(),
            cms: Vec::new(),
            request: TimeStampReq::new(imprint, Some(vec![1; 8])),
            response: Vec::new(),
        };
        work.cms = work.assembled();
        work.response = work.issued();
        work
    }

    fn verify(&self) {
        let key = self.pki.signatory.certificate.public_key().unwrap();
        key.verify(
            self.pki.signatory.key.algorithm(),
            b"permit",
            &self.signature,
        )
        .unwrap();
    }

    fn sign(&self) {
        black_box(self.pki.signatory.key.sign(b"permit").unwrap());
    }

    fn assembled(&self) -> Vec<u8> {
        let signer = &self.pki.signatory.certificate;
        let algorithm = self.pki.signatory.key.algorithm();
        let attributes = SignedAttributes::new(oids::ID_DATA, &[7; 32], signer, algorithm);
        black_box(attributes.digest());
        let builder = SignedDataBuilder {
            attributes: &attributes,
            signature: &self.signature,
            signer,
            certificates: &self.chain,
            econtent: None,
            unsigned: &[],
        };
        builder.build()
    }

    fn assemble(&self) {
        black_box(self.assembled());
    }

    fn parse_certificate(&self) {
        black_box(Certificate::parse(self.chain[0].der()).unwrap());
    }

    fn parse(&self) {
        black_box(SignedData::parse(&self.cms).unwrap());
    }

    fn path(&self) {
        let anchors = std::slice::from_ref(&self.pki.root.certificate);
        let path = build(&self.chain[0], &self.chain, anchors, NOW, Purpose::Signer);
        black_box(path.unwrap());
    }

    fn issued(&self) -> Vec<u8> {
        let grant = Grant {
            policy: oids::ANY_POLICY,
            serial: &[1],
            gen_time: NOW,
            accuracy: None,
        };
        let tsa = &self.pki.tsa;
        issue(
            &self.request,
            &grant,
            &tsa.certificate,
            &self.chain[1..],
            &tsa.key,
        )
        .unwrap()
    }

    fn issue(&self) {
        black_box(self.issued());
    }

    fn check(&self) {
        black_box(check_response(&self.request, &self.response).unwrap());
    }
}

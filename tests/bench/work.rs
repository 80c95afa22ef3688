//! The operations that are measured: what the service does for one permit, without
//! storage and network.

use std::hint::black_box;

use absah::kernel::hash::HashAlgorithm;
use absah::kernel::pades::{BaselineB, BaselineT, Composition, ToBeSigned};
use absah::kernel::pdf::Limits;
use absah::kernel::pdf::appearance::{
    Arrangement, BlockPrinter, Certifier, SignatureBlock, Template,
};
use absah::kernel::pdf::placement::Placement;
use absah::kernel::pdf::qr::QrCode;
use absah::kernel::pdf::signing::{Claims, DocMdp, ValidationData};
use absah::kernel::sign::Signer as _;
use absah::kernel::tsp::{self, MessageImprint, TimeStampReq, TimeStampToken};
use absah::kernel::x509::crl::CrlBuilder;
use absah::kernel::x509::ocsp::{CertId, CertStatus, ResponseBuilder, SingleAnswer};
use time::OffsetDateTime;

use crate::support::pki::{Holder, Pki};

/// A permit, a PKI and what is prepared once for many permits.
pub struct Work {
    pub file: Vec<u8>,
    pki: Pki,
    now: OffsetDateTime,
    printer: BlockPrinter,
    block: SignatureBlock,
    qr: QrCode,
    crl: Vec<u8>,
    limits: Limits,
}

const HASH: HashAlgorithm = HashAlgorithm::Sha256;

impl Work {
    pub fn new(file: &[u8]) -> Self {
        let pki = Pki::new();
        let now = OffsetDateTime::now_utc();
        Self {
            file: file.to_vec(),
            crl: crl(&pki.root, now),
            pki,
            now,
            printer: BlockPrinter::new(Template::built_in().unwrap()),
            block: SignatureBlock {
                intro: None,
                office: "KEPALA DINAS".into(),
                name: "SITI CONTOH, S.H.".into(),
                rank: Some("Pembina Tk. I".into()),
                nip: Some("19750619 199503 1 003".into()),
                certifier: Certifier::Demonstration {
                    issuer: "DEMONSTRASI".into(),
                },
            },
            qr: QrCode::encode(b"HTTP://LOCALHOST:8080/V/0123456789ABCDEFG").unwrap(),
            limits: Limits::default(),
        }
    }

    /// The raw public-key operation that everything is compared with.
    pub fn raw_signature(&self) {
        black_box(self.pki.signatory.key.sign_digest(&[7; 32]).unwrap());
    }

    /// One pass over the file.
    pub fn digest(&self) {
        black_box(HASH.digest(&[&self.file]));
    }

    /// B-B as bytes.
    pub fn basic(&self, visible: bool) {
        black_box(self.sign(visible).into_bytes().unwrap());
    }

    /// B-T as bytes, the timestamp made here.
    pub fn timestamped(&self) {
        black_box(self.with_timestamp().into_bytes());
    }

    /// B-LTA as bytes: two timestamps, an OCSP response for the signatory and one for the
    /// authority's certificates, the root's CRL.
    pub fn archived(&self) {
        let long_term = self
            .with_timestamp()
            .with_validation_data(self.validation_data());
        let waiting = long_term
            .prepare_document_timestamp(8192, HASH, &self.limits)
            .unwrap();
        let token = self.token(waiting.imprint());
        black_box(waiting.with_token(&token).unwrap().into_bytes());
    }

    fn with_timestamp(&self) -> BaselineT {
        let signature = self.sign(true);
        let token = self.token(&signature.timestamp_imprint(HASH));
        signature.with_timestamp(&token).unwrap()
    }

    fn sign(&self, visible: bool) -> BaselineB {
        let rect = Placement::Rect {
            page: 1,
            rect: [300.0, 100.0, 240.0, 110.0],
        };
        let placement = if visible { rect } else { Placement::Invisible };
        let composition = Composition {
            placement: &placement,
            block: &self.block,
            arrangement: &Arrangement::Fitting,
            qr: visible.then_some(&self.qr),
            qr_pages: &[],
            claims: Claims::default(),
            m: self.now,
            certify: Some(DocMdp::FormFilling),
            further: &[],
            hole: 16 * 1024,
        };
        let prepared = composition
            .prepare(&self.file, &self.printer, &self.limits)
            .unwrap();
        let signatory = &self.pki.signatory;
        let waiting = ToBeSigned::new(prepared, &signatory.certificate, signatory.key.algorithm());
        let value = signatory.key.sign_digest(&waiting.digest()).unwrap();
        waiting.with_signature(
            value,
            &signatory.certificate,
            std::slice::from_ref(&self.pki.ca.certificate),
        )
    }

    fn token(&self, imprint: &MessageImprint) -> TimeStampToken {
        let request = TimeStampReq {
            imprint: imprint.clone(),
            policy: None,
            nonce: Some(vec![1; 8]),
            cert_req: true,
        };
        let grant = tsp::Grant {
            policy: const_oid::ObjectIdentifier::new_unwrap("1.2.3.4"),
            serial: &[1; 16],
            gen_time: self.now,
            accuracy: None,
        };
        let tsa = &self.pki.tsa;
        let response = tsp::issue(&request, &grant, &tsa.certificate, &[], &tsa.key).unwrap();
        tsp::check_response(&request, &response).unwrap()
    }

    fn validation_data(&self) -> ValidationData {
        let pki = &self.pki;
        let holders = [&pki.signatory, &pki.tsa, &pki.ca, &pki.root];
        ValidationData {
            certificates: holders
                .map(|holder| holder.certificate.der().to_vec())
                .into(),
            ocsps: vec![self.ocsp(&pki.signatory), self.ocsp(&pki.tsa)],
            crls: vec![self.crl.clone()],
        }
    }

    fn ocsp(&self, subject: &Holder) -> Vec<u8> {
        let serial = subject.certificate.serial();
        let answer = SingleAnswer {
            cert_id: CertId::new(HashAlgorithm::Sha1, &self.pki.ca.certificate, serial),
            status: CertStatus::Good,
            this_update: self.now,
            next_update: None,
            extensions: Vec::new(),
        };
        let responder = &self.pki.ocsp;
        let builder = ResponseBuilder {
            responder: &responder.certificate,
            certificates: std::slice::from_ref(&responder.certificate),
            produced_at: self.now,
            answers: &[answer],
            nonce: None,
        };
        builder.sign(&responder.key).unwrap()
    }
}

fn crl(root: &Holder, now: OffsetDateTime) -> Vec<u8> {
    let builder = CrlBuilder {
        issuer: &root.certificate,
        this_update: now,
        next_update: now + time::Duration::days(30),
        number: &[1],
        revocations: &[],
        lists_expired_since: None,
    };
    builder.sign(&root.key).unwrap()
}

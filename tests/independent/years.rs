//! A small world with an authority whose years pass when a test says so: the ports
//! that the levels of a signature need.

use absah::kernel::asn1::{ObjectIdentifier, Tag, write};
use absah::kernel::hash::HashAlgorithm;
use absah::kernel::pades::{BaselineB, ToBeSigned};
use absah::kernel::pdf::Limits;
use absah::kernel::pdf::signing::Prepared;
use absah::kernel::sign::{SignatureAlgorithm, Signer as _};
use absah::kernel::tsp::{self, MessageImprint, TimeStampReq};
use absah::kernel::validation::Anchors;
use absah::kernel::x509::Certificate;
use absah::kernel::x509::crl::CrlBuilder;
use absah::kernel::x509::ocsp::{
    CertId, CertStatus, ResponseBuilder, SingleAnswer, archive_cutoff,
};
use absah::services::levels::Levels;
use absah::services::ports::{
    RevocationData, RevocationDataError, RevocationEvidence, TimestampError, Timestamps,
};
use async_trait::async_trait;
use time::{Duration, OffsetDateTime};

use super::support::pki::{Holder, Key, Profile, extension};

/// One year, near enough.
pub const YEAR: Duration = Duration::days(365);
const WEEK: Duration = Duration::days(7);
const ID_AD_OCSP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1");

/// The world at `now`.
pub struct World {
    root: Holder,
    issuing: Holder,
    responder: Holder,
    signatory: Holder,
    tsa: Holder,
    anchors: Anchors,
    /// What time it is.
    pub now: OffsetDateTime,
    limits: Limits,
}

impl World {
    /// A world whose signatory's certificate ends in a year, the TSA's in a year and a half.
    pub fn new(now: OffsetDateTime) -> Self {
        Self::signing_with(now, Key::p256())
    }

    /// The same, whose signatory has this key.
    pub fn signing_with(now: OffsetDateTime, key: Key) -> Self {
        let algorithm = SignatureAlgorithm::Ecdsa(HashAlgorithm::Sha256);
        let root = during(Profile::ca("Years Root"), now, YEAR * 60).self_signed(algorithm);
        let issuing = during(Profile::ca("Years CA"), now, YEAR * 60).issued_by(&root);
        Self {
            responder: during(Profile::ocsp("Years OCSP"), now, YEAR * 60).issued_by(&issuing),
            signatory: during(Profile::signatory("Years Signatory"), now, YEAR)
                .issued_to(key, &issuing),
            tsa: during(Profile::tsa("Years TSA"), now, YEAR * 3 / 2).issued_by(&issuing),
            issuing,
            anchors: Anchors::for_all(vec![root.certificate.clone()]),
            root,
            now,
            limits: Limits::default(),
        }
    }

    /// Puts another time-stamping authority in service.
    pub fn replace_tsa(&mut self) {
        self.tsa =
            during(Profile::tsa("Years TSA 2"), self.now, YEAR * 50).issued_by(&self.issuing);
    }

    /// What a validator finds on the network now: the root's CRL, the newest TSA's status.
    pub fn published(&self) -> RevocationEvidence {
        self.evidence(&self.tsa.certificate)
    }

    /// The anchor, as PEM.
    pub fn root_pem(&self) -> Vec<u8> {
        openssl::x509::X509::from_der(self.root.certificate.der())
            .and_then(|certificate| certificate.to_pem())
            .expect("a certificate")
    }

    /// Raises a signature, or an existing file, to a level.
    pub fn levels(&self) -> Levels<'_> {
        Levels {
            timestamps: self,
            revocation: self,
            anchors: &self.anchors,
            intermediates: std::slice::from_ref(&self.issuing.certificate),
            hash: HashAlgorithm::Sha256,
            limits: &self.limits,
        }
    }

    /// The signatory's certificate.
    pub fn signatory(&self) -> &Certificate {
        &self.signatory.certificate
    }

    /// Puts the signature value in a prepared file.
    pub fn sign(&self, prepared: Prepared) -> BaselineB {
        let Holder { certificate, key } = &self.signatory;
        let waiting = ToBeSigned::new(prepared, certificate, key.algorithm());
        let value = key
            .sign_digest(&waiting.digest())
            .expect("a signature value");
        waiting.with_signature(
            value,
            certificate,
            std::slice::from_ref(&self.issuing.certificate),
        )
    }

    fn evidence(&self, subject: &Certificate) -> RevocationEvidence {
        RevocationEvidence {
            ocsps: vec![self.ocsp(subject)],
            crls: vec![self.crl()],
        }
    }

    fn crl(&self) -> Vec<u8> {
        let builder = CrlBuilder {
            issuer: &self.root.certificate,
            this_update: self.now,
            next_update: self.now + WEEK,
            number: &[1],
            revocations: &[],
            lists_expired_since: Some(self.root.certificate.not_before()),
        };
        builder.sign(&self.root.key).expect("a CRL")
    }

    fn ocsp(&self, subject: &Certificate) -> Vec<u8> {
        let issuer = &self.issuing.certificate;
        let answer = SingleAnswer {
            cert_id: CertId::new(HashAlgorithm::Sha1, issuer, subject.serial()),
            status: CertStatus::Good,
            this_update: self.now,
            next_update: Some(self.now + WEEK),
            extensions: vec![archive_cutoff(issuer.not_before())],
        };
        let Holder { certificate, key } = &self.responder;
        let builder = ResponseBuilder {
            responder: certificate,
            certificates: std::slice::from_ref(certificate),
            produced_at: self.now,
            answers: &[answer],
            nonce: None,
        };
        builder.sign(key).expect("an OCSP response")
    }
}

/// The profile for a time, with addresses: where a certificate names none, pyHanko uses
/// no revocation data of that kind.
fn during(profile: Profile, from: OffsetDateTime, life: Duration) -> Profile {
    let address = write::tlv(Tag::context_primitive(6), b"http://127.0.0.1:9/");
    let point = write::sequence(&[&write::explicit(0, &[&write::explicit(0, &[&address])])]);
    let access = write::sequence(&[&write::oid(&ID_AD_OCSP), &address]);
    let mut profile = profile
        .with(extension("2.5.29.31", false, write::sequence(&[&point])))
        .with(extension(
            "1.3.6.1.5.5.7.1.1",
            false,
            write::sequence(&[&access]),
        ));
    profile.not_before = from;
    profile.not_after = from + life;
    profile
}

#[async_trait]
impl Timestamps for World {
    async fn timestamp(
        &self,
        hash: HashAlgorithm,
        digest: &[u8],
    ) -> Result<Vec<u8>, TimestampError> {
        let imprint = MessageImprint {
            hash,
            digest: digest.to_vec(),
        };
        let request = TimeStampReq {
            imprint,
            policy: None,
            nonce: Some(vec![1; 8]),
            cert_req: true,
        };
        let grant = tsp::Grant {
            policy: ObjectIdentifier::new_unwrap("1.2.3.4"),
            serial: &[1; 16],
            gen_time: self.now,
            accuracy: None,
        };
        let Holder { certificate, key } = &self.tsa;
        let response = tsp::issue(&request, &grant, certificate, &[], key).expect("a response");
        let token = tsp::check_response(&request, &response).expect("a token");
        Ok(token.der().to_vec())
    }

    fn longest_token(&self) -> usize {
        8192
    }
}

#[async_trait]
impl RevocationData for World {
    async fn collect(
        &self,
        chain: &[Certificate],
        _fresh_since: OffsetDateTime,
    ) -> Result<RevocationEvidence, RevocationDataError> {
        Ok(self.evidence(&chain[0]))
    }
}

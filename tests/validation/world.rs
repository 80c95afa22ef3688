//! An authority made for one test: a root, an issuing authority, a signer, a
//! time-stamping authority and an OCSP responder, at any time one likes.

use absah::kernel::cms::SignedDataBuilder;
use absah::kernel::hash::HashAlgorithm;
use absah::kernel::pades::{BaselineB, BaselineLt, DocumentTimestamp, ToBeSigned};
use absah::kernel::pdf::signing::{
    Claims, DocMdp, FieldTarget, Prepared, SignatureRequest, ValidationData, Widget,
    prepare_signature,
};
use absah::kernel::pdf::{Limits, Pdf, Update};
use absah::kernel::sign::Signer as _;
use absah::kernel::tsp::{
    Grant, MessageImprint, TimeStampReq, TimeStampToken, check_response, issue,
};
use absah::kernel::validation::{Anchors, Policy, Report, ValidationInput, validate};
use absah::kernel::x509::crl::{CrlBuilder, Revocation};
use absah::kernel::x509::ocsp::{CertId, CertStatus, ResponseBuilder, SingleAnswer};
use absah::kernel::x509::{Certificate, Extension, RevocationReason};
use absah::keys::{KeyType, SoftwareKey};
use const_oid::ObjectIdentifier;
use openssl::asn1::{Asn1Object, Asn1OctetString, Asn1Time};
use openssl::bn::BigNum;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::x509::{X509Builder, X509Extension, X509NameBuilder};
use time::{Duration, OffsetDateTime, macros::datetime};

#[path = "../support/keep.rs"]
pub mod keep;

/// When documents are signed in these tests.
pub const SIGNED: OffsetDateTime = datetime!(2026-11-22 01:00:00 UTC);

/// A certificate with its key.
#[derive(Clone)]
pub struct Holder {
    pub certificate: Certificate,
    pub key: SoftwareKey,
    pub pkey: PKey<Private>,
}

impl Holder {
    /// A certificate that was made elsewhere, with its key. One that is too weak to
    /// be kept signs by `pkey` alone.
    pub fn of(certificate: Certificate, pkey: PKey<Private>) -> Self {
        let other = || SoftwareKey::generate(KeyType::P256);
        Self {
            certificate,
            key: SoftwareKey::from_pkey(pkey.clone())
                .or_else(|_| other())
                .expect("a key"),
            pkey,
        }
    }
}

/// What a certificate says.
#[derive(Clone)]
pub struct Profile {
    pub name: &'static str,
    pub ca: bool,
    /// Extension names and values as OpenSSL's configuration has them.
    pub key_usage: &'static str,
    pub extended: Option<(bool, &'static str)>,
    pub nocheck: bool,
    pub from: OffsetDateTime,
    pub to: OffsetDateTime,
    pub key: KeyType,
    /// Where its OCSP responder and CRLs are: `/ocsp` and `/crl` of this.
    pub online: Option<String>,
}

impl Profile {
    fn new(name: &'static str, key_usage: &'static str) -> Self {
        Self {
            name,
            ca: false,
            key_usage,
            extended: None,
            nocheck: false,
            from: datetime!(2026-01-01 00:00 UTC),
            to: datetime!(2028-01-01 00:00 UTC),
            key: KeyType::P256,
            online: None,
        }
    }

    pub fn authority(name: &'static str) -> Self {
        Self {
            ca: true,
            to: datetime!(2040-01-01 00:00 UTC),
            ..Self::new(name, "critical,keyCertSign,cRLSign")
        }
    }

    pub fn signer() -> Self {
        Self::new("Signer", "critical,digitalSignature,nonRepudiation")
    }

    pub fn tsa() -> Self {
        Self {
            extended: Some((true, "timeStamping")),
            to: datetime!(2036-01-01 00:00 UTC),
            ..Self::new("TSA", "critical,digitalSignature")
        }
    }

    pub fn responder() -> Self {
        Self {
            extended: Some((false, "OCSPSigning")),
            nocheck: true,
            to: datetime!(2036-01-01 00:00 UTC),
            ..Self::new("Responder", "critical,digitalSignature")
        }
    }
}

/// Issues a certificate; without an issuer it is self-signed.
pub fn issued(profile: &Profile, serial: u32, issuer: Option<&Holder>) -> Holder {
    let pkey = profile.key.generate().expect("a key");
    let mut name = X509NameBuilder::new().expect("a name");
    name.append_entry_by_text("CN", profile.name)
        .expect("a name");
    let name = name.build();
    let mut builder = X509Builder::new().expect("a builder");
    builder.set_version(2).expect("version");
    let number = BigNum::from_u32(serial)
        .and_then(|n| n.to_asn1_integer())
        .expect("serial");
    builder.set_serial_number(&number).expect("serial");
    builder.set_subject_name(&name).expect("subject");
    builder.set_pubkey(&pkey).expect("key");
    let time = |at: OffsetDateTime| Asn1Time::from_unix(at.unix_timestamp()).expect("a time");
    builder.set_not_before(&time(profile.from)).expect("from");
    builder.set_not_after(&time(profile.to)).expect("to");
    let issuer_certificate =
        issuer.map(|one| openssl::x509::X509::from_der(one.certificate.der()).expect("the issuer"));
    match &issuer_certificate {
        Some(issuer) => builder.set_issuer_name(issuer.subject_name()),
        None => builder.set_issuer_name(&name),
    }
    .expect("issuer");
    extensions(&mut builder, profile, issuer_certificate.as_deref());
    let signing = issuer.map_or(&pkey, |one| &one.pkey);
    builder
        .sign(signing, MessageDigest::sha256())
        .expect("a signature");
    let der = builder.build().to_der().expect("DER");
    Holder::of(Certificate::parse(&der).expect("a certificate"), pkey)
}

fn extensions(
    builder: &mut X509Builder,
    profile: &Profile,
    issuer: Option<&openssl::x509::X509Ref>,
) {
    let basic = if profile.ca {
        "critical,CA:TRUE"
    } else {
        "critical,CA:FALSE"
    };
    let mut list = vec![
        (Nid::BASIC_CONSTRAINTS, basic.to_owned()),
        (Nid::KEY_USAGE, profile.key_usage.to_owned()),
        (Nid::SUBJECT_KEY_IDENTIFIER, "hash".to_owned()),
    ];
    if let Some((critical, usage)) = profile.extended {
        let usage = if critical {
            format!("critical,{usage}")
        } else {
            usage.to_owned()
        };
        list.push((Nid::EXT_KEY_USAGE, usage));
    }
    if issuer.is_some() {
        list.push((Nid::AUTHORITY_KEY_IDENTIFIER, "keyid:always".to_owned()));
        // pyHanko believes embedded OCSP responses only about certificates that name a
        // responder.
        let base = profile.online.as_deref().unwrap_or("http://127.0.0.1:9");
        list.push((Nid::INFO_ACCESS, format!("OCSP;URI:{base}/ocsp")));
    }
    if let Some(base) = &profile.online {
        list.push((Nid::CRL_DISTRIBUTION_POINTS, format!("URI:{base}/crl")));
    }
    for (nid, value) in list {
        #[expect(deprecated, reason = "the values are configuration text")]
        let extension = {
            let context = builder.x509v3_context(issuer, None);
            X509Extension::new_nid(None, Some(&context), nid, &value).expect("an extension")
        };
        builder.append_extension(extension).expect("an extension");
    }
    if profile.nocheck {
        let oid = Asn1Object::from_str("1.3.6.1.5.5.7.48.1.5").expect("an OID");
        let null = Asn1OctetString::new_from_bytes(&[5, 0]).expect("a value");
        let extension = X509Extension::new_from_der(&oid, false, &null).expect("an extension");
        builder.append_extension(extension).expect("an extension");
    }
}

/// The authority.
#[derive(Clone)]
pub struct World {
    pub root: Holder,
    pub ca: Holder,
    pub signer: Holder,
    pub tsa: Holder,
    pub responder: Holder,
}

impl World {
    pub fn new() -> Self {
        Self::with(&Profile::signer(), &Profile::tsa())
    }

    /// The same with another signer or time-stamping authority.
    pub fn with(signer: &Profile, tsa: &Profile) -> Self {
        let root = issued(&Profile::authority("Root"), 1, None);
        let ca = issued(&Profile::authority("Issuing CA"), 2, Some(&root));
        Self {
            signer: issued(signer, 10, Some(&ca)),
            tsa: issued(tsa, 11, Some(&ca)),
            responder: issued(&Profile::responder(), 12, Some(&ca)),
            ca,
            root,
        }
    }

    /// An OCSP response, good for a day.
    pub fn ocsp(&self, of: &Certificate, status: CertStatus, at: OffsetDateTime) -> Vec<u8> {
        self.ocsp_with(of, status, at, Vec::new())
    }

    /// The same with singleExtensions.
    pub fn ocsp_with(
        &self,
        of: &Certificate,
        status: CertStatus,
        at: OffsetDateTime,
        extensions: Vec<Extension>,
    ) -> Vec<u8> {
        let responder = &self.responder;
        let answer = SingleAnswer {
            cert_id: CertId::new(HashAlgorithm::Sha1, &self.ca.certificate, of.serial()),
            status,
            this_update: at,
            next_update: Some(at + Duration::DAY),
            extensions,
        };
        ResponseBuilder {
            responder: &responder.certificate,
            certificates: std::slice::from_ref(&responder.certificate),
            produced_at: at,
            answers: &[answer],
            nonce: None,
        }
        .sign(&responder.key)
        .expect("a response")
    }

    /// A CRL of the root or of the issuing authority, good for 100 days.
    pub fn crl(&self, issuer: &Holder, revoked: &[Revocation], at: OffsetDateTime) -> Vec<u8> {
        CrlBuilder {
            issuer: &issuer.certificate,
            number: &[1],
            this_update: at,
            next_update: at + Duration::days(100),
            revocations: revoked,
            lists_expired_since: None,
        }
        .sign(&issuer.key)
        .expect("a CRL")
    }

    /// A time-stamp token.
    pub fn token(&self, imprint: &MessageImprint, at: OffsetDateTime) -> TimeStampToken {
        let request = TimeStampReq {
            imprint: imprint.clone(),
            policy: None,
            nonce: Some(vec![1]),
            cert_req: true,
        };
        let grant = Grant {
            policy: ObjectIdentifier::new_unwrap("1.2.3.4"),
            serial: &[7],
            gen_time: at,
            accuracy: None,
        };
        let chain = std::slice::from_ref(&self.ca.certificate);
        let response = issue(
            &request,
            &grant,
            &self.tsa.certificate,
            chain,
            &self.tsa.key,
        )
        .expect("a response");
        check_response(&request, &response).unwrap_or_else(|_| unchecked(&response))
    }

    /// The revocation data of everybody, as of a time.
    pub fn validation_data(&self, at: OffsetDateTime) -> ValidationData {
        let good = |holder: &Holder| self.ocsp(&holder.certificate, CertStatus::Good, at);
        let certificates = [&self.signer, &self.ca, &self.tsa, &self.responder];
        ValidationData {
            certificates: certificates
                .map(|one| one.certificate.der().to_vec())
                .to_vec(),
            ocsps: vec![good(&self.signer), good(&self.tsa)],
            crls: vec![self.crl(&self.root, &[], at)],
        }
    }

    /// Prepares, signs and closes a B-B file.
    pub fn sign(&self, file: &[u8], request: &SignatureRequest) -> ToBeSigned {
        ToBeSigned::new(
            prepared(file, request),
            &self.signer.certificate,
            self.signer.key.algorithm(),
        )
    }

    pub fn b_b(&self, file: &[u8]) -> Vec<u8> {
        self.baseline_b(file).into_bytes().expect("room")
    }

    /// Takes a B-B signature to B-LTA.
    pub fn archived(&self, signed: BaselineB, at: OffsetDateTime) -> Vec<u8> {
        let token = self.token(&signed.timestamp_imprint(HashAlgorithm::Sha256), at);
        let stamped = signed.with_timestamp(&token).expect("a time-stamp");
        let data = self.validation_data(at + Duration::SECOND);
        let held = stamped.with_validation_data(data);
        self.stamped(held, at + Duration::seconds(2))
    }

    /// Adds validation data alone.
    pub fn with_data(&self, file: &[u8], data: ValidationData) -> Vec<u8> {
        BaselineLt::resume(file.to_vec(), data, None)
            .into_bytes(&Limits::default())
            .expect("validation data")
    }

    pub fn baseline_b(&self, file: &[u8]) -> BaselineB {
        let to_be_signed = self.sign(file, &request(None));
        self.completed(to_be_signed)
    }

    pub fn completed(&self, to_be_signed: ToBeSigned) -> BaselineB {
        let value = self
            .signer
            .key
            .sign_digest(&to_be_signed.digest())
            .expect("a value");
        let chain = std::slice::from_ref(&self.ca.certificate);
        to_be_signed.with_signature(value, &self.signer.certificate, chain)
    }

    pub fn b_t(&self, file: &[u8], at: OffsetDateTime) -> Vec<u8> {
        self.baseline_t(file, at).into_bytes()
    }

    pub fn baseline_t(&self, file: &[u8], at: OffsetDateTime) -> absah::kernel::pades::BaselineT {
        let signed = self.baseline_b(file);
        let token = self.token(&signed.timestamp_imprint(HashAlgorithm::Sha256), at);
        signed.with_timestamp(&token).expect("a time-stamp")
    }

    pub fn b_lt(&self, file: &[u8], at: OffsetDateTime) -> Vec<u8> {
        let data = self.validation_data(at + Duration::SECOND);
        let signed = self.baseline_t(file, at).with_validation_data(data);
        signed
            .into_bytes(&Limits::default())
            .expect("validation data")
    }

    pub fn b_lta(&self, file: &[u8], at: OffsetDateTime) -> Vec<u8> {
        self.archived(self.baseline_b(file), at)
    }

    pub fn stamped(&self, file: BaselineLt, at: OffsetDateTime) -> Vec<u8> {
        let waiting = file
            .prepare_document_timestamp(8192, HashAlgorithm::Sha256, &Limits::default())
            .expect("a place");
        let token = self.token(waiting.imprint(), at);
        waiting
            .with_token(&token)
            .expect("a time-stamp")
            .into_bytes()
    }

    /// Adds fresh validation data and a document time-stamp.
    pub fn refreshed(&self, file: &[u8], at: OffsetDateTime) -> Vec<u8> {
        let data = self.validation_data(at);
        self.stamped(
            BaselineLt::resume(file.to_vec(), data, None),
            at + Duration::SECOND,
        )
    }

    /// Adds a document time-stamp alone.
    pub fn document_stamped(&self, file: &[u8], at: OffsetDateTime) -> Vec<u8> {
        let waiting = DocumentTimestamp::on(file, 8192, HashAlgorithm::Sha256, &Limits::default())
            .expect("a place");
        let token = self.token(waiting.imprint(), at);
        waiting
            .with_token(&token)
            .expect("a time-stamp")
            .into_bytes()
    }

    /// Validates with this root, at a time, with revocation data from the file.
    pub fn validate(&self, file: &[u8], at: OffsetDateTime) -> Report {
        self.validate_with(file, at, &[], &[])
    }

    pub fn validate_with(
        &self,
        file: &[u8],
        at: OffsetDateTime,
        ocsps: &[Vec<u8>],
        crls: &[Vec<u8>],
    ) -> Report {
        self.validated(file, at, (ocsps, crls), Limits::default())
    }

    /// The same under other limits.
    pub fn validate_under(&self, file: &[u8], at: OffsetDateTime, limits: Limits) -> Report {
        self.validated(file, at, (&[], &[]), limits)
    }

    fn validated(
        &self,
        file: &[u8],
        at: OffsetDateTime,
        (ocsps, crls): (&[Vec<u8>], &[Vec<u8>]),
        limits: Limits,
    ) -> Report {
        let root = &self.root.certificate;
        keep::pdf(file, root.der(), at.unix_timestamp(), ocsps, crls);
        let anchors = Anchors::for_all(vec![root.clone()]);
        let policy = Policy::strict().expect("the policy");
        let input = ValidationInput {
            anchors: &anchors,
            untrusted: &[],
            crls,
            ocsps,
            at,
            policy: &policy,
            limits,
        };
        validate(file, &input)
    }
}

/// A token of an authority that no client would accept.
fn unchecked(response: &[u8]) -> TimeStampToken {
    // TimeStampResp ::= SEQUENCE { status, token }; the status is `30 03 02 01 00`.
    let status = response
        .windows(5)
        .position(|w| w == [0x30, 3, 2, 1, 0])
        .expect("a status");
    TimeStampToken::parse(&response[status + 5..]).expect("a token")
}

/// An invisible signature on the first page.
pub fn request(certify: Option<DocMdp>) -> SignatureRequest {
    SignatureRequest {
        field: FieldTarget::Next,
        widget: Widget::invisible(absah::kernel::pdf::ObjectId::new(3)),
        claims: Claims {
            name: Some("Signer".to_owned()),
            reason: Some("Izin".to_owned()),
            location: Some("Bogor".to_owned()),
        },
        m: SIGNED,
        certify,
        further_fields: Vec::new(),
        hole: 12_000,
    }
}

pub fn prepared(file: &[u8], request: &SignatureRequest) -> Prepared {
    let pdf = Pdf::read(file, &Limits::default()).expect("a file");
    prepare_signature(Update::new(&pdf), request).expect("a prepared file")
}

/// A CMS with other attributes or content than ours in the hole of a file.
pub fn with_cms(prepared: Prepared, builder: &SignedDataBuilder<'_>) -> Vec<u8> {
    prepared.embed(&builder.build()).expect("room")
}

pub fn revoked(of: &Certificate, at: OffsetDateTime, reason: RevocationReason) -> Revocation {
    Revocation {
        serial: of.serial().to_vec(),
        at,
        reason,
        invalidity_date: None,
    }
}

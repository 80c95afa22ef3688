//! Revocation along a path, as `absah cert verify --check-revocation` and signatures judge
//! it: by OCSP and by CRLs, complete, partitioned, indirect and amended.

use absah::kernel::asn1::{Tag, oids, write};
use absah::kernel::hash::HashAlgorithm;
use absah::kernel::sign::Signer as _;
use absah::kernel::validation::{
    Anchors, CertificateInput, PathReport, Policy, Role, SubIndication as S, validate_certificate,
};
use absah::kernel::x509::ocsp::{
    CertId, CertStatus, ResponseBuilder, SingleAnswer, archive_cutoff, invalidity_date,
};
use absah::kernel::x509::{Certificate, Extension, RevocationReason};
use time::{Duration, OffsetDateTime};

use crate::support::pki::{Holder, NOW, Pki, Profile, extension, key_usage};

/// What a CRL is to say: everything that `CrlBuilder` never writes.
struct List<'a> {
    by: &'a Holder,
    revoked: Vec<Vec<u8>>,
    extensions: Vec<Extension>,
    at: OffsetDateTime,
}

impl<'a> List<'a> {
    fn of(by: &'a Holder) -> Self {
        Self {
            by,
            revoked: Vec::new(),
            extensions: vec![number(1)],
            at: NOW,
        }
    }

    fn with(mut self, extension: Extension) -> Self {
        self.extensions.retain(|other| other.oid != extension.oid);
        self.extensions.push(extension);
        self
    }

    fn revoking(mut self, serial: &[u8], extensions: &[Extension]) -> Self {
        let time = write::tlv(Tag::UTC_TIME, b"260601073000Z");
        let list: Vec<Vec<u8>> = extensions.iter().map(Extension::der).collect();
        let list = if list.is_empty() {
            Vec::new()
        } else {
            write::sequence_of(&list)
        };
        let entry = write::sequence(&[&write::integer_verbatim(serial), &time, &list]);
        self.revoked.push(entry);
        self
    }

    fn sign(self) -> Vec<u8> {
        let algorithm = self.by.key.algorithm().algorithm_identifier();
        let times = [self.at, self.at + Duration::days(7)].map(absah::kernel::asn1::time::rfc5280);
        let revoked = if self.revoked.is_empty() {
            Vec::new()
        } else {
            write::sequence_of(&self.revoked)
        };
        let extensions: Vec<Vec<u8>> = self.extensions.iter().map(Extension::der).collect();
        let tbs = write::sequence(&[
            &write::small(1),
            &algorithm,
            self.by.certificate.subject().der(),
            &times.concat(),
            &revoked,
            &write::explicit(0, &[&write::sequence_of(&extensions)]),
        ]);
        let signature = write::bit_string(&self.by.key.sign(&tbs).unwrap());
        write::sequence(&[&tbs, &algorithm, &signature])
    }
}

fn number(number: u32) -> Extension {
    extension("2.5.29.20", false, write::small(number))
}

fn delta_of(base: u32) -> Extension {
    extension("2.5.29.27", true, write::small(base))
}

fn reason(code: u8) -> Extension {
    extension("2.5.29.21", false, vec![10, 1, code])
}

/// issuingDistributionPoint: its fields, encoded.
fn point(fields: &[&[u8]]) -> Extension {
    extension("2.5.29.28", true, write::sequence(fields))
}

/// onlySomeReasons (IMPLICIT, two octets of named bits).
fn only(reasons: [u8; 2]) -> Vec<u8> {
    let unused = if reasons[1] == 0 { 0 } else { 7 };
    write::tlv(
        Tag::context_primitive(3),
        &[&[unused], &reasons[..]].concat(),
    )
}

fn flag(number: u8) -> Vec<u8> {
    write::tlv(Tag::context_primitive(number), &[0xff])
}

fn uri(address: &str) -> Vec<u8> {
    let name = write::tlv(Tag::context_primitive(6), address.as_bytes());
    write::explicit(0, &[&write::explicit(0, &[&name])])
}

fn directory(holder: &Holder) -> Vec<u8> {
    write::explicit(4, &[holder.certificate.subject().der()])
}

/// cRLDistributionPoints with one point.
fn points(fields: &[&[u8]]) -> Extension {
    extension(
        "2.5.29.31",
        false,
        write::sequence(&[&write::sequence(fields)]),
    )
}

/// The question about one certificate of a chain.
struct Case<'a> {
    pki: &'a Pki,
    target: &'a Certificate,
    extra: Vec<Certificate>,
    crls: Vec<Vec<u8>>,
    ocsps: Vec<Vec<u8>>,
    anchors: Anchors,
    policy: Policy,
}

impl<'a> Case<'a> {
    fn of(pki: &'a Pki, target: &'a Certificate) -> Self {
        Self {
            pki,
            target,
            extra: Vec::new(),
            crls: vec![List::of(&pki.root).sign()],
            ocsps: Vec::new(),
            anchors: Anchors::for_all(vec![pki.root.certificate.clone()]),
            policy: Policy::strict().unwrap(),
        }
    }

    fn crl(mut self, crl: List<'_>) -> Self {
        self.crls.push(crl.sign());
        self
    }

    fn ocsp(mut self, ocsp: Vec<u8>) -> Self {
        self.ocsps.push(ocsp);
        self
    }

    fn report(&self) -> PathReport {
        let mut untrusted = vec![self.pki.ca.certificate.clone()];
        untrusted.extend(self.extra.iter().cloned());
        validate_certificate(&CertificateInput {
            target: self.target,
            role: Role::Any,
            anchors: &self.anchors,
            untrusted: &untrusted,
            crls: &self.crls,
            ocsps: &self.ocsps,
            at: NOW + Duration::MINUTE,
            policy: &self.policy,
            check_revocation: true,
        })
    }

    #[track_caller]
    fn passes(&self) {
        let report = self.report();
        assert!(report.valid, "{report:#?}");
    }

    #[track_caller]
    fn fails(&self, reason: S) {
        let report = self.report();
        assert_eq!(report.sub_indication, Some(reason), "{report:#?}");
    }
}

const MISSING: S = S::CertificateChainGeneralFailure;

fn ocsp(pki: &Pki, by: &Holder, status: CertStatus, at: OffsetDateTime) -> Vec<u8> {
    ocsp_about(pki, &pki.signatory.certificate, by, status, (at, &[]))
}

fn ocsp_about(
    pki: &Pki,
    of: &Certificate,
    by: &Holder,
    status: CertStatus,
    (at, extensions): (OffsetDateTime, &[Extension]),
) -> Vec<u8> {
    let answer = SingleAnswer {
        cert_id: CertId::new(HashAlgorithm::Sha256, &pki.ca.certificate, of.serial()),
        status,
        this_update: at,
        next_update: Some(at + Duration::DAY),
        extensions: extensions.to_vec(),
    };
    let builder = ResponseBuilder {
        responder: &by.certificate,
        certificates: std::slice::from_ref(&by.certificate),
        produced_at: at,
        answers: &[answer],
        nonce: None,
    };
    builder.sign(&by.key).unwrap()
}

#[test]
fn every_certificate_needs_its_proof() {
    let pki = Pki::new();
    let case = || Case::of(&pki, &pki.signatory.certificate);
    let good = || ocsp(&pki, &pki.ocsp, CertStatus::Good, NOW);
    case().ocsp(good()).passes();
    case().crl(List::of(&pki.ca)).passes();
    case().fails(MISSING);
    for mut alone in [case().ocsp(good()), case().crl(List::of(&pki.ca))] {
        alone.crls.remove(0);
        alone.fails(MISSING);
    }
}

#[test]
fn a_revoked_certificate_says_which_it_is() {
    let pki = Pki::new();
    let case = || Case::of(&pki, &pki.signatory.certificate);
    let revoked = CertStatus::Revoked {
        at: NOW - Duration::HOUR,
        reason: Some(RevocationReason::KeyCompromise),
    };
    case()
        .ocsp(ocsp(&pki, &pki.ocsp, revoked, NOW))
        .fails(S::RevokedNoPoe);
    let serial = pki.signatory.certificate.serial();
    case()
        .crl(List::of(&pki.ca).revoking(serial, &[]))
        .fails(S::RevokedNoPoe);
    let held = List::of(&pki.ca).revoking(serial, &[reason(6)]);
    case().crl(held).fails(S::TryLater);
    let mut above = case().crl(List::of(&pki.ca));
    let serial = pki.ca.certificate.serial();
    above.crls[0] = List::of(&pki.root).revoking(serial, &[]).sign();
    above.fails(S::RevokedCaNoPoe);
}

#[test]
fn stale_or_unauthorised_responses_prove_nothing() {
    let pki = Pki::new();
    let case = || Case::of(&pki, &pki.signatory.certificate);
    let stranger = Pki::new().ocsp;
    let mut unmarked = Profile::ocsp("no nocheck");
    unmarked
        .extensions
        .retain(|extension| extension.oid != oids::ID_PKIX_OCSP_NOCHECK);
    let unmarked = unmarked.issued_by(&pki.ca);
    let expired = Profile {
        not_after: NOW - Duration::HOUR,
        ..Profile::ocsp("expired")
    };
    let expired = expired.issued_by(&pki.ca);
    let good = CertStatus::Good;
    let old = ocsp(&pki, &pki.ocsp, good, NOW - Duration::days(2));
    case().ocsp(old).fails(S::TryLater);
    for response in [
        ocsp(&pki, &pki.ocsp, CertStatus::Unknown, NOW),
        ocsp(&pki, &stranger, good, NOW),
        ocsp(&pki, &expired, good, NOW),
        ocsp(&pki, &unmarked, good, NOW),
    ] {
        case().ocsp(response).fails(MISSING);
    }
    // With a CRL that clears the responder its answer counts; with one that revokes it, not.
    let answer = || ocsp(&pki, &unmarked, good, NOW);
    case().ocsp(answer()).crl(List::of(&pki.ca)).passes();
    let serial = unmarked.certificate.serial();
    let mut revoked = case().ocsp(answer());
    revoked.crls.push(
        List::of(&pki.ca)
            .with(point(&[&uri("http://other.example/crl")]))
            .revoking(serial, &[])
            .sign(),
    );
    revoked.fails(MISSING);
}

#[test]
fn a_responder_of_another_authority_counts_where_it_is_an_anchor_for_that() {
    let pki = Pki::new();
    let other = Pki::new();
    let answer = ocsp(&pki, &other.ocsp, CertStatus::Good, NOW);
    let mut case = Case::of(&pki, &pki.signatory.certificate).ocsp(answer);
    case.fails(MISSING);
    case.anchors.ocsp = vec![other.ca.certificate.clone()];
    case.passes();
    case.anchors.ocsp = vec![other.ocsp.certificate];
    case.passes();
    case.anchors.ocsp = vec![Pki::new().ca.certificate];
    case.fails(MISSING);
}

#[test]
fn a_list_counts_for_its_own_part() {
    let pki = Pki::new();
    let address = uri("http://crl.example/1.crl");
    let named = Profile::signatory("x")
        .with(points(&[&address]))
        .issued_by(&pki.ca);
    let case = || Case::of(&pki, &named.certificate);
    let list = |fields: &[&[u8]]| List::of(&pki.ca).with(point(fields));
    case().crl(List::of(&pki.ca)).passes();
    case().crl(list(&[&address])).passes();
    case().crl(list(&[&address, &flag(1)])).passes();
    let wrong = [
        list(&[&uri("http://crl.example/2.crl")]),
        list(&[&address, &flag(2)]),
        list(&[&address, &flag(5)]),
        list(&[&address]).with(extension("1.2.3.4", true, write::NULL.to_vec())),
    ];
    for wrong in wrong {
        case().crl(wrong).fails(MISSING);
    }
    // A certificate that names no point is not known to belong to one.
    Case::of(&pki, &pki.signatory.certificate)
        .crl(list(&[&address]))
        .fails(MISSING);
}

/// keyCompromise and cACompromise; and the rest.
const SOME: [u8; 2] = [0b0110_0000, 0];
const OTHERS: [u8; 2] = [0b0001_1111, 0b1000_0000];

#[test]
fn lists_for_some_reasons_count_together() {
    let pki = Pki::new();
    let case = || Case::of(&pki, &pki.signatory.certificate);
    let list = |reasons| List::of(&pki.ca).with(point(&[&only(reasons)]));
    case().crl(list(SOME)).crl(list(OTHERS)).passes();
    case().crl(list(SOME)).fails(MISSING);
    case().crl(list(OTHERS)).fails(MISSING);
    case().crl(list(SOME)).crl(list(SOME)).fails(MISSING);
    let serial = pki.signatory.certificate.serial();
    let revoking = list(SOME).revoking(serial, &[reason(1)]);
    case()
        .crl(revoking)
        .crl(list(OTHERS))
        .fails(S::RevokedNoPoe);
    let stale = List {
        at: NOW - Duration::days(20),
        ..list(OTHERS)
    };
    case().crl(list(SOME)).crl(stale).fails(S::TryLater);
}

#[test]
fn a_delta_amends_the_list_it_names() {
    let pki = Pki::new();
    let case = || Case::of(&pki, &pki.signatory.certificate);
    let serial = pki.signatory.certificate.serial();
    let base = || List::of(&pki.ca).with(number(5));
    let delta = |base, own| List::of(&pki.ca).with(number(own)).with(delta_of(base));
    case().crl(base()).crl(delta(5, 6)).passes();
    case().crl(delta(5, 6)).fails(MISSING);
    case()
        .crl(base())
        .crl(delta(5, 6).revoking(serial, &[reason(4)]))
        .fails(S::RevokedNoPoe);
    // One for a later base, or older than the list, amends nothing.
    case()
        .crl(base())
        .crl(delta(6, 7).revoking(serial, &[]))
        .passes();
    case()
        .crl(base())
        .crl(delta(4, 5).revoking(serial, &[]))
        .passes();
    // What was suspended in the list is released by the delta, and by no stranger's.
    let held = || base().revoking(serial, &[reason(6)]);
    case().crl(held()).fails(S::TryLater);
    case()
        .crl(held())
        .crl(delta(5, 6).revoking(serial, &[reason(8)]))
        .passes();
    let stranger = Holder {
        certificate: pki.ca.certificate.clone(),
        key: pki.ocsp.key.clone(),
    };
    let forged = List::of(&stranger).with(number(6)).with(delta_of(5));
    case()
        .crl(held())
        .crl(forged.revoking(serial, &[reason(8)]))
        .fails(S::TryLater);
}

#[test]
fn an_indirect_list_needs_the_certificates_word_and_a_path() {
    let pki = Pki::new();
    let address = uri("http://crl.example/1.crl");
    let own_address = uri("http://crl.example/own.crl");
    let lister = Profile::bare("CRL Issuer")
        .with(key_usage(0b100_0000))
        .with(points(&[&own_address]))
        .issued_by(&pki.ca);
    let crl_issuer = write::tlv(Tag::context(2), &directory(&lister));
    let leaf = Profile::signatory("x")
        .with(points(&[&address, &crl_issuer]))
        .issued_by(&pki.ca)
        .certificate;
    // The lister itself stands by a list of the authority's own, which covers no other.
    let own = || List::of(&pki.ca).with(point(&[&own_address]));
    let indirect = || List::of(&lister).with(point(&[&address, &flag(4)]));
    let case = |list: List<'_>| {
        let mut case = Case::of(&pki, &leaf).crl(list);
        case.extra = vec![lister.certificate.clone()];
        case
    };
    case(indirect()).crl(own()).passes();
    case(indirect()).fails(MISSING);
    let gone = own().revoking(lister.certificate.serial(), &[]);
    case(indirect()).crl(gone).fails(MISSING);
    // Not called indirect.
    case(List::of(&lister).with(point(&[&address])))
        .crl(own())
        .fails(MISSING);
    // An entry is the lister's own unless it names another issuer.
    let issuer = extension("2.5.29.29", true, write::sequence(&[&directory(&pki.ca)]));
    let named = indirect().revoking(leaf.serial(), &[issuer]);
    case(named).crl(own()).fails(S::RevokedNoPoe);
    let unnamed = indirect().revoking(leaf.serial(), &[]);
    case(unnamed).crl(own()).passes();
    // A certificate that does not name the lister.
    let mut other = Case::of(&pki, &pki.signatory.certificate)
        .crl(indirect())
        .crl(own());
    other.extra = vec![lister.certificate.clone()];
    other.fails(MISSING);
}

#[test]
fn the_first_path_that_stands_is_taken() {
    let pki = Pki::new();
    let other = Profile::ca("Other Root").self_signed(pki.root.key.algorithm());
    let crossed = Profile::ca("Test CA").issued_to(pki.ca.key.clone(), &other);
    let good = || ocsp(&pki, &pki.ocsp, CertStatus::Good, NOW);
    let revoked =
        |by: &Holder, of: &Holder| List::of(by).revoking(of.certificate.serial(), &[]).sign();
    let case = |by_root: Vec<u8>, by_other: Vec<u8>| {
        let mut case = Case::of(&pki, &pki.signatory.certificate).ocsp(good());
        case.anchors.signer.push(other.certificate.clone());
        case.extra = vec![crossed.certificate.clone()];
        case.crls = vec![by_root, by_other];
        case
    };
    let clear = |by: &Holder| List::of(by).sign();
    case(clear(&pki.root), clear(&other)).passes();
    case(revoked(&pki.root, &pki.ca), clear(&other)).passes();
    case(clear(&pki.root), revoked(&other, &crossed)).passes();
    case(revoked(&pki.root, &pki.ca), revoked(&other, &crossed)).fails(S::RevokedCaNoPoe);
}

/// nameConstraints: directory names below another organisation alone (RFC 5280, 4.2.1.10).
fn elsewhere() -> Extension {
    let text = write::tlv(Tag::UTF8_STRING, b"Elsewhere");
    let kind = absah::kernel::asn1::ObjectIdentifier::new_unwrap("2.5.4.10");
    let attribute = write::sequence(&[&write::oid(&kind), &text]);
    let name = write::sequence(&[&write::set_of(vec![attribute])]);
    let subtree = write::sequence(&[&write::explicit(4, &[&name])]);
    let permitted = write::tlv(Tag::context(0), &subtree);
    extension("2.5.29.30", true, write::sequence(&[&permitted]))
}

fn policies(oid: &str) -> Extension {
    let oid = write::oid(&absah::kernel::asn1::ObjectIdentifier::new_unwrap(oid));
    let policy = write::sequence(&[&oid]);
    extension("2.5.29.32", false, write::sequence(&[&policy]))
}

#[test]
fn a_way_that_a_rule_closes_gives_way_to_another() {
    let pki = Pki::new();
    let leaf = Profile::signatory("x").with(policies("1.2.3.4"));
    let leaf = leaf.issued_by(&pki.ca).certificate;
    let other = Profile::ca("Other Root").self_signed(pki.root.key.algorithm());
    let crossed = |extension: Extension| {
        let profile = Profile::ca("Test CA").with(extension);
        profile.issued_to(pki.ca.key.clone(), &other).certificate
    };
    let case = |crossed: &Certificate, anchors: &[&Holder]| {
        let mut case = Case::of(&pki, &leaf).crl(List::of(&pki.ca));
        case.crls.push(List::of(&other).sign());
        case.extra = vec![crossed.clone()];
        let anchors = anchors.iter().map(|one| one.certificate.clone());
        case.anchors = Anchors::for_all(anchors.collect());
        case
    };
    // Names: the way over the other root is for another organisation's.
    let closed = crossed(elsewhere());
    case(&closed, &[&other]).fails(MISSING);
    case(&closed, &[&pki.root]).passes();
    case(&closed, &[&other, &pki.root]).passes();
    case(&closed, &[&pki.root, &other]).passes();
    // Policies: only the way over the other root has the one that is asked for.
    let named = crossed(policies("1.2.3.4"));
    let asking = |policy: &str, anchors: &[&Holder]| {
        let mut case = case(&named, anchors);
        case.policy.path.policies = vec![absah::kernel::asn1::ObjectIdentifier::new_unwrap(policy)];
        case.policy.path.explicit_policy = true;
        case
    };
    asking("1.2.3.4", &[&pki.root]).fails(MISSING);
    asking("1.2.3.4", &[&other]).passes();
    asking("1.2.3.4", &[&pki.root, &other]).passes();
    asking("1.2.3.5", &[&pki.root, &other]).fails(MISSING);
}

#[test]
fn a_short_lived_certificate_needs_no_status_but_obeys_one() {
    let pki = Pki::new();
    let assured = || extension("0.4.0.194121.2.1", false, write::NULL.to_vec());
    let short = Profile::signatory("x").with(assured()).issued_by(&pki.ca);
    Case::of(&pki, &short.certificate).passes();
    let serial = short.certificate.serial();
    let revoking = List::of(&pki.ca).revoking(serial, &[]);
    Case::of(&pki, &short.certificate)
        .crl(revoking)
        .fails(S::RevokedNoPoe);
    let ended = Profile {
        not_after: NOW - Duration::HOUR,
        ..Profile::signatory("x").with(assured())
    };
    let ended = ended.issued_by(&pki.ca);
    // Its authority assures that it was not (EN 319 102-1, 5.2.6.4, note 8).
    Case::of(&pki, &ended.certificate).fails(S::OutOfBoundsNotRevoked);
    let other = extension("0.4.0.194121.2.2", false, write::NULL.to_vec());
    let other = Profile::signatory("x").with(other).issued_by(&pki.ca);
    Case::of(&pki, &other.certificate).fails(MISSING);
}

#[test]
fn a_statement_from_the_future_says_nothing_but_revoked() {
    let pki = Pki::new();
    let case = || Case::of(&pki, &pki.signatory.certificate);
    let serial = pki.signatory.certificate.serial();
    let (soon, tomorrow) = (NOW + Duration::minutes(2), NOW + Duration::DAY);
    let list = |at| List {
        at,
        ..List::of(&pki.ca).with(number(5))
    };
    let good = |at| ocsp(&pki, &pki.ocsp, CertStatus::Good, at);
    // The policy lets clocks differ by a minute; the validation is a minute after NOW.
    case().ocsp(good(soon)).passes();
    case().crl(list(soon)).passes();
    let late = soon + Duration::SECOND;
    case().ocsp(good(late)).fails(MISSING);
    case().crl(list(late)).fails(MISSING);
    let revoked = |at| CertStatus::Revoked {
        at,
        reason: Some(RevocationReason::KeyCompromise),
    };
    let told = |since| ocsp(&pki, &pki.ocsp, revoked(since), tomorrow);
    let stands = || case().ocsp(good(NOW));
    stands()
        .ocsp(told(NOW - Duration::HOUR))
        .fails(S::RevokedNoPoe);
    stands().ocsp(told(tomorrow)).passes();
    stands()
        .crl(list(tomorrow).revoking(serial, &[]))
        .fails(S::RevokedNoPoe);
    // A delta from the future lifts no suspension.
    let held = || list(NOW).revoking(serial, &[reason(6)]);
    let lifting = |at| {
        let delta = list(at).with(number(6)).with(delta_of(5));
        delta.revoking(serial, &[reason(8)])
    };
    case().crl(held()).crl(lifting(NOW)).passes();
    case().crl(held()).crl(lifting(tomorrow)).fails(S::TryLater);
}

#[test]
fn a_list_may_have_forgotten_what_ended() {
    let pki = Pki::new();
    let end = NOW - Duration::HOUR;
    let ended = Profile {
        not_after: end,
        ..Profile::signatory("x")
    };
    let ended = ended.issued_by(&pki.ca).certificate;
    let case = || Case::of(&pki, &ended);
    let remembering = |since: OffsetDateTime| {
        let since = absah::kernel::asn1::time::generalized(since);
        List::of(&pki.ca).with(extension("2.5.29.60", false, since))
    };
    case().crl(List::of(&pki.ca)).fails(S::OutOfBoundsNoPoe);
    let later = remembering(end + Duration::SECOND);
    case().crl(later).fails(S::OutOfBoundsNoPoe);
    case().crl(remembering(end)).fails(S::OutOfBoundsNotRevoked);
    let of_its_life = List {
        at: end,
        ..List::of(&pki.ca)
    };
    case().crl(of_its_life).fails(S::OutOfBoundsNotRevoked);
    let listed = List::of(&pki.ca).revoking(ended.serial(), &[]);
    case().crl(listed).fails(S::RevokedNoPoe);
    let told = |extensions: &[Extension]| {
        let good = CertStatus::Good;
        ocsp_about(&pki, &ended, &pki.ocsp, good, (NOW, extensions))
    };
    case().ocsp(told(&[])).fails(S::OutOfBoundsNoPoe);
    case()
        .ocsp(told(&[archive_cutoff(end + Duration::SECOND)]))
        .fails(S::OutOfBoundsNoPoe);
    case()
        .ocsp(told(&[archive_cutoff(end)]))
        .fails(S::OutOfBoundsNotRevoked);
    // A delta that may have forgotten it leaves what the list said in its life.
    let base = || List {
        at: end,
        ..List::of(&pki.ca).with(number(5))
    };
    let delta = List::of(&pki.ca).with(number(6)).with(delta_of(5));
    let report = case().crl(base()).crl(delta).report();
    assert_eq!(report.sub_indication, Some(S::OutOfBoundsNotRevoked));
}

#[test]
fn an_answer_says_since_when_a_key_is_suspected() {
    let pki = Pki::new();
    let of = &pki.signatory.certificate;
    let revoked = CertStatus::Revoked {
        at: NOW + Duration::DAY,
        reason: Some(RevocationReason::KeyCompromise),
    };
    let told = |extensions: &[Extension]| {
        let answer = ocsp_about(&pki, of, &pki.ocsp, revoked, (NOW, extensions));
        Case::of(&pki, of).ocsp(answer)
    };
    // It is announced for tomorrow; the key is suspected since an hour.
    told(&[]).passes();
    told(&[invalidity_date(NOW - Duration::HOUR)]).fails(S::RevokedNoPoe);
    let critical = Extension {
        critical: true,
        ..invalidity_date(NOW - Duration::HOUR)
    };
    told(&[critical]).fails(S::RevokedNoPoe);
    told(&[extension("1.2.3.4", true, write::NULL.to_vec())]).fails(MISSING);
}

#[test]
fn a_list_is_of_the_life_of_its_issuer() {
    let pki = Pki::new();
    let young = Profile {
        not_before: NOW,
        ..Profile::ca("Young CA")
    };
    let young = young.issued_by(&pki.root);
    let leaf = Profile::signatory("x").issued_by(&young).certificate;
    let case = |at| {
        let mut case = Case::of(&pki, &leaf).crl(List {
            at,
            ..List::of(&young)
        });
        case.extra = vec![young.certificate.clone()];
        case
    };
    case(NOW).passes();
    case(NOW - Duration::SECOND).fails(MISSING);
}

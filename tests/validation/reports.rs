//! The report: its tree of building blocks, its evidence, its XML.

use absah::kernel::hash::Sha256;
use absah::kernel::validation::report::{CheckReport, EvidenceKind};
use absah::kernel::validation::{
    Finding, FindingCode, Report, Status, SubIndication as S, Verdict,
};
use absah::kernel::x509::RevocationReason;
use absah::kernel::x509::ocsp::CertStatus;
use time::Duration;

use super::document::{document, first, passes};
use super::tools;
use super::world::{SIGNED, World};

const LATER: time::OffsetDateTime = SIGNED.saturating_add(Duration::HOUR);

fn block<'r>(report: &'r Report, name: &str) -> &'r CheckReport {
    let checks = &first(report).checks;
    let found = checks.iter().find(|check| check.check == name);
    found.unwrap_or_else(|| panic!("{name} is not in {checks:#?}"))
}

fn revoked_since(world: &World) -> Vec<u8> {
    let status = CertStatus::Revoked {
        at: SIGNED + Duration::minutes(30),
        reason: Some(RevocationReason::KeyCompromise),
    };
    world.ocsp(&world.signer.certificate, status, LATER)
}

#[test]
fn every_building_block_tells_its_conclusion() {
    let world = World::new();
    let report = world.validate(&world.b_lta(&document(), SIGNED), LATER);
    passes(&report);
    let names: Vec<&str> = first(&report)
        .checks
        .iter()
        .map(|one| &*one.check)
        .collect();
    let expected = [
        "format-checking",
        "signing-certificate",
        "certificate-validation",
        "cryptographic-verification",
        "signature-acceptance",
        "signature-time-stamp",
        "document-time-stamp",
        "proofs-of-existence",
        "changes-after-signing",
    ];
    assert_eq!(names, expected);
    let blocks = &first(&report).checks;
    assert!(blocks.iter().all(|one| one.indication == Status::Passed));
    let json = serde_json::to_string(blocks).expect("JSON");
    let read: Vec<CheckReport> = serde_json::from_str(&json).expect("the same again");
    assert_eq!(&read, blocks);
    assert!(json.len() < 6_000, "{} bytes: {json}", json.len());
    assert!(!json.contains("null"), "{json}");
}

#[test]
fn what_fails_is_the_block_that_noticed_it() {
    let world = World::new();
    let mut flipped = world.b_lta(&document(), SIGNED);
    let text = flipped.windows(4).position(|w| w == b"Izin").expect("text");
    flipped[text] = b'J';
    let report = world.validate(&flipped, LATER);
    let failed = block(&report, "cryptographic-verification");
    assert_eq!(failed.sub_indication, Some(S::HashFailure));
    assert_eq!(failed.findings, ["digest-mismatch"]);
    assert_eq!(block(&report, "format-checking").indication, Status::Passed);
    let certificates = block(&report, "certificate-validation");
    assert_eq!(certificates.indication, Status::Passed);
}

#[test]
fn a_revocation_is_told_with_the_object_that_says_so() {
    let world = World::new();
    let data = world.validation_data(LATER);
    let told = [revoked_since(&world), data.ocsps[1].clone()];
    let at = |file: &[u8]| world.validate_with(file, LATER, &told, &data.crls);
    let report = at(&world.b_b(&document()));
    let chain = block(&report, "certificate-validation");
    assert_eq!(chain.sub_indication, Some(S::RevokedNoPoe));
    let leaf = &chain.checks[0];
    assert_eq!(leaf.subject.as_deref(), Some("CN=Signer"));
    let [life, status, strength] = &leaf.checks[..] else {
        panic!("{leaf:#?}")
    };
    assert_eq!(life.indication, Status::Passed);
    assert_eq!(strength.indication, Status::Passed);
    assert_eq!(status.findings, ["certificate-revoked"]);
    let said_by = report
        .evidence
        .iter()
        .find(|one| one.id.to_string() == status.evidence[0]);
    let said_by = said_by.expect("the response is among the evidence");
    assert_eq!(said_by.kind, EvidenceKind::Ocsp);
    assert_eq!(said_by.about[0], world.signer.certificate.fingerprint());
    // With a proof of an earlier time the same chain is weighed, and holds.
    let stamped = at(&world.b_t(&document(), SIGNED));
    passes(&stamped);
    let chain = block(&stamped, "certificate-validation");
    assert_eq!(chain.sub_indication, Some(S::RevokedNoPoe));
    let weighed = block(&stamped, "proofs-of-existence");
    assert_eq!(weighed.indication, Status::Passed);
    assert_eq!(weighed.time, Some(SIGNED));
}

#[test]
fn whatever_the_checks_name_is_among_the_evidence() {
    fn ids(checks: &[CheckReport], all: &mut Vec<String>) {
        for check in checks {
            all.extend(check.evidence.iter().cloned());
            ids(&check.checks, all);
        }
    }
    let world = World::new();
    let twice = world.refreshed(&world.b_lta(&document(), SIGNED), LATER);
    let report = world.validate(&twice, LATER + Duration::HOUR);
    passes(&report);
    let mut named = Vec::new();
    for signature in &report.signatures {
        ids(&signature.checks, &mut named);
    }
    let held: Vec<String> = report
        .evidence
        .iter()
        .map(|one| one.id.to_string())
        .collect();
    let missing: Vec<_> = named.iter().filter(|one| !held.contains(one)).collect();
    assert!(missing.is_empty() && named.len() > 10, "{missing:?}");
    for object in &report.evidence {
        let by_content = matches!(object.kind, EvidenceKind::Certificate | EvidenceKind::Crl);
        assert!(!by_content || Sha256::of(&object.der) == object.id);
        assert!(!object.der.is_empty());
    }
}

/// One file for every verdict and kind of evidence, with the status that its XML must tell.
fn reports(world: &World) -> Vec<(&'static str, Report, &'static str)> {
    let signed = world.b_lta(&document(), SIGNED);
    let data = world.validation_data(LATER);
    let told = [revoked_since(world), data.ocsps[1].clone()];
    let mut flipped = signed.clone();
    let text = flipped.windows(4).position(|w| w == b"Izin").expect("text");
    flipped[text] = b'J';
    let hostile = [&signed[..], b"<x>&]]>\0"].concat();
    let at = |file: &[u8]| world.validate(file, LATER);
    // What a register adds, and a file that ended its examination.
    let registered = |verdict| Report {
        verdict,
        document: Some(serde_json::json!({ "number": "503/<1>&" })),
        ..at(&signed)
    };
    let ended = Finding::new(FindingCode::ExaminationEnded).detail("it \u{1} failed");
    let ended = Report::undecided(Sha256::of(b""), LATER, "strict", ended);
    let passed = "mainindication:total-passed";
    vec![
        ("authentic", registered(Verdict::Authentic), passed),
        (
            "not-in-force",
            registered(Verdict::AuthenticNotInForce),
            passed,
        ),
        ("altered", registered(Verdict::Altered), passed),
        ("ended", ended, "mainindication:indeterminate"),
        ("b-lta", at(&signed), "mainindication:total-passed"),
        (
            "renewed",
            at(&world.refreshed(&signed, SIGNED + Duration::MINUTE)),
            "mainindication:total-passed",
        ),
        (
            "revoked",
            world.validate_with(&world.b_b(&document()), LATER, &told, &data.crls),
            "subindication:REVOKED_NO_POE",
        ),
        ("flipped", at(&flipped), "subindication:HASH_FAILURE"),
        ("unsigned", at(&document()), "no-signature-found"),
        (
            "stamped-alone",
            at(&world.document_stamped(&document(), SIGNED)),
            "no-signature-found",
        ),
        ("cut", at(&signed[..600]), "mainindication:indeterminate"),
        ("hostile", at(&hostile), "mainindication:"),
    ]
}

#[test]
fn the_xml_has_the_structure_of_ts_119_102_2() {
    let world = World::new();
    let folder = tempfile::tempdir().expect("a folder");
    let script = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/validation/report_schema.py"
    );
    let mut arguments = vec![script.to_owned()];
    for (name, report, status) in reports(&world) {
        let xml = report.to_xml();
        assert!(xml.contains(status), "{name}: {xml}");
        let path = folder.path().join(format!("{name}.xml"));
        std::fs::write(&path, xml).expect("a file");
        arguments.push(path.to_string_lossy().into_owned());
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let checked = tools::run(tools::python(), &arguments);
    assert!(checked.success, "{}", checked.text);
    // The check can fail: a twin that lacks an element and refers to nothing.
    let xml = world.validate(&world.b_b(&document()), LATER).to_xml();
    let spoiled = xml
        .replace("<HashOnly>false</HashOnly>", "")
        .replace("VOReference=\"C-", "VOReference=\"D-");
    let path = folder.path().join("spoiled.xml");
    std::fs::write(&path, spoiled).expect("a file");
    let spoiled = tools::run(tools::python(), &[script, &path.to_string_lossy()]);
    for breach in ["HashOnly is missing", "which is not there"] {
        assert!(
            !spoiled.success && spoiled.text.contains(breach),
            "{}",
            spoiled.text
        );
    }
}

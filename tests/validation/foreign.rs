//! Files that pyHanko signed and changed: what is honest raises no alarm, what
//! is not does. The cases and their verdicts are in `foreign.py`.

use std::path::Path;

use absah::kernel::pdf::Limits;
use absah::kernel::validation::{Anchors, Policy, Report, ValidationInput, validate};
use absah::kernel::x509::Certificate;
use absah::services::clock::SystemClock;
use absah::services::ports::Clock as _;
use serde_json::Value;

use super::tools;

#[test]
fn honest_changes_of_another_producer_pass_and_others_do_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/validation/foreign.py");
    let said = tools::run(
        tools::python(),
        &[script.as_os_str(), folder.path().as_os_str()],
    );
    assert!(said.success, "foreign.py: {}", said.text);
    let read = |name: &str| std::fs::read(folder.path().join(name)).expect("a file");
    let manifest: Value = serde_json::from_slice(&read("manifest.json")).expect("the manifest");
    let anchors = Certificate::from_pem_or_der(&read("root.pem")).expect("the root");
    let anchors = Anchors::for_all(anchors);
    let cases = manifest.as_object().expect("cases");
    assert_eq!(cases.len(), 40, "a case went missing");
    for (name, expected) in cases {
        let report = judged(&anchors, &read(&format!("{name}.pdf")));
        let first = report.signatures.first().expect("a signature");
        let found = serde_json::json!({
            "verdict": report.verdict.name(),
            "modification": first.modification,
        });
        assert_eq!(&found, expected, "{name}: {report:#?}");
        // What changed is one thing, whether the signature was made another.
        assert!(first.intact && first.crypto_valid, "{name}");
    }
}

fn judged(anchors: &Anchors, file: &[u8]) -> Report {
    let policy = Policy::strict().expect("the policy");
    let input = ValidationInput {
        anchors,
        untrusted: &[],
        crls: &[],
        ocsps: &[],
        at: SystemClock.now(),
        policy: &policy,
        limits: Limits::default(),
    };
    validate(file, &input)
}

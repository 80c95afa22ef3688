//! Files that pyHanko signed and changed, alone and beside us: what is honest raises no
//! alarm, what is not does. The cases and their verdicts are in `foreign.py` and `mixed.py`.

use std::ffi::OsStr;
use std::path::Path;

use absah::kernel::pdf::Limits;
use absah::kernel::validation::report::{SignatureKind, SignatureReport};
use absah::kernel::validation::{Anchors, Indication, Policy, Report, ValidationInput, validate};
use absah::kernel::x509::Certificate;
use absah::services::clock::SystemClock;
use absah::services::ports::Clock as _;
use serde_json::{Map, Value, json};

use super::tools;
use super::world::keep;

/// What a script made.
struct Made {
    folder: tempfile::TempDir,
    cases: Map<String, Value>,
    /// The anchors, in PEM.
    anchors: Vec<u8>,
}

impl Made {
    fn by(script: &str, program: Option<&str>, anchors: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/validation");
        let script = scripts.join(script);
        let mut arguments = vec![script.as_os_str()];
        arguments.extend(program.map(OsStr::new));
        arguments.push(folder.path().as_os_str());
        let said = tools::run(tools::python(), &arguments);
        assert!(said.success, "{}: {}", script.display(), said.text);
        let read = |name: &str| std::fs::read(folder.path().join(name)).expect("a file");
        let manifest: Value = serde_json::from_slice(&read("manifest.json")).expect("a manifest");
        Self {
            cases: manifest.as_object().expect("cases").clone(),
            anchors: read(anchors),
            folder,
        }
    }

    fn judged(&self, name: &str) -> Report {
        let file = self.folder.path().join(format!("{name}.pdf"));
        let file = std::fs::read(file).expect("a file");
        let now = SystemClock.now();
        keep::pdf(&file, &self.anchors, now.unix_timestamp(), &[], &[]);
        let anchors = Certificate::from_pem_or_der(&self.anchors).expect("the roots");
        let policy = Policy::strict().expect("the policy");
        let input = ValidationInput {
            anchors: &Anchors::for_all(anchors),
            untrusted: &[],
            crls: &[],
            ocsps: &[],
            at: now,
            policy: &policy,
            limits: Limits::default(),
        };
        validate(&file, &input)
    }
}

fn of_kind(report: &Report, kind: SignatureKind) -> Vec<&SignatureReport> {
    let all = report.signatures.iter();
    all.filter(|one| one.kind == kind).collect()
}

#[test]
fn honest_changes_of_another_producer_pass_and_others_do_not() {
    let made = Made::by("foreign.py", None, "root.pem");
    // Twenty-three on each of six layouts.
    assert_eq!(made.cases.len(), 138, "a case went missing");
    for (name, expected) in &made.cases {
        let report = made.judged(name);
        let first = report.signatures.first().expect("a signature");
        let found = json!({
            "verdict": report.verdict.name(),
            "modification": first.modification,
        });
        assert_eq!(&found, expected, "{name}: {report:#?}");
        // What changed is one thing, whether the signature was made another.
        assert!(first.intact && first.crypto_valid, "{name}");
    }
}

#[test]
fn what_we_and_another_producer_do_to_one_file_is_no_alarm() {
    let made = Made::by("mixed.py", Some(env!("CARGO_BIN_EXE_absah")), "roots.pem");
    // Sixteen on each of four layouts.
    assert_eq!(made.cases.len(), 64, "a case went missing");
    for (name, expected) in &made.cases {
        let report = made.judged(name);
        let signatures = of_kind(&report, SignatureKind::Signature);
        let stamps = of_kind(&report, SignatureKind::DocumentTimestamp);
        let found = json!({
            "verdict": report.verdict.name(),
            "modification": signatures[0].modification,
            "signatures": signatures.len(),
            "stamps": stamps.len(),
        });
        assert_eq!(&found, expected, "{name}: {report:#?}");
        let honest = report.verdict.is_good();
        for one in report.signatures.iter().filter(|_| honest) {
            assert_eq!(one.indication, Indication::TotalPassed, "{name}: {one:#?}");
        }
    }
}

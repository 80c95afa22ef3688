//! The shape of the JSON is the external contract.

use serde_json::{Value, json};
use time::macros::datetime;

use super::*;
use crate::kernel::validation::indication::Indication;

#[test]
fn json_has_the_names_of_the_contract() {
    let mut signature = SignatureReport::empty(SignatureKind::DocumentTimestamp);
    signature.indication = Indication::TotalPassed;
    signature.modification = Some(Modification::FormFilling);
    signature.level = Some(Level::BLta);
    signature.signing_time = Some(datetime!(2026-11-22 09:14:00 UTC));
    signature.findings.push(FindingCode::TimeNotProven.into());
    let report = Report {
        verdict: Verdict::AuthenticNotInForce,
        sha256: "00".repeat(32),
        document: None,
        validation_time: datetime!(2026-11-22 09:15:00 UTC),
        policy: "default".to_owned(),
        signatures: vec![signature],
        findings: Vec::new(),
        evidence: Vec::new(),
    };
    let json = serde_json::to_value(&report).expect("json");
    assert_eq!(json["verdict"], "authentic_not_in_force");
    assert_eq!(json["document"], Value::Null);
    let one = &json["signatures"][0];
    assert_eq!(one["kind"], "document_timestamp");
    assert_eq!(one["indication"], "TOTAL_PASSED");
    assert_eq!(one["modification"], "form_filling");
    assert_eq!(one["level"], "B-LTA");
    assert_eq!(one["signing_time"], "2026-11-22T09:14:00Z");
    assert_eq!(one["best_signature_time"], Value::Null);
    assert_eq!(
        one["revocation"],
        json!({"state": "unchecked", "reason": null, "at": null, "source": null, "this_update": null})
    );
    assert_eq!(one["findings"][0]["code"], "time-not-proven");
    assert_eq!(one["findings"][0]["severity"], "info");
}

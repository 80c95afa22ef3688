//! The OCSP responses of OpenSSL's test suite: direct and delegated responders, and one
//! fault in each of the others (RFC 6960 4.2.2.2).

use std::path::Path;

use absah::kernel::x509::Certificate;
use absah::kernel::x509::ocsp::{BasicResponse, OcspResponse};
use absah::kernel::x509::paths::{PathInput, Purpose, validate};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use time::OffsetDateTime;

use crate::exceptions::OCSP;
use crate::score::Score;

#[derive(Deserialize)]
struct Case {
    name: String,
    root: String,
    #[serde(default)]
    other_certs: Vec<String>,
    cert: String,
    ocsps: Vec<String>,
    #[serde(with = "time::serde::rfc3339")]
    moment: OffsetDateTime,
    error: Option<serde_json::Value>,
}

#[test]
fn ocsp() {
    let Some(folder) = crate::corpus("openssl-ocsp") else {
        return;
    };
    let cases = std::fs::read(folder.join("openssl-ocsp.json")).unwrap();
    let cases: Vec<Case> = serde_json::from_slice(&cases).unwrap();
    let mut score = Score::new("openssl-ocsp", OCSP);
    for case in &cases {
        score.count(&case.name, case.error.is_none(), &run(&folder, case));
    }
    score.finish();
}

fn run(folder: &Path, case: &Case) -> Result<(), String> {
    let certificate = |file: &String| {
        let bytes = std::fs::read(folder.join(file)).unwrap();
        Certificate::from_pem_or_der(&bytes).unwrap().remove(0)
    };
    let ocsps: Vec<BasicResponse> = case
        .ocsps
        .iter()
        .map(|file| response(folder, file))
        .collect();
    let untrusted: Vec<Certificate> = case.other_certs.iter().map(certificate).collect();
    let report = validate(&PathInput {
        target: &certificate(&case.cert),
        untrusted: &untrusted,
        anchors: &[certificate(&case.root)],
        crls: &[],
        ocsps: &ocsps,
        at: case.moment,
        purpose: Purpose::Any,
        check_revocation: true,
        allow_weak: true,
        policies: &[],
        explicit_policy: false,
        inhibit_mapping: false,
        inhibit_any: false,
    });
    report.path.map(|_| ()).map_err(|error| error.to_string())
}

/// The files are base64 without a label.
fn response(folder: &Path, file: &str) -> BasicResponse {
    let text = std::fs::read_to_string(folder.join(file)).unwrap();
    let compact: String = text.split_ascii_whitespace().collect();
    let der = STANDARD.decode(compact).unwrap();
    OcspResponse::parse(&der).unwrap().basic.unwrap()
}

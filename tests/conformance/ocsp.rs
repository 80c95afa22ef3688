//! The OCSP responses of OpenSSL's test suite: direct and delegated responders, and one
//! fault in each of the others (RFC 6960 4.2.2.2).

use std::path::Path;

use absah::kernel::x509::Certificate;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use time::OffsetDateTime;

use crate::exceptions::OCSP;
use crate::judge::Question;
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
    let anchor = certificate(&case.root);
    let mut question = Question::new(certificate(&case.cert), vec![anchor], case.moment);
    question.untrusted = case.other_certs.iter().map(certificate).collect();
    question.ocsps = case
        .ocsps
        .iter()
        .map(|file| response(folder, file))
        .collect();
    question.check_revocation = true;
    question.allow_weak = true;
    question.answer()
}

/// The files are base64 without a label.
fn response(folder: &Path, file: &str) -> Vec<u8> {
    let text = std::fs::read_to_string(folder.join(file)).unwrap();
    let compact: String = text.split_ascii_whitespace().collect();
    STANDARD.decode(compact).unwrap()
}

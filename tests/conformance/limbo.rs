//! C2SP x509-limbo, the RFC 5280 part: path validation at its edges.

use absah::kernel::x509::Certificate;
use absah::kernel::x509::crl::Crl;
use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::datetime;

use crate::exceptions::{LIMBO, LIMBO_NOT_ASKED};
use crate::judge::Question;
use crate::score::Score;

/// For cases without a time: their certificates hold for centuries.
const AT: OffsetDateTime = datetime!(2024-01-01 0:00 UTC);

#[derive(Deserialize)]
struct Suite {
    testcases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    trusted_certs: Vec<String>,
    untrusted_intermediates: Vec<String>,
    peer_certificate: String,
    validation_time: Option<String>,
    expected_result: String,
    #[serde(default)]
    crls: Vec<String>,
}

#[test]
fn x509_limbo() {
    let Some(folder) = crate::corpus("x509-limbo") else {
        return;
    };
    let suite = std::fs::read(folder.join("limbo-rfc5280.json")).unwrap();
    let suite: Suite = serde_json::from_slice(&suite).unwrap();
    let mut score = Score::new("x509-limbo", LIMBO).not_asked(LIMBO_NOT_ASKED);
    for case in &suite.testcases {
        score.count(&case.id, case.expected_result == "SUCCESS", &run(case));
    }
    score.finish();
}

fn run(case: &Case) -> Result<(), String> {
    let target = certificate(&case.peer_certificate)?;
    // What cannot be read is not there: one bad certificate sinks nothing.
    let readable = |list: &[String]| {
        list.iter()
            .filter_map(|pem| certificate(pem).ok())
            .collect()
    };
    let at = case.validation_time.as_ref();
    let at = at.map_or(AT, |at| OffsetDateTime::parse(at, &Rfc3339).unwrap());
    let mut question = Question::new(target, readable(&case.trusted_certs), at);
    question.untrusted = readable(&case.untrusted_intermediates);
    question.crls = case.crls.iter().filter_map(|pem| crl(pem)).collect();
    question.check_revocation = !case.crls.is_empty();
    question.answer()
}

fn certificate(pem: &str) -> Result<Certificate, String> {
    let read = Certificate::from_pem_or_der(pem.as_bytes()).map_err(|error| error.to_string())?;
    Ok(read[0].clone())
}

fn crl(pem: &str) -> Option<Vec<u8>> {
    Some(Crl::from_pem_or_der(pem.as_bytes()).ok()?[0].der().to_vec())
}

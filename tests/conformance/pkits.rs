//! NIST PKITS: path validation with CRLs and policies (RFC 5280 6).

use std::path::{Path, PathBuf};

use absah::kernel::validation::policy::PathPolicy;
use absah::kernel::x509::Certificate;
use absah::kernel::x509::crl::Crl;
use serde::Deserialize;
use time::OffsetDateTime;
use time::macros::datetime;

use crate::exceptions::PKITS;
use crate::judge::{Question, identifiers};
use crate::score::Score;

/// When every certificate of the corpus was valid.
const AT: OffsetDateTime = datetime!(2022-05-01 0:00 UTC);

#[derive(Deserialize)]
struct Case {
    id: String,
    name: String,
    ee: String,
    #[serde(default)]
    inter: Vec<String>,
    #[serde(default)]
    crls: Vec<String>,
    params: Parameters,
    check_revocation: bool,
    expect: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Parameters {
    user_initial_policy_set: Vec<String>,
    initial_explicit_policy: bool,
    initial_policy_mapping_inhibit: bool,
    initial_any_policy_inhibit: bool,
}

struct Corpus {
    folder: PathBuf,
    anchor: Certificate,
    anchor_crl: Vec<u8>,
}

#[test]
fn pkits() {
    let Some(folder) = crate::corpus("pkits") else {
        return;
    };
    let cases = std::fs::read(folder.join("pkits-cases.json")).unwrap();
    let cases: Vec<Case> = serde_json::from_slice(&cases).unwrap();
    let corpus = Corpus {
        anchor: certificate(&folder, "TrustAnchorRootCertificate.crt").unwrap(),
        anchor_crl: crl(&folder, "TrustAnchorRootCRL.crl").unwrap(),
        folder,
    };
    let mut score = Score::new("pkits", PKITS);
    for case in &cases {
        let name = format!("{} {}", case.id, case.name);
        score.count(&name, case.expect == "valid", &run(&corpus, case));
    }
    score.finish();
}

fn run(corpus: &Corpus, case: &Case) -> Result<(), String> {
    let target = certificate(&corpus.folder, &case.ee)?;
    let untrusted = case
        .inter
        .iter()
        .map(|file| certificate(&corpus.folder, file));
    let untrusted: Vec<Certificate> = untrusted.collect::<Result<_, _>>()?;
    let mut crls: Vec<Vec<u8>> = case
        .crls
        .iter()
        .filter_map(|file| crl(&corpus.folder, file))
        .collect();
    crls.push(corpus.anchor_crl.clone());
    let mut question = Question::new(target, vec![corpus.anchor.clone()], AT);
    question.untrusted = untrusted;
    question.crls = crls;
    question.check_revocation = case.check_revocation;
    question.allow_weak = true;
    question.path = PathPolicy {
        policies: identifiers(&case.params.user_initial_policy_set),
        explicit_policy: case.params.initial_explicit_policy,
        inhibit_mapping: case.params.initial_policy_mapping_inhibit,
        inhibit_any: case.params.initial_any_policy_inhibit,
    };
    question.answer()
}

/// One certificate of the corpus has a BIT STRING that cannot be: then the path is refused.
fn certificate(folder: &Path, file: &str) -> Result<Certificate, String> {
    let bytes = std::fs::read(folder.join("certs").join(file)).unwrap();
    let certificates = Certificate::from_pem_or_der(&bytes).map_err(|error| error.to_string())?;
    Ok(certificates[0].clone())
}

/// The same of CRLs: what cannot be read is not there.
fn crl(folder: &Path, file: &str) -> Option<Vec<u8>> {
    let bytes = std::fs::read(folder.join("crls").join(file)).unwrap();
    Some(Crl::from_pem_or_der(&bytes).ok()?[0].der().to_vec())
}

//! The report on one certificate: what `absah cert verify --json` prints.
//!
//! The engine is that of signatures (EN 319 102-1, 5.2.6): the same paths, the
//! same revocation data, without proofs of existence.

use serde::Serialize;
use time::OffsetDateTime;

use super::certificate::Engine;
use super::finding::{Finding, FindingCode};
use super::indication::{Conclusion, Status, SubIndication};
use super::input::{Anchors, Role, ValidationInput};
use super::policy::Policy;
use super::problems::{Problem, weightiest};
use crate::kernel::hash::Beginnings;
use crate::kernel::pdf::Limits;
use crate::kernel::x509::Certificate;

/// What is validated, with what.
#[derive(Clone, Copy, Debug)]
pub struct CertificateInput<'a> {
    /// The certificate in question.
    pub target: &'a Certificate,
    /// What it is used for.
    pub role: Role,
    /// Whom to trust.
    pub anchors: &'a Anchors,
    /// Certificates to build paths with; trusted for nothing.
    pub untrusted: &'a [Certificate],
    /// CRLs, in DER.
    pub crls: &'a [Vec<u8>],
    /// OCSP responses, in DER.
    pub ocsps: &'a [Vec<u8>],
    /// The time of validation.
    pub at: OffsetDateTime,
    /// What is accepted.
    pub policy: &'a Policy,
    /// Whether revocation is looked at; what must be there is for the policy to say.
    pub check_revocation: bool,
}

/// What a validation of one certificate found.
#[derive(Clone, Debug, Serialize)]
pub struct PathReport {
    /// Whether it is valid.
    pub valid: bool,
    /// The outcome.
    pub indication: Status,
    /// The reason, if not passed.
    pub sub_indication: Option<SubIndication>,
    /// The subjects of the path, the certificate first, the anchor last.
    pub path: Vec<String>,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

/// Validates a certificate.
#[must_use]
pub fn validate_certificate(input: &CertificateInput<'_>) -> PathReport {
    let validation = ValidationInput {
        anchors: input.anchors,
        untrusted: input.untrusted,
        crls: input.crls,
        ocsps: input.ocsps,
        at: input.at,
        policy: input.policy,
        limits: Limits::default(),
    };
    let no_file = Beginnings::new(&[]);
    let mut engine = Engine::new(&validation, &no_file);
    engine.ignores_revocation = !input.check_revocation;
    engine.evidence.certificate(input.target, None);
    let target = engine.evidence.pooled(input.target);
    let (judgement, ()) = engine.judge_by(&target, input.role, input.at, |_, judgement| {
        let holds = judgement.problems.is_empty();
        ((), if holds { 0 } else { judgement.badness() })
    });
    let worst = weightiest(&judgement.problems).map(Problem::sub_indication);
    let conclusion = worst.map_or(Conclusion::Passed, Conclusion::of);
    let chain = judgement.chain.iter();
    let chain = chain.flat_map(|chain| chain.certificates());
    let mut findings: Vec<Finding> = judgement.problems.iter().map(Problem::finding).collect();
    let refused = judgement.refused.iter();
    findings.extend(refused.map(|why| Finding::new(FindingCode::RevocationRefused).detail(why)));
    PathReport {
        valid: conclusion.is_passed(),
        indication: conclusion.status(),
        sub_indication: conclusion.sub_indication(),
        path: chain.map(|one| one.subject().to_string()).collect(),
        findings,
    }
}

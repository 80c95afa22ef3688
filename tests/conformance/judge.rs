//! How every corpus is run: through `validate_certificate`, which is `absah cert verify`, and
//! whose engine is that of signatures.

use absah::kernel::asn1::ObjectIdentifier;
use absah::kernel::validation::policy::PathPolicy;
use absah::kernel::validation::{Anchors, CertificateInput, Policy, Role, validate_certificate};
use absah::kernel::x509::Certificate;
use time::OffsetDateTime;

/// One question.
pub struct Question {
    pub target: Certificate,
    pub anchors: Vec<Certificate>,
    pub untrusted: Vec<Certificate>,
    pub crls: Vec<Vec<u8>>,
    pub ocsps: Vec<Vec<u8>>,
    pub at: OffsetDateTime,
    pub check_revocation: bool,
    pub allow_weak: bool,
    pub path: PathPolicy,
}

impl Question {
    /// About a certificate at a time; the rest is empty.
    pub fn new(target: Certificate, anchors: Vec<Certificate>, at: OffsetDateTime) -> Self {
        Self {
            target,
            anchors,
            untrusted: Vec::new(),
            crls: Vec::new(),
            ocsps: Vec::new(),
            at,
            check_revocation: false,
            allow_weak: false,
            path: PathPolicy::default(),
        }
    }

    /// The answer, or why it is no.
    pub fn answer(&self) -> Result<(), String> {
        let mut policy = Policy::strict().unwrap();
        policy.path = self.path.clone();
        if self.allow_weak {
            policy = policy.allowing_weak();
        }
        let report = validate_certificate(&CertificateInput {
            target: &self.target,
            role: Role::Any,
            anchors: &Anchors::for_all(self.anchors.clone()),
            untrusted: &self.untrusted,
            crls: &self.crls,
            ocsps: &self.ocsps,
            at: self.at,
            policy: &policy,
            check_revocation: self.check_revocation,
        });
        if report.valid {
            return Ok(());
        }
        let findings = report.findings.iter().map(|finding| finding.english());
        let findings: Vec<String> = findings.collect();
        Err(format!(
            "{:?}: {}",
            report.sub_indication,
            findings.join("; ")
        ))
    }
}

/// The identifiers that a corpus names.
pub fn identifiers(texts: &[String]) -> Vec<ObjectIdentifier> {
    texts.iter().map(|oid| oid.parse().unwrap()).collect()
}

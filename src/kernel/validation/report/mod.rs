//! The report: what `absah verify --json` prints, as types.
//!
//! Field names and values are the external contract; fields may be added.
//! Unknown is `null`, times are RFC 3339 in UTC. What only a register knows
//! (`document`, the verdicts about our own permits) is filled in by who has it.

mod check;
mod evidence;
mod signature;
#[cfg(test)]
mod tests;
mod xml;

pub use check::CheckReport;
pub use evidence::{Covered, EvidenceKind, EvidenceObject};
pub use signature::{
    CertificateReport, Modification, Revocation, RevocationSource, RevocationState, SignatureKind,
    SignatureReport, SignedRevision, SignerReport, TimestampKind, TimestampReport,
};

pub use crate::kernel::pades::Level;

use serde::{Deserialize, Serialize};

use super::finding::{Finding, FindingCode, Severity};
use super::verdict::Verdict;
use crate::kernel::hash::Sha256;

/// What a validation of one file found.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Report {
    /// The verdict in one word.
    pub verdict: Verdict,
    /// SHA-256 of the file, in hex.
    pub sha256: String,
    /// What the register knows of the document; the kernel leaves it empty.
    pub document: Option<serde_json::Value>,
    /// The time at which the file was judged.
    #[serde(with = "time::serde::rfc3339")]
    pub validation_time: time::OffsetDateTime,
    /// The name of the policy that was applied.
    pub policy: String,
    /// The signatures and document time-stamps, in the order of the file.
    pub signatures: Vec<SignatureReport>,
    /// What concerns the file as a whole.
    pub findings: Vec<Finding>,
    /// What the verdict rests on, for who wants to check it himself; no part of
    /// the JSON, which names each object by its SHA-256.
    #[serde(skip)]
    pub evidence: Vec<EvidenceObject>,
}

impl Report {
    /// The report on a file that could not be examined: nothing is claimed, and the
    /// verdict is open.
    #[must_use]
    pub fn undecided(sha256: Sha256, at: time::OffsetDateTime, policy: &str, why: Finding) -> Self {
        Self {
            verdict: Verdict::Indeterminate,
            sha256: sha256.to_string(),
            document: None,
            validation_time: at,
            policy: policy.to_owned(),
            signatures: Vec::new(),
            findings: vec![why],
            evidence: Vec::new(),
        }
    }

    /// All findings, the file's first.
    pub fn all_findings(&self) -> impl Iterator<Item = &Finding> {
        self.findings
            .iter()
            .chain(self.signatures.iter().flat_map(|s| &s.findings))
    }

    /// The finding to name as the reason: the first error, of the file before
    /// those of the signatures.
    #[must_use]
    pub fn reason(&self) -> Option<&Finding> {
        self.all_findings()
            .find(|finding| finding.severity() == Severity::Error)
    }

    /// The report as ETSI TS 119 102-2 writes it.
    #[must_use]
    pub fn to_xml(&self) -> String {
        xml::document(self)
    }

    /// Whether a finding with this code is anywhere in the report.
    #[must_use]
    pub fn has(&self, code: FindingCode) -> bool {
        self.all_findings().any(|finding| finding.code() == code)
    }
}

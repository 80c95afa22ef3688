//! What a file from an unknown hand is asked, in pure calls: the validation of its
//! signatures (EN 319 102-1) and what in it may be ours; and, where that ties it to
//! nothing, what the QR codes on its pages say. Questions and answers can be written
//! down, so that the calls can be made in a process that has nothing to lose.
//!
//! Whose a file is, is not decided here: that takes the register.

mod codes;
mod occurrences;
mod pages;
mod prefixes;
mod traces;

pub use codes::shown as codes_shown;
pub use pages::{BlockPlace, Outline, PagesError, outline, picture};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::code::DocumentCode;
use super::hash::Sha256;
use super::pdf::Limits;
use super::validation::report::EvidenceObject;
use super::validation::{
    Anchors, MissingStatus, Policy, Report, ValidationInput, validate_and_ask,
};
use super::x509::Certificate;

/// What is asked of a file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Question {
    /// Where certification paths end.
    pub anchors: Trusted,
    /// Certificates to build paths with; trusted for nothing.
    pub untrusted: Vec<Der>,
    /// CRLs that are at hand.
    pub crls: Vec<Der>,
    /// OCSP responses that are at hand.
    pub ocsps: Vec<Der>,
    /// The time at which the file is judged.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// What is accepted.
    pub policy: Policy,
    /// What the file may cost.
    pub limits: Limits,
    /// What the addresses of our pages begin with, up to the code.
    pub address: String,
    /// Whether large lists come back whole, and not by their digests alone.
    pub whole: bool,
}

/// Anchors in DER, by what they are trusted for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trusted {
    /// For signers and seals.
    pub signer: Vec<Der>,
    /// For time-stamping authorities.
    pub tsa: Vec<Der>,
    /// For OCSP responses about any issuer's certificates.
    pub ocsp: Vec<Der>,
}

impl From<&Anchors> for Trusted {
    fn from(anchors: &Anchors) -> Self {
        Self {
            signer: anchors.signer.iter().map(Der::from).collect(),
            tsa: anchors.tsa.iter().map(Der::from).collect(),
            ocsp: anchors.ocsp.iter().map(Der::from).collect(),
        }
    }
}

impl Trusted {
    fn read(&self) -> Result<Anchors, QuestionError> {
        Ok(Anchors::new(
            certificates(&self.signer)?,
            certificates(&self.tsa)?,
            certificates(&self.ocsp)?,
        ))
    }
}

/// One DER value, written in hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Der(#[serde(with = "hex::serde")] pub Vec<u8>);

impl From<&Certificate> for Der {
    fn from(certificate: &Certificate) -> Self {
        Self(certificate.der().to_vec())
    }
}

/// What was found in a file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Examination {
    /// The validation of its signatures.
    pub report: Report,
    /// What the report rests on. Large lists are left out: their names tell enough.
    pub evidence: Vec<EvidenceObject>,
    /// SHA-256 of each beginning that may be a revision, shortest first.
    pub prefixes: Vec<Sha256>,
    /// SHA-256 of the signature values in it, newest first.
    pub signature_values: Vec<Sha256>,
    /// The document codes in its links.
    pub codes: Vec<DocumentCode>,
    /// Status information that would decide what is open: the path of each certificate,
    /// the anchor last.
    pub missing: Vec<Vec<Der>>,
}

impl Examination {
    /// A file of which only the report is known.
    #[must_use]
    pub const fn of(report: Report) -> Self {
        Self {
            report,
            evidence: Vec::new(),
            prefixes: Vec::new(),
            signature_values: Vec::new(),
            codes: Vec::new(),
            missing: Vec::new(),
        }
    }

    /// What is missing, as far as its paths lead to the anchors of the question: who
    /// examined may have been another process, and may have been deceived.
    #[must_use]
    pub fn missing(&self, question: &Question) -> Vec<MissingStatus> {
        let Ok(anchors) = question.anchors.read() else {
            return Vec::new();
        };
        let paths = self.missing.iter().take(MOST_MISSING);
        let short = paths.filter(|path| path.len() <= LONGEST_PATH);
        let verified = short.filter_map(|path| {
            let path = certificates(path).ok()?;
            MissingStatus::verified(&path, &anchors)
        });
        verified.collect()
    }
}

/// What a validation names at most, and how long its paths are at most.
const MOST_MISSING: usize = 16;
const LONGEST_PATH: usize = 32;

/// Why a question cannot be asked: it is wrong itself, not the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a certificate of the question cannot be read: {0}")]
pub struct QuestionError(String);

/// Examines a file.
///
/// # Errors
/// A certificate of the question is none. What is wrong with the file is in the report.
pub fn examine(file: &[u8], question: &Question) -> Result<Examination, QuestionError> {
    let (mut report, missing) = ask(file, question)?;
    let mut evidence = std::mem::take(&mut report.evidence);
    if !question.whole {
        evidence.iter_mut().for_each(EvidenceObject::shorten);
    }
    let missing = missing.iter().map(|one| {
        let path = one.path().certificates();
        path.iter().map(Der::from).collect()
    });
    Ok(Examination {
        report,
        evidence,
        prefixes: prefixes::hashes(file),
        signature_values: traces::signature_values(file),
        codes: codes::written(file, &question.limits, &question.address),
        missing: missing.collect(),
    })
}

fn ask(file: &[u8], question: &Question) -> Result<(Report, Vec<MissingStatus>), QuestionError> {
    let anchors = question.anchors.read()?;
    let untrusted = certificates(&question.untrusted)?;
    let octets = |list: &[Der]| list.iter().map(|one| one.0.clone()).collect::<Vec<_>>();
    let (crls, ocsps) = (octets(&question.crls), octets(&question.ocsps));
    let input = ValidationInput {
        anchors: &anchors,
        untrusted: &untrusted,
        crls: &crls,
        ocsps: &ocsps,
        at: question.at,
        policy: &question.policy,
        limits: question.limits,
    };
    Ok(validate_and_ask(file, &input))
}

fn certificates(written: &[Der]) -> Result<Vec<Certificate>, QuestionError> {
    let read =
        |der: &Der| Certificate::parse(&der.0).map_err(|error| QuestionError(error.to_string()));
    written.iter().map(read).collect()
}

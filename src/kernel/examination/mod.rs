//! What a file from an unknown hand is asked, in pure calls: the validation of its
//! signatures (EN 319 102-1) and what in it may be ours; and, where that ties it to
//! nothing, what the QR codes on its pages say. Questions and answers can be written
//! down, so that the calls can be made in a process that has nothing to lose.
//!
//! Whose a file is, is not decided here: that takes the register.

mod codes;
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
}

/// Why a question cannot be asked: it is wrong itself, not the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a certificate of the question cannot be read: {0}")]
pub struct QuestionError(String);

/// Examines a file.
///
/// # Errors
/// A certificate of the question is none. What is wrong with the file is in the report.
pub fn examine(file: &[u8], question: &Question) -> Result<Examination, QuestionError> {
    let (mut report, _) = ask(file, question)?;
    let mut evidence = std::mem::take(&mut report.evidence);
    evidence.iter_mut().for_each(EvidenceObject::shorten);
    Ok(Examination {
        report,
        evidence,
        prefixes: prefixes::hashes(file),
        signature_values: traces::signature_values(file),
        codes: codes::written(file, &question.limits, &question.address),
    })
}

/// Which status information would help to decide what is open.
///
/// # Errors
/// A certificate of the question is none.
pub fn missing(file: &[u8], question: &Question) -> Result<Vec<MissingStatus>, QuestionError> {
    ask(file, question).map(|(_, missing)| missing)
}

fn ask(file: &[u8], question: &Question) -> Result<(Report, Vec<MissingStatus>), QuestionError> {
    let anchors = Anchors::new(
        certificates(&question.anchors.signer)?,
        certificates(&question.anchors.tsa)?,
        certificates(&question.anchors.ocsp)?,
    );
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

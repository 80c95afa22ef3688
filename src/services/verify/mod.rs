//! Three questions, answered apart, then one verdict: is it ours, does the
//! signature hold, does the permit stand?
//!
//! A hash that is in the index of released revisions answers the first; the
//! stored bytes are what it was issued as. A prefix that is ours, or a signature
//! value of ours, in a file that is not, means that the file was made from ours.

mod prefixes;
mod record;
mod traces;

pub use record::{Disclosure, Record, Signatory};

use std::sync::Arc;

use super::error::ServiceError;
use super::office::Services;
use crate::domain::document::{Document, DocumentState};
use crate::kernel::code::DocumentCode;
use crate::kernel::hash::Sha256;
use crate::kernel::validation::report::Modification;
use crate::kernel::validation::{Anchors, Report, Severity, ValidationInput, Verdict, validate};

/// What is known of a code.
#[derive(Clone, Debug, PartialEq)]
pub enum CodeAnswer {
    /// No document bears it.
    Unknown,
    /// It is reserved for a document that is on its way.
    NotIssued,
    /// Its document was returned or refused.
    NeverIssued,
    /// It is an issued document's.
    Issued(Box<Record>),
}

/// The verdict on a file.
#[derive(Clone, Debug)]
pub struct FileAnswer {
    /// The report, its verdict that of the whole.
    pub report: Report,
    /// The document that the file is, or was made from.
    pub record: Option<Record>,
}

/// What ties a file to a document.
enum Tie {
    /// It is a released revision.
    Released(Document),
    /// It begins with one.
    Extended(Document),
    /// It was made from one, or from what was submitted.
    Derived(Document),
    /// Nothing.
    None,
}

impl Services {
    /// What the register says of a code.
    ///
    /// # Errors
    /// The store's.
    pub async fn verify_code(&self, code: DocumentCode) -> Result<CodeAnswer, ServiceError> {
        let Some(document) = self.store().document_by_code(code).await? else {
            return Ok(CodeAnswer::Unknown);
        };
        let record = self.public_record(&document, Disclosure::Masked).await?;
        Ok(match (record, &document.state) {
            (Some(record), _) => CodeAnswer::Issued(Box::new(record)),
            (None, DocumentState::Returned(_) | DocumentState::Rejected(_)) => {
                CodeAnswer::NeverIssued
            }
            (None, _) => CodeAnswer::NotIssued,
        })
    }

    /// The document whose released revision has this hash. Knowing a hash discloses no more than
    /// knowing the code.
    ///
    /// # Errors
    /// The store's.
    pub async fn verify_sha256(&self, sha256: &Sha256) -> Result<Option<Record>, ServiceError> {
        match self.released(sha256).await? {
            Some(document) => self.public_record(&document, Disclosure::Masked).await,
            None => Ok(None),
        }
    }

    /// The verdict on a file. Nothing of it is kept.
    ///
    /// # Errors
    /// The store's; what is wrong with the file is in the report.
    pub async fn verify_file(&self, file: Arc<Vec<u8>>) -> Result<FileAnswer, ServiceError> {
        let mut report = self.validated(Arc::clone(&file)).await?;
        let record = match self.tie(&file).await? {
            Tie::None => None,
            Tie::Released(document) => {
                let record = self.public_record(&document, Disclosure::Content).await?;
                if let Some(record) = &record {
                    report.verdict = of_ours(report.verdict, record);
                }
                record
            }
            Tie::Extended(document) => {
                let record = self.public_record(&document, Disclosure::Masked).await?;
                if let Some(record) = &record {
                    report.verdict = of_extended(&report, record);
                }
                record
            }
            Tie::Derived(document) => {
                let record = self.public_record(&document, Disclosure::Masked).await?;
                if record.is_some() {
                    report.verdict = report.verdict.worst(Verdict::Altered);
                }
                record
            }
        };
        report.document = record
            .as_ref()
            .and_then(|record| serde_json::to_value(record).ok());
        Ok(FileAnswer { report, record })
    }

    /// Validates with our anchors and our newest CRLs.
    async fn validated(&self, file: Arc<Vec<u8>>) -> Result<Report, ServiceError> {
        let policy = self.policy();
        let anchors = Anchors::for_all(policy.anchors.clone());
        let untrusted = policy.intermediates.clone();
        let crls = self.current_crls().await?;
        let (rules, limits, at) = (policy.validation.clone(), policy.limits, self.now());
        let work = move || {
            let input = ValidationInput {
                anchors: &anchors,
                untrusted: &untrusted,
                crls: &crls,
                ocsps: &[],
                at,
                policy: &rules,
                limits,
            };
            validate(&file, &input)
        };
        // Hostile bytes cost time: not on a thread that serves others.
        let done = tokio::task::spawn_blocking(work).await;
        done.map_err(|error| ServiceError::Internal(error.to_string()))
    }

    async fn current_crls(&self) -> Result<Vec<Vec<u8>>, ServiceError> {
        let policy = self.policy();
        let mut crls = Vec::new();
        for ca in policy.anchors.iter().chain(&policy.intermediates) {
            let key = hex::encode(ca.subject_key_identifier().unwrap_or_default());
            let current = self.store().current_crl(&key).await?;
            crls.extend(current.map(|current| current.crl));
        }
        Ok(crls)
    }

    async fn tie(&self, file: &Arc<Vec<u8>>) -> Result<Tie, ServiceError> {
        if let Some(document) = self.released(&Sha256::of(file)).await? {
            return Ok(Tie::Released(document));
        }
        let shared = Arc::clone(file);
        let address = format!("{}/v/", self.policy().public_url);
        let traces = move || {
            let values = traces::signature_values(&shared);
            let codes = traces::codes(&shared, &address);
            (prefixes::hashes(&shared), values, codes)
        };
        let (hashes, values, codes) = tokio::task::spawn_blocking(traces)
            .await
            .map_err(|error| ServiceError::Internal(error.to_string()))?;
        // The longest beginning that was released tells the most.
        for hash in hashes.iter().rev() {
            if let Some(document) = self.released(hash).await? {
                return Ok(Tie::Extended(document));
            }
        }
        for value in values {
            if let Some(id) = self.store().document_by_signature(&value).await?
                && let Some(document) = self.store().document(&id).await?
            {
                return Ok(Tie::Derived(document));
            }
        }
        for code in codes {
            if let Some(document) = self.store().document_by_code(code).await? {
                return Ok(Tie::Derived(document));
            }
        }
        for hash in hashes.iter().chain([&Sha256::of(file)]) {
            let submitted = self.store().documents_by_submitted(hash).await?;
            // The same file may have been submitted more than once: the issued one counts.
            let issued = |document: &&Document| document.permit_status(self.today()).is_some();
            if let Some(document) = submitted.iter().find(issued).or(submitted.first()) {
                return Ok(Tie::Derived(document.clone()));
            }
        }
        Ok(Tie::None)
    }

    async fn released(&self, sha256: &Sha256) -> Result<Option<Document>, ServiceError> {
        match self.store().revision(sha256).await? {
            Some(revision) => Ok(self.store().document(&revision.document).await?),
            None => Ok(None),
        }
    }
}

/// A released file whose signature holds stands as its permit does; otherwise the signature's
/// verdict is the worse one and is told.
fn of_ours(signature: Verdict, record: &Record) -> Verdict {
    signature.worst(record.verdict())
}

/// A file that begins with a released revision is ours as long as its signatures hold and
/// nothing but validation data and archive timestamps was added.
fn of_extended(report: &Report, record: &Record) -> Verdict {
    let whole = report
        .findings
        .iter()
        .all(|finding| finding.severity() != Severity::Error);
    let renewed = whole
        && report.signatures.iter().all(|signature| {
            matches!(
                signature.modification,
                Some(Modification::None | Modification::Lta)
            )
        });
    match report.verdict {
        Verdict::UnknownValid if renewed => record.verdict(),
        Verdict::Indeterminate if renewed => Verdict::Indeterminate,
        _ => Verdict::Altered,
    }
}

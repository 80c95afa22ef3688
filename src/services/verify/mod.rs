//! Three questions, answered apart, then one verdict: is it ours, does the
//! signature hold, does the permit stand?
//!
//! A hash that is in the index of released revisions answers the first; the
//! stored bytes are what it was issued as. A prefix that is ours, or a signature
//! value of ours, in a file that is not, means that the file was made from ours.

mod examining;
mod record;

pub use examining::examined;
pub use record::{Disclosure, Record, Signatory};

use std::sync::Arc;

use super::error::ServiceError;
use super::office::Services;
use super::ports::ExaminerError;
use crate::domain::document::{Document, DocumentState};
use crate::kernel::code::DocumentCode;
use crate::kernel::examination::{Der, Examination, Question, Trusted};
use crate::kernel::hash::Sha256;
use crate::kernel::validation::report::Modification;
use crate::kernel::validation::{Report, Severity, Verdict};

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

    /// The verdict on a file. Nothing of it is kept. Where it depends on status information
    /// that the file lacks, that is asked for, as far as the office's settings allow.
    ///
    /// # Errors
    /// The store's, or nobody can examine it now; what is wrong with the file is in the
    /// report.
    pub async fn verify_file(&self, file: Arc<Vec<u8>>) -> Result<FileAnswer, ServiceError> {
        self.verify_by(file, self.question().await?).await
    }

    /// The verdict on a file by a question of the caller's: [`Services::question`], changed.
    ///
    /// # Errors
    /// As [`Services::verify_file`].
    pub async fn verify_by(
        &self,
        file: Arc<Vec<u8>>,
        question: Question,
    ) -> Result<FileAnswer, ServiceError> {
        let sha256 = Sha256::of(&file);
        let released = self.released(&sha256).await?;
        let ports = self.ports();
        let source = self.policy().asks_about_files.then_some(&*ports.revocation);
        let asked = examined(&*ports.examiner, source, Arc::clone(&file), question);
        let mut examination = asked.await.map_err(|error| unexamined(&error))?;
        let tie = match released {
            Some(document) => Tie::Released(document),
            None => self.tie(&file, &sha256, &examination).await?,
        };
        let report = &mut examination.report;
        report.evidence = examination.evidence;
        let record = self.settle(tie, report).await?;
        report.document = record
            .as_ref()
            .and_then(|record| serde_json::to_value(record).ok());
        let report = examination.report;
        Ok(FileAnswer { report, record })
    }

    /// Merges what the register says into the verdict.
    async fn settle(&self, tie: Tie, report: &mut Report) -> Result<Option<Record>, ServiceError> {
        let (document, disclosure) = match &tie {
            Tie::None => return Ok(None),
            Tie::Released(document) => (document, Disclosure::Content),
            Tie::Extended(document) | Tie::Derived(document) => (document, Disclosure::Masked),
        };
        let record = self.public_record(document, disclosure).await?;
        if let Some(record) = &record {
            report.verdict = match tie {
                Tie::Released(_) => of_ours(report.verdict, record),
                Tie::Extended(_) => of_extended(report, record),
                _ => report.verdict.worst(Verdict::Altered),
            };
        }
        Ok(record)
    }

    /// What every file is asked: by our anchors and our newest CRLs.
    ///
    /// # Errors
    /// The store's.
    pub async fn question(&self) -> Result<Question, ServiceError> {
        let policy = self.policy();
        Ok(Question {
            anchors: Trusted::from(&policy.anchors),
            untrusted: policy.intermediates.iter().map(Der::from).collect(),
            crls: self.current_crls().await?.into_iter().map(Der).collect(),
            ocsps: Vec::new(),
            at: self.now(),
            policy: policy.validation.clone(),
            limits: policy.limits,
            address: self.address(),
            whole: false,
        })
    }

    /// What the addresses of our pages begin with.
    fn address(&self) -> String {
        format!("{}/v/", self.policy().public_url)
    }

    async fn current_crls(&self) -> Result<Vec<Vec<u8>>, ServiceError> {
        let policy = self.policy();
        let mut crls = Vec::new();
        for ca in policy.anchors.signer.iter().chain(&policy.intermediates) {
            let key = hex::encode(ca.subject_key_identifier().unwrap_or_default());
            let current = self.store().current_crl(&key).await?;
            crls.extend(current.map(|current| current.crl));
        }
        Ok(crls)
    }

    /// What ties a file that was not released to a document.
    async fn tie(
        &self,
        file: &Arc<Vec<u8>>,
        sha256: &Sha256,
        found: &Examination,
    ) -> Result<Tie, ServiceError> {
        // The longest beginning that was released tells the most.
        for hash in found.prefixes.iter().rev() {
            if let Some(document) = self.released(hash).await? {
                return Ok(Tie::Extended(document));
            }
        }
        for value in &found.signature_values {
            if let Some(id) = self.store().document_by_signature(value).await?
                && let Some(document) = self.store().document(&id).await?
            {
                return Ok(Tie::Derived(document));
            }
        }
        if let Some(document) = self.bearer(&found.codes).await? {
            return Ok(Tie::Derived(document));
        }
        for hash in found.prefixes.iter().chain([sha256]) {
            let submitted = self.store().documents_by_submitted(hash).await?;
            // The same file may have been submitted more than once: the issued one counts.
            let issued = |document: &&Document| document.permit_status(self.today()).is_some();
            if let Some(document) = submitted.iter().find(issued).or(submitted.first()) {
                return Ok(Tie::Derived(document.clone()));
            }
        }
        // Nothing else is left of ours: a scan, or a new file around a copied code.
        let (examiner, limits) = (&self.ports().examiner, self.policy().limits);
        let shown = examiner.codes_shown(Arc::clone(file), limits, self.address());
        let codes = match shown.await {
            Ok(codes) => codes,
            // Its pages cost too much to draw: its signatures were judged without them.
            Err(ExaminerError::Ended(_)) => Vec::new(),
            Err(error) => return Err(unexamined(&error)),
        };
        let bearer = self.bearer(&codes).await?;
        Ok(bearer.map_or(Tie::None, Tie::Derived))
    }

    /// The document that bears one of the codes.
    async fn bearer(&self, codes: &[DocumentCode]) -> Result<Option<Document>, ServiceError> {
        for code in codes {
            if let Some(document) = self.store().document_by_code(*code).await? {
                return Ok(Some(document));
            }
        }
        Ok(None)
    }

    async fn released(&self, sha256: &Sha256) -> Result<Option<Document>, ServiceError> {
        match self.store().revision(sha256).await? {
            Some(revision) => Ok(self.store().document(&revision.document).await?),
            None => Ok(None),
        }
    }
}

pub(super) fn unexamined(error: &ExaminerError) -> ServiceError {
    ServiceError::Unavailable(error.to_string())
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

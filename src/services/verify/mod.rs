//! Three questions, answered apart, then one verdict: is it ours, does the
//! signature hold, does the permit stand?
//!
//! A hash that is in the index of released revisions answers the first; the
//! stored bytes are what it was issued as. A prefix that is ours, or a signature
//! value of ours, in a file that is not, means that the file was made from ours.

mod prefixes;
mod record;

pub use record::{Disclosure, Record, Signatory};

use std::sync::Arc;

use super::error::ServiceError;
use super::office::Services;
use crate::domain::document::Document;
use crate::kernel::cms::SignedData;
use crate::kernel::code::DocumentCode;
use crate::kernel::hash::Sha256;
use crate::kernel::pdf::Pdf;
use crate::kernel::pdf::signatures::signatures;
use crate::kernel::validation::{Anchors, Policy, Report, ValidationInput, Verdict, validate};

/// What is known of a code.
#[derive(Clone, Debug, PartialEq)]
pub enum CodeAnswer {
    /// No document bears it.
    Unknown,
    /// It is reserved for a document that is not issued.
    NotIssued,
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
        Ok(record.map_or(CodeAnswer::NotIssued, |record| {
            CodeAnswer::Issued(Box::new(record))
        }))
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

    async fn validated(&self, file: Arc<Vec<u8>>) -> Result<Report, ServiceError> {
        let anchors = Anchors::for_all(self.policy().anchors.clone());
        let untrusted = self.policy().intermediates.clone();
        let (at, limits) = (self.now(), self.policy().limits);
        let work = move || {
            let policy = Policy::strict().map_err(|error| error.to_string())?;
            let input = ValidationInput {
                anchors: &anchors,
                untrusted: &untrusted,
                crls: &[],
                ocsps: &[],
                at,
                policy: &policy,
                limits,
            };
            Ok(validate(&file, &input))
        };
        // Hostile bytes cost time: not on a thread that serves others.
        let done = tokio::task::spawn_blocking(work).await;
        done.map_err(|error| ServiceError::Internal(error.to_string()))?
            .map_err(ServiceError::Internal)
    }

    async fn tie(&self, file: &Arc<Vec<u8>>) -> Result<Tie, ServiceError> {
        if let Some(document) = self.released(&Sha256::of(file)).await? {
            return Ok(Tie::Released(document));
        }
        let shared = Arc::clone(file);
        let limits = self.policy().limits;
        let traces = move || (prefixes::hashes(&shared), values(&shared, &limits));
        let (hashes, values) = tokio::task::spawn_blocking(traces)
            .await
            .map_err(|error| ServiceError::Internal(error.to_string()))?;
        for hash in hashes.iter().chain([&Sha256::of(file)]) {
            if let Some(document) = self.released(hash).await? {
                return Ok(Tie::Derived(document));
            }
            if let Some(document) = self.store().documents_by_submitted(hash).await?.pop() {
                return Ok(Tie::Derived(document));
            }
        }
        for value in values {
            let Some(id) = self
                .store()
                .document_by_signature(&Sha256::of(&value))
                .await?
            else {
                continue;
            };
            if let Some(document) = self.store().document(&id).await? {
                return Ok(Tie::Derived(document));
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

/// The signature values in a file, as far as it can be read.
fn values(file: &[u8], limits: &crate::kernel::pdf::Limits) -> Vec<Vec<u8>> {
    let Ok(pdf) = Pdf::read(file, limits) else {
        return Vec::new();
    };
    let fields = signatures(&pdf).unwrap_or_default();
    let contents = fields
        .iter()
        .filter_map(|field| field.signature.as_ref()?.contents.as_ref());
    contents
        .filter_map(|contents| SignedData::parse(&contents.bytes).ok())
        .flat_map(|signed| signed.signer_infos)
        .map(|signer| signer.signature)
        .collect()
}

//! What can be wrong with a PDF file, and where.
//!
//! One error type serves the whole reader: a [`Fault`] with the object and the
//! byte offset where it was met, so that a refusal can name both.

use super::object::ObjectId;
use std::fmt;

/// A fault with the place where it was met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PdfError {
    /// What is wrong.
    pub fault: Fault,
    /// The indirect object it was met in, where known.
    pub object: Option<ObjectId>,
    /// The offset in the file (or in the decoded object stream) of the fault.
    pub offset: Option<usize>,
}

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The file does not begin with `%PDF-` (ISO 32000-2, 7.5.2).
    #[error("the file does not begin with %PDF-")]
    NotAPdf,
    /// The file is larger than [`super::Limits::file_size`].
    #[error("the file has {size} bytes, {limit} are allowed")]
    TooLarge {
        /// The size of the file.
        size: usize,
        /// The limit it exceeds.
        limit: usize,
    },
    /// A bound on depth, count or inflation is exceeded.
    #[error("more than {limit} {what}")]
    TooComplex {
        /// What there is too much of.
        what: &'static str,
        /// The limit it exceeds.
        limit: usize,
    },
    /// The cross-reference data is missing, wrong, or points elsewhere (7.5.4, 7.5.8).
    #[error("damaged cross-reference data: {0}")]
    DamagedXref(&'static str),
    /// The table and the stream of a hybrid file disagree (7.5.8.4).
    #[error("the cross-reference table and the /XRefStm stream disagree")]
    HybridConflict,
    /// The trailer has /Encrypt (7.6).
    #[error("the file is encrypted")]
    Encrypted,
    /// A dictionary has a key twice (7.3.7 forbids it).
    #[error("the key /{0} occurs twice in one dictionary")]
    DuplicateKey(String),
    /// The bytes are not an object of ISO 32000-2, 7.3.
    #[error("malformed object: {0}")]
    Syntax(&'static str),
    /// A stream uses a filter that this reader does not decode.
    #[error("the filter /{0} is not supported here")]
    UnsupportedFilter(String),
    /// Stream data does not decode.
    #[error("stream data does not decode: {0}")]
    Filter(&'static str),
    /// Objects are well formed and do not make a document (7.7).
    #[error("malformed document structure: {0}")]
    Structure(&'static str),
}

impl PdfError {
    /// A fault at an offset.
    pub(crate) fn at(offset: usize, fault: Fault) -> Self {
        Self {
            fault,
            object: None,
            offset: Some(offset),
        }
    }

    /// Malformed bytes at an offset.
    pub(crate) fn syntax(offset: usize, what: &'static str) -> Self {
        Self::at(offset, Fault::Syntax(what))
    }

    /// Damaged cross-reference data at an offset.
    pub(crate) fn xref(offset: usize, what: &'static str) -> Self {
        Self::at(offset, Fault::DamagedXref(what))
    }

    /// A fault of the document's structure in an object.
    pub(crate) fn structure(object: ObjectId, what: &'static str) -> Self {
        Self::from(Fault::Structure(what)).within(object)
    }

    /// The same error, naming the object it was met in unless one is named already.
    #[must_use]
    pub(crate) fn within(mut self, id: ObjectId) -> Self {
        self.object.get_or_insert(id);
        self
    }
}

impl From<Fault> for PdfError {
    fn from(fault: Fault) -> Self {
        Self {
            fault,
            object: None,
            offset: None,
        }
    }
}

impl fmt::Display for PdfError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.fault)?;
        if let Some(id) = self.object {
            write!(f, ", in object {id}")?;
        }
        if let Some(offset) = self.offset {
            write!(f, ", at byte {offset}")?;
        }
        Ok(())
    }
}

impl std::error::Error for PdfError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.fault)
    }
}

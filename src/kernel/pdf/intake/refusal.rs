//! Why a file is not signed.

use super::super::error::{Fault, PdfError};
use super::super::object::ObjectId;
use std::fmt;

/// A refusal: the reason, the object, and a sentence for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The reason.
    pub reason: RefusalReason,
    /// The object that gives it, where it is one.
    pub object: Option<ObjectId>,
    /// What was found.
    pub detail: String,
}

/// The reasons to refuse a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RefusalReason {
    /// It is encrypted.
    Encrypted,
    /// Its form is an XFA form.
    Xfa,
    /// It has scripts.
    JavaScript,
    /// It acts by itself, or on things outside it.
    AdditionalActions,
    /// It has layers that can be switched.
    OptionalContent,
    /// The two views of a hybrid file differ.
    HybridConflict,
    /// A dictionary has a key twice.
    DuplicateKey,
    /// It shows data from elsewhere.
    ExternalStream,
    /// Its cross-reference data is damaged.
    DamagedXref,
    /// It is no PDF.
    NotAPdf,
    /// It is too large.
    TooLarge,
    /// Reading it would cost too much.
    TooComplex,
    /// An object or the document's structure is malformed.
    Malformed,
    /// Two readers see different documents in it.
    Ambiguous,
}

impl RefusalReason {
    /// The reason as it appears in problem details.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Encrypted => "encrypted",
            Self::Xfa => "xfa",
            Self::JavaScript => "javascript",
            Self::AdditionalActions => "additional-actions",
            Self::OptionalContent => "optional-content",
            Self::HybridConflict => "hybrid-conflict",
            Self::DuplicateKey => "duplicate-key",
            Self::ExternalStream => "external-stream",
            Self::DamagedXref => "damaged-xref",
            Self::NotAPdf => "not-a-pdf",
            Self::TooLarge => "too-large",
            Self::TooComplex => "too-complex",
            Self::Malformed => "malformed",
            Self::Ambiguous => "ambiguous",
        }
    }
}

impl Refusal {
    pub(super) fn new(
        reason: RefusalReason,
        object: Option<ObjectId>,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            reason,
            object,
            detail: detail.into(),
        }
    }
}

impl From<PdfError> for Refusal {
    fn from(error: PdfError) -> Self {
        let reason = match &error.fault {
            Fault::NotAPdf => RefusalReason::NotAPdf,
            Fault::TooLarge { .. } => RefusalReason::TooLarge,
            Fault::TooComplex { .. } => RefusalReason::TooComplex,
            Fault::DamagedXref(_) => RefusalReason::DamagedXref,
            Fault::HybridConflict => RefusalReason::HybridConflict,
            Fault::Encrypted => RefusalReason::Encrypted,
            Fault::DuplicateKey(_) => RefusalReason::DuplicateKey,
            Fault::Syntax(_)
            | Fault::UnsupportedFilter(_)
            | Fault::Filter(_)
            | Fault::Structure(_) => RefusalReason::Malformed,
        };
        Self::new(reason, error.object, error.to_string())
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.reason.code(), self.detail)?;
        match self.object {
            Some(id) if !self.detail.contains("in object") => write!(f, " (object {id})"),
            _ => Ok(()),
        }
    }
}

impl std::error::Error for Refusal {}

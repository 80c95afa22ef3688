//! Who examines files from unknown hands.

use std::sync::Arc;

use async_trait::async_trait;

use crate::kernel::code::DocumentCode;
use crate::kernel::examination::{Examination, Question};
use crate::kernel::pdf::Limits;

/// Examines files where what goes wrong harms nobody. Nothing of a file is kept.
#[async_trait]
pub trait Examiner: Send + Sync {
    /// Examines a file: [`crate::kernel::examination::examine`].
    ///
    /// # Errors
    /// Why there is no answer.
    async fn examine(
        &self,
        file: Arc<Vec<u8>>,
        question: Question,
    ) -> Result<Examination, ExaminerError>;

    /// The codes that a file's pages show:
    /// [`crate::kernel::examination::codes_shown`].
    ///
    /// # Errors
    /// Why there is no answer.
    async fn codes_shown(
        &self,
        file: Arc<Vec<u8>>,
        limits: Limits,
        address: String,
    ) -> Result<Vec<DocumentCode>, ExaminerError>;
}

/// Why a file was not examined.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExaminerError {
    /// Too many others wait.
    #[error("too many files are being examined: try again")]
    Busy,
    /// The file cost more than is spent on one, or ended its examiner.
    #[error("the examination was ended: {0}")]
    Ended(&'static str),
    /// No examiner could be had.
    #[error("no file can be examined now: {0}")]
    Unavailable(String),
}

//! Who examines files from unknown hands.

use std::sync::Arc;

use async_trait::async_trait;

use crate::kernel::code::DocumentCode;
use crate::kernel::examination::{Examination, Outline, PagesError, Question};
use crate::kernel::pdf::Limits;
use crate::kernel::pdf::placement::Placement;

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

    /// The sizes of a file's pages, and where a placement puts a block:
    /// [`crate::kernel::examination::outline`].
    ///
    /// # Errors
    /// Why there is no answer.
    async fn outline(
        &self,
        file: Arc<Vec<u8>>,
        limits: Limits,
        placement: Option<Placement>,
    ) -> Result<Result<Outline, PagesError>, ExaminerError>;

    /// A page as a PNG file of so many pixels across:
    /// [`crate::kernel::examination::picture`].
    ///
    /// # Errors
    /// Why there is no answer.
    async fn picture(
        &self,
        file: Arc<Vec<u8>>,
        limits: Limits,
        page: u32,
        width: u32,
    ) -> Result<Result<Vec<u8>, PagesError>, ExaminerError>;
}

/// Why a file was not examined.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExaminerError {
    /// Too many others wait.
    #[error("too many files are being examined: try again")]
    Busy,
    /// The file cost more than is spent on one, or ended its examiner.
    #[error("the examination was ended: {0}")]
    Ended(Ending),
    /// No examiner could be had.
    #[error("no file can be examined now: {0}")]
    Unavailable(String),
}

/// How a file ended its examination.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Ending {
    /// It took more time than a file gets.
    #[error("it took too long")]
    Time,
    /// It took more memory than a file gets.
    #[error("it needed too much memory")]
    Memory,
    /// The examiner failed, or what it answered is none.
    #[error("the examining process failed")]
    Failure,
}
